/**
 * Expressions of the grammar of `optimtext.emit`, with the sentences in which its reader refuses what is outside.
 *
 * Exports:
 *   FUNCTIONS                    {sqrt: 1, …}: how many arguments each function takes
 *   Parser(tokens, scope)        walks over the tokens of one line; scope.name and scope.hyper say what is known.
 *                                expression() gives {op: "number", value}, {op: "name" | "hyper", name},
 *                                {op: "+" | "-" | "*" | "/", left, right}, {op: "neg", left} or {op: function, …}
 */
import { GrammarError } from "./tokens.js";

export const FUNCTIONS = { sqrt: 1, abs: 1, sign: 1, maximum: 2, minimum: 2, exp: 1, cos: 1, sin: 1 };

// Words that are no names: Python's, then those that JavaScript keeps for itself and emit therefore refuses.
const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);
const RESERVED = new Set(
  `arguments case catch const debugger default delete do enum eval export extends false function implements instanceof
  interface let new null package private protected public static super switch this throw true typeof undefined var void
  Infinity Math NaN`.split(/\s+/),
);
const OUTSIDE = "only + - * /, names, self., numbers and function calls are in the grammar";
const OPERATORS = "of the operators only + - * / are in the grammar";
const CALLS = `only these functions can be called, by their bare name: ${Object.keys(FUNCTIONS).join(", ")}`;
const MAX_DEPTH = 200;

export class Parser {
  constructor(tokens, scope = null) {
    this.tokens = tokens;
    this.scope = scope;
    this.at = 0;
    this.depth = 0;
  }

  peek() {
    return this.tokens[this.at]?.text;
  }

  take(text) {
    if (this.peek() !== text) return false;
    this.at += 1;
    return true;
  }

  rest() {
    return this.tokens.slice(this.at);
  }

  fail(why, token = this.tokens[Math.min(this.at, this.tokens.length - 1)]) {
    return new GrammarError(why, token.line, token.column);
  }

  end() {
    if (this.at < this.tokens.length) throw this.fail(OUTSIDE);
  }

  /** Whether one of these signs follows, outside all brackets. */
  hasOutside(...signs) {
    let depth = 0;
    return this.rest().some(({ text }) => {
      if ("([{".includes(text)) depth += 1;
      else if (")]}".includes(text)) depth -= 1;
      return depth === 0 && signs.includes(text);
    });
  }

  /** A name that may be given a value. */
  identifier(why) {
    const token = this.tokens[this.at];
    if (token?.kind !== "name" || KEYWORDS.has(token.text)) throw this.fail(why);
    if (RESERVED.has(token.text)) throw this.fail(`JavaScript keeps the word ${token.text} for itself`);
    if (Object.hasOwn(FUNCTIONS, token.text)) throw this.fail(`${token.text} is a function of the grammar`);
    if (token.text.startsWith("__")) throw this.fail("names with two underscores are Python's own");
    if (token.text === "self" && this.scope) throw this.fail(why);
    this.at += 1;
    return token.text;
  }

  /** An annotation says nothing to us: everything up to the next comma, `=`, `)` or `:` outside brackets. */
  annotation() {
    for (let depth = 0; this.at < this.tokens.length; this.at += 1) {
      const text = this.peek();
      if (depth === 0 && [",", "=", ")", ":"].includes(text)) return;
      if ("([{".includes(text)) depth += 1;
      else if (")]}".includes(text)) depth -= 1;
    }
  }

  plainNumber(why) {
    const negative = this.take("-");
    const token = this.tokens[this.at];
    if (token?.kind !== "number") throw this.fail(why);
    this.at += 1;
    const value = Number(token.value);
    if (!Number.isFinite(value)) throw this.fail("a number is finite", token);
    return negative ? -value : value;
  }

  /** The expressions after return, with parentheses around them or without. */
  values(why) {
    if (this.at >= this.tokens.length) throw this.fail(why);
    const isTuple = this.isTuple();
    if (isTuple) this.take("(");
    const found = [this.expression()];
    while (this.take(",")) {
      if (this.at >= this.tokens.length || this.peek() === ")") break;
      found.push(this.expression());
    }
    if (isTuple && !this.take(")")) throw this.fail(OUTSIDE);
    this.end();
    return found;
  }

