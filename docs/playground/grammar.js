/**
 * The reader's own rule: the Python grammar of `optimtext.emit`, read in the page, without eval.
 *
 * Two forms of text are understood. The short one is the body of `update` alone: each line assigns an expression to a
 * name; a name that is read before its line is a slot, which starts from 0; `self.name` is a hyper-parameter; the
 * return may be left out. The long one is the inside of a rule's class as it stands in the package and in
 * `rules[…].source`: hyper-parameters with their defaults, perhaps `def probe`, and `def update` with its slots.
 *
 * Exports:
 *   read(text)        {hyper: {name: default}, state: {slot: initial}, update: Method, probe: Method | null}, where a
 *                     Method is {arguments, lines: [{target, value}], returns}; throws GrammarError (line, column)
 *   FUNCTIONS         the functions of the grammar, with how many arguments they take
 *   GrammarError      see tokens.js
 */
import { rules } from "./engine.js";
import { Parser } from "./expressions.js";
import { GrammarError, logicalLines } from "./tokens.js";

export { FUNCTIONS } from "./expressions.js";
export { GrammarError };

const GIVEN = { update: ["theta", "grad", "lr"], probe: ["theta", "lr"] };
const MAX_LENGTH = 20_000;

export function read(text) {
  if (typeof text !== "string") throw new GrammarError("a rule is a text", 1, 1);
  if (text.length > MAX_LENGTH) throw new GrammarError(`a rule has at most ${MAX_LENGTH} characters`, 1, 1);
  const lines = logicalLines(text.replace(/\r\n?/g, "\n"));
  if (lines.length === 0) throw new GrammarError("there is no line that assigns anything", 1, 1);
  const isLong = lines.some((line) => line.tokens[0].text === "def");
  return isLong ? readClass(lines) : readBody(lines);
}

/** The short form. */
function readBody(lines) {
  const indent = lines[0].indent;
  const parsed = { hyper: {}, declared: false };
  const method = statements(lines, GIVEN.update, parsed, { indent, slots: "inferred" });
  const state = Object.fromEntries(method.slots.map((name) => [name, 0]));
  return { hyper: withRate(parsed.hyper), state, update: method, probe: null };
}

/** The long form. */
function readClass(lines) {
  const parsed = { hyper: {}, declared: false };
  const methods = {};
  const indent = lines[0].indent;
  for (let i = 0; i < lines.length;) {
    const parser = new Parser(lines[i].tokens);
    if (lines[i].indent !== indent) throw parser.fail("the indentation is not that of the lines around");
    if (parser.peek() !== "def") {
      declare(parser, parsed);
      i += 1;
      continue;
    }
    const { name, state, body } = head(parser);
    if (!Object.hasOwn(GIVEN, name) || methods[name])
      throw parser.fail(`a rule has one update and perhaps one probe, not ${name}`);
    let end = i + 1;
    while (end < lines.length && lines[end].indent > indent) end += 1;
    const inside = body ? [body] : lines.slice(i + 1, end);
    if (inside[0]?.tokens.length === 1 && inside[0].tokens[0].kind === "string") inside.shift(); // the docstring
    if (inside.length === 0) throw parser.fail("the last line returns the new values");
    const method = statements(inside, [...GIVEN[name], ...Object.keys(state)], parsed, {
      indent: inside[0].indent,
      slots: state,
    });
    methods[name] = { ...method, state };
    i = end;
  }
  return finished(methods, parsed, lines);
}

function finished({ update, probe = null }, parsed, lines) {
  if (!update) throw new GrammarError("a rule has a method update", lines[0].line, 1);
  const slots = Object.keys(update.state);
  if (update.returns.length !== 1 + slots.length) {
    const wanted = ["theta", ...slots].join(", ");
    throw new GrammarError(
      `update returns the new parameter and every slot, in order: ${wanted}`,
      update.at.line,
      update.at.column,
    );
  }
  if (probe) {
    const own = Object.keys(probe.state);
    if (probe.returns.length !== 1) throw new GrammarError("probe returns one point", probe.at.line, probe.at.column);
    if (own.some((name, k) => name !== slots[k])) {
      throw new GrammarError(`probe has the slots of update, in order: ${slots.join(", ")}`, probe.at.line, 1);
    }
  }
  return { hyper: withRate(parsed.hyper), state: update.state, update, probe };
}

/** `beta: float = 0.9`, a hyper-parameter with its default; `push = 1e-3`, a constant, is one as well. */
function declare(parser, parsed) {
  const name = parser.identifier("each line assigns an expression to one name");
  if (parser.take(":")) {
    parser.identifier("a hyper-parameter is declared like beta: float = 0.9");
    while (parser.take(".")) parser.identifier("a hyper-parameter is declared like beta: float = 0.9");
  }
  if (!parser.take("=")) throw parser.fail("a hyper-parameter is declared like beta: float = 0.9");
  parsed.hyper[name] = parser.plainNumber("a hyper-parameter has a number as its default");
  parsed.declared = true;
  parser.end();
}

