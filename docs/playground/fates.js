/**
 * What may become of a start point, and how it is colored.
 *
 * Exports:
 *   STRIDES                              the passes, coarse first: every 8th point, every 4th, …
 *   ELSEWHERE, MOVING, ESCAPED, GONE     codes beside the index of a minimizer: at rest at another point, still on the
 *                                        way after the last step, left a saddle downwards, diverged
 *   paint(answer, width, height, colors) pixels (Uint8ClampedArray, RGBA) of an answer of the worker; colors is
 *                                        {minimizers: [[r, g, b], …], elsewhere, moving, escaped, gone: [r, g, b],
 *                                        ground: [r, g, b]}: slow arrivals fade toward the ground
 *   count(answer, minimizers)            {"minimizer 0": share, …, moving, elsewhere, escaped, gone}: what a table says
 */
export const STRIDES = [8, 4, 2, 1];
export const ELSEWHERE = 252;
export const MOVING = 253;
export const ESCAPED = 254;
export const GONE = 255;

const NAMES = { [ELSEWHERE]: "elsewhere", [MOVING]: "moving", [ESCAPED]: "escaped", [GONE]: "gone" };
const FADE = 0.75; // of the way to the ground, for the slowest

export function paint({ which, steps, stride }, width, height, colors) {
  const pixels = new Uint8ClampedArray(4 * width * height);
  let slowest = 1;
  for (let i = 0; i < which.length; i++)
    if (which[i] < ELSEWHERE || which[i] === ESCAPED) slowest = Math.max(slowest, steps[i]);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // A point that is not known yet looks like the known one up and to the left of it.
      const from = (row - (row % stride)) * width + (column - (column % stride));
      const fate = which[from];
      const color = NAMES[fate] ? colors[NAMES[fate]] : colors.minimizers[fate % colors.minimizers.length];
      const late = NAMES[fate] && fate !== ESCAPED ? 0 : FADE * Math.sqrt(steps[from] / slowest);
      const at = 4 * (row * width + column);
      for (let part = 0; part < 3; part++) pixels[at + part] = color[part] + late * (colors.ground[part] - color[part]);
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

export function count({ which, stride }, width, minimizers) {
  const counts = new Map();
  let total = 0;
  for (let i = 0; i < which.length; i++) {
    if ((i % width) % stride || Math.floor(i / width) % stride) continue;
    counts.set(which[i], (counts.get(which[i]) ?? 0) + 1);
    total += 1;
  }
  const name = (fate) => NAMES[fate] ?? `minimizer ${fate}`;
  const fates = [...Array(minimizers).keys(), ELSEWHERE, MOVING, ESCAPED, GONE];
  return Object.fromEntries(fates.map((fate) => [name(fate), (counts.get(fate) ?? 0) / total]));
}
