"""Moments as numbers, in each database's own words: to subtract them, and to sort them into quarters of an hour."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# Of every zone's hours and days: all lie whole quarters of an hour from UTC.
QUARTER_MS = 15 * 60 * 1000


class Milliseconds(FunctionElement[int]):
    """The milliseconds from 1970 on to a moment."""

    type = BigInteger()
    inherit_cache = True
    name = "milliseconds"


@compiles(Milliseconds, "sqlite")
def _sqlite(element: Milliseconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(round(unixepoch({compiler.process(element.clauses, **kw)}, 'subsec') * 1000) AS INTEGER)"


@compiles(Milliseconds, "postgresql")
def _postgresql(element: Milliseconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(round(extract(epoch FROM {compiler.process(element.clauses, **kw)}) * 1000) AS BIGINT)"


def ms_between(earlier: Any, later: Any) -> ColumnElement[int]:
    """How long it took; null when either is."""
    return Milliseconds(later) - Milliseconds(earlier)


def quarter(moment: Any) -> ColumnElement[int]:
    """The number of the quarter of an hour that it lies in."""
    return Milliseconds(moment).op("/", return_type=BigInteger())(
        QUARTER_MS
    )  # both databases divide whole numbers whole


def day_and_hour(quarter: int, zone: ZoneInfo) -> tuple[date, int]:
    """Which day and hour the wall's clock showed in this quarter."""
    there = datetime.fromtimestamp(quarter * QUARTER_MS // 1000, zone)
    return there.date(), there.hour
