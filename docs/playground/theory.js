/**
 * What theory says of a rule on a quadratic, computed from the rule's own `update`, so that it holds for any rule that
 * is linear in the long run, the reader's own as well.
 *
 * Along an eigendirection of the Hessian, with curvature h, one step maps (theta, slots) to new ones with the gradient
 * h * theta (or h times the look-ahead point). Where that map is linear, its matrix is found by applying it to basis
 * vectors; slots that change by themselves, such as running powers, are first taken to their limit.
 *
 * Exports:
 *   limit({rule, hyper, curvatures})        {linear, limit, formula, why}: the rate up to which the rule converges on
 *                                           that quadratic; formula is "2/L" and the like where the limit is known so
 *   contraction({rule, hyper, curvatures})  {linear, contraction, why}: the factor per step of the distance, in the
 *                                           long run, at hyper.lr; the loss shrinks by its square
 *   curvatures(surface, self)               both eigenvalues of a quadratic surface's Hessian, rising; else null
 *   facts(surface, self)                    {minimum, minimizers} of a surface with these hyper-parameters
 *   stepMatrix(rule, self, curvature)       the matrix itself (rows of numbers), or {why} where there is none
 *   spectralRadius(matrix)
 *   verdict(runner, k)                      what happened up to step k, in a sentence: see verdict.js
 */
import { rules } from "./engine.js";

export { verdict } from "./verdict.js";

const SETTLE = 300_000; // steps; a running power of 0.9999 is then gone

function hessian(surface, self) {
  if (!surface.quadratic) return null;
  const origin = surface.slope(self, 0, 0);
  const [xx, yx] = surface.slope(self, 1, 0).map((value, i) => value - origin[i]);
  const [xy, yy] = surface.slope(self, 0, 1).map((value, i) => value - origin[i]);
  return { xx, xy: (xy + yx) / 2, yy };
}

export function curvatures(surface, self) {
  const matrix = hessian(surface, self);
  if (!matrix) return null;
  const { xx, xy, yy } = matrix;
  if (xy === 0) return [Math.min(xx, yy), Math.max(xx, yy)];
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  // The one nearer to zero follows from the determinant, whose digits a difference would lose.
  const far = middle + (middle < 0 ? -half : half);
  const near = far === 0 ? 0 : (xx * yy - xy * xy) / far;
  return [Math.min(far, near), Math.max(far, near)];
}

export function facts(surface, self) {
  const values = curvatures(surface, self);
  if (!values) return { minimum: surface.minimum, minimizers: surface.minimizers };
  return values[0] < 0 ? { minimum: -Infinity, minimizers: [] } : { minimum: 0, minimizers: [[0, 0]] };
}

/** A rule along one eigendirection, as far as it is linear; `why` says in words where it is not. */
class Linear {
  constructor(rule, self) {
    this.rule = rule;
    this.self = self;
    this.initial = Float64Array.of(0, ...Object.values(rule.state));
    this.depends = this.findDependent();
    this.index = [...this.depends.keys()].filter((i) => this.depends[i]);
    this.rest = this.aged(this.initial.slice(), 1);
    this.why = this.isLinear() ? "" : "its step is no linear function of the gradients";
    if (!this.why && this.index.length < this.initial.length) this.settle();
  }

  /** Which entries of the state follow theta and its gradients; the others, such as running powers, go by themselves. */
  findDependent() {
    const depends = Array.from(this.initial, (_, i) => i === 0);
    for (let found = true; found;) {
      const results = [
        [0.7, 0.3],
        [-1.3, 2.1],
        [0.2, -0.9],
      ].map(([at, grad], k) => {
        const state = this.initial.map((value, i) => (depends[i] ? at * (i + 1) + k : value));
        this.rule.move(this.self, state, 0, grad, this.self.lr);
        return state;
      });
      found = false;
      depends.forEach((known, i) => {
        if (!known && results.some((state) => !Object.is(state[i], results[0][i]))) depends[i] = found = true;
      });
    }
    return depends;
  }

  /** The slots that go by themselves after so many steps; the rest of the state is zero. */
  aged(state, steps) {
    for (let k = 0; k < steps; k++) {
      for (const i of this.index) state[i] = 0;
      this.rule.move(this.self, state, 0, 0, this.self.lr);
    }
    for (const i of this.index) state[i] = 0;
    return state;
  }

  /** Let time pass until the matrix no longer changes. */
  settle() {
    let before = this.matrix(1, this.self.lr).flat();
    for (let steps = 64; steps <= SETTLE; steps *= 2) {
      this.aged(this.rest, steps);
      const now = this.matrix(1, this.self.lr).flat();
      if (steps > 64 && now.every((value, i) => Math.abs(value - before[i]) <= 1e-14 * Math.abs(value))) return;
      before = now;
    }
    this.why = "its factors go on changing from step to step";
  }

  /** One step from a vector of those entries that follow theta, along a direction of curvature h. */
  stepped(h, lr, vector) {
    const state = this.rest.slice();
    this.index.forEach((i, k) => (state[i] = vector[k]));
    const at = this.rule.ahead ? this.rule.ahead(this.self, state, 0, lr) : state[0];
    this.rule.move(this.self, state, 0, h * at, lr);
    return this.index.map((i) => state[i]);
  }

