// What is played with: the state that an address can hold, the runs that follow from it, and the step that is shown.

import { Runner } from "../driver.js";
import { other, rules, surfaces } from "../engine.js";
import { OWN, readOwn, specs } from "../state.js";

/** The rule behind a name: the package's, or the reader's own if there is one. */
export const ruleOf = (name, own) => (name === OWN ? own : rules[name]);
export const labelOf = (name) => (name === OWN ? "your rule" : rules[name].label);
export const lookOf = (name) => (name === OWN ? other.look : rules[name].look);

const HYPER = new Set(Object.values(rules).flatMap((rule) => Object.keys(rule.hyper)));

/** Events: "runs" after the runs have changed, "step" after only the step has, "play" when play starts or stops. */
export class Model extends EventTarget {
  /**
   * @param {object} state  as in state.js
   * @param {boolean} predict  whether the future stays hidden until a run has been played to its end
   */
  constructor(state, predict = false) {
    super();
    this.peek = null;
    this.playing = false;
    this.load(state, predict);
  }

  /** Begin anew with a whole state. */
  load(state, predict = state.hide) {
    this.own = readOwn(state.own);
    this.revealed = !predict;
    this.tracks = [];
    this.step = 0;
    this.change(state);
    if (this.revealed) this.setStep(this.last);
  }

  /** Take over parts of a state, and run what follows from them. */
  change(part) {
    const atEnd = this.tracks.length > 0 && this.step >= this.last && !this.playing;
    const next = { ...this.state, ...part };
    if (!next.rules.some(({ name }) => name === next.basin)) next.basin = next.rules[0]?.name ?? "";
    this.refusal = "";
    try {
      this.tracks = this.#race(next);
      this.state = next;
    } catch (error) {
      // What each setting allows is checked where it is set; some, such as two rates of a schedule, depend on each other.
      this.refusal = error.message;
    }
    this.last = Math.max(0, ...this.tracks.map((track) => track.count - 1));
    this.step = atEnd ? this.last : Math.min(this.step, this.last);
    this.peek = null;
    this.#tell("runs");
  }

  #race(state) {
    return specs(state).map(({ name, spec }) => {
      const runner = new Runner(spec);
      runner.advance(spec.steps);
      const { theta, loss, k, rule } = runner;
      return { name, label: labelOf(name), look: lookOf(name), rule, runner, theta, loss, count: k + 1 };
    });
  }

  /** The numbers of the surface. */
  get surfaceSelf() {
    return this.state.surfaceHyper;
  }

  get start() {
    return this.state.start;
  }

  get surface() {
    return surfaces[this.state.surface];
  }

  /** The rule that is explained, whose settings lie open. */
  get chosen() {
    return this.state.basin;
  }

  get chosenTrack() {
    return this.tracks.find((track) => track.name === this.chosen) ?? null;
  }

  /** Whether what will happen may be seen: always, unless a task asks to predict it first. */
  get open() {
    return this.revealed;
  }

  /** Whether the theory may be seen as well, which an assignment can hide for good. */
  get told() {
    return this.revealed && !this.state.hide;
  }

  /** Whether an assignment has fixed a control. */
  locked(name) {
    const { lock } = this.state;
    return lock.includes(name) || (HYPER.has(name) && lock.includes("hyper"));
  }

  hyperOf(name) {
    return this.state.rules.find((rule) => rule.name === name)?.hyper ?? ruleOf(name, this.own)?.hyper ?? {};
  }

  setHyper(name, hyper) {
    const entries = this.state.rules.map((rule) => (rule.name === name ? { name, hyper: { ...rule.hyper, ...hyper } } : rule));
    this.change({ rules: entries });
  }

  /** Let a rule of the reader's own take part, or another one in its place. */
  setOwn(rule, text) {
    this.own = rule;
    const before = this.state.rules.find((entry) => entry.name === OWN);
    // What has been set stays, unless the new text has no such number; a new rule starts at the rate of the chosen one.
    const kept = Object.entries(before?.hyper ?? { lr: this.hyperOf(this.chosen).lr ?? rule.hyper.lr });
    const hyper = { ...rule.hyper, ...Object.fromEntries(kept.filter(([name]) => Object.hasOwn(rule.hyper, name))) };
    const others = this.state.rules.filter(({ name }) => name !== OWN);
    this.change({ own: text, rules: [...others, { name: OWN, hyper }], basin: OWN });
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
