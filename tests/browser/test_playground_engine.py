"""The playground's engine in a real browser: the runs of the package, at the speed that a page needs."""

import base64
import hashlib
import itertools

import numpy as np
import pytest

import optimtext as ot

STEPS = 2_000
RATES = (1e-3, 0.03, 0.5)
RULES = [cls.__name__ for cls in ot.rules.ALL]
EXACT = [cls.__name__ for cls in ot.surfaces.ALL if cls is not ot.surfaces.Rastrigin]

# Runs in the page, and how they ended; the numbers themselves only where they are wanted.
RUN = """async ([cases, steps, whole]) => {
  const { Runner } = await import(new URL("_static/playground/driver.js", location.href));
  const text = (array) => {
    let letters = "";
    for (const byte of new Uint8Array(array.buffer)) letters += String.fromCharCode(byte);
    return btoa(letters);
  };
  const answers = [];
  for (const [rule, surface, lr] of cases) {
    const r = new Runner({ rule, hyper: { lr }, surface, steps });
    r.advance(steps);
    const parts = [r.theta.slice(0, 2 * r.k + 2), r.loss.slice(0, r.k + 1)];
    if (whole) parts.push(r.grad.slice(0, 2 * r.k + 2));
    const all = new Float64Array(parts.flatMap((part) => [...part]));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    answers.push([r.k, r.status, r.message, hex, whole ? text(all) : ""]);
  }
  return answers;
}"""


def plain(array):
    """Return the bytes of an array with every NaN as the one that JavaScript writes."""
    return np.where(np.isnan(array), np.nan, array).astype("<f8").tobytes()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_on_every_surface_runs_as_in_python_to_the_last_bit(page, base_url, rule):
    page.goto(f"{base_url}/index.html")
    cases = [[rule, surface, lr] for surface, lr in itertools.product(EXACT, RATES)]
    for (_, surface, lr), answer in zip(cases, page.evaluate(RUN, [cases, STEPS, False]), strict=True):
        problem = getattr(ot.surfaces, surface)()
        ours = ot.minimize(problem, problem.start, getattr(ot, rule)(lr=lr), max_steps=STEPS)
        digest = hashlib.sha256(plain(ours.trace.theta) + plain(ours.trace.loss)).hexdigest()
        assert answer[:4] == [ours.steps, ours.reason.value, ours.message, digest], (rule, surface, lr)


# On Rastrigin's surface a sine takes part, whose last bit two languages may round differently, and where the surface is
# curved downwards, or a rule divides by vanishing averages, a run multiplies that bit from step to step until nothing
# of two runs agrees. What is true of every run, chaotic or not, is that each is a run of the same rule on the same
# gradients: fed with the page's gradients, Python's rule takes the page's steps to the last bit; and the page's
# gradients are Python's, at the same points, within 1e-12 of the size of their terms.
@pytest.mark.parametrize("rule", RULES)
def test_where_a_sine_takes_part_the_steps_are_exact_and_the_gradients_within_rounding(page, base_url, rule):
    page.goto(f"{base_url}/index.html")
    surface = ot.surfaces.Rastrigin()
    cases = [[rule, "Rastrigin", lr] for lr in RATES]
    for (_, _, lr), (k, status, _, _, text) in zip(cases, page.evaluate(RUN, [cases, STEPS, True]), strict=True):
        assert (k, status) == (STEPS, "max_steps")
        numbers = np.frombuffer(base64.b64decode(text), dtype="<f8")
        theta, loss, grad = np.split(numbers, [2 * k + 2, 3 * k + 3])
        theta, grad = theta.reshape(-1, 2), grad.reshape(-1, 2)
        stepper = ot.Stepper(getattr(ot, rule)(lr=lr), surface.start)
        probes = np.empty_like(theta)
        for step in range(k + 1):
            np.testing.assert_array_equal(stepper.theta, theta[step], err_msg=f"{rule}, lr={lr}, step {step}")
            probes[step] = stepper.probe
            stepper.step(grad[step].copy())
        size = 2 * abs(probes) + 10 * surface.two_pi
        assert (abs(grad - surface.gradient(probes)) / size).max() <= 1e-12
        assert (abs(loss - surface.loss(theta)) / (40 + (theta**2).sum(axis=1))).max() <= 1e-12
        if rule in {"GradientDescent", "Momentum", "Nesterov"} and lr == RATES[0]:
            # A linear rule at a small rate settles in one dent, where runs come together again.
            ours = ot.minimize(surface, surface.start, getattr(ot, rule)(lr=lr), max_steps=STEPS)
            np.testing.assert_allclose(theta, ours.trace.theta, rtol=1e-12, atol=1e-12)


