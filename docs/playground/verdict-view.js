export const tell = (model, track) => ({ sentence: track.runner.message, text: track.runner.status, kind: "" });
