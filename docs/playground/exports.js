/**
 * What a reader takes along: the record of a run as a table, and the same runs as a Python script.
 *
 * Exports:
 *   csv(runner)          the record, one line a step, numbers to the last digit; the columns are step, x, y, loss,
 *                        grad_norm, lr and every slot, as v_x and v_y
 *   python(entries)      a script for entries [{name, spec}, …] as state.js's `specs` gives them; run as it is, it
 *                        prints for each rule its name, how it ended and "step x y loss lr", the same numbers
 */
import { setup } from "./checks.js";
import { read } from "./grammar.js";

const text = (x) => (Object.is(x, -0) ? "-0" : String(x));

export function csv(runner) {
  const names = [
    "step",
    "x",
    "y",
    "loss",
    "grad_norm",
    "lr",
    ...runner.slots.flatMap((slot) => [`${slot}_x`, `${slot}_y`]),
  ];
  const rows = [names.join(",")];
  const count = runner.slots.length;
  for (let k = 0; k <= runner.k; k++) {
    const at = 2 * count * k;
    const slots = runner.slots.flatMap((_, j) => [runner.states[at + j], runner.states[at + count + j]]);
    const numbers = [
      runner.theta[2 * k],
      runner.theta[2 * k + 1],
      runner.loss[k],
      runner.gradNorm[k],
      runner.lr[k],
      ...slots,
    ];
    rows.push([k, ...numbers.map(text)].join(","));
  }
  return `${rows.join("\n")}\n`;
}

/** A number as Python's float, or as its int where a count is wanted. */
function literal(x, kind = "") {
  if (kind === "count") return String(x);
  const digits = text(x);
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

function call(entry, self, given = {}) {
  const inside = Object.keys(self).map((name) => `${name}=${given[name] ?? literal(self[name], entry.kinds[name])}`);
  return `${entry.name}(${inside.join(", ")})`;
}

/** The schedule as Python, or the plain rate. */
function rate(schedule, lr) {
  if (schedule === null || schedule === undefined) return literal(lr);
  const told = typeof schedule === "string" ? { name: schedule, hyper: {} } : schedule;
  if (told.name === "Constant") return literal(lr);
  const { entry, self } = setup({ rule: "GradientDescent", hyper: { lr }, surface: "Bowl", schedule: told }).schedule;
  const then = told.hyper?.then;
  return `ot.${call(entry, self, typeof then === "object" && then ? { then: rate(then, lr) } : {})}`;
}

export function python(entries) {
  const first = setup(entries[0].spec);
  const surface = `ot.surfaces.${call(first.surface, first.surfaceSelf)}`;
  const rules = entries.map(({ name, spec }) => {
    const { rule, self } = setup(spec);
    const own = typeof spec.rule === "object";
    return `    "${name}": ${own ? "" : "ot."}${call({ ...rule, name: own ? "Own" : rule.name }, self, { lr: rate(spec.schedule, self.lr) })},`;
  });
  const own = entries.find(({ spec }) => typeof spec.rule === "object");
  const { noise, seed, start, steps } = first;
  const problem = noise > 0 ? `ot.surfaces.Noisy(surface, sigma=${literal(noise)}, seed=${seed})` : "surface";
  return `"""What the playground of optimtext showed: run this file, and it prints the same numbers.

It needs the package optimtext.
"""

${own ? "from dataclasses import dataclass\n\n" : ""}import optimtext as ot
${own ? ownClass(own.spec.rule.source) : ""}
surface = ${surface}
rules = {
${rules.join("\n")}
}

for name, rule in rules.items():
    run = ot.minimize(${problem}, [${start.map((x) => literal(x)).join(", ")}], rule, max_steps=${steps})
    print(name, run.message, sep=": ")
    print("step", "x", "y", "loss", "lr")
    for step, ((x, y), loss, lr) in enumerate(zip(run.trace.theta.tolist(), run.trace.loss, run.trace.lr)):
        print(step, x, y, float(loss), float(lr))
`;
}

const STRENGTH = { "+": 1, "-": 1, "*": 2, "/": 2 };

function expression(node, strength = 0) {
  if (node.op === "number") return text(node.value);
  if (node.op === "name") return node.name;
  if (node.op === "hyper") return `self.${node.name}`;
  if (node.op === "neg") return `(-${expression(node.left, 3)})`;
  const own = STRENGTH[node.op];
  if (!own)
    return `${node.op}(${[node.left, node.right]
      .filter(Boolean)
      .map((part) => expression(part))
      .join(", ")})`;
  const inside = `${expression(node.left, own)} ${node.op} ${expression(node.right, own + 1)}`;
  return own < strength ? `(${inside})` : inside;
}

/** The functions of the grammar that a rule uses. */
function used(node, found) {
  if (node.left && !STRENGTH[node.op] && node.op !== "neg") found.add(node.op);
  for (const part of [node.left, node.right]) if (part) used(part, found);
}

/** The reader's rule, written from what was read of it and not from its text, of which nothing else gets into a file. */
function ownClass(source) {
  const { hyper, state, update, probe } = read(source);
  const functions = new Set();
  const method = (name, { lines, returns }, given, slots) => {
    for (const node of [...lines.map(({ value }) => value), ...returns]) used(node, functions);
    const head = ["self", ...given, ...slots.map((slot) => `${slot}=${literal(state[slot])}`)].join(", ");
    const values = returns.map((node) => expression(node));
    const last = name === "update" && values.length === 1 ? `(${values[0]},)` : values.join(", ");
    const rows = [...lines.map(({ target, value }) => `${target} = ${expression(value)}`), `return ${last}`];
    return `\n    def ${name}(${head}):\n${rows.map((row) => `        ${row}\n`).join("")}`;
  };
  const methods = [
    probe ? method("probe", probe, ["theta", "lr"], probe.slots) : "",
    method("update", update, ["theta", "grad", "lr"], Object.keys(state)),
  ].join("");
  const fields = Object.entries(hyper).map(([name, value]) => `    ${name}: float = ${literal(value)}\n`);
  const imports = functions.size ? `from numpy import ${[...functions].sort().join(", ")}\n` : "";
  return `${imports}\n\n@dataclass(frozen=True)\nclass Own:\n${fields.join("")}${methods}\n`;
}
