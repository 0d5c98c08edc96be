/**
 * The only loop: a rule on a surface, step by step, recorded and ended as by `optimtext.minimize`. The rules, surfaces
 * and schedules themselves come from engine.js, which is made from their Python source.
 *
 * A run is specified by an object:
 *   rule          name in engine.js, or an object like those there (a rule of the reader's own, see grammar.js)
 *   hyper         hyper-parameters that differ from the rule's own, e.g. {lr: 0.1}
 *   surface       name, or {name, hyper}; surfaceHyper  its parameters, e.g. {condition: 20}
 *   start         [x, y], by default the surface's
 *   steps         at most so many (100)
 *   schedule      null or name or {name, hyper}; its `peak` is the rule's lr unless hyper says otherwise
 *   noise, seed   standard deviation of the noise on each gradient (0), and what decides it (0)
 *
 * Exports:
 *   run(spec)     -> {theta: [[x, y], …], loss, gradNorm, lr: […], states: [{slot: [x, y]}, …], status, message}
 *   Runner        the same, step by step, with its record in typed arrays
 */
import { setup } from "./checks.js";
import { variates } from "./noise.js";

/** The Euclidean norm, without overflow on the way. */
export function norm(x, y) {
  const squares = x * x + y * y;
  if (squares > 1e-280 && squares < 1e280) return Math.sqrt(squares);
  const most = Math.max(Math.abs(x), Math.abs(y));
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) return Infinity;
  return most > 0 ? most * Math.sqrt((x / most) ** 2 + (y / most) ** 2) : most;
}

/**
 * One run. After construction the start is recorded; each `step()` takes one step and records where it led.
 *
 * Properties: k (steps taken), steps (the limit), status ("running", "max_steps", "diverged"), done, message; and the
 * record, whose index is the step and of which the first k + 1 entries count: theta and grad (two numbers a step, grad
 * with its noise and at the point where the rule took it), loss, gradNorm, lr, slots (names) and states (for each step
 * all slots of x, then all of y).
 */
export class Runner {
  constructor(spec) {
    const { rule, self, surface, surfaceSelf, start, steps, schedule, noise, seed } = setup(spec);
    Object.assign(this, { rule, self, surface, surfaceSelf, start, steps, schedule, noise, seed });
    this.slots = Object.keys(rule.state);
    this.k = 0;
    this.status = "running";
    this.message = "";
    this._width = 1 + this.slots.length;
    this._now = new Float64Array([start[0], ...Object.values(rule.state), start[1], ...Object.values(rule.state)]);
    this._grad = new Float64Array(2);
    this._noise = noise > 0 ? variates(seed) : null;
    this._follow = schedule?.kind === "follow" ? schedule.entry.follow(schedule.self) : null;
    this._lr = this._follow ? this._follow.next().value : self.lr;
    this._rated = schedule?.kind === "rate" ? schedule : null;
    this._reserve(Math.min(steps, 4096) + 1);
    this._look();
  }

  get done() {
    return this.status !== "running";
  }

  /** Take one step; false if the run has ended. */
  step() {
    if (this.status !== "running") return false;
    const { rule, self, _now: now, _grad: grad } = this;
    const lr = this.lr[this.k];
    rule.move(self, now, 0, grad[0], lr);
    rule.move(self, now, this._width, grad[1], lr);
    this.k += 1;
    if (this.k >= this.loss.length) this._reserve(2 * this.loss.length);
    this._look();
    return true;
  }

  /** Take up to `count` steps; return how many were taken. */
  advance(count) {
    const before = this.k;
    for (let i = 0; i < count && this.status === "running"; i++) this.step();
    return this.k - before;
  }

  /** Let a run that ended at its limit go on to a higher one. */
  extend(steps) {
    this.steps = Math.max(steps, this.k);
    if (this.status === "max_steps" && this.k < this.steps) {
      this.status = "running";
      this.message = "";
    }
  }

