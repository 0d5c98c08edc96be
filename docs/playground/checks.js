/**
 * What a run is made of, checked: every refusal names the argument, its value and what is allowed.
 *
 * Exports:
 *   MAX_STEPS                       the longest run
 *   setup(spec)                     a spec (see driver.js) with names looked up and defaults filled in, or an Error
 *   fault(kind, value)              null, or what a hyper-parameter of this kind must be
 *   scheduleOf(schedule, lr)        { kind: "rate" | "follow", self, entry } of a schedule spec, or null for a constant
 *   shown(value)                    a value as short text for a message
 */
import { allowed, rules, schedules, surfaces } from "./engine.js";

export const MAX_STEPS = 1_000_000;

const GOOD = {
  count: (x) => Number.isInteger(x) && x >= 1,
  share: (x) => x > 0 && x <= 1,
  fraction: (x) => x >= 0 && x < 1,
  positive: (x) => x > 0 && x < Infinity,
  non_negative: (x) => x >= 0 && x < Infinity,
  finite: Number.isFinite,
};

export function shown(value) {
  let text;
  try {
    text = typeof value === "number" || value === undefined ? String(value) : (JSON.stringify(value) ?? String(value));
  } catch {
    text = typeof value;
  }
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function fault(kind, value) {
  return typeof value === "number" && GOOD[kind](value) ? null : allowed[kind];
}

function refuse(name, must, value) {
  return new Error(`${name} must be ${must}, got ${shown(value)}`);
}

function named(what, table, value) {
  const known = typeof value === "string" && Object.hasOwn(table, value);
  if (!known) throw refuse(what, `one of ${Object.keys(table).join(", ")}`, value);
  return table[value];
}

/** The hyper-parameters of a rule, surface or schedule: its own, and over them what is given. */
function filled(entry, given, what) {
  if (given === undefined || given === null) return { ...entry.hyper };
  if (typeof given !== "object" || Array.isArray(given)) throw refuse(what, "an object of numbers", given);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(entry.hyper, name)) {
      const known = Object.keys(entry.hyper).join(", ") || "none";
      throw new Error(
        `${entry.name} has no argument ${name} (got ${name}=${shown(given[name])}); allowed are ${known}`,
      );
    }
  }
  const self = {};
  for (const name of Object.keys(entry.hyper)) {
    const value = Object.hasOwn(given, name) ? given[name] : entry.hyper[name];
    const nested = entry.peak === name && typeof value === "object" && name === "then";
    const must = nested ? null : fault(entry.kinds[name], value);
    if (must) throw refuse(name, must, value);
    self[name] = value;
  }
  return self;
}

function below(self, low, high) {
  if (self[low] > self[high]) {
    throw new Error(`${low} must not exceed ${high} = ${shown(self[high])}, got ${shown(self[low])}`);
  }
}

export function scheduleOf(schedule, lr) {
  if (schedule === undefined || schedule === null) return null;
  const { name, hyper } = typeof schedule === "string" ? { name: schedule } : schedule;
  if (name === "Constant") return null;
  const entry = named("schedule", schedules, name);
  const self = filled(entry, { [entry.peak]: lr, ...hyper }, "schedule.hyper");
  if ("lr_min" in self) below(self, "lr_min", "lr_max");
  if ("min_lr" in self) below(self, "min_lr", "lr");
  if (self.then !== null && typeof self.then === "object") {
    const after = scheduleOf(self.then, lr);
    if (after && after.kind !== "rate") throw refuse("then", "a rate or a schedule of the step alone", self.then);
    self.then = after ? (t) => after.entry.rate(after.self, t) : lr;
  }
  return { kind: entry.follow ? "follow" : "rate", self, entry };
}

function point(start) {
  const pair = Array.isArray(start) || ArrayBuffer.isView(start) ? Array.from(start) : null;
  if (!pair || pair.length !== 2 || !pair.every(Number.isFinite)) {
    throw refuse("start", "two finite numbers [x, y]", start);
  }
  return pair;
}

function whole(name, value, least, most) {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw refuse(name, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

export function setup(spec) {
  if (spec === null || typeof spec !== "object") throw refuse("spec", 'an object such as {rule: "Adam"}', spec);
  const rule = typeof spec.rule === "object" && spec.rule?.move ? spec.rule : named("rule", rules, spec.rule);
  const self = filled(rule, spec.hyper, "hyper");
  const place = typeof spec.surface === "object" && spec.surface ? spec.surface : { name: spec.surface };
  const surface = named("surface", surfaces, place.name);
  const noise = spec.noise ?? 0;
  const must = fault("non_negative", noise);
  if (must) throw refuse("noise", must, noise);
  return {
    rule,
    self,
    surface,
    surfaceSelf: filled(surface, spec.surfaceHyper ?? place.hyper, "surfaceHyper"),
    start: point(spec.start ?? surface.start),
    steps: whole("steps", spec.steps ?? 100, 0, MAX_STEPS),
    schedule: scheduleOf(spec.schedule, self.lr),
    noise,
    seed: whole("seed", spec.seed ?? 0, 0, 0xffffffff),
  };
}
