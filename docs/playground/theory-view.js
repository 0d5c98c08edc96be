export const stableBelow = () => null;
export const minimumOf = (model) => model.surface.minimum;
export const slopes = () => [];
export const tell = (model, track) => ({ sentence: track.runner.message, text: track.runner.status, kind: "" });
