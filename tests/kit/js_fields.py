"""Fields of the browser's classes, read from their text: those that a class declares, and those that its methods set."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

HEAD = re.compile(
    r"^(?P<indent> *)(?:export )?(?:default )?class (?P<name>\w+)(?: extends (?P<base>\w+))? \{\n(?P<body>.*?)^(?P=indent)\}", re.M | re.S
)
IMPORT = re.compile(r"import \{([^}]*)\} from \"(\.[^\"]*)\"")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S)
SET = re.compile(r"\bthis\.(#?\w+) *(?:=(?![=>])|[-+*/%&|^]=|\?\?=|\|\|=|&&=|\+\+|--)")
TAKEN_APART = re.compile(r"\[([^\[\]=]*\bthis\.[^\[\]=]*)\] = ")
ASSIGNED = re.compile(r"Object\.assign\(this, \{")


class Fields(NamedTuple):
    """A class of the browser's."""

    file: Path
    name: str
    base: str | None
    declared: frozenset[str]
    given: frozenset[str]  # set by its constructor or a method


@cache
def classes(file: Path) -> dict[str, Fields]:
    """The classes of a module by name."""
    text = COMMENT.sub("", file.read_text())
    return {
        found["name"]: Fields(file, found["name"], found["base"], declared(found), given(found["body"])) for found in HEAD.finditer(text)
    }


def declared(found: re.Match[str]) -> frozenset[str]:
    """Names that stand in the body of a class itself: `name;`, `name = value;`, several on a line, and accessors."""
    lines = re.findall(rf"^{found['indent']}   ?(\S.*)$", found["body"], re.M)
    names: set[str] = set()
    for line in lines:
        if re.fullmatch(r"(#?\w+; ?)+", line := line.strip()):
            names |= set(re.findall(r"#?\w+", line))
        elif match := re.match(r"(?:static )?(?:[gs]et )?(#?\w+)(?: =|;|\(.*\) \{)", line):
            names.add(match[1])
    return frozenset(names)


def given(body: str) -> frozenset[str]:
    """Names of `this` that anything in a body sets."""
    names = set(SET.findall(body))
    for inside in TAKEN_APART.findall(body):
        names |= set(re.findall(r"\bthis\.(#?\w+)", inside))
    for found in ASSIGNED.finditer(body):
        names |= {part.partition(":")[0].strip() for part in members(body[found.end() :])}
    return frozenset(name for name in names if re.fullmatch(r"#?\w+", name))


def members(text: str) -> list[str]:
    """The members of an object literal from its opening brace on, whatever braces and brackets they hold."""
    depth, parts = 0, [""]
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            break
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def base_of(each: Fields) -> Fields | None:
    """The class that a class extends, in its own module or in one that it imports."""
    if each.base is None or each.base in classes(each.file):
        return classes(each.file).get(each.base or "")
    for names, path in IMPORT.findall(each.file.read_text()):
        if each.base in re.findall(r"\w+", names):
            return classes((each.file.parent / path).resolve()).get(each.base)
    return None


def undeclared(each: Fields) -> set[str]:
    """Fields that a class sets, and neither it nor a class that it extends declares."""
    above, known = base_of(each), set(each.declared)
    while above:
        known |= above.declared
        above = base_of(above)
    return set(each.given) - known
