// The start point: a ring that the mouse drags, the finger drags and the arrow keys move.

import { el, show } from "./dom.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {HTMLElement} stage  the map
 * @param {() => object} getView  the present view of the map
 * @param {(x: number, y: number) => void} moved
 * @param {() => void} home  back to the customary start
 * @param {() => void} play
 */
export function startHandle(stage, getView, moved, home, play) {
  let [x, y] = [0, 0];
  let held = null;
  const node = el("div", {
    class: "pg-start",
    role: "slider",
    tabindex: 0,
    "aria-label": "Start point",
    "aria-orientation": "horizontal",
    "aria-roledescription": "point on the map",
    title: "Drag me, or focus me and use the arrow keys",
    onpointerdown: (event) => {
      if (node.getAttribute("aria-disabled") === "true") return;
      const box = node.getBoundingClientRect();
      held = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
      node.setPointerCapture(event.pointerId);
      node.focus({ preventScroll: true });
      event.preventDefault();
      event.stopPropagation();
    },
    onpointermove: (event) => {
      if (!held) return;
      const box = stage.getBoundingClientRect();
      go(event.clientX - held[0] - box.left, event.clientY - held[1] - box.top);
    },
    onpointerup: release,
    onpointercancel: release,
    onkeydown: (event) => {
      if (event.key === " ") play();
      else if (node.getAttribute("aria-disabled") === "true") return;
      else if (event.key === "Home") home();
      else if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      else {
        const [[x0, x1]] = getView().bounds;
        const size = ((x1 - x0) / 200) * (event.shiftKey ? 10 : 1);
        const [right, up] = KEYS[event.key];
        moved(tidy(x + right * size), tidy(y + up * size));
      }
      event.preventDefault();
    },
  });
  stage.append(node);

  function release() {
    held = null;
  }

  function go(left, top) {
    const view = getView();
    moved(tidy(view.atX(clamp(left, stage.clientWidth))), tidy(view.atY(clamp(top, stage.clientHeight))));
  }

  const clamp = (pixel, size) => Math.min(size - 1, Math.max(1, pixel));
  // A thousandth of the map is finer than a finger and short enough for an address.
  const tidy = (value) => {
    const [[x0, x1]] = getView().bounds;
    return Number(value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(x1 - x0)))));
  };

  return {
    node,
    go,
    place(newX, newY, locked) {
      [x, y] = [newX, newY];
      const view = getView();
      node.style.left = `${clamp(view.x(x), stage.clientWidth)}px`;
      node.style.top = `${clamp(view.y(y), stage.clientHeight)}px`;
      const [[x0, x1]] = view.bounds;
      node.setAttribute("aria-valuemin", Math.min(x0, x));
      node.setAttribute("aria-valuemax", Math.max(x1, x));
      node.setAttribute("aria-valuenow", x);
      node.setAttribute("aria-valuetext", `${show(x)}, ${show(y)}`);
      node.setAttribute("aria-disabled", String(Boolean(locked)));
    },
  };
}
