"""The bar of a sweep: drawn on a terminal, if it takes a while, and loaded not before."""

import io
import subprocess
import sys

import pytest

import optimtext as ot
from optimtext.sweeps import progress


def test_no_bar_is_drawn_where_nobody_watches(capfd, monkeypatch):
    monkeypatch.setattr(progress, "WAIT", 0.0)
    ot.sweep(ot.surfaces.Bowl(), ot.grid(ot.Adam, lr=[0.1, 0.2]), [1.0, 1.0], max_steps=200)
    assert capfd.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("wait", "shown", "drawn"), [(0.0, None, True), (0.0, False, False), (60.0, None, False)])
def test_a_bar_is_drawn_on_a_terminal_if_it_takes_a_while(wait, shown, drawn, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(progress, "WAIT", wait)
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    found = ot.sweep(ot.surfaces.Bowl(), ot.grid(ot.Adam, lr=[0.1, 0.2]), [1.0, 1.0], max_steps=200, progress=shown)
    assert ("runs" in screen.getvalue()) == drawn
    assert len(found) == 2


@pytest.mark.parametrize(("wait", "loaded"), [(60.0, False), (0.0, True)])
def test_rich_is_loaded_for_a_bar_and_not_before(wait, loaded):
    # In a process of its own: modules taken out of this one and imported again would no longer know one another.
    program = (
        "import sys, optimtext as ot; from optimtext.sweeps import progress; "
        f"progress.WAIT = {wait}; ot.sweep(ot.surfaces.Bowl(), ot.Adam(), [1.0, 1.0], max_steps=200, progress=True); "
        f"assert ('rich' in sys.modules) == {loaded}"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
