"""Real measurements that travel with the package: loaded without a network, the origin named in the data itself.

The tables lie in ``optimtext/data``; ``SOURCES.md`` there records origin, license, checksums and what was changed.
"""

from optimtext.datasets.base import Dataset
from optimtext.datasets.tables import breast_cancer, digits, penguin_sex, penguins

__all__ = ["Dataset", "breast_cancer", "digits", "penguin_sex", "penguins"]
