"""What stands in a cell: never a formula, whatever a caller said or a member of staff wrote."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

Cell = str | int | float | datetime | None
Line = Iterable[Cell]

# A spreadsheet takes what begins so for a formula; so do some after blanks, and full-width signs count as plain ones.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
SIGNS = "=+-@|"
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # Unicode's categories of what shows nothing


def safe(text: str) -> str:
    """*text* as it may stand in a cell: with an apostrophe before what could be read as a formula.

    Control characters but line breaks go: no workbook takes them.
    """
    text = "".join(each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cs"))
    seen = [each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) not in UNSEEN]
    return f"'{text}" if seen and seen[0] in SIGNS else text


def plain(value: Any) -> Cell:
    """A value as a cell has it: texts safe, moments as the wall's clock showed them."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | float):
        return value
    return safe(str(value))
