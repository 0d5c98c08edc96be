// An exercise of the course: the reader's rule is held against recorded steps, and if it is wrong, against the ways in
// which others were wrong before. The file of cases is made with the course; nothing in it is run but rules, and those
// by the page's own reader.

import { el, folded, show } from "./dom.js";
import { ownRule } from "../machine.js";

const CASES = "../course/cases.json"; // in _static, beside this folder
const SAME = 1e-9;

/** The whole text of a rule from the body of its update, as the course writes bodies. */
export function wholeText(exercise, body) {
  const numbers = { lr: 0.01, ...exercise.hyper };
  const head = Object.entries(numbers).map(([name, value]) => `${name}: float = ${value}\n`);
  const slots = Object.entries(exercise.slots ?? {});
  const given = ["self", "theta", "grad", "lr", ...slots.map(([name, value]) => `${name}=${value}`)];
  const lines = body.replace(/\s+$/, "").split("\n");
  const returned = `return ${["theta", ...slots.map(([name]) => name)].join(", ")}`;
  if (!lines.some((line) => line.trim().startsWith("return"))) lines.push(returned);
  return `${head.join("")}\ndef update(${given.join(", ")}):\n${lines.map((line) => `    ${line}`).join("\n")}\n`;
}

/** The positions that a rule visits, fed with the gradients of a case: one array a step. */
export function follow(rule, exercise, test) {
  const self = { ...rule.hyper, ...exercise.hyper, ...test.hyper };
  const states = test.theta.map((value) => Float64Array.of(value, ...Object.values(rule.state)));
  return test.grads.map((grads) =>
    states.map((state, i) => {
      rule.move(self, state, 0, grads[i], test.lr);
      return state[0];
    }),
  );
}

const agrees = (value, wanted, rtol) => Object.is(value, wanted) || Math.abs(value - wanted) <= rtol * Math.max(Math.abs(wanted), 1e-12);
const same = (one, other) => one.every((row, k) => row.every((value, i) => agrees(value, other[k][i], SAME)));

/** Hold a rule against the cases: null if all agree, else a sentence about the first step that does not. */
export function firstFault(rule, exercise) {
  for (const [number, test] of exercise.cases.entries()) {
    const found = follow(rule, exercise, test);
    for (const [k, wanted] of test.theta_after.entries()) {
      const i = wanted.findIndex((value, j) => !agrees(found[k][j], value, test.rtol ?? SAME));
      if (i >= 0) return `Case ${number + 1}, step ${k + 1}: θ should be ${show(wanted[i], 8)} and is ${show(found[k][i], 8)}.`;
    }
  }
  return null;
}

/** The known mistake that leads to the very same steps, if there is one. */
export function misconceptionOf(rule, exercise) {
  return (exercise.misconceptions ?? []).find(({ body }) => {
    try {
      const wrong = ownRule(wholeText(exercise, body));
      return exercise.cases.every((test) => same(follow(rule, exercise, test), follow(wrong, exercise, test)));
    } catch (error) {
      if (error.name === "GrammarError") return false; // a mistake that the page's grammar cannot say
      throw error;
    }
  });
}

/** Load an exercise by name into an editor, with a button that checks. */
export async function openExercise(name, editor, announcer) {
  let exercise = null;
  try {
    const answer = await fetch(new URL(CASES, import.meta.url));
    const all = answer.ok ? await answer.json() : {};
    exercise = Object.hasOwn(all, name) ? all[name] : null;
  } catch {
    exercise = null;
  }
  if (!exercise) return `There is no exercise of the name in the address.`;
  const verdict = el("p", { class: "pg-verdict" });
  const hints = el("div");
  const check = el("button", { type: "button", class: "pg-button", onclick: () => judge() }, "Check");
  const title = el("p", { class: "pg-heading" }, `Exercise: ${exercise.title}`);
  const back = pageLink(exercise.page);
  editor.extra.replaceChildren(title, ...(back ? [back] : []), el("p", {}, check), verdict, hints);
  editor.open();
  editor.put(wholeText(exercise, exercise.starter), false);

  function judge() {
    const rule = editor.read();
    const wrong = rule ? firstFault(rule, exercise) : "The text cannot be read yet; see the line below it.";
    const known = rule && wrong ? misconceptionOf(rule, exercise) : null;
    const text = wrong ? [known?.message, wrong].filter(Boolean).join(" ") : `Right: all ${exercise.cases.length} cases agree.`;
    verdict.dataset.kind = wrong ? "wrong" : "right";
    verdict.replaceChildren(...inline(text));
    hints.replaceChildren(...(known?.hints ?? []).map((hint, i) => folded(`Hint ${i + 1}`, el("p", {}, inline(hint)))));
    announcer.announce(text);
  }
  return "";
}

// Between backquotes stands code, as in a docstring.
const inline = (text) => text.split("\x60").map((part, i) => (i % 2 ? el("code", {}, part) : part));

// Pages of this site only: whatever stands in the file, no other address is linked to.
function pageLink(page) {
  if (typeof page !== "string" || !/^[\w/-]+(\.html)?(#[\w-]+)?$/.test(page)) return null;
  const [path, anchor] = page.split("#");
  const url = new URL(`../../${path.replace(/\.html$/, "")}.html${anchor ? `#${anchor}` : ""}`, import.meta.url);
  return el("p", {}, el("a", { href: url.href }, "Back to the text of the exercise"));
}
