"""Dense tables: which columns their reader chose, and by which they are sorted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import request
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.shell.guard import me
from ivr.store.people import tables


@dataclass(frozen=True, slots=True)
class Table:
    """A list with columns to choose from: how each is called, and which are shown until somebody chooses."""

    name: str
    columns: Mapping[str, Any]  # texts that wait for their reader's language
    usual: frozenset[str]

    def asked(self) -> frozenset[str]:
        """The columns that this address asks for; none when it does not say."""
        return frozenset(request.args.getlist("col")).intersection(self.columns)

    def chosen(self, db: Session) -> frozenset[str]:
        """The columns that the reader has chosen; none when they have not."""
        return frozenset(tables.chosen(db, me(), self.name) or ()).intersection(self.columns)

    def shown(self) -> frozenset[str]:
        """The columns to show; those that this address asks for stay the reader's."""
        if asked := self.asked():
            with app.sessions.begin() as db:
                tables.choose(db, me(), self.name, asked)
            return asked
        with app.sessions.read() as db:
            return self.chosen(db) or self.usual


class Sorting(NamedTuple):
    """The column that a table is sorted by, and whether the most of it comes first."""

    order: str
    falling: bool


def sorting(orders: Collection[str], usual: str) -> Sorting:
    """As this address asks."""
    order = request.args.get("order", "")
    return Sorting(order if order in orders else usual, request.args.get("first") != "least")
