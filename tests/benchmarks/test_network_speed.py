"""Training a small network on the digits, beside scikit-learn: the same sizes, batches, rule and number of epochs."""
# ruff: noqa: T201  # a measurement tells what it measured

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import optimtext as ot

HIDDEN, BATCH, EPOCHS, RATE = (100,), 32, 20, 1e-3
FEATURES, CLASSES = load_digits(return_X_y=True)
SPLIT = train_test_split(FEATURES / 16, CLASSES, test_size=0.25, random_state=0, stratify=CLASSES)


def ours(seed: int = 0) -> float:
    train, test, train_classes, test_classes = SPLIT
    model = ot.models.MLP(train, train_classes, hidden=HIDDEN)
    steps = EPOCHS * -(-model.n_samples // BATCH)
    run = ot.minimize(
        model,
        model.init(seed=seed),
        ot.Adam(lr=RATE),
        max_steps=steps,
        batch_size=BATCH,
        seed=seed,
        record_theta=False,
    )
    return float(np.mean(model.predict(run.theta, test).argmax(axis=1) == test_classes))


def theirs(seed: int = 0) -> float:
    train, test, train_classes, test_classes = SPLIT
    network = MLPClassifier(
        HIDDEN,
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=RATE,
        max_iter=EPOCHS,
        tol=0.0,
        n_iter_no_change=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # twenty epochs are what is compared
        network.fit(train, train_classes)
    assert network.n_iter_ == EPOCHS
    return float(network.score(test, test_classes))


def test_a_network_on_the_digits(medians: Any, report: Any) -> None:
    one, other = medians(ours, theirs, rounds=7)
    work = "a network of 100 hidden units on the digits, 20 epochs, batches of 32"
    report(12, work, "scikit-learn's MLPClassifier", one, other, asked=1, at_least=0.7)


def test_the_accuracy_is_the_same() -> None:
    """Over several starts, because from one start to another it varies by as much as one percent."""
    seeds = range(5)
    one, other = (float(np.mean([work(seed) for seed in seeds])) for work in (ours, theirs))
    print(f"\naccuracy on unseen digits: {one:.4f}, scikit-learn: {other:.4f}")
    assert one == pytest.approx(other, abs=0.01)
