"""What can go wrong, line by line, and which test says that it does not: ``python -m tests.trust`` prints the table.

A line stands on docs/trust.md. A test names the lines it holds at the beginning of its docstring: ``F7, A31: …``.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAPER = ROOT / "docs" / "trust.md"
LINE = re.compile(r"^\| ([FA]\d+) \| (.+?) \|(.*)\|$", re.MULTILINE)
NAMES = re.compile(r"([A-Z]\d{1,3}(?:, [A-Z]\d{1,3})*)(?::|$)", re.MULTILINE)
OPEN, PARTLY = "Open:", "Partly:"


class State(StrEnum):
    TESTED = "tested"
    PARTLY = "in part"
    REASON = "no test, because"
    OPEN = "open"
    MISSING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Line:
    """``words``: what the page says beside it, mostly nothing. ``tests``: those that name it."""

    name: str
    fault: str
    words: str
    tests: tuple[str, ...]

    @property
    def state(self) -> State:
        if self.words.startswith(OPEN):
            return State.OPEN
        if self.tests:
            return State.PARTLY if self.words.startswith(PARTLY) else State.TESTED
        return State.REASON if self.words and not self.words.startswith(PARTLY) else State.MISSING


def lines() -> list[Line]:
    """The page's lines in its order, each with its tests."""
    tests = by_line()
    rows = LINE.findall(PAPER.read_text("utf-8"))
    return [Line(name, fault, words.strip(), tuple(tests.get(name, ()))) for name, fault, words in rows]


def by_line() -> Mapping[str, list[str]]:
    """The tests that name each line, as pytest names them."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for test, names in _named(path):
            for name in names:
                found[name].append(f"{path.relative_to(ROOT)}::{test}")
    return {name: tests for name, tests in found.items() if name[0] in "FA"}


def _named(path: Path) -> Iterator[tuple[str, list[str]]]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            names = NAMES.match(ast.get_docstring(node) or "")
            yield node.name, names[1].split(", ") if names else []


def told(line: Line) -> Iterator[str]:
    """A line of the table: what it is about, its state, then its tests and the page's words."""
    yield f"{line.name:5} {line.state:16} {line.fault}"
    yield from (f"{'':22} {test.removeprefix('tests/')}" for test in line.tests)
    if line.words:
        yield f"{'':22} {line.words}"


if __name__ == "__main__":
    every = lines()
    sys.stdout.writelines(f"{row}\n" for line in every for row in told(line))
    count = {state: sum(line.state is state for line in every) for state in State}
    sys.stdout.write(", ".join(f"{state}: {number}" for state, number in count.items()) + "\n")
