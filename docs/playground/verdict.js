/**
 * What happened, in a sentence.
 *
 * Exports:
 *   verdict(runner, k = runner.k)   {kind, text} of the run up to step k; kinds are "diverged", "unstable" (it will),
 *                                   "escaped" (off a saddle, never called convergence), "stuck", "converged", "rest"
 *                                   (elsewhere than at the lowest point), "still", "hovering", "ended", "moving"
 *   outside(runner, k = runner.k)   the first step at which it was far outside the window, or -1
 *   SHARE                           converged means: the gap of the loss is this share of its first value, and stays so
 *   short(x)                        a number with three digits
 */
import { contraction, curvatures, facts, limit } from "./theory.js";

export const SHARE = 1e-6;
const STAYED = 5;
const OUT = 2; // windows, counted from the middle to the edge; a start outside counts from where it is

export function short(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "not a number" : x > 0 ? "infinite" : "minus infinity";
  const text = Number(x.toPrecision(3));
  return Math.abs(text) >= 1e6 || (text !== 0 && Math.abs(text) < 1e-4) ? text.toExponential() : String(text);
}

const point = (runner, k) => `(${short(runner.theta[2 * k])}, ${short(runner.theta[2 * k + 1])})`;

const scanned = new WeakMap();

export function outside(runner, k = runner.k) {
  const seen = scanned.get(runner) ?? { next: 0, out: -1 };
  const [[x0, x1], [y0, y1]] = runner.surface.window;
  const far = (i) =>
    Math.max(
      Math.abs(runner.theta[2 * i] - (x0 + x1) / 2) / ((x1 - x0) / 2),
      Math.abs(runner.theta[2 * i + 1] - (y0 + y1) / 2) / ((y1 - y0) / 2),
    );
  const most = OUT * Math.max(1, far(0));
  for (; seen.next <= k && seen.out < 0; seen.next++) if (!(far(seen.next) <= most)) seen.out = seen.next;
  scanned.set(runner, seen);
  return seen.out >= 0 && seen.out <= k ? seen.out : -1;
}

const theories = new WeakMap();

/** Limit and contraction of a run with a constant rate on a quadratic, for the curvatures that hold it; else null. */
function theory(runner) {
  if (!theories.has(runner)) {
    const values = curvatures(runner.surface, runner.surfaceSelf)?.filter((h) => h > 0) ?? [];
    const spec = { rule: runner.rule, hyper: runner.self, curvatures: values };
    const told = values.length && !runner.schedule ? limit(spec) : { linear: false };
    theories.set(runner, told.linear ? { ...told, factor: contraction(spec).contraction } : null);
  }
  return theories.get(runner);
}

function above({ limit: most, formula }, lr) {
  const name = formula ? `${formula} = ${short(most)}` : `${short(most)}, the limit of this rule on this quadratic`;
  const close = short(lr) === short(most);
  return close ? `lr is at or above ${name}` : `lr ${short(lr)} is above ${name}`;
}

function leaving(runner, k, minimum) {
  const out = outside(runner, k);
  const told = theory(runner);
  const isTooLong = told !== null && runner.self.lr >= told.limit;
  if (out < 0 && runner.status === "diverged" && k === runner.k)
    return { kind: "diverged", text: `${runner.message}.` };
  if (out < 0) {
    if (!isTooLong || k === 0 || runner.noise > 0) return null;
    const effect =
      told.factor > 1 + 1e-9 ? `it swings out by a factor of ${short(told.factor)} a step` : "it swings for ever";
    return { kind: "unstable", text: `unstable: ${above(told, runner.self.lr)}, so ${effect}.` };
  }
  const loss = runner.loss[out];
  if (minimum === -Infinity && loss < runner.loss[0]) {
    return {
      kind: "escaped",
      text: `escaped at step ${out}: away from the saddle the loss falls without end, so nothing converges here.`,
    };
  }
  if (isTooLong) return { kind: "diverged", text: `diverged at step ${out}: ${above(told, runner.self.lr)}.` };
  if (runner.status === "diverged") {
    return {
      kind: "diverged",
      text: `diverged: far outside the window at step ${out}, and at step ${runner.k} over: ${runner.message.split(": ")[1]}.`,
    };
  }
  const isBack = runner.loss[k] < runner.loss[0];
  return isBack
    ? null
    : {
        kind: "diverged",
        text:
          `diverged at step ${out}: far outside the window, with the loss at ${short(runner.loss[k])}; ` +
          "the steps are too long for slopes as steep as here.",
      };
}