/** `def update(self, theta, grad, lr, v=0.0):` with annotations or without. */
function head(parser) {
  parser.take("def");
  const name = parser.identifier("a rule's method is written with def");
  const plain = "a method takes plain arguments only";
  if (!parser.take("(")) throw parser.fail(plain);
  const names = [];
  const state = {};
  while (!parser.take(")")) {
    const argument = parser.identifier(plain);
    if (names.includes(argument)) throw parser.fail(`${argument} stands twice among the arguments`);
    names.push(argument);
    if (parser.take(":")) parser.annotation();
    if (parser.take("=")) state[argument] = parser.plainNumber("a slot starts from a number");
    else if (Object.keys(state).length) throw parser.fail("a slot starts from a number");
    if (!parser.take(",") && parser.peek() !== ")") throw parser.fail(plain);
  }
  if (parser.take("->")) parser.annotation();
  if (!parser.take(":")) throw parser.fail("a line with def ends in a colon");
  const given = names.slice(0, names.length - Object.keys(state).length).join(", ");
  const wanted = ["self", ...(GIVEN[name] ?? [])].join(", ");
  if (GIVEN[name] && given !== wanted) throw parser.fail(`${name} takes ${wanted} and then the slots`);
  const rest = parser.rest();
  return { name, state, body: rest.length ? { indent: 0, line: rest[0].line, tokens: rest } : null };
}

/** The lines of a method; with `slots: "inferred"` the short form, where names may be read before their line. */
function statements(lines, given, parsed, { indent, slots }) {
  const inferred = slots === "inferred";
  const targets = new Set(
    inferred ? lines.map((line) => (line.tokens[1]?.text === "=" ? line.tokens[0].text : "")) : [],
  );
  const known = new Set(given);
  const found = [];
  const scope = {
    name: (name) => {
      if (!known.has(name) && targets.has(name)) {
        known.add(name);
        found.push(name);
      }
      return known.has(name);
    },
    hyper: (name) => {
      if (name === "lr") return false; // it arrives as the argument lr, since a schedule may change it
      if (!Object.hasOwn(parsed.hyper, name) && !parsed.declared) parsed.hyper[name] = guess(name);
      return Object.hasOwn(parsed.hyper, name);
    },
  };
  const rows = [];
  let returns = null;
  let at = lines[lines.length - 1];
  lines.forEach((line, i) => {
    const parser = new Parser(line.tokens, scope);
    const isLast = i === lines.length - 1;
    if (line.indent !== indent && line.indent !== 0)
      throw parser.fail("the indentation is not that of the lines around");
    if (isLast && parser.take("return")) {
      at = line.tokens[0];
      returns = parser.values("the last line returns the new values");
    } else {
      if (isLast && !inferred) throw parser.fail("the last line returns the new values");
      if (line.tokens[1]?.text !== "=") throw parser.fail("each line assigns an expression to one name");
      const target = parser.identifier("each line assigns an expression to one name");
      parser.take("=");
      if (parser.hasOutside("=", ",")) throw parser.fail("each line assigns an expression to one name");
      const value = parser.expression();
      parser.end();
      known.add(target);
      rows.push({ target, value });
    }
  });
  const order = inferred ? ordered(found, returns, at) : Object.keys(slots);
  returns ??= ["theta", ...order].map((name) => ({ op: "name", name }));
  return {
    arguments: given.concat(inferred ? order : []),
    lines: rows,
    returns,
    slots: order,
    at: { line: at.line, column: at.column ?? 1 },
  };
}

/** In the short form a return, if there is one, names theta and then every slot: it says their order. */
function ordered(found, returns, at) {
  if (!returns) return found;
  const names = returns.map((node) => (node.op === "name" ? node.name : ""));
  if (names[0] !== "theta" || names.length !== 1 + found.length || !found.every((name) => names.includes(name))) {
    throw new GrammarError(
      `the return names theta and then every slot: ${["theta", ...found].join(", ")}`,
      at.line,
      at.column,
    );
  }
  return names.slice(1);
}

/** The default of a hyper-parameter that is used without being declared: that of the package's rules. */
function guess(name) {
  const known = Object.values(rules).find((rule) => Object.hasOwn(rule.hyper, name));
  return known ? known.hyper[name] : 0.5;
}

function withRate(hyper) {
  return Object.hasOwn(hyper, "lr") ? hyper : { lr: guess("lr"), ...hyper };
}
