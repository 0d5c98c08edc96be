"""How a surface is pictured: one grid and one set of levels, in figures and in the playground alike."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext.surfaces.base import Surface

_GRID = 161  # points a side: smooth at the book's widths, and a small file
_LEVELS = 8  # one for each contour color of the palette


def heights(surface: Surface) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the coordinates x and y of a grid over the window of a surface, and the heights there.

    Parameters
    ----------
    surface : Surface

    Returns
    -------
    tuple of three numpy.ndarray, shape (161, 161)
    """
    (x0, x1), (y0, y1) = surface.window
    x, y = np.meshgrid(np.linspace(x0, x1, _GRID), np.linspace(y0, y1, _GRID))
    return x, y, surface.loss(np.stack([x, y], axis=-1))


def levels(surface: Surface) -> NDArray[np.float64]:
    """Return the heights whose lines are drawn: geometric above the minimum, so that a valley's floor shows.

    Parameters
    ----------
    surface : Surface

    Returns
    -------
    numpy.ndarray, shape (8,)
        Evenly spaced where there is no minimum.

    Examples
    --------
    >>> import optimtext as ot
    >>> levels(ot.surfaces.Bowl()).round(2)
    array([ 0.21,  0.38,  0.68,  1.23,  2.2 ,  3.96,  7.12, 12.8 ])
    """
    *_, height = heights(surface)
    if np.isinf(surface.minimum):
        return np.linspace(float(height.min()), float(height.max()), _LEVELS + 2)[1:-1]
    above = height - surface.minimum
    return np.asarray(surface.minimum + np.geomspace(np.quantile(above, 0.02), 0.8 * above.max(), _LEVELS))
