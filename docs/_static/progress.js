// Progress: what a reader has ticked or answered, kept in the reader's own browser and sent nowhere.
// Every page has `kept`, which the quiz uses too; the page on progress and the ends of chapters have boxes to tick.
// Without this script the page is a plain checklist.
"use strict";

const kept = (() => {
  const names = { progress: "optimtext.progress", quiz: "optimtext.quiz" };
  const isList = (value) => Array.isArray(value) && value.every((entry) => typeof entry === "string");

  function read(what) {
    try {
      const value = JSON.parse(localStorage.getItem(names[what]) ?? "[]");
      return new Set(isList(value) ? value : []);
    } catch {
      return new Set();
    }
  }

  // Returns whether it will still be there when the page is opened again.
  function write(what, set) {
    try {
      localStorage.setItem(names[what], JSON.stringify([...set].sort()));
      return true;
    } catch {
      return false;
    } finally {
      document.dispatchEvent(new CustomEvent("kept-changed"));
    }
  }

  function set(what, name, there) {
    const all = read(what);
    if (there) all.add(name);
    else all.delete(name);
    return write(what, all);
  }

  // Another tab may change what this one shows.
  addEventListener("storage", () => document.dispatchEvent(new CustomEvent("kept-changed")));
  return { read, write, set, isList };
})();

document.addEventListener("quiz-passed", () => kept.set("progress", "quiz", true));

(() => {
  const FORGETS = "This browser keeps nothing: the tick will be gone when you close the page.";

  function box(name) {
    const input = document.createElement("input");
    input.type = "checkbox";
    input.dataset.progress = name;
    return input;
  }

  // At the end of a chapter, behind its questions: the tick that the page on progress shows.
  for (const quiz of document.querySelectorAll(".quiz:not([data-quiz='*'])")) {
    const line = document.createElement("p");
    line.className = "progress-offer";
    const label = document.createElement("label");
    const words = document.createElement("span");
    words.textContent = "I have worked through this chapter";
    label.append(box(`chapter:${quiz.dataset.quiz}`), words);
    const link = document.createElement("a");
    const root = document.documentElement.dataset.content_root ?? "../";
    link.href = `${root}course/progress.html`;
    link.textContent = "Your progress";
    line.append(label, link);
    quiz.after(line);
  }

  const boxes = [...document.querySelectorAll("input[data-progress]")];
  const counts = [...document.querySelectorAll("[data-questions]")];
  if (!boxes.length) return;

  function show() {
    const done = kept.read("progress");
    const right = kept.read("quiz");
    for (const input of boxes) input.checked = done.has(input.dataset.progress);
    for (const count of counts) {
      const names = count.dataset.questions.split(" ");
      count.textContent = `${names.filter((name) => right.has(name)).length} of ${names.length} questions right`;
    }
  }

  const tools = document.querySelector(".progress-tools");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  (tools ?? boxes.at(-1).closest("ul, p")).after(status);

  for (const input of boxes) {
    input.addEventListener("change", () => {
      const there = input.checked;
      const stays = kept.set("progress", input.dataset.progress, there);
      status.textContent = stays ? "" : FORGETS;
      if (!stays) input.checked = there;
    });
  }
  document.addEventListener("kept-changed", show);
  addEventListener("pageshow", show); // a browser that goes back may have put its own ticks
  show();

  // The rest is the page on progress: export, import, clear.
  if (!tools) return;
  const LIMIT = 100_000; // bytes; all names of the book together need a twentieth of it

  function save() {
    const content = { optimtext: "progress", version: 1 };
    for (const what of ["progress", "quiz"]) content[what] = [...kept.read(what)];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    link.download = "optimtext-progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    status.textContent = "Saved as optimtext-progress.json.";
  }

  // Returns the content, or throws a sentence.
  function parse(text) {
    let content;
    try {
      content = JSON.parse(text);
    } catch {
      throw new Error("it is not JSON");
    }
    if (content?.optimtext !== "progress") throw new Error("it was not exported by this page");
    if (content.version !== 1) throw new Error(`it has version ${JSON.stringify(content.version)}, this page reads 1`);
    for (const what of ["progress", "quiz"]) {
      if (!kept.isList(content[what])) throw new Error(`its entry “${what}” is not a list of names`);
    }
    return content;
  }

  async function load(file) {
    try {
      if (file.size > LIMIT) throw new Error(`it has ${file.size} bytes, and an export has at most ${LIMIT}`);
      const content = parse(await file.text());
      const known = {
        progress: new Set(boxes.map((input) => input.dataset.progress)),
        quiz: new Set(counts.flatMap((count) => count.dataset.questions.split(" "))),
      };
      const before = {};
      const after = {};
      let added = 0;
      let unknown = 0;
      for (const what of ["progress", "quiz"]) {
        before[what] = kept.read(what);
        const fitting = content[what].filter((name) => known[what].has(name));
        after[what] = new Set([...before[what], ...fitting]);
        added += after[what].size - before[what].size;
        unknown += content[what].length - fitting.length;
      }
      if (!kept.write("progress", after.progress) || !kept.write("quiz", after.quiz)) {
        kept.write("progress", before.progress);
        throw new Error("this browser keeps nothing");
      }
      const rest = unknown ? ` ${unknown} names that this book does not have were left out.` : "";
      status.textContent = `${file.name}: ${added} entries added, none removed.${rest}`;
    } catch (error) {
      status.textContent = `${file.name} was not imported: ${error.message}. Nothing was changed.`;
    }
  }

  function clear() {
    if (!confirm("Forget all ticks and quiz results in this browser?")) return;
    for (const what of ["progress", "quiz"]) kept.write(what, new Set());
    status.textContent = "All ticks and quiz results are forgotten.";
  }

  function button(text, action) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", action);
    return element;
  }

  const file = document.createElement("input");
  Object.assign(file, { type: "file", accept: ".json,application/json", hidden: true });
  file.addEventListener("change", async () => {
    if (file.files.length) await load(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  tools.append(button("Export", save), button("Import …", () => file.click()), button("Clear …", clear), file);
})();
