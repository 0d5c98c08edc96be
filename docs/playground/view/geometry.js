// Between numbers and pixels: the view of the map, the scales of the chart, and round numbers for their axes.

/**
 * Fit a window of the plane into a box, both axes to the same scale, so that a gradient stands upright on its level
 * line. What room is left shows more of the plane.
 *
 * @param {[[number, number], [number, number]]} window  x and y from and to
 * @returns {{x: (v: number) => number, y: (v: number) => number, atX: (p: number) => number,
 *   atY: (p: number) => number, bounds: [[number, number], [number, number]], scale: number}}
 */
export function fit(window, width, height) {
  const [[x0, x1], [y0, y1]] = window;
  const scale = Math.min(width / (x1 - x0), height / (y1 - y0));
  const left = (x0 + x1) / 2 - width / 2 / scale;
  const top = (y0 + y1) / 2 + height / 2 / scale;
  return {
    scale,
    x: (value) => (value - left) * scale,
    y: (value) => (top - value) * scale,
    atX: (pixel) => left + pixel / scale,
    atY: (pixel) => top - pixel / scale,
    bounds: [
      [left, left + width / scale],
      [top - height / scale, top],
    ],
  };
}

/** Round numbers within an interval, about as many as asked for. */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i += 1) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** A logarithmic scale from values to the interval [0, 1]. */
export function logScale(low, high) {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  const every = Math.max(1, Math.ceil((b - a) / 7));
  const marks = [];
  for (let power = Math.ceil(a / every) * every; power <= b; power += every) marks.push(10 ** power);
  return { at: (value) => (Math.log10(value) - a) / (b - a), back: (share) => 10 ** (a + share * (b - a)), marks, low, high };
}

/**
 * A scale for losses of both signs, [0, 1]: straight near zero and logarithmic away from it, in both directions.
 */
export function signedLogScale(low, high, unit) {
  const bend = (value) => Math.asinh(value / unit);
  const [a, b] = [bend(low), bend(high)];
  const marks = [0];
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const every = Math.max(1, Math.ceil(Math.log10(reach / unit) / 3));
  for (let size = unit * 10 ** every; size <= reach; size *= 10 ** every) marks.push(size, -size);
  const inside = marks.filter((mark) => mark >= low && mark <= high).sort((left, right) => left - right);
  return { at: (value) => (bend(value) - a) / (b - a), back: (share) => unit * Math.sinh(a + share * (b - a)), marks: inside, low, high };
}

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A power of ten as it is written. */
export function power(value) {
  if (value === 0) return "0";
  const exponent = Math.round(Math.log10(Math.abs(value)));
  const sign = value < 0 ? "−" : "";
  if (exponent >= 0 && exponent < 4) return sign + 10 ** exponent;
  return `${sign}10${[...String(exponent)].map((digit) => SUPERSCRIPT[digit]).join("")}`;
}
