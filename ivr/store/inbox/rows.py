"""What a row of the inbox shows, read for a whole page at once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from ivr.store.models import Call, CallerCard, CommunityRow, Phone, Staff, Ticket, Turn


def tickets(db: Session, ids: Sequence[int]) -> list[Ticket]:
    """These tickets in this order, with what a row shows of them."""
    loaded = (
        joinedload(Ticket.caller),
        joinedload(Ticket.community).lazyload(CommunityRow.aliases),
        joinedload(Ticket.claimed_by).lazyload(Staff.communities),
        selectinload(Ticket.recordings),
    )
    found = {ticket.id: ticket for ticket in db.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(*loaded))}
    return [found[each] for each in ids if each in found]


def turns(db: Session, ids: Sequence[int]) -> dict[int | None, list[Turn]]:
    """The exchanges on the line of these tickets' calls, in their order, by the ticket's id."""
    query = select(Turn).join(Turn.call).where(Call.ticket_id.in_(ids))
    read = query.options(contains_eager(Turn.call), defer(Turn.reply)).order_by(Turn.call_id, Turn.n)
    found: dict[int | None, list[Turn]] = {}
    for turn in db.scalars(read):
        found.setdefault(turn.call.ticket_id, []).append(turn)
    return found


def cards(db: Session, phone_ids: Sequence[int | None]) -> dict[int, CallerCard]:
    """The cards of these callers, by the phone's id."""
    known = db.scalars(select(CallerCard).where(CallerCard.phone_id.in_({each for each in phone_ids if each})))
    return {card.phone_id: card for card in known}


def phones(db: Session, ids: Sequence[int | None]) -> dict[int, Phone]:
    """These callers' numbers, by id."""
    known = {each for each in ids if each}
    return {phone.id: phone for phone in db.scalars(select(Phone).where(Phone.id.in_(known)))} if known else {}
