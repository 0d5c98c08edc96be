"""The loop of the book's page on the clinic, run as it stands there."""

import re
import runpy
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "clinic.md"


def test_the_loop_of_the_book_warns_early(tmp_path, capsys):
    blocks = re.findall(r"```python\n(import torch\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    script = tmp_path / "loop.py"
    script.write_text(blocks[0], encoding="utf-8")
    names = runpy.run_path(str(script))
    told = capsys.readouterr().out
    assert names["step"] < 100
    assert re.match(r"step \d+: (no-progress|too-slow)\. ", told)
    assert "It is the rate that is small" in told
