// Elements from plain descriptions. Text arrives as text nodes only, so nothing that a reader or an address says can
// become markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Properties that start with "on" listen, true and false set or leave out an attribute, anything
 * else is an attribute; children are nodes or strings.
 */
export function el(tag, properties = {}, ...children) {
  return furnish(document.createElement(tag), properties, children);
}

/** The same for a drawing. */
export function svg(tag, properties = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), properties, children);
}

function furnish(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") node.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) node.setAttribute(name, String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return node;
}

/** A part that opens on request. */
export const folded = (title, ...nodes) => el("details", { class: "pg-data" }, el("summary", {}, title), nodes);

let issued = 0;

/** An id that no other element of the page has. */
export function uid(stem) {
  issued += 1;
  return `pg-${stem}-${issued}`;
}

/** Write a text only where it differs, so that a live region does not repeat itself. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Call `work` at most once a frame, however often it is asked for. */
export function oncePerFrame(work) {
  let pending = 0;
  return () => {
    if (!pending) {
      pending = requestAnimationFrame(() => {
        pending = 0;
        work();
      });
    }
  };
}

/** A number as a reader expects it: a minus sign, few digits, powers of ten only where they are shorter. */
export function show(value, digits = 4) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(Math.max(0, digits - 2)).replace(/\.?0*e\+?/, "e")
      : String(Number(value.toPrecision(digits)));
  return text.replace(/-/g, "−");
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
