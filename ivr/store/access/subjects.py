"""What the audit's lines are about: what those things are called today, as far as one reader may know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.facts.audit import Deed
from ivr.store.models import AliasProposal, ApiToken, Channel, Recording, Staff, Ticket

THINGS = ("ticket", "recording", "alias", "channel", "token", "staff")  # as the deeds' details name them


@dataclass(frozen=True, slots=True)
class Known:
    """What *one reader* may know of the things on a page of the audit, by id.

    ``open_tickets`` are those they may open, ``recordings`` the tickets of these recordings. What another community has
    is as unknown as what never was.
    """

    open_tickets: frozenset[int] = frozenset()
    recordings: Mapping[int, int] = field(default_factory=dict)
    aliases: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    tokens: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


def known(db: Session, staff: Staff, deeds: Iterable[Deed | None]) -> Known:
    """Look the things of these deeds up: one query a kind of thing, however many there are."""
    details = [deed.detail() for deed in deeds if deed]
    ids = {thing: {detail[thing] for detail in details if thing in detail} for thing in THINGS}

    def pairs(thing: str, query: Select[int, Any], column: Any) -> dict[int, Any]:
        return dict(db.execute(query.where(column.in_(ids[thing]))).all()) if ids[thing] else {}

    oversees = rules.may(staff, "see_whole_audit")
    recordings = pairs("recording", select(Recording.id, Recording.ticket_id), Recording.id)
    tickets = ids["ticket"] | {ticket_id for ticket_id in recordings.values() if ticket_id}
    visible = rules.visible_tickets(staff).with_only_columns(Ticket.id).where(Ticket.id.in_(tickets))
    seen = frozenset(db.scalars(visible)) if tickets else frozenset()
    return Known(
        open_tickets=seen,
        recordings={each: ticket for each, ticket in recordings.items() if ticket and (oversees or ticket in seen)},
        aliases=pairs("alias", select(AliasProposal.id, AliasProposal.heard), AliasProposal.id) if oversees else {},
        channels=pairs("channel", select(Channel.id, Channel.name), Channel.id) if oversees else {},
        tokens=pairs("token", select(ApiToken.id, ApiToken.name), ApiToken.id),
        people=pairs("staff", select(Staff.id, Staff.name), Staff.id) if oversees else {},
    )
