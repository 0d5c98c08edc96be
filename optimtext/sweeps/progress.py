"""A progress bar for long work, drawn by rich, and only where somebody watches a terminal."""

import sys
import time
from types import TracebackType
from typing import Any, Self

WAIT = 1.0  # seconds of work before a bar appears: what is over by then needs none


class Bar:
    """A bar over so many runs; a context manager.

    Parameters
    ----------
    total : int
        Number of runs.
    done : int
        Runs that need not be done.
    shown : bool or None
        Whether to draw; None lets the terminal decide.
    """

    def __init__(self, total: int, done: int, *, shown: bool | None) -> None:
        self._total, self._done = total, done
        self._shown = sys.stderr.isatty() if shown is None else shown
        self._start = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, runs: int) -> None:
        """Count runs as done."""
        self._done += runs
        self.show()

    def show(self, underway: float = 0.0) -> None:
        """Draw the bar as it stands, with so many runs' worth of work underway."""
        if not self._shown or time.monotonic() - self._start < WAIT:
            return
        if self._bar is None:
            self._open()
        self._bar.update(self._task, completed=self._done + underway)

    def _open(self) -> None:
        # Loaded here, since most sweeps are over before it is needed.
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("runs", total=self._total)
        self._bar.start()
