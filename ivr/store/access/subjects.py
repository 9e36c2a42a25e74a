"""What the audit's lines are about: their subjects read back, and what those things are called today."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import AliasProposal, ApiToken, Channel, Recording, Staff, Ticket

THING = re.compile(
    r"(?:(?P<action>\w+)(?: to)? )?(?P<kind>ticket|recording|staff|alias|channel|rule) (?P<id>\d{1,10})"
    r"(?: token (?P<token>\d{1,10}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing by its id. ``action`` is what was refused with it, ``token`` another system that was at it."""

    kind: str
    id: int
    action: str = ""
    token: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What *one reader* may know of the things on a page of the audit, by id.

    ``open_tickets`` are those they may open, ``recordings`` the tickets of these recordings. What another community has
    is as unknown as what never was.
    """

    open_tickets: frozenset[int] = frozenset()
    recordings: Mapping[int, int] = field(default_factory=dict)
    staff: Mapping[int, str] = field(default_factory=dict)
    aliases: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    tokens: Mapping[int, str] = field(default_factory=dict)


def read(text: str) -> Subject | None:
    """The thing in an audit line's ``subject``; None when it names no single thing (a page, a print of the log)."""
    found = THING.fullmatch(text)
    if not found:
        return None
    return Subject(
        found["kind"], int(found["id"]), found["action"] or "", int(found["token"]) if found["token"] else None
    )


def known(db: Session, staff: Staff, subjects: Iterable[Subject]) -> Known:
    """Look these things up: one query a kind, however many there are."""
    ids: dict[str, set[int]] = {}
    for subject in subjects:
        ids.setdefault(subject.kind, set()).add(subject.id)
        if subject.token is not None:
            ids.setdefault("token", set()).add(subject.token)

    def pairs(kind: str, query: Select[int, Any], column: Any) -> dict[int, Any]:
        return dict(db.execute(query.where(column.in_(ids[kind]))).all()) if kind in ids else {}

    oversees = rules.may(staff, "see_call_counts")  # reads everybody's lines, and what they are about
    recordings = pairs("recording", select(Recording.id, Recording.ticket_id), Recording.id)
    tickets = ids.get("ticket", set()) | {ticket_id for ticket_id in recordings.values() if ticket_id}
    visible = rules.visible_tickets(staff).with_only_columns(Ticket.id).where(Ticket.id.in_(tickets))
    seen = frozenset(db.scalars(visible)) if tickets else frozenset()
    return Known(
        open_tickets=seen,
        recordings={each: ticket for each, ticket in recordings.items() if ticket and (oversees or ticket in seen)},
        staff=pairs("staff", select(Staff.id, Staff.name), Staff.id),
        aliases=pairs("alias", select(AliasProposal.id, AliasProposal.heard), AliasProposal.id) if oversees else {},
        channels=pairs("channel", select(Channel.id, Channel.name), Channel.id) if oversees else {},
        tokens=pairs("token", select(ApiToken.id, ApiToken.name), ApiToken.id),
    )
