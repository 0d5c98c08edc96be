// Quizzes: a button that checks, the explanation after each answer, a count, and the whole bank drawn by a seed.
// Without this script the answers lie folded below their questions, and the page can be read as it is.
"use strict";

const STORE = "optimtext.quiz"; // what was answered right stays in the reader's own browser

function answered() {
  try {
    return new Set(JSON.parse(localStorage.getItem(STORE) || "[]"));
  } catch {
    return new Set();
  }
}

function remember(id) {
  const done = answered().add(id);
  try {
    localStorage.setItem(STORE, JSON.stringify([...done]));
  } catch {
    // A browser that keeps nothing forgets this when the page is closed; the answer was given all the same.
  }
}

function readNumber(text) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return plain === "" ? NaN : Number(plain);
}

// Returns null where nothing has been answered yet.
function isRight(question) {
  const field = question.querySelector(".quiz-number input");
  if (field) {
    const given = readNumber(field.value);
    const wanted = Number(field.dataset.answer);
    if (Number.isNaN(given)) return null;
    return Math.abs(given - wanted) <= Number(field.dataset.tolerance) * Math.max(Math.abs(wanted), 1e-12);
  }
  const inputs = [...question.querySelectorAll(".quiz-option input")];
  if (!inputs.some((input) => input.checked)) return null;
  return inputs.every((input) => input.checked === (input.dataset.right === "yes"));
}

function check(question, verdict) {
  const right = isRight(question);
  const words = { null: "Answer first.", true: "Right.", false: "Not right. The explanation is below." };
  verdict.textContent = words[right];
  if (right === null) return;
  question.dataset.result = right ? "right" : "wrong";
  question.querySelector(".quiz-answer").open = true;
  if (right) remember(question.dataset.id);
  question.dispatchEvent(new CustomEvent("quiz-answered", { bubbles: true }));
}

function equip(question) {
  const row = document.createElement("p");
  row.className = "quiz-check";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Check";
  const verdict = document.createElement("span");
  verdict.setAttribute("role", "status");
  button.addEventListener("click", () => check(question, verdict));
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      check(question, verdict);
    }
  });
  row.append(button, verdict);
  question.querySelector(".quiz-answer").before(row);
}

// A small generator of 32-bit numbers (mulberry32): the same seed draws the same questions in every browser.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function draw(questions, seed, count) {
  const random = generator(seed);
  const order = questions.map((question) => [random(), question]).sort((one, other) => one[0] - other[0]);
  const chosen = new Set(order.slice(0, count).map(([, question]) => question));
  for (const question of questions) question.hidden = !chosen.has(question);
}

function offerSelection(quiz, questions) {
  const parameters = new URLSearchParams(location.search);
  const seed = /^\d{1,9}$/.test(parameters.get("seed") ?? "") ? Number(parameters.get("seed")) : 1;
  const form = document.createElement("form");
  form.className = "quiz-selection";
  const label = document.createElement("label");
  label.textContent = "Seed ";
  const field = document.createElement("input");
  Object.assign(field, { type: "number", min: 0, max: 999999999, value: seed, required: true });
  label.append(field);
  const button = document.createElement("button");
  button.textContent = "Draw ten questions";
  form.append(label, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?seed=${field.valueAsNumber}`);
    for (const question of questions) {
      delete question.dataset.result;
      for (const input of question.querySelectorAll("input")) {
        if (input.type === "text") input.value = "";
        else input.checked = false;
      }
      question.querySelector(".quiz-answer").open = false;
      question.querySelector("[role=status]").textContent = "";
    }
    draw(questions, field.valueAsNumber, 10);
    quiz.dispatchEvent(new CustomEvent("quiz-answered"));
  });
  quiz.before(form);
  draw(questions, seed, 10);
}

for (const quiz of document.querySelectorAll(".quiz")) {
  const questions = [...quiz.querySelectorAll("fieldset")];
  questions.forEach(equip);
  const score = document.createElement("p");
  score.className = "quiz-score";
  score.setAttribute("role", "status");
  const count = () => {
    const shown = questions.filter((question) => !question.hidden);
    const right = shown.filter((question) => question.dataset.result === "right").length;
    score.textContent = `${right} of ${shown.length} right`;
  };
  quiz.addEventListener("quiz-answered", count);
  quiz.append(score);
  if (quiz.dataset.quiz === "*") offerSelection(quiz, questions);
  count();
}
