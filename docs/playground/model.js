// What is played with: the state that an address can hold, the runs that follow from it, and the step that is shown.

import { Runner } from "./driver.js";
import { other, rules, surfaces } from "./engine.js";

/** Name under which a rule of the reader's own takes part. */
export const OWN = "Own";

/** The rule behind a name: the package's, or the reader's own if there is one. */
export const ruleOf = (name, own) => (name === OWN ? own : rules[name]);
export const labelOf = (name) => (name === OWN ? "your rule" : rules[name].label);
export const lookOf = (name) => (name === OWN ? other.look : rules[name].look);

/** Events: "runs" after the runs have changed, "step" after only the step has, "play" when play starts or stops. */
export class Model extends EventTarget {
  constructor(state) {
    super();
    this.own = null; // the parsed rule of the reader
    this.step = 0;
    this.peek = null;
    this.playing = false;
    this.revealed = !state.hidden;
    this.change(state);
    this.step = this.revealed ? this.last : 0;
  }

  /** Take over parts of a state, and run what follows from them. */
  change(part) {
    const atEnd = this.tracks?.length > 0 && this.step >= this.last && !this.playing;
    const next = { ...this.state, ...part };
    this.refusal = "";
    try {
      this.tracks = this.#race(next);
      this.state = next;
    } catch (error) {
      // What each setting allows is checked where it is set; some, such as two rates of a schedule, depend on each other.
      if (!this.state) throw error;
      this.refusal = error.message;
    }
    this.last = Math.max(0, ...this.tracks.map((track) => track.count - 1));
    this.step = atEnd ? this.last : Math.min(this.step, this.last);
    this.peek = null;
    this.#tell("runs");
  }

  #race({ surface, rules: entries, start, steps, schedule, noise, seed }) {
    return entries.flatMap(({ name, hyper }) => {
      const rule = ruleOf(name, this.own);
      if (!rule) return [];
      const runner = new Runner({ rule, hyper, surface, start, steps, schedule, noise, seed });
      runner.advance(steps);
      const { theta, loss, k } = runner;
      return [{ id: name, name, label: labelOf(name), look: lookOf(name), rule, hyper, runner, theta, loss, count: k + 1 }];
    });
  }

  get surface() {
    return surfaces[this.state.surface.name];
  }

  /** The hyper-parameters of the surface, all of them. */
  get surfaceSelf() {
    return { ...this.surface.hyper, ...this.state.surface.hyper };
  }

  get start() {
    return this.state.start ?? this.surface.start;
  }

  /** The rule that is explained, whose settings lie open. */
  get chosen() {
    const { chosen } = this.state;
    return this.tracks.some((track) => track.id === chosen) ? chosen : (this.tracks[0]?.id ?? null);
  }

  get chosenTrack() {
    return this.tracks.find((track) => track.id === this.chosen) ?? null;
  }

  /** Whether what will happen may be seen: always, unless a task asks to predict it first. */
  get open() {
    return this.revealed || this.step >= this.last;
  }

  hyperOf(name) {
    const entry = this.state.rules.find((rule) => rule.name === name);
    return { ...ruleOf(name, this.own)?.hyper, ...entry?.hyper };
  }

  setHyper(name, hyper) {
    const entries = this.state.rules.map((rule) => (rule.name === name ? { name, hyper: { ...rule.hyper, ...hyper } } : rule));
    this.change({ rules: entries });
  }

  /** Let a rule of the reader's own take part, or another one in its place. */
  setOwn(rule, text) {
    this.own = rule;
    const before = this.state.rules.find((entry) => entry.name === OWN);
    const kept = Object.entries(before?.hyper ?? { lr: this.chosen ? this.hyperOf(this.chosen).lr : rule.hyper.lr });
    const entry = { name: OWN, hyper: Object.fromEntries(kept.filter(([name]) => Object.hasOwn(rule.hyper, name))) };
    const others = this.state.rules.filter(({ name }) => name !== OWN);
    this.change({ own: text, rules: [...others, entry], chosen: OWN });
  }

  setStep(step) {
    this.step = Math.min(this.last, Math.max(0, Math.round(step)));
    this.peek = null;
    if (this.step >= this.last) this.#reveal();
    this.#tell("step");
  }

  setPeek(step) {
    const peek = step === null ? null : Math.min(step, this.last);
    if (peek === this.peek) return;
    this.peek = peek;
    this.#tell("step");
  }

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.#tell("play");
  }

  // Who has seen a run to its end knows the answer; from then on nothing is hidden.
  #reveal() {
    if (this.revealed) return;
    this.revealed = true;
    queueMicrotask(() => this.#tell("runs"));
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
