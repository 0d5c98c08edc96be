"""The basin view colors each start by what a run from there does: the worker's shortcut agrees with the driver."""

from typing import Any

import pytest

SPECS: list[dict[str, Any]] = [
    {"rule": "Adam", "hyper": {"lr": 0.1}, "surface": "Himmelblau"},
    {"rule": "Momentum", "hyper": {"lr": 0.02}, "surface": "Himmelblau"},
    {"rule": "Nesterov", "hyper": {"lr": 0.001}, "surface": "Beale"},
    {"rule": "GradientDescent", "hyper": {"lr": 0.1}, "surface": "Saddle"},
    {"rule": "RMSProp", "hyper": {"lr": 0.02}, "surface": "Rastrigin", "noise": 0.5, "seed": 3},
    {"rule": "GradientDescent", "hyper": {"lr": 0.05}, "surface": "Ravine", "schedule": "ReduceOnPlateau"},
    {"rule": "Adam", "hyper": {"lr": 0.3}, "surface": "Bowl", "schedule": {"name": "CosineAnnealing", "hyper": {}}},
]
BODY = """
// The same, the long way round: a whole run with its record, and then what became of it.
function fate(spec, [x, y], steps) {
  const r = new Runner({ ...spec, start: [x, y], steps });
  const [[x0, x1], [y0, y1]] = r.surface.window;
  const isFar = (k) => !(Math.abs(r.theta[2 * k] - (x0 + x1) / 2) < 4 * (x1 - x0)
    && Math.abs(r.theta[2 * k + 1] - (y0 + y1) / 2) < 4 * (y1 - y0));
  const { minimizers, minimum } = facts(r.surface, r.surfaceSelf);
  const isNear = (k, [u, v]) => Math.hypot(r.theta[2 * k] - u, r.theta[2 * k + 1] - v)
    < 0.01 * Math.hypot(x1 - x0, y1 - y0);
  while (r.step()) if (isFar(r.k)) return [minimum === -Infinity && r.loss[r.k] < r.loss[0] ? ESCAPED : GONE, r.k];
  const which = minimizers.findIndex((place) => isNear(r.k, place));
  if (which < 0) return [-1, r.k];
  let since = r.k;
  while (since > 0 && isNear(since - 1, minimizers[which])) since -= 1;
  return [which, since];
}
const [width, height, steps] = [30, 20, 120];
out.wrong = [];
out.passes = [];
out.seen = [];
for (const spec of data) {
  const answers = [...fates({ id: 1, spec, width, height, steps, window: null })].filter(Boolean);
  const last = answers.at(-1);
  out.passes.push(answers.map(({ stride, done }) => [stride, done]));
  out.seen.push(Object.entries(count(last, width, 4)).filter(([, share]) => share > 0).map(([name]) => name));
  const [[x0, x1], [y0, y1]] = surfaces[spec.surface].window;
  for (let i = 0; i < width * height; i += 7) {
    const row = Math.floor(i / width);
    const at = [x0 + ((i % width + 0.5) / width) * (x1 - x0), y1 - ((row + 0.5) / height) * (y1 - y0)];
    const [which, when] = fate(spec, at, steps);
    const same = which < 0 ? last.which[i] === ELSEWHERE || last.which[i] === MOVING : last.which[i] === which;
    if (!same || last.steps[i] !== when) out.wrong.push([spec, at, which, when, last.which[i], last.steps[i]]);
  }
}
"""
NAMES = {
    "Runner": "driver.js",
    "surfaces": "engine.js",
    "facts": "theory.js",
    "fates": "basin-worker.js",
    "count, ELSEWHERE, MOVING, ESCAPED, GONE, paint": "fates.js",
}


def test_fates_are_those_of_whole_runs_in_four_passes(node: Any) -> None:
    out = node(BODY, SPECS, **NAMES)
    assert out["wrong"] == []
    assert out["passes"] == [[[8, False], [4, False], [2, False], [1, True]]] * len(SPECS)
    seen = {name for names in out["seen"] for name in names}
    assert seen >= {"minimizer 0", "minimizer 3", "moving", "escaped", "gone", "elsewhere"}


def test_a_rule_of_the_readers_own_has_the_same_basins(node: Any) -> None:
    body = """
    const go = (source) => [...fates({ id: 1, source, spec: { rule: source ? null : "Adam", hyper: { lr: 0.1 },
      surface: "Himmelblau" }, width: 16, height: 16, steps: 100, window: null })].at(-1);
    const [ours, theirs] = [go(rules.Adam.source), go(null)];
    out.same = ours.which.every((x, i) => x === theirs.which[i]) && ours.steps.every((x, i) => x === theirs.steps[i]);
    out.bad = thrown(() => [...fates({ id: 1, source: "theta = theta **", spec: {}, width: 1, height: 1, steps: 1 })]);
    """
    out = node(body, rules="engine.js", fates="basin-worker.js")
    assert out["same"]
    assert "of the operators only + - * / are in the grammar" in out["bad"]


@pytest.mark.parametrize("stride", [1, 2])
def test_pixels_fade_with_time_and_unknown_ones_take_their_neighbor(node: Any, stride: int) -> None:
    body = """
    const colors = { minimizers: [[100, 0, 0], [0, 100, 0]], elsewhere: [1, 2, 3], moving: [4, 5, 6],
      escaped: [7, 8, 9], gone: [10, 11, 12], ground: [0, 0, 0] };
    const answer = { which: Uint8Array.of(0, 1, 1, GONE), steps: Uint16Array.of(0, 50, 50, 3), stride: data };
    out.pixels = [...paint(answer, 2, 2, colors)];
    """
    pixels = node(body, stride, **NAMES)["pixels"]
    if stride == 1:
        assert pixels == [100, 0, 0, 255, 0, 25, 0, 255, 0, 25, 0, 255, 10, 11, 12, 255]
    else:
        assert pixels == [100, 0, 0, 255] * 4