  matrix(h, lr) {
    const none = new Float64Array(this.index.length);
    const origin = this.stepped(h, lr, none);
    const columns = this.index.map((_, k) => {
      const unit = none.slice();
      unit[k] = 1;
      return this.stepped(h, lr, unit).map((value, i) => value - origin[i]);
    });
    return this.index.map((_, i) => columns.map((column) => column[i]));
  }

  /** Linear means: the matrix says what the step does, for small and large states of either sign. */
  isLinear() {
    const lr = this.self.lr;
    const matrix = this.matrix(1, lr);
    const origin = this.stepped(1, lr, new Float64Array(this.index.length));
    const sum = (row, vector, term) => row.reduce((total, value, k) => total + term(value * vector[k]), 0);
    for (const scale of [1e-3, 1, 37]) {
      for (const shape of [1, 2, 3, 4]) {
        const vector = matrix.map((_, k) => scale * Math.cos(1.7 * shape + 2.3 * k * shape));
        const done = this.stepped(1, lr, vector);
        const isTold = matrix.every((row, i) => {
          const size = Math.abs(origin[i]) + sum(row, vector, Math.abs) + 1e-6 * scale;
          return Math.abs(done[i] - origin[i] - sum(row, vector, Number)) <= 1e-9 * size;
        });
        if (!isTold) return false;
      }
    }
    return true;
  }
}

export function stepMatrix(rule, self, h) {
  const linear = new Linear(rule, self);
  return linear.why ? { why: linear.why } : matrixOfTheta(linear.matrix(h, self.lr));
}

/** Leave out what theta never feels, such as a counter. */
function matrixOfTheta(matrix) {
  const felt = new Set([0]);
  for (let before = 0; before !== felt.size;) {
    before = felt.size;
    for (const i of [...felt]) matrix[i].forEach((value, k) => value !== 0 && felt.add(k));
  }
  const kept = [...felt].sort((i, k) => i - k);
  return kept.map((i) => kept.map((k) => matrix[i][k]));
}

export function spectralRadius(matrix) {
  if (!matrix.flat().every(Number.isFinite)) return Infinity;
  if (matrix.length === 1) return Math.abs(matrix[0][0]);
  if (matrix.length === 2) {
    // Written out, as in optimtext.theory: where both roots meet, a solver would lose half of the digits.
    const [[a, b], [c, d]] = matrix;
    const trace = a + d;
    const det = a * d - b * c;
    const discriminant = (trace * trace) / 4 - det;
    return discriminant <= 0 ? Math.sqrt(Math.abs(det)) : Math.abs(trace) / 2 + Math.sqrt(discriminant);
  }
  // Gelfand's formula: the n-th root of the size of the n-th power, with n doubled by each squaring.
  let power = matrix;
  let logarithm = 0;
  for (let n = 1; n <= 2 ** 44; n *= 2) {
    const size = Math.max(...power.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
    if (size === 0) return 0;
    logarithm += Math.log(size) / n;
    const scaled = power.map((row) => row.map((value) => value / size));
    power = scaled.map((row) => scaled.map((_, k) => row.reduce((sum, value, j) => sum + value * scaled[j][k], 0)));
  }
  return Math.exp(logarithm);
}

/** The largest spectral radius over the curvatures, those aside along which nothing happens. */
function radius(linear, values, lr) {
  const radii = values.map((h) => (h === 0 ? 0 : spectralRadius(matrixOfTheta(linear.matrix(h, lr)))));
  return Math.max(0, ...radii);
}

function resolved({ rule, hyper, curvatures: values }) {
  const entry = typeof rule === "string" ? rules[rule] : rule;
  const self = { ...entry.hyper, ...hyper };
  return { linear: new Linear(entry, self), self, values: [].concat(values) };
}

export function contraction(spec) {
  const { linear, self, values } = resolved(spec);
  if (linear.why) return { linear: false, contraction: null, why: linear.why };
  return { linear: true, contraction: radius(linear, values, self.lr), why: "" };
}

export function limit(spec) {
  const { linear, self, values } = resolved(spec);
  if (linear.why) return { linear: false, limit: null, formula: "", why: linear.why };
  const largest = Math.max(...values.map(Math.abs));
  if (largest === 0) return { linear: true, limit: Infinity, formula: "", why: "it is flat" };
  const isStable = (lr) => radius(linear, values, lr) < 1;
  let low = 1e-5 / largest;
  if (!isStable(low)) {
    const why = values.some((h) => h < 0)
      ? "along a negative curvature it moves away at any rate"
      : "it is stable at no rate";
    return { linear: true, limit: 0, formula: "", why };
  }
  let high = low;
  while (isStable(high)) {
    low = high;
    high *= 1.25;
    if (high > 1e6 / largest) return { linear: true, limit: Infinity, formula: "", why: "" };
  }
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (isStable(middle)) low = middle;
    else high = middle;
  }
  return { linear: true, limit: high, formula: formulaOf(high * largest, self.beta), why: "" };
}

/** The formula of a limit, recognized by its value: a rule of the reader's own may be an old one in disguise. */
function formulaOf(value, beta = NaN) {
  const known = {
    "2/L": 2,
    "2(1 + β)/L": 2 * (1 + beta),
    "2(1 + β)/((1 + 2β)L)": (2 * (1 + beta)) / (1 + 2 * beta),
  };
  return Object.keys(known).find((text) => Math.abs(value - known[text]) < 1e-9 * value) ?? "";
}
