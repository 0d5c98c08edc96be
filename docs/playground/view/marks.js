// The dash and the marker of each rule, as paths for the canvas and for the small pictures beside a name.

import { svg } from "./dom.js";
import { ruleColor } from "./palette.js";

const corners = (points) => `M${points.map(([x, y]) => `${thousandth(x)} ${thousandth(y)}`).join("L")}Z`;
const thousandth = (value) => Math.round(value * 1000) / 1000;

function regular(sides, turn = 0, inner = 1) {
  const count = inner === 1 ? sides : 2 * sides;
  return corners(
    Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / count + turn - Math.PI / 2;
      const radius = inner !== 1 && i % 2 ? inner : 1;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }),
  );
}

function plus(turn) {
  const arm = [[-0.36, -1], [0.36, -1], [0.36, -0.36], [1, -0.36], [1, 0.36], [0.36, 0.36]];
  const all = [...arm, ...arm.map(([x, y]) => [-x, -y])];
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return corners(all.map(([x, y]) => [c * x - s * y, s * x + c * y]));
}

// By the codes of Matplotlib, which optimtext.looks uses; each fits a circle of radius 1 about the origin.
const SHAPES = {
  o: "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  s: "M-.82 -.82H.82V.82H-.82Z",
  "^": regular(3),
  v: regular(3, Math.PI),
  ">": regular(3, Math.PI / 2),
  "<": regular(3, -Math.PI / 2),
  D: regular(4),
  d: "M0 -1L.6 0L0 1L-.6 0Z",
  P: plus(0),
  X: plus(Math.PI / 4),
  p: regular(5),
  h: regular(6),
  8: regular(8, Math.PI / 8),
  "*": regular(5, 0, 0.42),
};

/** The outline of a marker, as the path of a drawing. */
export const outline = (code) => SHAPES[code] ?? SHAPES.o;

const drawn = new Map();

/** Put a marker on a canvas, with a rim of the ground's color so that it stands clear of what lies below. */
export function stamp(context, code, x, y, size, fill, rim) {
  if (!drawn.has(code)) drawn.set(code, new Path2D(outline(code)));
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  context.lineJoin = "round";
  context.lineWidth = 3.2 / size;
  context.strokeStyle = rim;
  context.stroke(drawn.get(code));
  context.fillStyle = fill;
  context.fill(drawn.get(code));
  context.restore();
}

/** Lengths of dashes and gaps in pixels; looks gives them in line widths. */
export const dashes = (look, width) => look.dash.map((length) => length * width);

/** A short piece of a rule's line with its marker, to stand beside the rule's name. */
export function swatch(name, look) {
  const line = svg("line", {
    x1: 1, y1: 8, x2: 35, y2: 8, "stroke-width": 2.2, "stroke-dasharray": dashes(look, 2.2).join(" "),
  });
  const marker = svg("path", { d: outline(look.marker), transform: "translate(18 8) scale(5)" });
  const picture = svg(
    "svg",
    { class: "pg-swatch", viewBox: "0 0 36 16", width: 36, height: 16, "aria-hidden": "true", focusable: "false" },
    line,
    marker,
  );
  picture.style.color = ruleColor(name);
  return picture;
}
