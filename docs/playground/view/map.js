// The map: a surface from above, the paths of the runs on it, and the point from which they all start.

import { ladder, levelLine, levels, relief, sample } from "./contours.js";
import { el } from "./dom.js";
import { fit, ticks } from "./geometry.js";
import { startHandle } from "./handle.js";
import { label, Layer, watchSize } from "./layer.js";
import { stamp } from "./marks.js";
import { Trails } from "./trails.js";

const CELL = 4; // pixels between two heights of the grid
const REACH = 16; // pixels from a trail at which the pointer means it

/**
 * @param {{moved: (x: number, y: number) => void, home: () => void, played: () => void, peeked: (found: ?{index: number, step: number})
 *   => void}} on
 */
export function createMap(on) {
  const node = el("div", { class: "pg-map" });
  const sheets = ["ground", "under", "over", "balls"].map((name) => {
    const layer = new Layer(node);
    layer.canvas.className = `pg-${name}`;
    return layer;
  });
  const [ground, under, over, balls] = sheets;
  const trails = new Trails(under, over);
  let view = null;
  let scene = null;
  let show = null;
  let sized = () => {};

  const handle = startHandle(node, () => view, on.moved, on.home, on.played);
  node.addEventListener("pointermove", (event) => {
    if (!show || event.target === handle.node) return;
    const box = node.getBoundingClientRect();
    on.peeked(trails.nearest(event.clientX - box.left, event.clientY - box.top, REACH));
  });
  node.addEventListener("pointerleave", () => on.peeked(null));
  node.addEventListener("click", (event) => {
    if (!show || show.locked || event.target !== balls.canvas && event.target !== node) return;
    const box = node.getBoundingClientRect();
    handle.go(event.clientX - box.left, event.clientY - box.top);
    handle.node.focus({ preventScroll: true });
  });

  function paintGround() {
    const { palette, basins } = scene;
    const { width, height } = ground;
    view = fit(scene.window, width, height);
    const [columns, rows] = [Math.ceil(width / CELL) + 1, Math.ceil(height / CELL) + 1];
    const heights = sample(scene.height, view.bounds, columns, rows);
    const marks = levels(scene.height, scene.window, scene.minimum);
    const context = ground.context;
    if (basins) stretch(context, basins.picture, pixels(basins.bounds));
    else {
      stretch(context, relief(heights, columns, rows, ladder(marks, scene.minimum), palette), [0, 0, width, height]);
    }
    const toX = (i) => (i / (columns - 1)) * width;
    const toY = (j) => (1 - j / (rows - 1)) * height;
    marks.forEach((level, i) => {
      context.strokeStyle = palette.contours[i];
      context.lineWidth = 1;
      context.stroke(levelLine(heights, columns, rows, level, toX, toY));
    });
    paintAxes(context, palette);
    for (const [x, y] of scene.minimizers) stamp(context, "*", view.x(x), view.y(y), 9, palette.accent, palette.ground);
  }

  function pixels([[x0, x1], [y0, y1]]) {
    return [view.x(x0), view.y(y1), view.x(x1) - view.x(x0), view.y(y0) - view.y(y1)];
  }

  function stretch(context, picture, box) {
    const small = new OffscreenCanvas(picture.width, picture.height);
    small.getContext("2d").putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(small, ...box);
  }

  function paintAxes(context, palette) {
    const [[x0, x1], [y0, y1]] = view.bounds;
    const { width, height } = ground;
    for (const value of ticks(x0, x1, width / 90)) {
      const x = view.x(value);
      if (x > 18 && x < width - 40) label(context, String(value).replace("-", "−"), x, height - 9, palette);
    }
    for (const value of ticks(y0, y1, height / 70)) {
      const y = view.y(value);
      if (y > 34 && y < height - 24) label(context, String(value).replace("-", "−"), 7, y, palette, { align: "left" });
    }
    label(context, "θ₁", width - 14, height - 10, palette, { ink: palette.ink });
    label(context, "θ₂", 12, 13, palette, { ink: palette.ink });
  }

  function paintBalls() {
    const { tracks, step, peek, chosen, palette } = show;
    balls.clear();
    const order = [...tracks].sort((a, b) => (a.name === chosen) - (b.name === chosen));
    for (const track of order) {
      const k = Math.min(step, track.count - 1);
      const place = inside(track.theta[2 * k], track.theta[2 * k + 1]);
      if (!place) continue;
      balls.context.globalAlpha = place.gone ? 0.55 : 1;
      const size = track.name === chosen ? 7.5 : 6;
      stamp(balls.context, track.look.marker, place.x, place.y, size, palette.rule(track.name), palette.ground);
      balls.context.globalAlpha = 1;
      if (peek !== null) ring(track, Math.min(peek, track.count - 1));
    }
  }

  function ring(track, k) {
    const place = inside(track.theta[2 * k], track.theta[2 * k + 1]);
    if (!place || place.gone) return;
    const context = balls.context;
    for (const [width, color] of [[4, show.palette.ground], [1.8, show.palette.ink]]) {
      context.beginPath();
      context.arc(place.x, place.y, 9, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    }
  }

  // A ball that has left the map stands at its edge, on the side where it went.
  function inside(x, y) {
    const [px, py] = [view.x(x), view.y(y)];
    if (!Number.isFinite(px + py)) return null;
    const { width, height } = balls;
    const [dx, dy] = [px - width / 2, py - height / 2];
    const out = Math.max(Math.abs(dx) / (width / 2 - 8), Math.abs(dy) / (height / 2 - 8));
    return out <= 1 ? { x: px, y: py } : { x: width / 2 + dx / out, y: height / 2 + dy / out, gone: true };
  }

  function repaint() {
    if (!scene || !ground.width) return;
    paintGround();
    if (show) drawRuns();
  }

  function drawRuns() {
    trails.set(show.tracks, view, show.palette, show);
    handle.place(show.start[0], show.start[1], show.locked);
    paintBalls();
  }

  watchSize(node, (width, height) => {
    for (const sheet of sheets) sheet.resize(width, height);
    repaint();
    sized();
  });

  return {
    node,
    /** Call back after the map has got another size. */
    onSize: (call) => (sized = call),
    handle: handle.node,
    /** What lies below: the surface, its window and minimizers, the palette, and the basins if they are shown. */
    setScene(next) {
      scene = next;
      repaint();
    },
    /** What runs on it: tracks, start, chosen rule, step and peeked step. */
    setRuns(next) {
      show = next;
      if (view) drawRuns();
    },
    /** Only the step has changed. */
    setStep(step, peek) {
      if (!show || !view) return;
      Object.assign(show, { step, peek });
      trails.walk(step);
      paintBalls();
    },
    /** The part of the plane that can be seen, once the map has a size. */
    bounds: () => view?.bounds ?? null,
  };
}