/** The step from which on the gap has stayed within a share of its first value, or -1. */
function arrival(runner, k, minimum) {
  const most = SHARE * (runner.loss[0] - minimum);
  let since = k;
  while (since >= 0 && runner.loss[since] - minimum <= most) since -= 1;
  // A few steps within it, so that swinging through the lowest point is no arrival.
  return since < k - STAYED || (since < k && runner.gradNorm[k] === 0) ? since + 1 : -1;
}

function onRidge(runner, k) {
  const values = curvatures(runner.surface, runner.surfaceSelf);
  if (!values || values[0] >= 0 || runner.noise > 0) return false;
  // Exactly on the ridge: the coordinate whose curvature is negative, and its gradient, are zero to the last bit.
  const [along, across] = runner.surface.slope(runner.surfaceSelf, 1, 1);
  const axis = along < 0 ? 0 : across < 0 ? 1 : -1;
  const coupled = runner.surface.slope(runner.surfaceSelf, 1, 0)[1] !== 0;
  return axis >= 0 && !coupled && runner.theta[2 * k + axis] === 0 && runner.grad[2 * k + axis] === 0;
}

function resting(runner, k, minimum) {
  if (onRidge(runner, k)) {
    return { kind: "stuck", text: "stuck: the gradient across the ridge is exactly zero, so no step ever leaves it." };
  }
  if (runner.gradNorm[k] === 0) {
    return {
      kind: "stuck",
      text: `stuck: the gradient at ${point(runner, k)} is exactly zero, though the loss there is not the lowest.`,
    };
  }
  if (k > 0 && runner.lr[k] === 0)
    return { kind: "still", text: `stands still: the schedule has taken lr to zero, at ${point(runner, k)}.` };
  if (Number.isFinite(minimum) && k > 0 && runner.gradNorm[k] <= SHARE * runner.gradNorm[0]) {
    const found = `at rest at ${point(runner, k)}, where the slope vanishes`;
    return {
      kind: "rest",
      text: `${found}: the loss is ${short(runner.loss[k])}, while the lowest is ${short(minimum)}.`,
    };
  }
  return null;
}

/** Whether the second half of the last steps brought nothing that the first half had not. */
function isHovering(runner, k) {
  if (k < 40) return false;
  const span = Math.min(Math.floor(k / 4), 200);
  const lowest = (from, to) =>
    runner.loss.subarray(from, to).reduce((least, value) => Math.min(least, value), Infinity);
  return lowest(k - span + 1, k + 1) >= 0.98 * lowest(k - 2 * span + 1, k - span + 1);
}

function going(runner, k, minimum) {
  const told = theory(runner);
  if (minimum === -Infinity) {
    const away = k > 0 ? `, at ${point(runner, k)}` : "";
    return { kind: runner.done ? "ended" : "moving", text: `step ${k}: still near the saddle${away}.` };
  }
  const first = runner.loss[0] - minimum;
  const share = short((runner.loss[k] - minimum) / first);
  if (isHovering(runner, k) && !(told && told.factor < 1 && !runner.noise)) {
    const why =
      runner.noise > 0 ? "the noise of the gradients keeps it in motion" : "its steps are too long to come closer";
    return {
      kind: "hovering",
      text: `hovers: at step ${k} the loss is ${share} of its first value above the lowest, and ${why}.`,
    };
  }
  const pace =
    told && told.factor < 1 && !runner.noise
      ? `; by theory the distance shrinks by a factor of ${short(told.factor)} a step`
      : "";
  if (runner.done && k === runner.k)
    return { kind: "ended", text: `not there after ${k} steps: the loss is still ${share} of its first value${pace}.` };
  return { kind: "moving", text: `step ${k}: the loss is ${share} of its first value${pace}.` };
}

export function verdict(runner, k = runner.k) {
  const { minimum } = facts(runner.surface, runner.surfaceSelf);
  const left = leaving(runner, k, minimum);
  if (left) return left;
  if (Number.isFinite(minimum)) {
    if (runner.loss[0] === minimum)
      return { kind: "converged", text: "it starts at the lowest point, where every slope is zero." };
    const since = arrival(runner, k, minimum);
    if (since >= 0) {
      return {
        kind: "converged",
        text: `converged in ${since} steps: at ${point(runner, k)} the loss is below a millionth of its first value.`,
      };
    }
  }
  return resting(runner, k, minimum) ?? going(runner, k, minimum);
}
