"""Bad arguments of a sweep are refused by name; and a grid is the product of its lists."""

import numpy as np
import pytest

import optimtext as ot

BOWL = {"problem": ot.surfaces.Bowl(), "rules": ot.Adam(), "theta0": [1.0, 1.0], "max_steps": 3}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rules": {}}, "rules"),
        ({"rules": {"a": []}}, "rules"),
        ({"rules": ot.Adam}, "rule must be an update rule"),
        ({"rules": {1: ot.Adam()}}, "rules"),
        ({"theta0": np.zeros((1, 2, 3))}, "theta0"),
        ({"theta0": [1.0, np.nan]}, "theta0"),
        ({"theta0": 1.0}, "theta0"),
        ({"seeds": -1}, "seeds"),
        ({"seeds": []}, "seeds"),
        ({"seeds": [1, 1]}, "seeds"),
        ({"seeds": 0.5}, "seeds"),
        ({"max_steps": -1}, "max_steps"),
        ({"losses_every": 0}, "losses_every"),
        ({"chunk_size": 0}, "chunk_size"),
        ({"problem": ot.surfaces.Bowl}, "problem"),
        ({"executor": 3}, "executor"),
        ({"stop": ot.EarlyStopping()}, "minimize"),
        ({"stop": 3}, "stop"),
        ({"batch_size": 2}, "n_samples"),
        ({"workers": 2}, "executor"),
    ],
    ids=str,
)
def test_refusals_name_the_argument(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        ot.sweep(**{**BOWL, **wrong})


def test_a_grid_is_the_product_in_order():
    assert ot.grid(ot.Momentum, lr=[0.1, 0.2], beta=np.array([0.0, 0.5])) == [
        ot.Momentum(0.1, 0.0),
        ot.Momentum(0.1, 0.5),
        ot.Momentum(0.2, 0.0),
        ot.Momentum(0.2, 0.5),
    ]
    assert ot.grid(ot.Adam) == [ot.Adam()]
    for wrong, error in (({"rate": 1.0}, TypeError), ({"lr": []}, ValueError), ({"lr": [-1.0]}, ValueError)):
        with pytest.raises(error, match="lr"):
            ot.grid(ot.Momentum, **wrong)
    with pytest.raises(TypeError, match="class"):
        ot.grid(ot.Adam(), lr=[0.1])  # type: ignore[arg-type]
