/**
 * Python text as logical lines of tokens: the part of Python's own reader that update rules need.
 *
 * Exports:
 *   GrammarError                    an Error with `line` and `column`, both from 1
 *   logicalLines(text)              [{indent, line, tokens: [{kind, text, value, line, column}]}]; kinds are
 *                                   "number", "name", "string", "sign"; a line goes on inside parentheses
 */

export class GrammarError extends Error {
  constructor(why, line, column) {
    super(why);
    this.name = "GrammarError";
    this.line = line;
    this.column = column;
  }
}

const NUMBER = /(?:\d(?:_?\d)*)?\.?\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.(?:[eE][+-]?\d(?:_?\d)*)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SIGN = /->|:=|\*\*=|\/\/=|<<=|>>=|\*\*|\/\/|<<|>>|[=!<>]=|[-+*/%@&|^]=|\.\.\.|[-+*/%@&|^~<>=()[\]{},:.;]/y;
// Without a prefix: a docstring is all that is allowed, and a formatted one would be code.
const STRING = /("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

export function logicalLines(text) {
  const lines = [];
  let current = null;
  const open = [];
  let line = 1;
  let start = 0; // of the present physical line
  let at = 0;
  const fail = (why) => {
    throw new GrammarError(why, line, at - start + 1);
  };
  const newline = () => {
    line += 1;
    start = at + 1;
  };
  while (at < text.length) {
    const letter = text[at];
    if (letter === "\n") {
      if (open.length === 0) current = null;
      newline();
      at += 1;
    } else if (letter === "#") {
      while (at < text.length && text[at] !== "\n") at += 1;
    } else if (letter === " " || letter === "\t" || letter === "\r" || letter === "\f") {
      at += 1;
    } else if (letter === "\\" && text[at + 1] === "\n") {
      at += 1;
      newline();
      at += 1;
    } else {
      if (current === null) {
        current = { indent: indentOf(text.slice(start, at), fail), line, tokens: [] };
        lines.push(current);
      }
      const token = tokenAt(text, at, line, at - start + 1) ?? fail(`${JSON.stringify(letter)} means nothing here`);
      current.tokens.push(token);
      if ("([{".includes(token.text)) open.push(token);
      else if (")]}".includes(token.text)) open.pop();
      for (let i = 0; i < token.text.length; i++, at++) if (text[at] === "\n") newline();
    }
  }
  if (open.length > 0) throw new GrammarError("a parenthesis is not closed", open.at(-1).line, open.at(-1).column);
  return lines;
}

function indentOf(blank, fail) {
  if (blank.includes(" ") && blank.includes("\t")) fail("tabs and blanks are mixed in the indentation");
  return blank.length;
}

function tokenAt(text, at, line, column) {
  const string = match(STRING, text, at);
  if (string) return { kind: "string", text: string, line, column };
  const digits = /[\d.]/.test(text[at]) ? match(NUMBER, text, at) : "";
  if (digits) return number(text, at, digits, line, column);
  const name = match(NAME, text, at);
  if (name)
    return {
      kind: "name",
      text: name.normalize("NFKC") === name ? name : refuseName(name, line, column),
      line,
      column,
    };
  const sign = match(SIGN, text, at);
  return sign ? { kind: "sign", text: sign, line, column } : null;
}

function refuseName(name, line, column) {
  throw new GrammarError(`${name} is not a plain name`, line, column);
}

function number(text, at, digits, line, column) {
  const more = match(NAME, text, at + digits.length);
  if (more) throw new GrammarError(`${digits}${more} is no number of this grammar`, line, column);
  if (/^0[\d_]*[1-9]/.test(digits) && /^[\d_]+$/.test(digits)) {
    throw new GrammarError(`${digits} is no number of Python: it begins with a zero`, line, column);
  }
  return { kind: "number", text: digits, value: Number(digits.replaceAll("_", "")), line, column };
}
