"""Which column is which, guessed from their names; nothing is guessed where two would do equally well."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_VALIDATION = {"val", "valid", "validation", "eval", "evaluation", "test", "dev", "holdout"}
_TRAINING = {"train", "training", "trn", "tr"}
_LOSSES = {
    "loss": 0,
    "losses": 0,
    "cost": 1,
    "objective": 1,
    "nll": 1,
    "crossentropy": 1,
    "ce": 2,
    "mse": 2,
    "rmse": 3,
    "mae": 3,
    "error": 3,
    "perplexity": 4,
    "ppl": 4,
}
_STEPS = {
    "step": 0,
    "steps": 0,
    "globalstep": 0,
    "iteration": 1,
    "iterations": 1,
    "iter": 1,
    "it": 1,
    "niter": 1,
    "update": 2,
    "updates": 2,
    "batch": 3,
    "t": 4,
}
_EPOCHS = {"epoch", "epochs", "ep"}
_NOT_A_LOSS = {
    "best",
    "std",
    "stddev",
    "stdev",
    "var",
    "min",
    "max",
    "time",
    "scale",
    "weight",
    "delta",
    "count",
    "second",
    "runtime",
}
_PLAIN = {"global", "total", "mean", "avg", "average", "running", "step", "epoch", "the", "value", "final"}
ROLES = ("loss", "validation", "lr", "grad_norm", "step")
#: More columns than this are no training log.
MOST = 1000


class ColumnError(ValueError):
    """Columns that cannot be told apart."""


@dataclass(frozen=True)
class Roles:
    """The column of each role, and what was decided.

    Attributes
    ----------
    named : dict of str to str
        Name of the column by role; ``"step"`` and ``"epoch"`` may both be there.
    notes : tuple of str
        What was chosen among several.
    """

    named: dict[str, str]
    notes: tuple[str, ...] = ()


def guess(names: Sequence[str], said: Mapping[str, str | None] | None = None) -> Roles:
    """Return which column has which role.

    Parameters
    ----------
    names : sequence of str
        The columns that hold numbers.
    said : mapping of str to str, optional
        What the user said about roles.

    Raises
    ------
    ColumnError
        If there is no loss among the columns, or several that might be it, or a name that the user gave is not there.

    Examples
    --------
    >>> guess(["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]).named
    {'loss': 'loss', 'validation': 'val_loss', 'epoch': 'epoch'}
    """
    said = {role: name for role, name in (said or {}).items() if name is not None}
    named: dict[str, str] = {}
    notes: list[str] = []
    ranked: dict[str, list[tuple[tuple[int, ...], str]]] = {}
    for name in names:
        found = classify(name)
        if found is not None:
            ranked.setdefault(found[0], []).append((found[1], name))
    for role in (*ROLES, "epoch"):
        wanted = said.get(role)
        if wanted is not None:
            named[role] = _said(role, wanted, names)
            continue
        candidates = sorted((rank, names.index(name), name) for rank, name in ranked.get(role, []))
        candidates = [entry for entry in candidates if entry[2] not in said.values()]
        if not candidates:
            continue
        best = [name for rank, _, name in candidates if rank == candidates[0][0]]
        if len(best) > 1 and role == "loss":
            raise ColumnError(f"{_listed(best)} may each be the training loss: name it with --loss NAME")
        if len(best) > 1 and role == "validation":
            notes.append(
                f"{_listed(best)} may each be the validation loss; none was used. Name one with --validation NAME"
            )
            continue
        named[role] = best[0]
        if len(candidates) > 1 and role in ("loss", "validation"):
            others = _listed([name for _, _, name in candidates[1:4]])
            notes.append(f"{best[0]!r} was taken for the {_SPOKEN[role]}, not {others}")
    if "loss" not in named and "validation" in named and "validation" not in said:
        name = named.pop("validation")
        raise ColumnError(
            f"there is {name!r} but no training loss among {_listed(names)}: name it with --loss NAME "
            f"({name!r} will do, if it is all there is)"
        )
    if "loss" not in named:
        raise ColumnError(f"no column looks like a loss among {_listed(names)}: name it with --loss NAME")
    return Roles(named, tuple(notes))


def classify(name: str) -> tuple[str, tuple[int, ...]] | None:
    """Return the role that a name suggests and a rank, lower for surer; None for a name that says nothing."""
    words = _words(name)
    joined, unique = "".join(words), set(words)
    if "lr" in unique or {"learning", "rate"} <= unique or joined in ("rate", "learningrate"):
        return "lr", (len(words),)
    if ("norm" in unique and unique & {"grad", "gradient", "grads", "gradients", "total"}) or joined in (
        "gradnorm",
        "gnorm",
    ):
        return "grad_norm", (len(words),)
    kinds = [_LOSSES[word] for word in words if word in _LOSSES]
    kinds += [_LOSSES["crossentropy"]] if {"cross", "entropy"} <= unique else []
    if kinds and not unique & _NOT_A_LOSS:
        extra = unique - _PLAIN - _VALIDATION - _TRAINING - set(_LOSSES) - {"cross", "entropy"}
        rank = (len(extra) > 0, min(kinds), "epoch" in unique, len(extra))
        if unique & _VALIDATION and not unique & _TRAINING:
            return "validation", tuple(map(int, rank))
        return "loss", tuple(map(int, rank))
    if joined in _STEPS or (
        len(words) > 1 and words[-1] in ("step", "steps", "iteration", "iter") and not unique & _NOT_A_LOSS
    ):
        return "step", (_STEPS.get(joined, 1),)
    if unique & _EPOCHS and len(words) == 1:
        return "epoch", (0,)
    return None


_SPOKEN = {"loss": "training loss", "validation": "validation loss"}


def _words(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word]


def _said(role: str, name: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    if name.isdigit() and 1 <= int(name) <= len(names):
        return names[int(name) - 1]
    raise ColumnError(f"there is no column {name!r} for --{role.replace('_', '-')} among {_listed(names)}")


def _listed(names: Sequence[str]) -> str:
    shown = [f"{name[:40]!r}" for name in names[:8]]
    if len(names) > 8:
        return ", ".join(shown) + f" and {len(names) - 8} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}" if shown else "no columns"
