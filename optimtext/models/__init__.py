"""Models as finite sums: the loss over data, and its gradient over all samples, one sample or a mini-batch.

There is one code path: a batch is an array of indices, one sample is a batch of length 1, and no batch means all.
Parameters are one flat vector, or a stack of them of shape (..., dim), for which losses have shape (...) and gradients
the shape of the stack.

Features may be a file: of an `numpy.memmap`, as ``numpy.load(path, mmap_mode="r")`` gives it, nothing is copied. Each
batch reads its own rows, and what needs all samples walks through the file block by block. So the data may be larger
than the memory.
"""

from optimtext.models.base import FiniteSum
from optimtext.models.layered import LayeredModel
from optimtext.models.linear import LinearModel, LinearRegression, LogisticRegression
from optimtext.models.network import MLP
from optimtext.models.softmax import SoftmaxRegression

__all__ = [
    "MLP",
    "FiniteSum",
    "LayeredModel",
    "LinearModel",
    "LinearRegression",
    "LogisticRegression",
    "SoftmaxRegression",
]
