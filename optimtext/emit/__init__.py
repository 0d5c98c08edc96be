"""From the source of a rule or surface to its algorithm box and its JavaScript.

What a reader sees, what NumPy runs and what the browser runs are made from the same lines. Only a small grammar
allows that, and anything outside it is refused with the line that is at fault: assignments and returns of
``+ - * /``, names, ``self.`` hyper-parameters, constants, and the functions ``sqrt abs sign maximum minimum exp cos
sin``. Schedules count and choose, so `engine` reads them in a wider one: whole numbers, comparisons, ``if`` and
``while`` beside.
"""

from optimtext.emit.engine import engine, source
from optimtext.emit.javascript import javascript
from optimtext.emit.latex import latex
from optimtext.grammar import GrammarError

__all__ = ["GrammarError", "engine", "javascript", "latex", "source"]
