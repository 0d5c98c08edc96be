"""The loop of the book's page on the clinic, run as it stands there."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "clinic.md"


def test_the_loop_of_the_book_warns_early():
    blocks = re.findall(r"```python\n(import torch\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, object] = {}
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(blocks[0], str(PAGE), "exec"), names)  # noqa: S102  # the book's own code, as its reader would run it
    assert names["step"] < 100
    assert re.match(r"step \d+: (no-progress|too-slow)\. ", told.getvalue())
    assert "It is the rate that is small" in told.getvalue()
