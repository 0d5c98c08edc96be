"""One rule, one state, one step: what a training loop of your own needs, fast for long vectors too."""

import dataclasses
import inspect
import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks, blocks
from optimtext._rates import scheduled
from optimtext.rules.base import Rule, check_rule

if TYPE_CHECKING:
    from optimtext.penalties import Penalty


class Stepper:
    """Carry a rule's state from step to step.

    Parameters
    ----------
    rule : Rule
        The update rule. Its rate may be a number, an array or a schedule of steps.
    theta0 : array_like, any shape
        First parameters; copied, never modified. The last axis is the vector; axes before it are independent runs,
        with hyper-parameters of shape (runs, 1) if they differ.
    penalty : Penalty, optional
        Its proximal map, for this step's rate, follows the rule's step; see `optimtext.proximal` for the methods that
        this makes. Needs a rule with one rate for all coordinates.

    Attributes
    ----------
    t : int
        Number of steps taken.

    Raises
    ------
    ValueError, TypeError
        If `rule` is no rule, `theta0` is empty, not finite or not real, or `penalty` does not fit the rule.

    Examples
    --------
    >>> import optimtext as ot
    >>> stepper = Stepper(ot.Momentum(lr=0.1, beta=0.9), [1.0, -2.0])
    >>> for _ in range(3):
    ...     stepper.step(stepper.probe)  # the gradient of ½ ‖θ‖² is θ
    >>> stepper.t
    3
    >>> stepper.theta.round(4)
    array([ 0.486, -0.972])
    """

    def __init__(self, rule: Rule, theta0: ArrayLike, *, penalty: "Penalty | None" = None) -> None:
        check_rule(rule)
        self._theta: NDArray[Any] = _checks.finite_array("theta0", theta0)
        self._rule = _fitted(rule, self._theta)
        self._rate = _rate_of(self._rule.lr)
        self._update = self._rule.update
        if penalty is not None:
            from optimtext.proximal import check_penalty, proximal_update

            check_penalty(penalty, rule)
            self._update = proximal_update(self._rule, penalty)
        self._look_ahead: Callable[..., Any] | None = getattr(self._rule, "probe", None)
        self._slots: list[Any] = initial_state(self._update)
        self.t = 0
        alike = _same_for_all_coordinates(self._rule) and (penalty is None or getattr(penalty, "on", False) is None)
        self._walk: blocks.Walk | None = None
        if self._theta.size > blocks.BLOCK and alike:
            self._walk = blocks.Walk(self._rule, self._update, self._theta, self._slots)
        else:
            self._theta.setflags(write=False)

    @property
    def theta(self) -> NDArray[Any]:
        """Current parameters, a read-only array.

        A vector longer than a block is updated in place, so keep a copy if you need the value after the next step.
        """
        return self._theta if self._walk is None else _read_only(self._theta)

    @property
    def probe(self) -> NDArray[Any]:
        """Where the rule wants the next gradient: `theta`, or the point that it looks ahead to; read-only."""
        return self.theta if self._look_ahead is None else self.probe_at(self._rate(self.t))

    @property
    def rule(self) -> Rule:
        """The rule, its arrays of hyper-parameters in the precision of the parameters."""
        return self._rule

    @property
    def slots(self) -> dict[str, Any]:
        """The rule's state by name, a running power or a velocity; of a long vector it changes in place."""
        return dict(zip(_slot_names(self._update), self._slots, strict=True))

    @property
    def looks_ahead(self) -> bool:
        """Whether the rule takes its gradients elsewhere than at `theta`."""
        return self._look_ahead is not None

    def probe_at(self, lr: Any) -> NDArray[Any]:
        """Return where the next gradient belongs if the next step has the rate `lr`."""
        if self._look_ahead is None:
            return self.theta
        return _read_only(np.asarray(self._look_ahead(self._theta, lr, *self._slots)))

    def step(self, grad: ArrayLike, lr: Any = None) -> None:
        """Take one step.

        Parameters
        ----------
        grad : array_like, shape of theta
            The gradient at `probe`.
        lr : float or array, optional
            The rate of this step, for loops that compute it themselves; by default what the rule's rate says.

        Raises
        ------
        ValueError, TypeError
            If `grad` has another shape than the parameters or holds no real numbers, or `lr` is no rate.
        """
        theta = self._theta
        if type(grad) is np.ndarray and grad.dtype == theta.dtype:
            gradient = grad
        else:
            gradient = _checks.real_array("grad", grad).astype(theta.dtype, copy=False)
        if gradient.shape != theta.shape:
            raise ValueError(f"grad must have the shape of theta, {theta.shape}, got shape {gradient.shape}")
        rate = self._rate(self.t) if lr is None else self._given(lr)
        if self._walk is not None:
            self._slots = self._walk.step(self._slots, gradient, rate)
        else:
            theta, *self._slots = self._update(self._theta, gradient, rate, *self._slots)
            self._theta = theta if isinstance(theta, np.ndarray) else np.asarray(theta)
            self._theta.setflags(write=False)
        self.t += 1

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write the state to a file, a checkpoint that `load` goes on from.

        Parameters
        ----------
        file : path
            Written anew and then put in its place at once: whatever happens meanwhile, an older checkpoint of that
            name stays whole until the new one is. The format is NumPy's ``npz``; customary names end so.

        Raises
        ------
        OSError
            If the file cannot be written.

        Notes
        -----
        Saved are the parameters, the slots by name, the number of steps and the kind of rule, but not its
        hyper-parameters: they are part of your program, and a schedule is a piece of one.

        A process that is killed while it writes may leave a hidden file beside the checkpoint, its name ending in
        ``.tmp``.
        """
        from optimtext import checkpoint

        checkpoint.write(file, type(self._rule).__name__, self.t, self._theta, self.slots)

    @classmethod
    def load(cls, file: str | os.PathLike[str], rule: Rule, *, penalty: "Penalty | None" = None) -> Self:
        """Return a stepper in the state that `save` wrote: its next steps are, bit for bit, those that were due then.

        Parameters
        ----------
        file : path
            What `save` wrote. It is read as plain numbers; no code in it can run.
        rule : Rule
            A rule of the kind that was saved. Other hyper-parameters than before are allowed and change what follows.
        penalty : Penalty, optional
            As for the constructor.

        Raises
        ------
        ValueError
            If the file is torn, or no checkpoint, or that of another kind of rule.
        FileNotFoundError
            If there is no such file.

        Examples
        --------
        >>> import tempfile, pathlib, optimtext as ot
        >>> file = pathlib.Path(tempfile.mkdtemp(), "run.npz")
        >>> first = ot.Stepper(ot.Adam(lr=0.1), [1.0, -2.0])
        >>> first.step(first.theta)
        >>> first.save(file)
        >>> second = ot.Stepper.load(file, ot.Adam(lr=0.1))
        >>> for stepper in (first, second):
        ...     stepper.step(stepper.theta)
        >>> second.t, bool((first.theta == second.theta).all())
        (2, True)
        """
        from optimtext import checkpoint

        check_rule(rule)
        names = _slot_names(rule.update)
        t, theta, slots = checkpoint.read(file, type(rule).__name__, names)
        stepper = cls(rule, np.zeros_like(theta), penalty=penalty)  # saved parameters may be those of a diverged run
        stepper.restore(t, theta, slots)
        return stepper

    def restore(self, t: int, theta: NDArray[Any], slots: list[Any]) -> None:
        """Take over a state: the steps taken, the parameters, and the slots in the order of the rule."""
        self.t = t
        if self._walk is not None:
            self._slots = self._walk.restore(self._slots, theta, slots)
        else:
            self._theta, self._slots = theta, slots
            self._theta.setflags(write=False)

    def _given(self, lr: Any) -> Any:
        if type(lr) is float and 0 <= lr < math.inf:
            return lr
        if not isinstance(lr, np.ndarray) or lr.ndim == 0:
            return scheduled(lambda _: lr, self.t)
        _checks.rate("lr", lr)
        return _checks.fitted("lr", lr, self._theta)


def _fitted(rule: Rule, theta: NDArray[Any]) -> Rule:
    arrays = {
        name: _checks.fitted(name, value, theta)
        for name, value in _checks.hyperparameters(rule).items()
        if isinstance(value, (np.ndarray, np.generic))
    }
    return dataclasses.replace(rule, **arrays) if arrays else rule


def _same_for_all_coordinates(rule: Rule) -> bool:
    return all(np.ndim(value) == 0 or np.shape(value)[-1] == 1 for value in _checks.hyperparameters(rule).values())


def _rate_of(lr: Any) -> Callable[[int], Any]:
    def rate(t: int) -> Any:
        if hasattr(lr, "follow"):
            raise TypeError(f"a Stepper sees no losses, which lr={lr!r} needs: pass step(grad, lr=...) or use minimize")
        return scheduled(lr, t) if callable(lr) else lr

    return rate


def _slot_names(update: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(update).parameters)[3:]


def initial_state(update: Callable[..., Any]) -> list[Any]:
    """Return what a rule's slots begin with: the defaults of the arguments after the rate."""
    slots = list(inspect.signature(update).parameters.values())[3:]
    return [slot.default for slot in slots]


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.setflags(write=False)
    return view
