// The playground itself: its parts put together, in a box that a page gives it.

import { createAnnouncer } from "./announcer.js";
import { createBasins } from "./basins.js";
import { createChart } from "./chart.js";
import { oncePerFrame } from "./dom.js";
import { createEditor } from "./editor.js";
import { createInspector } from "./inspector.js";
import { smallLayout, wholeLayout } from "./layout.js";
import { createMap } from "./map.js";
import { Model } from "./model.js";
import { readPalette, watchPalette } from "./palette.js";
import { createConditions, createPlaces } from "./places.js";
import { createRace } from "./race.js";
import { createShare } from "./share.js";
import { createStory } from "./story.js";
import { createLossTable, createPathTable } from "./tables.js";
import { factsOf, predictedSlope } from "./overlay.js";
import { createTransport } from "./transport.js";

/**
 * Build the playground in a box.
 *
 * @param {HTMLElement} host
 * @param {object} state  as decoded by state.js
 * @param {{predict?: boolean, page: string, whole?: boolean}} options  whether the future is hidden until a run has
 *   been played; the address of the page that a link to this state leads to; whether this is that page
 */
export function mount(host, state, { predict = state.hide, page, whole = false }) {
  const model = new Model(state, predict);
  let palette = readPalette();
  let ground = "";

  const map = createMap({
    moved: (x, y) => !model.locked("start") && model.change({ start: [x, y] }),
    home: () => !model.locked("start") && model.change({ start: [...model.surface.start] }),
    played: () => transport.toggle(),
    peeked: (found) => {
      map.node.classList.toggle("pg-pointing", Boolean(found));
      model.setPeek(found?.step ?? null);
    },
  });
  const chart = createChart({
    peeked: (step) => model.setPeek(step),
    picked: (step) => {
      model.play(false);
      model.setStep(step);
    },
  });
  const places = createPlaces(model);
  const race = createRace(model, whole ? () => editor.open(true) : null);
  const transport = createTransport(model);
  const announcer = createAnnouncer();
  const story = createStory(model, race, announcer);
  const inspector = createInspector(model);
  const conditions = createConditions(model);
  const editor = whole ? createEditor(model, announcer) : null;
  map.node.setAttribute("role", "group");

  const sharing = createShare(model, page, announcer);
  const basins = createBasins(model, map, announcer, () => {
    ground = "";
    drawRuns();
  });

  const parts = {
    places: places.node, chips: race.chips, map: map.node, legend: basins.legend, transport: transport.node,
    race: race.node, conditions: conditions.node, chart: chart.node, story: story.node, inspector: inspector.node,
    share: sharing.share, editor: editor?.node, pathTable: createPathTable(model), lossTable: createLossTable(model),
    assignment: sharing.assignment, announcer: announcer.node,
  };
  const node = whole ? wholeLayout(parts) : smallLayout(parts, sharing.link);

  const drawRuns = oncePerFrame(() => {
    const { tracks, step, peek, chosen, last, open, start } = model;
    const { minimum, minimizers } = factsOf(model);
    const key = JSON.stringify([model.state.surface, model.surfaceSelf, palette.ground]);
    if (key !== ground) {
      ground = key;
      const { surface, surfaceSelf } = model;
      map.setScene({
        height: (x, y) => surface.value(surfaceSelf, x, y),
        window: surface.window,
        minimum,
        minimizers,
        palette,
        basins: basins.picture(palette),
      });
    }
    const names = tracks.map((track) => track.label).join(", ") || "no rule yet";
    map.node.setAttribute("aria-label", `Map of ${model.surface.label} with the paths of: ${names}`);
    chart.stage.setAttribute("aria-label", `Loss against steps for: ${names}. The table below has the numbers.`);
    map.setRuns({ tracks, step, peek, chosen, palette, start, faint: open, locked: model.locked("start") });
    const slope = model.told ? predictedSlope(model) : null;
    chart.setRuns({ tracks, steps: last, minimum, slope, chosen, step, peek, palette, faint: open });
  });
  const drawStep = oncePerFrame(() => {
    map.setStep(model.step, model.peek);
    chart.setStep(model.step, model.peek);
  });

  model.addEventListener("runs", drawRuns);
  model.addEventListener("step", drawStep);
  watchPalette(() => {
    palette = readPalette();
    drawRuns();
  });
  map.onSize(() => basins.update());
  host.replaceChildren(node);
  drawRuns();
  return { model, node, editor, announcer };
}
