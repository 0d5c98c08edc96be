/**
 * A rule that was read by grammar.js, made to run: each method becomes a list of instructions over one file of
 * registers, so that a step allocates nothing and computes what the text says, in its order, to the last bit.
 *
 * Exports:
 *   ownRule(text, name)     a rule like those of engine.js (name, label, hyper, kinds, state, update, move, probe and
 *                           ahead where there is a probe, look, source), or a GrammarError with line and column
 */
import { other } from "./engine.js";
import { read } from "./grammar.js";

const CODES = ["+", "-", "*", "/", "neg", "sqrt", "abs", "sign", "maximum", "minimum", "exp", "cos", "sin", "copy"];

class Machine {
  constructor(method, slots, hyper) {
    this.values = [];
    this.named = new Map();
    this.code = [];
    for (const name of ["theta", "grad", "lr", ...slots]) this.named.set(name, this.fresh());
    this.hyper = Object.keys(hyper).map((name) => [name, this.fresh()]);
    this.hypers = new Map(this.hyper);
    for (const { target, value } of method.lines) this.assign(target, value);
    this.out = Int32Array.from(method.returns, (node) => this.place(node));
    this.code = Int32Array.from(this.code);
    this.registers = Float64Array.from(this.values);
    this.self = null;
  }

  fresh(value = 0) {
    return this.values.push(value) - 1;
  }

  assign(target, node) {
    const from = this.place(node);
    // A register of its own for every assignment: an old value may still be meant by what was read before.
    const to = this.fresh();
    this.emit("copy", to, from, from);
    this.named.set(target, to);
  }

  /** Return the register in which the value of an expression lies. */
  place(node) {
    if (node.op === "number") return this.fresh(node.value);
    if (node.op === "name") return this.named.get(node.name);
    if (node.op === "hyper") return this.hypers.get(node.name);
    const left = this.place(node.left);
    const right = node.right ? this.place(node.right) : left;
    const to = this.fresh();
    this.emit(node.op, to, left, right);
    return to;
  }

  emit(op, to, left, right) {
    const last = this.code.length - 4;
    // Instead of a copy of a result that nothing else reads, the result goes where it is wanted.
    if (op === "copy" && last >= 0 && this.code[last + 1] === left && !this.isNamed(left)) this.code[last + 1] = to;
    else this.code.push(CODES.indexOf(op), to, left, right);
  }

  isNamed(register) {
    return [...this.named.values()].includes(register);
  }

  /** Hyper-parameters into their registers; a run never changes its own, so this is done once a run. */
  load(self) {
    for (const [name, register] of this.hyper) this.registers[register] = self[name];
    this.self = self;
  }

  go(self, state, at, count, grad, lr) {
    if (this.self !== self) this.load(self);
    const r = this.registers;
    const code = this.code;
    r[0] = state[at];
    r[1] = grad;
    r[2] = lr;
    for (let j = 1; j <= count; j++) r[2 + j] = state[at + j];
    for (let i = 0; i < code.length; i += 4) {
      const to = code[i + 1];
      const a = r[code[i + 2]];
      const b = r[code[i + 3]];
      switch (code[i]) {
        case 0:
          r[to] = a + b;
          break;
        case 1:
          r[to] = a - b;
          break;
        case 2:
          r[to] = a * b;
          break;
        case 3:
          r[to] = a / b;
          break;
        case 4:
          r[to] = -a;
          break;
        case 5:
          r[to] = Math.sqrt(a);
          break;
        case 6:
          r[to] = Math.abs(a);
          break;
        case 7:
          r[to] = Math.sign(a) + 0;
          break; // as in NumPy, the sign of -0 is +0
        case 8:
          r[to] = Math.max(a, b);
          break;
        case 9:
          r[to] = Math.min(a, b);
          break;
        case 10:
          r[to] = Math.exp(a);
          break;
        case 11:
          r[to] = Math.cos(a);
          break;
        case 12:
          r[to] = Math.sin(a);
          break;
        default:
          r[to] = a;
      }
    }
    return r;
  }
}

export function ownRule(text, name = "Own") {
  const { hyper, state, update, probe } = read(text);
  const slots = Object.keys(state);
  const count = slots.length;
  const machine = new Machine(update, slots, hyper);
  const { out } = machine;
  const rule = {
    name,
    label: other.label,
    hyper,
    kinds: Object.fromEntries(Object.keys(hyper).map((key) => [key, key === "lr" ? "positive" : "finite"])),
    state,
    look: other.look,
    source: text,
    move(self, array, at, grad, lr) {
      const r = machine.go(self, array, at, count, grad, lr);
      for (let j = 0; j <= count; j++) array[at + j] = r[out[j]];
    },
    update(self, theta, grad, lr, ...given) {
      const array = Float64Array.of(theta, ...given);
      rule.move(self, array, 0, grad, lr);
      return [...array];
    },
  };
  if (probe) {
    const looking = new Machine(probe, slots, hyper);
    rule.ahead = (self, array, at, lr) => looking.go(self, array, at, count, 0, lr)[looking.out[0]];
    rule.probe = (self, theta, lr, ...given) => rule.ahead(self, Float64Array.of(theta, ...given), 0, lr);
  }
  return rule;
}
