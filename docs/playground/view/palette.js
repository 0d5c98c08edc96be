// The colors of the book, read from the style sheet that optimtext.looks has written, in the mode of the reader.

const LOOKS = ["ground", "ink", "muted", "grid", "accent"];
const CONTOURS = [0, 1, 2, 3, 4, 5, 6, 7].map((level) => `contour${level}`);

/** Read the palette: general colors by name, `contours` from low to high, and `rule(name)`. */
export function readPalette() {
  const style = getComputedStyle(document.body);
  const read = (name) => style.getPropertyValue(name).trim();
  const palette = Object.fromEntries(LOOKS.map((name) => [name, read(`--look-${name}`)]));
  palette.contours = CONTOURS.map((name) => read(`--look-${name}`));
  palette.dark = brightness(palette.ground) < 128;
  palette.rule = (name) => read(ruleVariable(name)) || read("--look-other");
  return palette;
}

/** The variable that holds a rule's color. */
export const ruleVariable = (name) => `--rule-${name.toLowerCase()}`;

/** A rule's color as a value of CSS, which follows the mode by itself. */
export const ruleColor = (name) => `var(${ruleVariable(name)}, var(--look-other))`;

/** Call back when the reader, or the reader's system, turns light into dark or dark into light. */
export function watchPalette(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", changed);
  };
}

/** Red, green and blue of "#rrggbb". */
export function channels(color) {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function brightness(color) {
  const [red, green, blue] = channels(color);
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}
