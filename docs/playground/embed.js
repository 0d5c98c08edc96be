// Wakes the playgrounds of a page: the whole one at once, those within the text when a reader touches them. Until then
// they are pictures, and none of the other modules has been asked for.

for (const box of document.querySelectorAll(".playground")) {
  if ("whole" in box.dataset) wakePage(box);
  else {
    const button = box.querySelector("button");
    button.hidden = false; // without this script it would promise too much
    button.addEventListener("click", () => wake(box));
  }
}

async function wakePage(box) {
  const [{ mount, ownPage, readAddress }, { decode }] = await Promise.all([import("./view.js"), import("./state.js")]);
  const base = decode(box.dataset.state).state;
  const first = readAddress(location, base);
  const app = mount(box, first.state, { page: location.href.split(/[?#]/)[0], whole: true });
  await ownPage(app, first, base);
  box.dataset.awake = "";
  performance.mark("playground"); // from here on it can be used: what the tests measure
}

async function wake(box) {
  box.setAttribute("aria-busy", "true");
  const [{ mount }, { decode }] = await Promise.all([import("./view.js"), import("./state.js")]);
  const predict = "predict" in box.dataset;
  const page = new URL(box.dataset.page, location.href).href;
  const { node, model } = mount(box, decode(box.dataset.state).state, { predict, page });
  box.removeAttribute("aria-busy");
  box.dataset.awake = "";
  node.querySelector(".pg-play").focus({ preventScroll: true });
  const answer = box.parentElement.querySelector(".playground-answer");
  if (!answer || !predict) return;
  model.addEventListener("runs", () => {
    if (model.revealed) answer.open = true;
  });
}
