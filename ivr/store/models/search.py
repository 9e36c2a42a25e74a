"""What the search has looked through, and what each person has chosen to see of a list."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class IndexedUpTo(Base):
    """Up to where a sweep has made sure that words are found: row 1 of history lines, row 2 of callers' cards.

    The words themselves lie in ``history_words``, ``card_words`` and ``place_words``, which each database makes in
    its own way: see ``ivr.store.inbox.search``.
    """

    __tablename__ = "indexed_up_to"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(default=0)


class InboxFilter(Base):
    """What one member of staff has narrowed their inbox to; it stays until they clear it."""

    __tablename__ = "inbox_filters"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TableChoice(Base):
    """Which columns one member of staff wants of a list; none: cards instead of a table, where there is the choice."""

    __tablename__ = "table_choices"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    columns: Mapped[list[str]] = mapped_column(default=list)
