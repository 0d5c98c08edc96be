// Play, pause, one step, back, speed, reset: the buttons under the map, and the slider that is the step itself.

import { el, reducedMotion, svg } from "./dom.js";

const ICONS = {
  play: "M6 4L19 12L6 20Z",
  pause: "M6 4H10V20H6ZM14 4H18V20H14Z",
  forward: "M5 4L15 12L5 20ZM16 4H19V20H16Z",
  back: "M19 4L9 12L19 20ZM5 4H8V20H5Z",
  reset: "M12 4V1L6.5 5.5L12 10V7A5.5 5.5 0 1 1 6.5 12.5H3.5A8.5 8.5 0 1 0 12 4Z",
};
const SPEEDS = [2, 5, 10, 20, 40, 80, 160, 320];

const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/** A button that shows a picture and is called by a name. */
export function iconButton(name, label, act) {
  return el("button", { type: "button", class: "pg-icon", "aria-label": label, title: label, onclick: act }, icon(name));
}

export function createTransport(model) {
  const back = iconButton("back", "One step back", () => halt(model.step - 1));
  const play = iconButton("play", "Play", toggle);
  play.classList.add("pg-play");
  const forward = iconButton("forward", "One step", () => halt(model.step + 1));
  const reset = iconButton("reset", "Back to the start", () => halt(0));
  const scrubber = el("input", {
    type: "range", min: 0, step: 1, class: "pg-scrubber", "aria-label": "Step",
    oninput: () => halt(Number(scrubber.value)),
  });
  const pace = el("input", {
    type: "range", min: 0, max: SPEEDS.length - 1, step: 1, class: "pg-pace",
    "aria-label": "Speed", oninput: () => model.change({ speed: SPEEDS[pace.value] }),
  });
  const told = el("span", { class: "pg-told", "aria-hidden": "true" }); // the slider says it
  const node = el(
    "div", { class: "pg-transport", role: "group", "aria-label": "Playing" },
    el("div", { class: "pg-buttons" }, reset, back, play, forward),
    scrubber, told,
    el("label", { class: "pg-speed" }, el("span", {}, "speed"), pace),
  );

  function halt(step) {
    model.play(false);
    model.setStep(step);
  }

  function toggle() {
    if (model.playing) model.play(false);
    else if (reducedMotion()) model.setStep(model.step >= model.last ? 0 : model.last);
    else {
      if (model.step >= model.last) model.setStep(0);
      model.play(true);
    }
  }

  function showSpeed() {
    const { speed } = model.state;
    pace.value = SPEEDS.findLastIndex((value) => value <= speed);
    pace.setAttribute("aria-valuetext", `${speed} steps a second`);
  }

  // Time that has passed decides how far to go, so a slow frame makes the ball jump and not the clock.
  let [before, owed] = [0, 0];
  function frame(now) {
    if (!model.playing || !node.isConnected) return;
    owed += (Math.min(100, now - before) * model.state.speed) / 1000;
    before = now;
    const whole = Math.floor(owed);
    if (whole > 0) {
      owed -= whole;
      model.setStep(model.step + whole);
      if (model.step >= model.last) model.play(false);
    }
    requestAnimationFrame(frame);
  }

  function showState() {
    const name = model.playing ? "Pause" : "Play";
    play.replaceChildren(icon(name.toLowerCase()));
    play.setAttribute("aria-label", name);
    play.title = name;
    if (model.playing) {
      [before, owed] = [performance.now(), 0];
      requestAnimationFrame(frame);
    }
  }

  function showStep() {
    scrubber.max = model.last;
    scrubber.value = model.step;
    scrubber.setAttribute("aria-valuetext", `step ${model.step} of ${model.last}`);
    told.textContent = `${model.step} / ${model.last}`;
  }

  model.addEventListener("play", showState);
  model.addEventListener("step", showStep);
  model.addEventListener("runs", () => {
    showStep();
    showSpeed();
  });
  showStep();
  showSpeed();
  return { node, toggle };
}
