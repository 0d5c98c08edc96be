/**
 * The worker behind basin.js: runs a rule from every point of a grid, coarse points first, in slices short enough that
 * a newer request is noticed at once.
 *
 * Receives {id, spec, source, width, height, window, steps}; a newer one replaces the present one, {id: 0} cancels it.
 * Answers with {id, stride, which, steps, done, seconds}, both arrays transferred, after each of four passes, or with
 * {id, error}.
 *
 * Exports (for tests, and for a page without workers): fates(request), a generator that yields such answers and null
 * where it may be interrupted.
 */
import { setup } from "./checks.js";
import { STRIDES, ELSEWHERE, ESCAPED, GONE, MOVING } from "./fates.js";
import { variates } from "./noise.js";
import { ownRule } from "./machine.js";
import { facts } from "./theory.js";

const SLICE = 12; // milliseconds
const NEAR = 0.01; // of the window's diagonal: close enough to a minimizer to have its color
const FAR = 4; // windows from the middle: gone

export function* fates({ id, spec, source, width, height, window: frame, steps }) {
  const begun = performance.now();
  const own = source ? { ...spec, rule: ownRule(source) } : spec;
  const told = setup({ ...own, start: undefined, steps });
  const travel = traveller(told, steps);
  const which = new Uint8Array(width * height);
  const counts = new Uint16Array(width * height);
  const [[x0, x1], [y0, y1]] = frame ?? told.surface.window;
  let clock = performance.now();
  for (const stride of STRIDES) {
    for (let row = 0; row < height; row += stride) {
      for (let column = 0; column < width; column += stride) {
        if (stride < STRIDES[0] && row % (2 * stride) === 0 && column % (2 * stride) === 0) continue; // known already
        // The middle of the pixel; rows go down the picture and y goes up.
        const x = x0 + ((column + 0.5) / width) * (x1 - x0);
        const y = y1 - ((row + 0.5) / height) * (y1 - y0);
        const at = row * width + column;
        travel(x, y);
        which[at] = travel.fate;
        counts[at] = travel.steps;
      }
      if (performance.now() - clock > SLICE) {
        yield null;
        clock = performance.now();
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    yield { id, stride, which: which.slice(), steps: counts.slice(), done: stride === 1, seconds };
  }
}

/** The rate of each step, once for all starts; a schedule that watches the losses has one for each run. */
function ratesOf(told, steps) {
  const { schedule, self } = told;
  if (schedule?.kind === "follow") return null;
  return Float64Array.from({ length: steps + 1 }, (_, t) =>
    schedule ? schedule.entry.rate(schedule.self, t) : self.lr,
  );
}

/** A function of a start that leaves the fate, and the steps it took, in properties of its own. */
function traveller(told, steps) {
  const { rule, self, surface, surfaceSelf, noise, seed, schedule } = told;
  const initial = Object.values(rule.state);
  const width = 1 + initial.length;
  const state = new Float64Array(2 * width);
  const grad = new Float64Array(2);
  const path = new Float64Array(2 * (steps + 1));
  const rates = ratesOf(told, steps);
  const next = variates(seed);
  const kicks = noise > 0 ? Float64Array.from({ length: 2 * steps }, () => noise * next()) : null;
  const { minimizers, minimum } = facts(surface, surfaceSelf);
  const [[x0, x1], [y0, y1]] = surface.window;
  const diagonal = Math.hypot(x1 - x0, y1 - y0);
  const [middleX, middleY, reachX, reachY] = [(x0 + x1) / 2, (y0 + y1) / 2, FAR * (x1 - x0), FAR * (y1 - y0)];

  /** Go on from a start until the last step or until far away; return how many steps were taken. */
  function follow(x, y) {
    state[0] = path[0] = x;
    state[width] = path[1] = y;
    for (let j = 1; j < width; j++) state[j] = state[width + j] = initial[j - 1];
    const watching = rates === null ? schedule.entry.follow(schedule.self) : null;
    let following = rates === null ? watching.next().value : 0;
    for (let k = 0; k < steps; k++) {
      const lr = rates === null ? following : rates[k];
      if (rule.ahead === undefined) surface.slopeTo(surfaceSelf, state[0], state[width], grad);
      else surface.slopeTo(surfaceSelf, rule.ahead(self, state, 0, lr), rule.ahead(self, state, width, lr), grad);
      if (kicks !== null) {
        grad[0] += kicks[2 * k];
        grad[1] += kicks[2 * k + 1];
      }
      if (watching !== null) following = watching.next(surface.value(surfaceSelf, state[0], state[width])).value;
      rule.move(self, state, 0, grad[0], lr);
      rule.move(self, state, width, grad[1], lr);
      const u = (path[2 * k + 2] = state[0]);
      const v = (path[2 * k + 3] = state[width]);
      // Written so that what is no number counts as far.
      if (!(Math.abs(u - middleX) < reachX && Math.abs(v - middleY) < reachY)) return k + 1;
    }
    return steps;
  }

  const isNear = (k, [u, v], distance) => Math.hypot(path[2 * k] - u, path[2 * k + 1] - v) < distance * diagonal;

  function travel(x, y) {
    const taken = follow(x, y);
    const end = [path[2 * taken], path[2 * taken + 1]];
    travel.steps = taken;
    if (!(Math.abs(end[0] - middleX) < reachX && Math.abs(end[1] - middleY) < reachY)) {
      const isBelow = surface.value(surfaceSelf, ...end) < surface.value(surfaceSelf, x, y);
      travel.fate = minimum === -Infinity && isBelow ? ESCAPED : GONE;
      return;
    }
    const which = minimizers.findIndex((place) => isNear(taken, place, NEAR));
    if (which >= 0) {
      let since = taken;
      while (since > 0 && isNear(since - 1, minimizers[which], NEAR)) since -= 1;
      travel.fate = which;
      travel.steps = since;
      return;
    }
    const steepness = (u, v) => Math.hypot(...surface.slope(surfaceSelf, u, v));
    const isResting = isNear(Math.floor(0.9 * taken), end, 1e-3) && steepness(...end) <= 1e-3 * steepness(x, y);
    travel.fate = isResting ? ELSEWHERE : MOVING;
  }
  return travel;
}

if (typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope) {
  let work = null;
  let id = 0;
  const { port1, port2 } = new MessageChannel();
  // Between two slices the worker returns to its queue of messages, where a newer request may wait.
  port1.onmessage = () => {
    if (work === null) return;
    try {
      const { value, done } = work.next();
      if (value) self.postMessage(value, [value.which.buffer, value.steps.buffer]);
      if (done) work = null;
      else port2.postMessage(0);
    } catch (error) {
      work = null;
      self.postMessage({ id, error: String(error?.message ?? error) });
    }
  };
  self.onmessage = ({ data }) => {
    const isIdle = work === null;
    id = data.id;
    work = id ? fates(data) : null;
    if (work && isIdle) port2.postMessage(0);
  };
}