  /**
   * What the rule knew at step k: {theta, grad, loss, gradNorm, lr, slots: {name: [x, y]}, step: [dx, dy],
   * effective: [x, y]}. The step is the one that leads on from there; effective is minus its ratio to the gradient, the
   * rate that plain gradient descent would have needed for it (null where the gradient is zero).
   */
  inspect(k = this.k) {
    const count = this.slots.length;
    const pair = (array) => [array[2 * k], array[2 * k + 1]];
    const at = 2 * count * k;
    const slots = {};
    this.slots.forEach((name, j) => (slots[name] = [this.states[at + j], this.states[at + count + j]]));
    const theta = pair(this.theta);
    const grad = pair(this.grad);
    const step = [0, 1].map((i) => {
      const own = this.states.subarray(at + i * count, at + (i + 1) * count);
      const trial = new Float64Array([theta[i], ...own]);
      this.rule.move(this.self, trial, 0, grad[i], this.lr[k]);
      return trial[0] - theta[i];
    });
    const effective = step.map((way, i) => (grad[i] === 0 ? null : -way / grad[i]));
    return { theta, grad, loss: this.loss[k], gradNorm: this.gradNorm[k], lr: this.lr[k], slots, step, effective };
  }

  /** Evaluate and record the present point, and notice the end of the run, in the order of `optimtext.minimize`. */
  _look() {
    const { k, _now: now, _width: width, _grad: grad, rule, surface } = this;
    const x = now[0];
    const y = now[width];
    const lr = this._rated === null ? this._lr : this._rated.entry.rate(this._rated.self, k);
    this.theta[2 * k] = x;
    this.theta[2 * k + 1] = y;
    this.lr[k] = lr;
    const count = width - 1;
    for (let j = 0, at = 2 * count * k; j < count; j++) {
      this.states[at + j] = now[1 + j];
      this.states[at + count + j] = now[width + 1 + j];
    }
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      this.loss[k] = this.gradNorm[k] = this.grad[2 * k] = this.grad[2 * k + 1] = NaN;
      return this._diverged("a parameter", Number.isFinite(x) ? y : x);
    }
    const loss = surface.value(this.surfaceSelf, x, y);
    if (rule.ahead === undefined) surface.slopeTo(this.surfaceSelf, x, y, grad);
    else
      surface.slopeTo(this.surfaceSelf, rule.ahead(this.self, now, 0, lr), rule.ahead(this.self, now, width, lr), grad);
    if (this._noise !== null) {
      grad[0] += this.noise * this._noise();
      grad[1] += this.noise * this._noise();
    }
    const length = norm(grad[0], grad[1]);
    this.loss[k] = loss;
    this.gradNorm[k] = length;
    this.grad[2 * k] = grad[0];
    this.grad[2 * k + 1] = grad[1];
    if (!Number.isFinite(loss)) return this._diverged("the loss", loss);
    if (!Number.isFinite(length)) {
      return this._diverged("the gradient", [...grad].find((part) => !Number.isFinite(part)) ?? Infinity);
    }
    if (this._follow !== null) this._lr = this._follow.next(loss).value;
    if (k >= this.steps) {
      this.status = "max_steps";
      this.message = `stopped at step ${k}: max_steps reached`;
    }
  }

  _diverged(what, value) {
    const text = Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    this.status = "diverged";
    this.message = `diverged at step ${this.k}: ${what} became ${text}`;
  }

  _reserve(length) {
    const longer = (name, each) => {
      const array = new Float64Array(length * each);
      if (this[name]) array.set(this[name]);
      this[name] = array;
    };
    for (const name of ["loss", "gradNorm", "lr"]) longer(name, 1);
    for (const name of ["theta", "grad"]) longer(name, 2);
    longer("states", 2 * this.slots.length);
  }
}

export function run(spec) {
  const runner = new Runner(spec);
  runner.advance(runner.steps);
  const count = runner.k + 1;
  const each = (make) => Array.from({ length: count }, (_, k) => make(k));
  return {
    theta: each((k) => [runner.theta[2 * k], runner.theta[2 * k + 1]]),
    loss: Array.from(runner.loss.subarray(0, count)),
    gradNorm: Array.from(runner.gradNorm.subarray(0, count)),
    lr: Array.from(runner.lr.subarray(0, count)),
    states: each((k) => {
      const at = 2 * runner.slots.length * k;
      const slot = (name, j) => [name, [runner.states[at + j], runner.states[at + runner.slots.length + j]]];
      return Object.fromEntries(runner.slots.map(slot));
    }),
    status: runner.status,
    message: runner.message,
  };
}
