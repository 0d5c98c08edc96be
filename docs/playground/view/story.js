// What happened, in words: one sentence for each run.

import { el } from "./dom.js";
import { swatch } from "./marks.js";
import { verdict } from "../verdict.js";

export function createStory(model, race, announcer) {
  const list = el("ul", { class: "pg-story-list" });
  const node = el("section", { class: "pg-story", "aria-label": "What happened" }, list);
  let said = "";

  function update() {
    const told = model.tracks.map((track) => ({ track, ...(model.told ? tell(track) : HIDDEN) }));
    race.setStatus(Object.fromEntries(told.map(({ track, text, kind }) => [track.name, { text, kind }])));
    list.style.setProperty("--runs", Math.max(1, told.length)); // room for all that may be said, so that nothing jumps
    const lines = sentences(told);
    const text = lines.map(({ track, sentence }) => `${track ? `${track.label}: ` : ""}${sentence}`).join("\n");
    if (text === said) return;
    said = text;
    list.replaceChildren(...lines.map(line));
    announcer.announce(text);
  }

  function sentences(told) {
    if (model.refusal) return [{ sentence: model.refusal }];
    if (told.length === 0) return [{ sentence: "Choose a rule to begin." }];
    if (!model.open) return [{ sentence: "What will happen? Decide first, then press Play." }];
    if (!model.told) return [{ sentence: "What happened is yours to say: this task hides the theory." }];
    return told;
  }

  model.addEventListener("runs", update);
  update();
  return { node };
}

const HIDDEN = { sentence: "", text: "", kind: "" };

function line({ track, sentence, kind = "" }) {
  if (!track) return el("li", {}, sentence);
  const text = el("span", {}, el("strong", {}, `${track.label}: `), sentence);
  return el("li", { "data-kind": kind }, swatch(track.name, track.look), text);
}

const STATUS = {
  diverged: "diverged", unstable: "unstable", escaped: "escaped", stuck: "stuck", converged: "converged", rest: "at rest",
  still: "stands still", hovering: "hovers", ended: "not there yet", moving: "under way",
};

/** @returns {{sentence: string, text: string, kind: string}} */
function tell(track) {
  const { kind, text } = verdict(track.runner);
  return { sentence: text, text: STATUS[kind] ?? kind, kind };
}