  /** Whether one pair of parentheses with a comma of its own is all that is left. */
  isTuple() {
    if (this.peek() !== "(") return false;
    let depth = 0;
    let comma = false;
    for (let i = this.at; i < this.tokens.length; i++) {
      const { text } = this.tokens[i];
      if (text === "(") depth += 1;
      else if (text === ")") depth -= 1;
      else if (text === "," && depth === 1) comma = true;
      if (depth === 0) return comma && i === this.tokens.length - 1;
    }
    return false;
  }

  expression() {
    if (++this.depth > MAX_DEPTH) throw this.fail("this is nested too deeply");
    let left = this.product();
    while (this.peek() === "+" || this.peek() === "-") {
      const op = this.tokens[this.at++].text;
      left = { op, left, right: this.product() };
    }
    this.refuseOperator();
    this.depth -= 1;
    return left;
  }

  product() {
    let left = this.factor();
    while (this.peek() === "*" || this.peek() === "/") {
      const op = this.tokens[this.at++].text;
      left = { op, left, right: this.factor() };
    }
    return left;
  }

  factor() {
    if (!this.take("-")) return this.atom();
    if (++this.depth > MAX_DEPTH) throw this.fail("this is nested too deeply");
    const node = { op: "neg", left: this.factor() };
    this.depth -= 1;
    return node;
  }

  /** What may follow an expression in Python and not here. */
  refuseOperator() {
    const text = this.peek();
    if (["**", "//", "%", "@", "&", "|", "^", "<<", ">>"].includes(text)) throw this.fail(OPERATORS);
    if (text !== undefined && ![")", ",", "="].includes(text)) throw this.fail(OUTSIDE);
  }

  atom() {
    const token = this.tokens[this.at];
    if (token === undefined) throw this.fail("the line ends in the middle");
    this.at += 1;
    if (token.kind === "number") return { op: "number", value: token.value };
    if (token.text === "(") {
      const inside = this.expression();
      if (!this.take(")")) throw this.fail(OUTSIDE);
      return this.closed(inside);
    }
    if (token.kind !== "name" || KEYWORDS.has(token.text)) throw this.fail(OUTSIDE, token);
    if (token.text === "self") return this.closed(this.hyper(token));
    if (this.peek() === "(") return this.closed(this.call(token));
    if (this.peek() === ".") throw this.fail(this.tokens[this.at + 2]?.text === "(" ? CALLS : OUTSIDE, token);
    if (this.peek() === ":=" || this.tokens[this.at]?.kind === "string") throw this.fail(OUTSIDE, token);
    if (!this.scope.name(token.text)) throw this.fail(`${token.text} has no value here`, token);
    return this.closed({ op: "name", name: token.text });
  }

  /** Refuse what would go on with an attribute, an index or a call. */
  closed(node) {
    if (this.peek() === "(") throw this.fail(CALLS);
    if (this.peek() === "." || this.peek() === "[") throw this.fail(OUTSIDE);
    return node;
  }

  hyper(token) {
    if (this.peek() !== ".") throw this.fail("self has no value here", token);
    const name = this.take(".") && this.tokens[this.at++];
    if (name?.kind !== "name") throw this.fail(OUTSIDE, token);
    if (this.peek() === "(") throw this.fail(CALLS, token);
    if (name.text.startsWith("__") || name.text === "update" || name.text === "probe" || !this.scope.hyper(name.text)) {
      throw this.fail(`self.${name.text} is neither a hyper-parameter nor a constant`, name);
    }
    return { op: "hyper", name: name.text };
  }

  call(token) {
    if (!Object.hasOwn(FUNCTIONS, token.text)) throw this.fail(CALLS, token);
    this.take("(");
    const given = [];
    while (!this.take(")")) {
      if (this.tokens[this.at + 1]?.text === "=") throw this.fail(CALLS, token);
      given.push(this.expression());
      if (!this.take(",") && this.peek() !== ")") throw this.fail(OUTSIDE);
    }
    if (given.length !== FUNCTIONS[token.text]) throw this.fail(CALLS, token);
    return { op: token.text, left: given[0], right: given[1] };
  }
}
