"""What somebody has narrowed their inbox to, kept wherever they log in next."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from ivr.store.models import CommunityRow, InboxFilter, Staff, Ticket


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody has narrowed their inbox to. ``community`` is a code; None does not narrow."""

    need: str | None = None
    community: str | None = None
    street: str | None = None
    language: str | None = None
    urgent: bool = False

    def __bool__(self) -> bool:
        return self != Filter()


NARROWED: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "need": lambda need: Ticket.need == need,
    "community": lambda code: Ticket.community_code == code,
    "street": lambda street: Ticket.community_code.in_(select(CommunityRow.code).where(CommunityRow.street == street)),
    "language": lambda language: Ticket.language == language,
    "urgent": lambda _: Ticket.urgent == true(),
}


def chosen(db: Session, staff: Staff) -> Filter:
    """What this person has narrowed their inbox to."""
    kept = db.get(InboxFilter, staff.id)
    return Filter(**kept.chosen) if kept else Filter()


def choose(db: Session, staff: Staff, wanted: Filter) -> None:
    """Narrow this person's inbox, here and wherever they log in next."""
    kept = db.get(InboxFilter, staff.id) or InboxFilter(staff_id=staff.id)
    kept.chosen = asdict(wanted)
    db.add(kept)


def street(db: Session, name: str) -> str | None:
    """The street of this name, as the directory writes it."""
    rows = select(CommunityRow.street).where(CommunityRow.street == name, CommunityRow.retired_at.is_(None))
    return db.scalars(rows.limit(1)).first()
