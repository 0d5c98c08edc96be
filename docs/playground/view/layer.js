// A transparent sheet of canvas as sharp as the screen; several of them lie upon each other in one stage.

/** One sheet. */
export class Layer {
  constructor(stage) {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true"); // the table behind the drawing says the same in words
    this.context = this.canvas.getContext("2d");
    stage.append(this.canvas);
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(this.canvas.width / width, 0, 0, this.canvas.height / height, 0, 0);
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}

/** Tell the size of a stage now and whenever it changes, if it has one. */
export function watchSize(stage, changed) {
  const observer = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = stage;
    if (width > 0 && height > 0) changed(width, height);
  });
  observer.observe(stage);
  return () => observer.disconnect();
}

/** Write a small label that stays legible on anything. */
export function label(context, text, x, y, palette, { align = "center", baseline = "middle", ink = palette.muted } = {}) {
  context.font = "11px system-ui, sans-serif";
  context.textAlign = align;
  context.textBaseline = baseline;
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = palette.ground;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}
