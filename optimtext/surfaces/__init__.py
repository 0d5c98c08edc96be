"""Two-dimensional test functions: height, gradient, minimizers, a customary start and a window to draw.

Parameters are `theta` of shape (2,), or (..., 2) for many points at once. Every surface is a problem for
`optimtext.minimize` and is written in the grammar of `optimtext.emit`.
"""

from optimtext.surfaces.base import Surface, Window
from optimtext.surfaces.classic import Beale, Himmelblau, Rastrigin, Rosenbrock
from optimtext.surfaces.noisy import Noisy
from optimtext.surfaces.quadratic import Bowl, Quadratic, Ravine, Saddle

#: Every surface of the package.
ALL: tuple[type[Surface], ...] = (Bowl, Ravine, Saddle, Rosenbrock, Beale, Himmelblau, Rastrigin, Quadratic)

__all__ = [
    "ALL",
    "Beale",
    "Bowl",
    "Himmelblau",
    "Noisy",
    "Quadratic",
    "Rastrigin",
    "Ravine",
    "Rosenbrock",
    "Saddle",
    "Surface",
    "Window",
]
