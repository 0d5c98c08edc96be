// What happened, in words: one sentence for each run, said once things have come to rest.

import { el } from "./dom.js";
import { swatch } from "./marks.js";
import { tell } from "./verdict-view.js";

const REST = 500; // milliseconds without a change, after which it is said

export function createStory(model, race) {
  const list = el("ul", { class: "pg-story-list" });
  const node = el("section", { class: "pg-story", role: "status", "aria-live": "polite", "aria-label": "What happened" }, list);
  let waiting = 0;
  let said = "";

  function update() {
    const told = model.open
      ? model.tracks.map((track) => ({ track, ...tell(model, track) }))
      : model.tracks.map((track) => ({ track, sentence: "", text: "", kind: "" }));
    race.setStatus(Object.fromEntries(told.map(({ track, text, kind }) => [track.name, { text, kind }])));
    list.style.setProperty("--runs", Math.max(1, told.length)); // room for all that may be said, so that nothing jumps
    clearTimeout(waiting);
    waiting = setTimeout(() => speak(told), REST);
  }

  function speak(told) {
    const lines = told.filter(({ sentence }) => sentence);
    const text = model.refusal || lines.map(({ track, sentence }) => track.name + sentence).join("\n");
    if (text === said) return;
    said = text;
    if (model.refusal) list.replaceChildren(el("li", {}, model.refusal));
    else if (!model.tracks.length) list.replaceChildren(el("li", {}, "Choose a rule to begin."));
    else if (!lines.length) list.replaceChildren(el("li", {}, "What will happen? Decide first, then press Play."));
    else {
      list.replaceChildren(
        ...lines.map(({ track, sentence, kind }) =>
          el("li", { "data-kind": kind }, swatch(track.name, track.look), el("span", {}, el("strong", {}, `${track.label}: `), sentence)),
        ),
      );
    }
  }

  model.addEventListener("runs", update);
  update();
  return { node };
}
