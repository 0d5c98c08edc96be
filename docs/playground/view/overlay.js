// What the page shows of the theory: where each slider is shaded, which slope is dotted over the chart.

import { show } from "./dom.js";
import { ruleOf } from "./model.js";
import { contraction, curvatures, facts, limit } from "../theory.js";

const found = new Map();

// While a slider moves, the same limits are asked for many times over; those asked for last are kept.
function remembered(key, compute) {
  if (!found.has(key)) {
    if (found.size > 200) found.clear();
    found.set(key, compute());
  }
  return found.get(key);
}

const curvaturesOf = (model) => curvatures(model.surface, model.surfaceSelf);

/** Minimum and minimizers of the surface, which depend on its numbers. */
export const factsOf = (model) => facts(model.surface, model.surfaceSelf);

/** The rate up to which a rule converges on the surface, with the words for it; null where theory names none. */
export function stableBelow(model, name) {
  const values = curvaturesOf(model);
  if (!values || values[0] < 0) return null;
  const rule = ruleOf(name, model.own);
  const { lr, ...hyper } = model.hyperOf(name);
  const key = JSON.stringify([name, rule.source, hyper, values]);
  const told = remembered(key, () => limit({ rule, hyper, curvatures: values }));
  if (!told.linear || !Number.isFinite(told.limit) || told.limit <= 0) return null;
  return { rate: told.limit, text: `stable below ${told.formula ? `${told.formula} = ` : ""}${show(told.limit, 3)}` };
}

/** The slope that theory predicts for the loss of the chosen rule: its value at step 0 and its factor per step. */
export function predictedSlope(model) {
  const values = curvaturesOf(model);
  const track = model.chosenTrack;
  if (!values || values[0] < 0 || !track || model.state.schedule.name !== "Constant") return null;
  const told = contraction({ rule: track.rule, hyper: model.hyperOf(track.name), curvatures: values });
  const from = track.loss[0] - factsOf(model).minimum;
  if (!told.linear || !(from > 0)) return null;
  return { from, factor: told.contraction ** 2, label: track.label };
}
