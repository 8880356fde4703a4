"""The browser's modules without a browser: `node --test` with the Node that playwright brings, held against what Python computes."""

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.kit.js_oracles import ORACLES

FOLDER = Path(__file__).parent / "js"
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.test.js"))


def node() -> Path:
    """The Node program inside playwright's package."""
    spec = find_spec("playwright")
    assert spec and spec.origin, "playwright is not installed: pip install -r tests/requirements.txt"
    return Path(spec.origin).parent / "driver" / ("node.exe" if os.name == "nt" else "node")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_module_of_the_browser_computes_what_it_should(script: str, tmp_path: Path) -> None:
    oracle = ORACLES.get(script.removesuffix(".test.js"))
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(oracle() if oracle else None))
    environment = {**os.environ, "CASES": str(cases), "NODE_NO_WARNINGS": "1"}
    command = [str(node()), "--test", "--test-reporter=spec", str(FOLDER / script)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    if done.returncode:
        pytest.fail(f"{done.stdout}\n{done.stderr}", pytrace=False)
    assert "pass 0" not in done.stdout, f"{script} tests nothing"


def test_every_oracle_has_a_script_that_asks_it() -> None:
    assert {f"{name}.test.js" for name in ORACLES} <= set(SCRIPTS)
