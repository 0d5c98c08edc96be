// Wakes the playgrounds of a page: the whole one at once, those within the text when a reader touches them. Until then
// they are pictures, and none of the other modules has been asked for.

for (const box of document.querySelectorAll(".playground")) {
  const given = JSON.parse(box.dataset.preset);
  if ("whole" in box.dataset) wake(box, given, true);
  else box.querySelector("button").addEventListener("click", () => wake(box, given, false));
}

async function wake(box, given, whole) {
  box.setAttribute("aria-busy", "true");
  const { mount } = await import("./app.js");
  const { node, model } = mount(box, given, { whole });
  box.removeAttribute("aria-busy");
  if (whole) return;
  node.querySelector(".pg-play").focus({ preventScroll: true });
  const answer = box.parentElement.querySelector(".playground-answer");
  if (answer && given.hidden) {
    model.addEventListener("runs", () => {
      if (model.revealed) answer.open = true;
    });
  }
}
