// The page of the playground, which owns its address: what the address says is shown, and what is shown it says.

import { el } from "./dom.js";
import { run } from "../driver.js";
import { openExercise } from "./exercise.js";
import { decode, encode } from "../state.js";

const QUIET = 300; // milliseconds without a change, after which the address follows

/** Split the name of an exercise from what describes the playground; it may stand before "#" or behind. */
function exerciseIn(location) {
  const parts = location.hash.replace(/^#/, "").split("&");
  const isName = (part) => part.startsWith("exercise=");
  const inside = new URLSearchParams(parts.filter(isName).join("&")).get("exercise");
  const name = new URLSearchParams(location.search).get("exercise") ?? inside;
  return { name, fragment: parts.filter((part) => !isName(part)).join("&") };
}

/** The state that an address asks for, over a page's own. */
export function readAddress(location, base) {
  const { name, fragment } = exerciseIn(location);
  return { exercise: name, ...decode(fragment, base) };
}

/** Keep page and address together, and offer `window.optimtext.run`. */
export function ownPage({ model, editor, announcer, node }, first, base) {
  const notes = el("ul", { class: "pg-notes", hidden: true });
  node.prepend(notes);
  let written = location.hash;
  let waiting = 0;

  function showNotes(texts) {
    notes.hidden = texts.length === 0;
    notes.replaceChildren(...texts.map((text) => el("li", {}, text)));
    if (texts.length) announcer.announce(texts.join("\n"));
  }

  async function open({ exercise, notes: texts }) {
    if (exercise === null) return showNotes(texts);
    const problem = await openExercise(exercise, editor, announcer);
    return showNotes(problem ? [...texts, problem] : texts);
  }

  model.addEventListener("runs", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const { name } = exerciseIn(location);
      const kept = name !== null && location.hash.includes("exercise=") ? `&exercise=${encodeURIComponent(name)}` : "";
      written = `#${encode(model.state)}${kept}`;
      history.replaceState(null, "", written);
    }, QUIET);
  });
  addEventListener("hashchange", () => {
    if (location.hash === written) return;
    const next = readAddress(location, base);
    model.load(next.state);
    open(next);
  });
  window.optimtext = { ...window.optimtext, run };
  return open(first);
}
