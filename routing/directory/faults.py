"""What is wrong with a sheet, row by row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row. ``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    problem: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.problem}"


class SheetError(ValueError):
    """A file that cannot be taken, with every reason. As text: one reason a line."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))
