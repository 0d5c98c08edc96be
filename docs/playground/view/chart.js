// Loss against steps. The axis of the loss is logarithmic, since a method that converges multiplies its gap by about
// the same factor again and again, which is a straight line there and nowhere else.

import { el, say, show } from "./dom.js";
import { logScale, power, signedLogScale, ticks } from "./geometry.js";
import { label, Layer, watchSize } from "./layer.js";
import { dashes, stamp } from "./marks.js";

export const MARGIN = { left: 46, right: 14, top: 26, bottom: 34 };
const TOP = 1e3; // a run that explodes leaves through the top, this far above the start, and does not squeeze the rest
const LEAST = 1e-17; // of the loss at the start: below it there is only rounding

/** @param {{peeked: (step: ?number) => void, picked: (step: number) => void}} on */
export function createChart(on) {
  const stage = el("div", { class: "pg-chart", role: "img" });
  const caption = el("p", { class: "pg-hint" });
  const node = el("div", { class: "pg-chart-box" }, stage, caption);
  const [paper, lines, cursor] = ["paper", "lines", "cursor"].map(() => new Layer(stage));
  let now = null;
  let scale = null;
  let held = false;
  let ghosts = false;

  const width = () => paper.width - MARGIN.left - MARGIN.right;
  const height = () => paper.height - MARGIN.top - MARGIN.bottom;
  const toX = (step) => MARGIN.left + (step / Math.max(1, now.steps)) * width();
  const toY = (value) => MARGIN.top + (1 - Math.min(1.2, Math.max(-0.2, scale.at(value)))) * height();
  const gap = (value) => (Number.isFinite(now.minimum) ? value - now.minimum : value);

  function stepAt(event) {
    const share = (event.clientX - stage.getBoundingClientRect().left - MARGIN.left) / width();
    return Math.round(Math.min(1, Math.max(0, share)) * now.steps);
  }
  stage.addEventListener("pointermove", (event) => {
    if (!now) return;
    if (held) on.picked(stepAt(event));
    else if (event.pointerType === "mouse") on.peeked(stepAt(event));
  });
  stage.addEventListener("pointerleave", () => on.peeked(null));
  stage.addEventListener("pointerdown", (event) => {
    if (!now) return;
    held = event.pointerType === "mouse"; // a finger scrolls the page; it picks a step when it taps
    if (held) stage.setPointerCapture(event.pointerId);
  });
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (held = false));
  stage.addEventListener("click", (event) => now && on.picked(stepAt(event)));

  function chooseScale() {
    const finite = [];
    for (const track of now.tracks) {
      for (let k = 0; k < track.count; k += 1) if (Number.isFinite(track.loss[k])) finite.push(gap(track.loss[k]));
    }
    const start = Math.max(...now.tracks.map((track) => Math.abs(gap(track.loss[0]))), 1e-300);
    if (!Number.isFinite(now.minimum)) {
      const reach = finite.reduce((most, value) => Math.max(most, Math.min(Math.abs(value), 1e12 * start)), start);
      const low = finite.reduce((least, value) => Math.min(least, value), 0);
      return signedLogScale(Math.max(low * 1.5, -reach * 1.5), Math.max(start, Math.min(reach, start * TOP)) * 1.5, start / 10);
    }
    if (!now.faint) return logScale(start * 1e-4, start * TOP); // what is to be predicted must not be read off the axis
    const positive = finite.filter((value) => value > 0);
    const least = positive.reduce((low, value) => Math.min(low, value), start);
    const most = positive.reduce((high, value) => Math.max(high, value), start);
    const low = 10 ** Math.floor(Math.log10(Math.max(least, start * LEAST)) - 0.001);
    return logScale(low, Math.max(10 ** Math.ceil(Math.log10(Math.min(most, start * TOP)) + 0.001), low * 100));
  }

  function paintPaper() {
    const { palette } = now;
    const context = paper.context;
    paper.clear();
    const [left, right, bottom] = [MARGIN.left, MARGIN.left + width(), MARGIN.top + height()];
    for (const mark of scale.marks) {
      const y = Math.round(toY(mark)) + 0.5;
      context.lineWidth = 1;
      context.strokeStyle = palette.grid;
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(right, y);
      context.stroke();
      label(context, power(mark), left - 7, y, palette, { align: "right" });
    }
    for (const step of ticks(0, Math.max(1, now.steps), Math.max(2, width() / 70))) {
      if (!Number.isInteger(step)) continue;
      const x = Math.round(toX(step)) + 0.5;
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x, bottom + 4);
      context.stroke();
      label(context, String(step), x, bottom + 13, palette);
    }
    const name = Number.isFinite(now.minimum) && now.minimum !== 0 ? "loss above the minimum" : "loss";
    label(context, name, 4, 10, palette, { align: "left", ink: palette.ink });
    label(context, "step", right, bottom + 27, palette, { align: "right", ink: palette.ink });
    clip(context, () => {
      context.globalAlpha = 0.4;
      ghosts = now.faint && now.step < now.steps; // else the strong curves hide them
      if (ghosts) for (const track of now.tracks) curve(context, track, 1.4);
      context.globalAlpha = 1;
      if (now.slope) dotted(context, now.slope);
    });
  }

  function paintLines() {
    lines.clear();
    clip(lines.context, () => {
      for (const track of now.tracks) curve(lines.context, track, track.name === now.chosen ? 2.6 : 1.8);
    });
  }

  function clip(context, draw) {
    context.save();
    context.beginPath();
    context.rect(MARGIN.left - 2, MARGIN.top - 2, width() + 4, height() + 4);
    context.clip();
    draw();
    context.restore();
  }

  function curve(context, track, thick) {
    context.beginPath();
    let [begun, last] = [false, -1];
    for (let k = 0; k < track.count; k += 1) {
      const value = gap(track.loss[k]);
      if (!Number.isFinite(value)) break;
      const x = toX(k);
      if (begun && x - last < 0.5 && k < track.count - 1) continue; // half a pixel: nothing that could be seen
      if (begun) context.lineTo(x, toY(value));
      else context.moveTo(x, toY(value));
      [begun, last] = [true, x];
    }
    context.setLineDash(dashes(track.look, thick));
    context.lineWidth = thick;
    context.lineJoin = "bevel";
    context.strokeStyle = now.palette.rule(track.name);
    context.stroke();
    context.setLineDash([]);
  }

  // The slope that theory predicts, from the loss at the start: a straight line on this axis, so two points do.
  function dotted(context, { from, factor }) {
    const reach = Math.min(now.steps, Math.abs(600 / Math.log10(factor)) || now.steps);
    context.beginPath();
    const pieces = 64;
    for (let i = 0; i <= pieces; i += 1) {
      const k = (reach * i) / pieces;
      const value = from * factor ** k;
      const y = MARGIN.top + (1 - scale.at(value)) * height();
      if (i) context.lineTo(toX(k), y);
      else context.moveTo(toX(k), y);
    }
    context.setLineDash([1.5, 3.5]);
    context.lineCap = "round";
    context.lineWidth = 1.8;
    context.strokeStyle = now.palette.ink;
    context.stroke();
    context.setLineDash([]);
    context.lineCap = "butt";
  }

  function paintCursor() {
    const { palette, tracks, step, peek, chosen } = now;
    const shown = peek ?? step;
    lines.canvas.style.clipPath = `inset(0 ${Math.max(0, paper.width - toX(step) - 1)}px 0 0)`;
    const context = cursor.context;
    cursor.clear();
    context.lineWidth = 1.2;
    context.strokeStyle = palette.ink;
    context.globalAlpha = 0.65;
    context.beginPath();
    context.moveTo(toX(shown), MARGIN.top);
    context.lineTo(toX(shown), MARGIN.top + height());
    context.stroke();
    context.globalAlpha = 1;
    for (const track of tracks) {
      const k = Math.min(shown, track.count - 1);
      const value = gap(track.loss[k]);
      if (!Number.isFinite(value)) continue;
      const y = Math.min(MARGIN.top + height(), Math.max(MARGIN.top, toY(value)));
      const size = track.name === chosen ? 6 : 4.8;
      stamp(context, track.look.marker, toX(k), y, size, palette.rule(track.name), palette.ground);
    }
    const right = toX(shown) > MARGIN.left + width() / 2;
    const x = toX(shown) + (right ? -6 : 6);
    label(context, `step ${shown}`, x, MARGIN.top - 9, palette, { align: right ? "right" : "left", ink: palette.ink });
  }

  function repaint() {
    if (!now || !paper.width || now.tracks.length === 0) {
      for (const sheet of [paper, lines, cursor]) if (sheet.width) sheet.clear();
      return;
    }
    scale = chooseScale();
    paintPaper();
    paintLines();
    paintCursor();
  }

  watchSize(stage, (w, h) => {
    for (const sheet of [paper, lines, cursor]) sheet.resize(w, h);
    repaint();
  });

  return {
    node,
    stage,
    /** Curves of all runs: tracks, steps, minimum, slope, chosen, step, peek, palette. */
    setRuns(next) {
      now = next;
      const { slope } = next;
      say(caption, slope ? `Dotted: the slope that theory predicts for ${slope.label}, ×${show(slope.factor, 3)} a step.` : "");
      repaint();
    },
    /** Only the step has changed. */
    setStep(step, peek) {
      if (!now || !scale || !paper.width || now.tracks.length === 0) return;
      Object.assign(now, { step, peek });
      if (now.faint && !ghosts && step < now.steps) paintPaper();
      paintCursor();
    },
  };
}
