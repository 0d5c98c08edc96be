"""What docs/playground.md and the presets in the chapters say one will see, computed."""

import numpy as np

import optimtext as ot

RAVINE, BOWL, SADDLE = ot.surfaces.Ravine(condition=50), ot.surfaces.Bowl(), ot.surfaces.Saddle()


def path(surface, rule, steps, start=None):
    return ot.minimize(surface, surface.start if start is None else start, rule, max_steps=steps).trace


def until(surface, rule, share, steps=500):
    """Return the first step at which the loss is below a share of its first value."""
    below = path(surface, rule, steps).loss < share * surface.loss(surface.start)
    return int(np.argmax(below)) if below.any() else None


def test_adam_on_the_bowl_sets_out_along_the_diagonal_and_overshoots():
    theta = path(BOWL, ot.Adam(lr=0.1), 150).theta
    np.testing.assert_allclose(np.abs(np.diff(theta[:5], axis=0)), 0.1, rtol=0.03)
    assert (theta[:, 1] < -0.1).any()
    assert until(BOWL, ot.Adam(lr=0.1), 1e-6) == 66
    assert until(BOWL, ot.GradientDescent(lr=0.1), 1e-6) == 14


def test_a_rate_of_one_triples_the_distance_at_every_step():
    distance = np.linalg.norm(path(BOWL, ot.GradientDescent(lr=1.0), 20).theta, axis=1)
    np.testing.assert_allclose(distance[1:] / distance[:-1], 3)
    assert 1.8 < distance[0] < 1.85
    assert 6e9 < distance[-1] < 6.5e9
    assert BOWL.curvature == 4
    assert until(BOWL, ot.GradientDescent(lr=0.25), 1e-6) == 1


def test_in_the_ravine_adam_leads_at_its_rate_and_not_at_the_other():
    rules = ot.GradientDescent(lr=0.03), ot.Adam(lr=0.1)
    assert [until(RAVINE, rule, 1e-2) for rule in rules] == [56, 46]
    assert [until(RAVINE, rule, 1e-6) for rule in rules] == [207, 123]
    slow = until(RAVINE, ot.Adam(lr=0.03), 1e-2)
    assert slow is not None
    assert slow > 150
    best = until(RAVINE, ot.theory.optimal(ot.Momentum, RAVINE), 1e-6)
    assert best is not None
    assert best < 123


def test_on_the_ridge_nothing_leaves_and_beside_it_adam_is_first():
    rules = ot.GradientDescent(lr=0.1), ot.Adam(lr=0.1), ot.Momentum(lr=0.1)
    for rule in rules:
        assert (path(SADDLE, rule, 100, [-1.5, 0.0]).theta[:, 1] == 0).all()
    edge = SADDLE.window[1][1]
    out = [int(np.argmax(path(SADDLE, rule, 100, [-1.5, 1e-3]).theta[:, 1] > edge)) for rule in rules]
    assert out == [80, 20, 30]


def test_on_the_banana_momentum_leads():
    banana = ot.surfaces.Rosenbrock()
    rules = ot.GradientDescent(lr=1e-3), ot.Momentum(lr=1e-3), ot.Adam(lr=0.1)
    assert [until(banana, rule, 1e-2) for rule in rules] == [None, 77, 284]


def test_one_rate_three_rules_and_then_a_smaller_one_for_nesterov():
    ends = {cls: path(RAVINE, cls(lr=0.03), 100).loss[-1] for cls in (ot.GradientDescent, ot.Momentum, ot.Nesterov)}
    assert ends[ot.Nesterov] > 1e6
    assert path(RAVINE, ot.Nesterov(lr=0.01), 100).loss[-1] < min(ends[ot.GradientDescent], ends[ot.Momentum])


def test_with_more_memory_than_it_needs_the_ball_is_overtaken():
    plain = path(RAVINE, ot.GradientDescent(lr=0.0392), 60).loss[-1]
    ends = [path(RAVINE, ot.Momentum(lr=0.02, beta=beta), 60).loss[-1] for beta in (0.0, 0.5, 0.74, 0.9, 0.97)]
    assert ends[0] > ends[1] > ends[2] < ends[3] < ends[4]
    assert ends[2] < plain < ends[4]
