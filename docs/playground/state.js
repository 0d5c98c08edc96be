/**
 * The whole state of the playground in an address: `#v=1&surface=Ravine&surface.condition=50&…`.
 *
 * A state is a plain object:
 *   surface, surfaceHyper       a name of engine.js and all its parameters
 *   start                       [x, y]
 *   rules                       [{name, hyper}, …] in order, each name once; name "Own" is the reader's rule, whose
 *                               text is `own`; hyper has all hyper-parameters
 *   own                         its text, or ""
 *   schedule                    {name, hyper}, name "Constant" for none; hyper without the peak, which is each rule's lr
 *   noise, seed, steps          as in driver.js
 *   view, basin                 "map" or "basin", and whose basin: a name among rules
 *   speed                       steps a second
 *   preset                      the name of the preset it came from, or ""
 *   lock                        names of controls that an assignment has fixed
 *   hide                        whether an assignment hides the answer
 *
 * Exports:
 *   VERSION, LIMITS, CONTROLS, OWN
 *                               the version; bounds of what a page will do; the names that lock may contain; the name
 *                               of the reader's rule
 *   defaults()                  the state of a page without an address
 *   encode(state)               a fragment without "#"
 *   decode(fragment, base)      see address.js
 *   readOwn(text)               the reader's rule, or null where there is no text or it cannot be read
 *   specs(state)                [{name, spec}, …]: what driver.js needs to run each rule
 */
import { rules, surfaces } from "./engine.js";
import { ownRule } from "./machine.js";

export { decode } from "./address.js";

export const VERSION = 1;
export const LIMITS = {
  fragment: 16_000,
  own: 4_000,
  rules: 8,
  steps: 20_000,
  notes: 20,
  reach: 1e6,
  speed: [1, 1000],
};
export const CONTROLS = [
  ...["surface", "start", "rules", "own", "hyper", "schedule", "noise", "seed", "steps", "view"],
  ...new Set(Object.values(rules).flatMap((rule) => Object.keys(rule.hyper))),
];
export const OWN = "Own";
// The race on the start page, with rates at which the three differ in kind.
const FIRST = { GradientDescent: 0.035, Momentum: 0.01, Adam: 0.3 };

export function defaults() {
  const surface = surfaces.Ravine;
  return {
    surface: "Ravine",
    surfaceHyper: { ...surface.hyper },
    start: [...surface.start],
    rules: Object.entries(FIRST).map(([name, lr]) => ({ name, hyper: { ...rules[name].hyper, lr } })),
    own: "",
    schedule: { name: "Constant", hyper: {} },
    noise: 0,
    seed: 0,
    steps: 200,
    view: "map",
    basin: "GradientDescent",
    speed: 20,
    preset: "",
    lock: [],
    hide: false,
  };
}

export function readOwn(text) {
  try {
    return text ? ownRule(text, OWN) : null;
  } catch {
    return null;
  }
}

export function encode(state) {
  const pairs = [
    ["v", VERSION],
    ["surface", state.surface],
  ];
  for (const [name, value] of Object.entries(state.surfaceHyper)) pairs.push([`surface.${name}`, number(value)]);
  pairs.push(["start", state.start.map(number).join(",")]);
  for (const rule of state.rules) {
    const inside = Object.entries(rule.hyper).map(([name, value]) => `${name}:${number(value)}`);
    pairs.push(["rule", [rule.name, ...inside].join(",")]);
  }
  if (state.own) pairs.push(["own", state.own]);
  const inside = Object.entries(state.schedule.hyper).map(([name, value]) => `${name}:${number(value)}`);
  pairs.push(["schedule", [state.schedule.name, ...inside].join(",")]);
  for (const name of ["noise", "seed", "steps", "speed"]) pairs.push([name, number(state[name])]);
  pairs.push(["view", state.view], ["basin", state.basin]);
  if (state.preset) pairs.push(["preset", state.preset]);
  if (state.lock.length) pairs.push(["lock", state.lock.join(",")]);
  if (state.hide) pairs.push(["hide", 1]);
  // Commas, colons and periods may stand in a fragment as they are, and a link stays readable.
  return pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`)
    .join("&");
}

const number = (value) => (Object.is(value, -0) ? "-0" : String(value));

export function specs(state) {
  const own = readOwn(state.own);
  return state.rules.map(({ name, hyper }) => ({
    name,
    spec: {
      rule: name === OWN ? own : name,
      hyper,
      surface: state.surface,
      surfaceHyper: state.surfaceHyper,
      start: state.start,
      steps: state.steps,
      schedule: state.schedule.name === "Constant" ? null : state.schedule,
      noise: state.noise,
      seed: state.seed,
    },
  }));
}
