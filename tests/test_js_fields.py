"""What an object of the browser's holds is read at the head of its class: every field that a class sets is declared."""

from pathlib import Path

import pytest

from tests.kit.js_fields import classes, undeclared

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "assets").rglob("*.js"))


@pytest.mark.parametrize("file", [file for file in MODULES if classes(file)], ids=lambda file: str(file.relative_to(ROOT / "assets")))
def test_a_class_declares_the_fields_that_it_sets(file: Path) -> None:
    assert {name: sorted(missing) for name, each in classes(file).items() if (missing := undeclared(each))} == {}


def test_no_class_is_passed_over() -> None:
    heads = [line for file in MODULES for line in file.read_text().splitlines() if line.lstrip().startswith(("class ", "export class "))]
    assert sum(len(classes(file)) for file in MODULES) == len(heads) > 60


BASE = """export class Base {
  kept; // a comment
  /** @type {number} */ typed = 1;
  get side() {
    return 1;
  }

  constructor(given) {
    Object.assign(this, { kept: [given, 1], inner: { other: f(1, 2) }, typed: 2 });
  }
}
"""
OWN = """import { Base } from "./base.js";

class Own extends Base {
  one; two;

  take() {
    // this.said = 1
    this.kept = this.side === 3;
    this.one ??= this.two = this.three += 1;
    [this.four, this.one] = [1, 2];
    Object.assign(this, { five: 1, two });
  }
}
"""


def test_fields_are_found_however_they_are_set(tmp_path: Path) -> None:
    (tmp_path / "base.js").write_text(BASE)
    (tmp_path / "own.js").write_text(OWN)
    assert undeclared(classes(tmp_path / "own.js")["Own"]) == {"three", "four", "five"}
    assert undeclared(classes(tmp_path / "base.js")["Base"]) == {"inner"}
