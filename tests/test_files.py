"""Files are whole or not there: whoever writes one leaves nothing behind on a disk that is full."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder import files

ROOT = Path(__file__).resolve().parent.parent
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))"  # no file may grow beyond 20 bytes
TABLE = "from builder.datasets import table_dataset; table_dataset('Mine', 'a,b,c\\n' + '1,2,3\\n' * 50)"
PREVIEW = "from builder.probes.input.previews import preview; preview({'dataset': 'moons'}, {})"


@pytest.mark.parametrize("write", [TABLE, PREVIEW], ids=["a typed table", "a preview"])
def test_a_full_disk_is_not_made_fuller(write: str, tmp_path: Path) -> None:
    code = f"{FULL}\ntry:\n    {write}\nexcept Exception as error:\n    print(type(error).__name__)"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"BUILDER_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=True,
            timeout=60,
        )
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".sqlite"] == []


def test_one_function_writes_files_that_are_whole_or_not_there() -> None:
    by_hand = re.compile(r"NamedTemporaryFile|mkstemp|os\.replace|fsync")
    found = [path.name for path in sorted((ROOT / "builder").rglob("*.py")) if by_hand.search(path.read_text())]
    assert found == ["files.py"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_text(path, "old")

    def fill(new: Path) -> None:
        new.write_text("half")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        files.write(path, fill)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_many_writers_of_one_file_leave_one_whole_text(tmp_path: Path) -> None:
    path, code = (
        tmp_path / "a.txt",
        "import sys; from pathlib import Path; from builder import files\nfor _ in range(60): files.write_text(Path(sys.argv[1]), sys.argv[2] * 5000)",
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(path), letter], cwd=ROOT) for letter in "abc"]
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0]
    text = path.read_text()
    assert len(text) == 5000 and len(set(text)) == 1 and list(tmp_path.iterdir()) == [path]
