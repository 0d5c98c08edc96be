"""Where in the book and in its playground a fix is explained; the one place that knows how their addresses look."""

from urllib.parse import urlencode

#: Version of the playground's addresses that `playground` writes.
VERSION = 1


def chapter(name: str, section: str = "") -> str:
    """Return the address of a chapter, or of a section of it, relative to the book's first page.

    Examples
    --------
    >>> chapter("failures", "fail-clipping")
    'book/failures.html#fail-clipping'
    """
    return f"book/{name}.html" + (f"#{section}" if section else "")


def playground(surface: str, rule: str, **settings: float) -> str:
    """Return the address of the playground with a surface, a rule and its hyper-parameters set.

    Examples
    --------
    >>> playground("Ravine", "Momentum", lr=0.05, beta=0.9)
    'playground.html#v=1&surface=Ravine&rule=Momentum,lr:0.05,beta:0.9'
    """
    chosen = ",".join([rule, *(f"{name}:{value:g}" for name, value in settings.items())])
    return "playground.html#" + urlencode({"v": VERSION, "surface": surface, "rule": chosen}, safe=",:")
