"""Long vectors: one step of a rule, in place, piece by piece.

A rule makes a dozen passes over its vectors, one for each operation. Over a vector that is longer than the cache, each
of them waits for memory. Here the vector is walked in blocks that stay in the cache from the first operation to the
last. Of the three ways to do a block, the first that the rule allows is taken: one compiled loop (see
`optimtext.kernels`), NumPy operations that write into places which exist already, or the rule as it stands.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext import kernels
from optimtext.kernels import worth

BLOCK = 8192  # doubles that stay in cache from line to line of a rule; a quarter or four times as many are slower
SECONDS = 4e-9  # that a coordinate costs a rule such as Adam without a compiled kernel
PIECE = 200_000  # coordinates for which another thread is worth its start

Array: TypeAlias = NDArray[Any]


class Walk:
    """The steps of one rule over one long vector.

    Parameters
    ----------
    rule : Rule
        The rule, its hyper-parameters the same for all coordinates.
    update : function
        Its update, or one with more to it.
    theta : numpy.ndarray
        Parameters, changed in place by each step.
    slots : list
        The slots; those that are as long as `theta` are replaced by arrays of their own, changed in place.
    """

    def __init__(self, rule: Any, update: Callable[..., Any], theta: Array, slots: list[Any]) -> None:
        self._rule, self._update, self.theta = rule, update, theta
        self.long = grow(update, slots, theta)
        self._made = self._programs()
        self._buffers: list[Array] = []

    def step(self, slots: list[Any], grad: Array, lr: Any) -> list[Any]:
        """Take one step; return the slots, of which those that are numbers are new."""
        if np.may_share_memory(grad, self.theta):
            grad = grad.copy()  # a block would see what an earlier one has done to it
        per_coordinate = np.shape(lr)[-1:] == self.theta.shape[-1:]
        if self._made is None or per_coordinate:
            return self._as_it_stands(slots, grad, lr)
        numbers, after = self._made.scalars(self._rule, lr, *slots)
        vectors = [self.theta, grad, *(slot for slot, long in zip(slots, self.long, strict=True) if long)]
        if not all(_keeps(number, self.theta.dtype) for number in numbers):
            return self._as_it_stands(slots, grad, lr)
        if not self._in_one_loop(vectors, numbers):
            self._in_blocks(vectors, numbers)
        new = iter(after)
        return [slot if long else next(new) for slot, long in zip(slots, self.long, strict=True)]

    def restore(self, slots: list[Any], theta: Array, saved: list[Any]) -> list[Any]:
        """Take over parameters and slots that were saved; return the slots."""
        self.theta[...] = theta
        for slot, old, long in zip(slots, saved, self.long, strict=True):
            if long:
                slot[...] = old
        return [slot if long else old for slot, old, long in zip(slots, saved, self.long, strict=True)]

    def _programs(self) -> Any:
        # Only of the rule's own update, and if what is a vector by its source is one by its results.
        cls: Any = type(self._rule)
        if getattr(self._update, "__func__", None) is not getattr(cls, "update", None):
            return None
        from optimtext.kernels.buffers import blockwise
        from optimtext.kernels.program import NoProgramError

        try:
            made = blockwise(cls)
        except NoProgramError:
            return None
        return made if made.long == tuple(self.long) else None

    def _in_one_loop(self, vectors: list[Array], numbers: tuple[Any, ...]) -> bool:
        theta = self.theta
        gapless = all(vector.flags.c_contiguous and vector.flags.aligned for vector in vectors)
        plain = all(type(number) in (int, float) for number in numbers)
        if theta.dtype.str not in _COMPILED or not gapless or not plain:
            return False
        from optimtext.kernels import loops

        cls: Any = type(self._rule)  # a class: something to look up by
        kernel = (cls, theta.dtype.str)
        if not loops.exact(cls):
            return False
        if worth.patience(kernel) > 0:
            worth.spend(kernel, SECONDS * theta.size)
            return False
        worth.compile_once(kernel, lambda: loops.loop(*kernel))
        loops.run_loop(cls, vectors, numbers, threads=kernels.threads(), least=PIECE)
        return True

    def _in_blocks(self, vectors: list[Array], numbers: tuple[Any, ...]) -> None:
        block, length = self._made.block, self.theta.shape[-1]
        width = max(1, min(length, BLOCK * length // self.theta.size))
        shape = (*self.theta.shape[:-1], width)
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [np.empty(shape, self.theta.dtype) for _ in range(self._made.buffers)]
        buffers = self._buffers
        for start in range(0, length, width):
            part = (..., slice(start, start + width))
            if start + width > length:
                buffers = [buffer[..., : length - start] for buffer in buffers]
            block(*[vector[part] for vector in vectors], *numbers, *buffers)

    def _as_it_stands(self, slots: list[Any], grad: Array, lr: Any) -> list[Any]:
        width = max(1, BLOCK * self.theta.shape[-1] // self.theta.size)
        per_coordinate = np.shape(lr)[-1:] == self.theta.shape[-1:]
        after: list[Any] = []
        for start in range(0, self.theta.shape[-1], width):
            part = (..., slice(start, start + width))
            pieces = [slot[part] if long else slot for slot, long in zip(slots, self.long, strict=True)]
            rate = lr[part] if per_coordinate else lr
            self.theta[part], *after = self._update(self.theta[part], grad[part], rate, *pieces)
            for slot, new, long in zip(slots, after, self.long, strict=True):
                if long:
                    slot[part] = new
        return [old if long else new for old, new, long in zip(slots, after, self.long, strict=True)]


_COMPILED = (np.dtype(np.float64).str, np.dtype(np.float32).str)  # in the byte order of the machine


def grow(update: Callable[..., Any], slots: list[Any], theta: Array) -> list[bool]:
    """Tell which slots are as long as `theta`, and give those, in `slots`, an array of their own."""
    # It shows on a vector of length 2; for slots that get their values from others, after as many steps as there are.
    tiny, after = np.ones_like(theta[..., :2]), list(slots)
    long = [False] * len(slots)
    with np.errstate(all="ignore"):
        for _ in slots:
            after = list(update(tiny, tiny, 1.0, *after)[1:])
            long = [before or np.shape(new) == tiny.shape for before, new in zip(long, after, strict=True)]
    slots[:] = [np.full_like(theta, slot) if is_long else slot for slot, is_long in zip(slots, long, strict=True)]
    return long


def _keeps(number: Any, dtype: np.dtype[Any]) -> bool:
    # Numbers of Python's take the precision of the vector they meet; arrays keep their own.
    return type(number) in (int, float) or getattr(number, "dtype", None) == dtype
