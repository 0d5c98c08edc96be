// The paths of the runs on the map: all of each run as a faint line, the part already walked as a strong one. The
// strong part grows by the new piece only, so a frame costs the same after ten steps and after two thousand.

import { dashes } from "./marks.js";

const FAR = 5000; // pixels from the middle; a run that explodes is drawn this far, and again when it comes back
const NEAR = 0.6; // pixels; points that lie closer than this cannot be told apart
const DOT_GAP = 6; // pixels between two dots that mark steps

/** Steps of a run as pixels: [x, y, step, dot, cut] for every point that can be told from the one before. */
export function project(track, view, width, height) {
  const [cx, cy] = [width / 2, height / 2];
  const points = [];
  let [lastX, lastY, dotX, dotY, lost] = [Infinity, Infinity, Infinity, Infinity, false];
  for (let k = 0; k < track.count; k += 1) {
    let [x, y] = [view.x(track.theta[2 * k]), view.y(track.theta[2 * k + 1])];
    if (!Number.isFinite(x + y)) break;
    const away = Math.hypot(x - cx, y - cy);
    const far = away > FAR;
    if (far && lost) continue;
    if (far) [x, y] = [cx + ((x - cx) * FAR) / away, cy + ((y - cy) * FAR) / away];
    if (!lost && Math.abs(x - lastX) < NEAR && Math.abs(y - lastY) < NEAR && k < track.count - 1) continue;
    const dot = Math.hypot(x - dotX, y - dotY) >= DOT_GAP;
    if (dot) [dotX, dotY] = [x, y];
    points.push([x, y, k, dot, lost]);
    [lastX, lastY, lost] = [x, y, far];
  }
  return points;
}

/** All trails of one map. */
export class Trails {
  /** @param {Layer} under  rims and faint lines  @param {Layer} over  strong lines */
  constructor(under, over) {
    this.under = under;
    this.over = over;
    this.paths = [];
  }

  /** Take new runs; `faint` tells whether the part not yet walked is shown. */
  set(tracks, view, palette, { step, chosen, faint }) {
    this.palette = palette;
    this.paths = tracks.map((track) => ({
      points: project(track, view, this.under.width, this.under.height),
      color: palette.rule(track.name),
      width: track.name === chosen ? 2.6 : 1.8,
      look: track.look,
      done: 0,
      length: 0,
    }));
    this.faint = faint;
    this.last = Math.max(0, ...tracks.map((track) => track.count - 1));
    this.#paintUnder(step < this.last);
    this.restart(step);
  }

  // Rims, so that lines stand clear of what lies below; and the faint lines, where the strong ones do not hide them.
  #paintUnder(ghosts) {
    this.ghosts = ghosts;
    this.under.clear();
    const context = this.under.context;
    const paths = this.faint ? this.paths : [];
    context.setLineDash([]);
    context.globalAlpha = this.palette.dark ? 0.55 : 0.7;
    for (const path of paths) this.#stroke(context, path.points, this.palette.ground, path.width + 3);
    context.globalAlpha = 0.45;
    for (const path of ghosts ? paths : []) {
      context.setLineDash(dashes(path.look, 1.4));
      this.#stroke(context, path.points, path.color, 1.4);
    }
    context.globalAlpha = 1;
  }

  /** Draw the strong part anew, up to a step. */
  restart(step) {
    this.over.clear();
    for (const path of this.paths) Object.assign(path, { done: 0, length: 0 });
    this.step = 0;
    this.walk(step);
  }

  /** Go on, or back, to a step. */
  walk(step) {
    if (!this.ghosts && step < this.last) this.#paintUnder(true);
    if (step < this.step) {
      this.restart(step);
      return;
    }
    this.step = step;
    for (const path of this.paths) this.#extend(path, step);
  }

  #extend(path, step) {
    const { points } = path;
    let end = path.done;
    while (end + 1 < points.length && points[end + 1][2] <= step) end += 1;
    const context = this.over.context;
    context.fillStyle = path.color;
    if (end > path.done) {
      const piece = points.slice(path.done, end + 1);
      context.setLineDash(dashes(path.look, path.width));
      context.lineDashOffset = path.length;
      this.#stroke(context, piece, path.color, path.width);
      context.lineDashOffset = 0;
      for (let i = 1; i < piece.length; i += 1) {
        path.length += Math.hypot(piece[i][0] - piece[i - 1][0], piece[i][1] - piece[i - 1][1]);
        if (piece[i][3]) this.#dot(context, piece[i], path.width);
      }
      path.done = end;
    }
  }

  #dot(context, [x, y], size) {
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fill();
  }

  #stroke(context, points, color, width) {
    context.beginPath();
    points.forEach(([x, y, , , cut], i) => (i && !cut ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.strokeStyle = color;
    context.lineWidth = width;
    context.lineJoin = "bevel";
    context.stroke();
  }

  /** The step of a run that lies nearest to a place, if one is within reach. */
  nearest(x, y, reach) {
    let best = null;
    this.paths.forEach((path, index) => {
      for (const point of path.points) {
        const away = Math.hypot(point[0] - x, point[1] - y);
        if (away <= (best?.away ?? reach)) best = { away, index, step: point[2] };
      }
    });
    return best;
  }
}
