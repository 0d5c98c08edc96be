// The verdict on a run, as the page says it: a sentence for the story, a word or two for the row of the rule.

import { verdict } from "./theory.js";

const WORDS = {
  diverged: "diverged", unstable: "unstable", escaped: "escaped", stuck: "stuck", converged: "converged", rest: "at rest",
  still: "stands still", hovering: "hovers", ended: "not there yet", moving: "under way",
};

/** @returns {{sentence: string, text: string, kind: string}} */
export function tell(track) {
  const { kind, text } = verdict(track.runner);
  return { sentence: text, text: WORDS[kind] ?? kind, kind };
}