SPEED = """async (own) => {
  const at = (name) => import(new URL(`_static/playground/${name}.js`, location.href));
  const [{ Runner }, { ownRule }, { rules }] = await Promise.all(["driver", "machine", "engine"].map(at));
  const rule = own ? ownRule(rules.Adam.source) : "Adam";
  const steps = 20_000; // some milliseconds, so that the best run is one during which nothing else had the processor
  const rates = [];
  for (const begun = performance.now(); performance.now() - begun < 2000; ) {
    const before = performance.now();
    const r = new Runner({ rule, hyper: { lr: 1e-3 }, surface: "Ravine", steps });
    r.advance(steps);
    rates.push((1000 * steps) / (performance.now() - before));
  }
  return Math.max(...rates);
}"""


@pytest.mark.parametrize(("own", "least"), [(False, 5e6), (True, 1e6)])
def test_adam_takes_millions_of_recorded_steps_a_second(page, base_url, own, least):
    page.goto(f"{base_url}/index.html")
    speed = page.evaluate(SPEED, own)
    print(f"{'own rule' if own else 'Adam'}: {speed / 1e6:.1f} million steps a second")  # noqa: T201  # a measurement
    assert speed >= least


BASIN = """async (rules) => {
  const { Basin, count } = await import(new URL("_static/playground/basin.js", location.href));
  const out = { passes: [], gaps: [], errors: [] };
  let last = performance.now();
  let watching = true;
  const watch = (now) => { out.gaps.push(now - last); last = now; if (watching) requestAnimationFrame(watch); };
  requestAnimationFrame(watch);
  await new Promise((resolve) => {
    const basin = new Basin({
      onUpdate: (answer) => {
        out.passes.push([answer.stride, answer.done, answer.seconds, answer.which.length]);
        if (!answer.done) return;
        out.share = count(answer, 200, 4);
        basin.dispose();
        resolve();
      },
      onError: (error) => { out.errors.push(error.message); resolve(); },
    });
    // As while a slider moves: all but the last are given up.
    for (const lr of rules) basin.request({ rule: "Adam", hyper: { lr }, surface: "Himmelblau" });
  });
  watching = false;
  return out;
}"""


def test_a_basin_of_forty_thousand_runs_comes_from_a_worker_in_four_passes(page, base_url, complaints):
    page.goto(f"{base_url}/index.html")
    out = page.evaluate(BASIN, [0.5, 0.02, 0.1])
    assert complaints == []
    assert out["errors"] == []
    assert [row[:2] for row in out["passes"]] == [[8, False], [4, False], [2, False], [1, True]]
    assert all(row[3] == 40_000 for row in out["passes"])
    assert sum(out["share"].values()) == pytest.approx(1)
    assert all(0.2 < out["share"][f"minimizer {i}"] < 0.3 for i in range(4))
    first, last = out["passes"][0][2], out["passes"][-1][2]
    print(f"basin of Adam: first picture after {first:.2f} s, whole after {last:.2f} s")  # noqa: T201  # a measurement
    assert last < 8  # several times what it takes on an idle machine
    assert np.median(out["gaps"]) < 50  # milliseconds between frames: the page is not held up
