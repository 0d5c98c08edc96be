// Quizzes: a button that checks, the explanation after each answer, a count, and the whole bank drawn by a seed.
// Without this script the answers lie folded below their questions, and the page can be read as it is.
// What was answered right stays in the reader's own browser (`kept`, in progress.js).
"use strict";

(() => {
  const DRAWN = 10;
  const PASS = 8;

  // The readings of a number as people write it: 0.05, 0,05, 5e-6, 5·10^-6, 50,000, 1/3.
  function readings(text) {
    let plain = text.trim().replace(/\s+/g, "").replaceAll("−", "-");
    plain = plain.replace(/[×x*·]10(?:\^|\*\*)/, "e").replace(/^(-?)10(?:\^|\*\*)/, "$11e");
    const quotient = /^([^/]+)\/([^/]+)$/.exec(plain);
    const texts = [plain.replace(",", ".")];
    if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(plain)) texts.push(plain.replaceAll(",", ""));
    const numbers = quotient ? [Number(quotient[1]) / Number(quotient[2])] : texts.map(Number);
    return plain === "" ? [] : numbers.filter(Number.isFinite);
  }

  const options = (question) => [...question.querySelectorAll(".quiz-option input")];

  // Returns true or false, or a sentence where nothing can be judged yet.
  function judge(question) {
    const field = question.querySelector(".quiz-number input");
    if (field) {
      if (field.value.trim() === "") return "Answer first.";
      const numbers = readings(field.value);
      if (!numbers.length) return "That is no number. Write it like 0.05 or 5e-6.";
      const wanted = Number(field.dataset.answer);
      const room = Number(field.dataset.tolerance) * Math.max(Math.abs(wanted), 1e-12);
      return numbers.some((number) => Math.abs(number - wanted) <= room);
    }
    if (!options(question).some((input) => input.checked)) return "Answer first.";
    return options(question).every((input) => input.checked === (input.dataset.right === "yes"));
  }

  // Of several choices one may be right and another not: say which kind of mistake it was.
  function mistake(question) {
    if (question.dataset.kind !== "multiple") return "";
    const wrong = options(question).filter((input) => input.checked && !input.dataset.right).length;
    const missing = options(question).filter((input) => !input.checked && input.dataset.right).length;
    const parts = [wrong && `${wrong} too many`, missing && `${missing} missing`].filter(Boolean);
    return ` (${parts.join(", ")})`;
  }

  function check(question, verdict) {
    const result = judge(question);
    if (typeof result === "string") {
      verdict.textContent = result;
      return;
    }
    verdict.textContent = result ? "Right." : `Not right${mistake(question)}. The explanation is below.`;
    question.dataset.result = result ? "right" : "wrong";
    question.dataset.first ??= question.dataset.result;
    question.querySelector(".quiz-answer").open = true;
    if (result) kept.set("quiz", question.dataset.id, true);
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
    const before = document.createElement("span");
    before.className = "quiz-before";
    if (kept.read("quiz").has(question.dataset.id)) before.textContent = "You have answered this one right before.";
    button.addEventListener("click", () => check(question, verdict));
    question.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        check(question, verdict);
      }
    });
    // A verdict belongs to the answer that was checked, not to the next one.
    question.addEventListener("input", () => {
      delete question.dataset.result;
      verdict.textContent = "";
      question.dispatchEvent(new CustomEvent("quiz-answered", { bubbles: true }));
    });
    row.append(button, verdict, before);
    question.querySelector(".quiz-answer").before(row);
  }

  function reset(question) {
    delete question.dataset.result;
    delete question.dataset.first;
    for (const input of question.querySelectorAll("input")) {
      if (input.type === "text") input.value = "";
      else input.checked = false;
    }
    question.querySelector(".quiz-answer").open = false;
    question.querySelector("[role=status]").textContent = "";
    const right = kept.read("quiz").has(question.dataset.id);
    question.querySelector(".quiz-before").textContent = right ? "You have answered this one right before." : "";
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

  function draw(questions, seed, onlyNew) {
    const random = generator(seed);
    const right = kept.read("quiz");
    const order = questions.map((question) => [random(), question]).sort((one, other) => one[0] - other[0]);
    const open = order.map(([, question]) => question).filter((q) => !onlyNew || !right.has(q.dataset.id));
    const chosen = new Set(open.slice(0, DRAWN));
    for (const question of questions) question.hidden = !chosen.has(question);
  }

  function labeled(text, field) {
    const label = document.createElement("label");
    label.append(text, field);
    return label;
  }

  function offerSelection(quiz, questions) {
    const parameters = new URLSearchParams(location.search);
    const seed = /^\d{1,9}$/.test(parameters.get("seed") ?? "") ? Number(parameters.get("seed")) : 1;
    const form = document.createElement("form");
    form.className = "quiz-selection";
    const field = document.createElement("input");
    Object.assign(field, { type: "number", min: 0, max: 999999999, value: seed, required: true });
    const onlyNew = document.createElement("input");
    onlyNew.type = "checkbox";
    const button = document.createElement("button");
    button.textContent = "Draw ten questions";
    form.append(labeled("Seed ", field), labeled("Only what I have not answered right yet ", onlyNew), button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      history.replaceState(null, "", `?seed=${field.valueAsNumber}`);
      questions.forEach(reset);
      draw(questions, field.valueAsNumber, onlyNew.checked);
      quiz.dispatchEvent(new CustomEvent("quiz-answered"));
    });
    quiz.before(form);
    draw(questions, seed, false);
  }

  // The sentence below a quiz.
  function summary(quiz, questions) {
    const shown = questions.filter((question) => !question.hidden);
    const how = (key) => shown.filter((question) => question.dataset[key] === "right").length;
    let text = `${how("result")} of ${shown.length} right`;
    if (quiz.dataset.quiz !== "*") return text;
    const known = kept.read("quiz");
    const before = questions.filter((question) => known.has(question.dataset.id)).length;
    if (shown.length === DRAWN && shown.every((question) => question.dataset.first)) {
      const passed = how("first") >= PASS;
      if (passed && !quiz.dataset.passed) document.dispatchEvent(new CustomEvent("quiz-passed"));
      quiz.dataset.passed = passed ? "yes" : "";
      text += `, ${how("first")} at the first try: ${passed ? "passed" : "not passed yet, draw with another seed"}`;
    }
    return `${text}. Of all ${questions.length} questions you have answered ${before} right so far.`;
  }

  for (const quiz of document.querySelectorAll(".quiz")) {
    const questions = [...quiz.querySelectorAll("fieldset")];
    questions.forEach(equip);
    const row = document.createElement("div");
    row.className = "quiz-end";
    const score = document.createElement("p");
    score.className = "quiz-score";
    score.setAttribute("role", "status");
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Start over";
    const count = () => {
      score.textContent = summary(quiz, questions);
    };
    again.addEventListener("click", () => {
      questions.forEach(reset);
      count();
      questions.find((question) => !question.hidden)?.querySelector("input")?.focus();
    });
    quiz.addEventListener("quiz-answered", count);
    row.append(score, again);
    quiz.append(row);
    if (quiz.dataset.quiz === "*") offerSelection(quiz, questions);
    count();
  }
})();
