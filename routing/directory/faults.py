"""What is wrong with a sheet, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in English, with places like ``%(value)s`` for ``values``: pages have it in their own language."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, /, **values: object) -> "Problem":
        return cls(text, {name: str(value) for name, value in values.items()})

    def __str__(self) -> str:
        return self.text % self.values


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row. ``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    problem: Problem

    @classmethod
    def of(cls, row: int, text: str, /, **values: object) -> "RowError":
        return cls(row, Problem.of(text, **values))

    def __str__(self) -> str:
        return f"row {self.row}: {self.problem}"


class SheetError(ValueError):
    """A file that cannot be taken, with every reason. As text: one reason a line."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))
