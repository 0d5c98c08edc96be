"""The same rule elsewhere: its call in PyTorch, optax and Keras, and the symbols of the papers.

Names, defaults and the places of epsilons differ from library to library. `to_pytorch`, `to_optax` and `to_keras`
return the call that takes the same steps as a rule. Where there is none they raise `NoEquivalent` with the reason, and
what one has to know to compare the two is said in the notes of the call. `table` returns all of it as data.

>>> import optimtext as ot
>>> name, arguments = ot.conventions.to_pytorch(ot.Adam(lr=0.002))
>>> name, arguments
('Adam', {'lr': 0.002, 'betas': (0.9, 0.999), 'eps': 1e-08})
>>> try:
...     ot.conventions.to_pytorch(ot.Adam(eps=0.0, eps_root=1e-8))
... except ot.conventions.NoEquivalent as refusal:
...     print(str(refusal).partition(" has ")[2])
no exact equivalent in PyTorch: there is no epsilon inside the root
"""

from typing import Any

from optimtext.conventions._keras import KERAS
from optimtext.conventions._optax import OPTAX
from optimtext.conventions._papers import Paper
from optimtext.conventions._pytorch import PYTORCH
from optimtext.conventions.entries import Call, Name, NoEquivalent
from optimtext.conventions.tables import Row, Table, table

__all__ = ["Call", "Name", "NoEquivalent", "Paper", "Row", "Table", "table", "to_keras", "to_optax", "to_pytorch"]


def to_pytorch(rule: Any) -> Call:
    """Return the class of `torch.optim` and its arguments that take the steps of a rule.

    Parameters
    ----------
    rule : rule
        A rule of this package with one number for each hyper-parameter.

    Returns
    -------
    Call
        Unpacks into name and arguments: ``getattr(torch.optim, name)(parameters, **arguments)``.

    Raises
    ------
    NoEquivalent
        If there is none: an epsilon that is in another place there, a rate that is a schedule, an array among the
        hyper-parameters, or a rule that PyTorch does not have.
    TypeError
        If `rule` is no rule of this package.

    Examples
    --------
    >>> import optimtext as ot
    >>> call = to_pytorch(ot.Nesterov(lr=0.1, beta=0.9))
    >>> call
    ('SGD', {'lr': 0.1, 'momentum': 0.9, 'dampening': 0.0, 'nesterov': True})
    >>> call.notes
    ('Its parameters are the look-ahead points: compare them with the probe of this rule, not with theta.',)
    """
    return PYTORCH.call(rule)


def to_optax(rule: Any) -> Call:
    """Return the function of `optax` and its arguments that take the steps of a rule.

    Parameters
    ----------
    rule : rule
        A rule of this package with one number for each hyper-parameter. The rate may be a schedule.

    Returns
    -------
    Call
        Unpacks into name and arguments: ``getattr(optax, name)(**arguments)``.

    Raises
    ------
    NoEquivalent
        If there is none: an epsilon that is in another place there, a rate that answers to the losses, an array among
        the hyper-parameters, or a rule that optax does not have.
    TypeError
        If `rule` is no rule of this package.

    Examples
    --------
    >>> import optimtext as ot
    >>> to_optax(ot.RMSProp(lr=0.01, beta=0.9, eps_root=1e-6, eps=0.0))
    ('rmsprop', {'learning_rate': 0.01, 'decay': 0.9, 'eps': 1e-06, 'eps_in_sqrt': True})
    """
    return OPTAX.call(rule)


def to_keras(rule: Any) -> Call:
    """Return the class of `keras.optimizers` and its arguments that take the steps of a rule.

    Parameters
    ----------
    rule : rule
        A rule of this package with one number for each hyper-parameter.

    Returns
    -------
    Call
        Unpacks into name and arguments: ``getattr(keras.optimizers, name)(**arguments)``. With an epsilon, Adam and
        its kin are not ``exact``: Keras has the folded form, and a note says what that changes.

    Raises
    ------
    NoEquivalent
        If there is none: an epsilon that is in another place there, a rate that is a schedule, an array among the
        hyper-parameters, or a rule that Keras does not have.
    TypeError
        If `rule` is no rule of this package.

    Examples
    --------
    >>> import optimtext as ot
    >>> to_keras(ot.Momentum(lr=0.1, beta=0.9))
    ('SGD', {'learning_rate': 0.1, 'momentum': 0.9})
    >>> to_keras(ot.Adam()).exact, to_keras(ot.Adam(eps=0.0)).exact
    (False, True)
    """
    return KERAS.call(rule)
