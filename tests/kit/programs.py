"""Programs that stand alone, run one after the other in a plain process outside the project."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RUNNER = """
import contextlib, io, json, runpy, sys
told = {}
for path in sys.argv[1:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        left = runpy.run_path(path, run_name="__main__")
    lines = said.getvalue().splitlines()
    told[path] = {"history": left["history"].history, "test": eval(lines[-1]), "said": lines}
print(json.dumps(told))
"""


def alone(texts: Sequence[str], place: Path) -> list[dict[str, Any]]:
    """What programs tell: each one's history, its test, and the lines that it prints."""
    paths = [place / f"program_{number}.py" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-c", RUNNER, *(path.name for path in paths)]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return [told[path.name] for path in paths]
