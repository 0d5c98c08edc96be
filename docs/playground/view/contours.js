// The picture of a surface: a tint that deepens toward the valleys, light from the upper left, and the level lines of
// the book's figures.

import { channels } from "./palette.js";

/** Heights on a regular grid over the bounds of a view, row by row from the bottom. */
export function sample(height, bounds, columns, rows) {
  const [[x0, x1], [y0, y1]] = bounds;
  const values = new Float64Array(columns * rows);
  for (let j = 0, k = 0; j < rows; j += 1) {
    const y = y0 + ((y1 - y0) * j) / (rows - 1);
    for (let i = 0; i < columns; i += 1, k += 1) values[k] = height(x0 + ((x1 - x0) * i) / (columns - 1), y);
  }
  return values;
}

const SIDE = 161;

/**
 * The levels at which a surface is drawn, the same as in the book's figures (optimtext.plot): eight, geometric above
 * the minimum; evenly spaced where there is none.
 */
export function levels(height, window, minimum) {
  const values = sample(height, window, SIDE, SIDE).filter(Number.isFinite).sort();
  const highest = values.at(-1);
  if (!Number.isFinite(minimum)) {
    return Array.from({ length: 8 }, (_, i) => values[0] + ((highest - values[0]) * (i + 1)) / 9);
  }
  const place = 0.02 * (values.length - 1);
  const below = values[Math.floor(place)];
  const first = below + (place % 1) * (values[Math.ceil(place)] - below) - minimum;
  const last = 0.8 * (highest - minimum);
  return Array.from({ length: 8 }, (_, i) => minimum + first * (last / first) ** (i / 7));
}

/** Position of a height among the levels: 0 at the lowest and 1 at the highest, beyond them a little further. */
export function ladder(marks, minimum) {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!Number.isFinite(minimum)) return (value) => (value - first) / (last - first);
  const span = Math.log((last - minimum) / (first - minimum));
  return (value) => Math.log(Math.max(value - minimum, 1e-300) / (first - minimum)) / span;
}

/** Walk the squares of a grid and collect, for one level, the piece of its line in each. */
export function levelLine(values, columns, rows, level, toX, toY) {
  const path = new Path2D();
  for (let j = 0; j + 1 < rows; j += 1) {
    for (let i = 0; i + 1 < columns; i += 1) {
      const k = j * columns + i;
      const [a, b] = [values[k] - level, values[k + 1] - level];
      const [d, c] = [values[k + columns] - level, values[k + columns + 1] - level];
      const kind = (a > 0) | ((b > 0) << 1) | ((c > 0) << 2) | ((d > 0) << 3);
      if (kind === 0 || kind === 15 || !Number.isFinite(a + b + c + d)) continue;
      const bottom = [i + a / (a - b), j];
      const right = [i + 1, j + b / (b - c)];
      const upper = [i + d / (d - c), j + 1];
      const left = [i, j + a / (a - d)];
      for (const [from, to] of pieces(kind, a + b + c + d > 0, bottom, right, upper, left)) {
        path.moveTo(toX(from[0]), toY(from[1]));
        path.lineTo(toX(to[0]), toY(to[1]));
      }
    }
  }
  return path;
}

// Which edges a line crosses depends on which corners are high; where two opposite ones are, on the middle as well.
function pieces(kind, middle, bottom, right, upper, left) {
  switch (kind) {
    case 1: case 14: return [[bottom, left]];
    case 2: case 13: return [[bottom, right]];
    case 4: case 11: return [[right, upper]];
    case 8: case 7: return [[upper, left]];
    case 3: case 12: return [[left, right]];
    case 6: case 9: return [[bottom, upper]];
    case 5: return middle ? [[bottom, right], [upper, left]] : [[bottom, left], [right, upper]];
    default: return middle ? [[bottom, left], [right, upper]] : [[bottom, right], [upper, left]];
  }
}

/** A small picture of the heights, to be stretched under the lines: tint by level, light by slope. */
export function relief(values, columns, rows, rung, palette) {
  const picture = new ImageData(columns, rows);
  const ground = channels(palette.ground);
  const deep = channels(palette.contours[0]);
  const [most, glow] = palette.dark ? [0.36, 0.05] : [0.42, 0.03];
  const steps = Float32Array.from(values, (value) => Math.min(1.6, Math.max(-0.9, rung(value))) || 0);
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1) {
      const k = j * columns + i;
      const share = most * Math.min(1, Math.max(0, (1.15 - steps[k]) / 1.7));
      const across = steps[j * columns + Math.min(columns - 1, i + 1)] - steps[j * columns + Math.max(0, i - 1)];
      const along = steps[Math.min(rows - 1, j + 1) * columns + i] - steps[Math.max(0, j - 1) * columns + i];
      const light = 255 * glow * Math.tanh(12 * (across - along));
      const p = 4 * ((rows - 1 - j) * columns + i);
      for (let n = 0; n < 3; n += 1) picture.data[p + n] = ground[n] + share * (deep[n] - ground[n]) + light;
      picture.data[p + 3] = 255;
    }
  }
  return picture;
}
