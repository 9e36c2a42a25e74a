"""The caller's card: what helpers should know before they ring back, and how the line is to speak to them.

Nothing is kept without the caller's consent but ``slow``, which the line itself needs.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.callers import phones
from ivr.store.directory import communities, lookup
from ivr.store.facts import audit as deeds
from ivr.store.facts import history as entries
from ivr.store.insert import insert_new
from ivr.store.models import Call, CallerCard, Phone, Staff, Ticket
from ivr.store.tickets import history
from routing.characters import CONTROL
from routing.directory import Community
from routing.matching import Matcher
from routing.phone_numbers import Home, dictated

LONGEST = {"name": 64, "address": 200, "hearing": 200, "mobility": 200, "dialect": 64, "family_name": 64,
           "medicine": 200}  # fmt: skip
SWITCHES = ("slow", "call_back")
FIELDS = (*LONGEST, "community", "family_phone", "medicine_until", *SWITCHES)
ON = "1"  # a switch's text; off is empty

Texts = Mapping[str, str]  # a card as a form has it, by FIELDS


class BadCard(ValueError):
    """The form was filled in wrongly. ``troubles``: field to reason.

    The reason is long, phone, day, community or consent. ``perhaps``: the communities that may be meant.
    """

    def __init__(self, troubles: Mapping[str, str], perhaps: Sequence[Community]) -> None:
        super().__init__(", ".join(troubles))
        self.troubles, self.perhaps = troubles, perhaps


class CardChanged(Exception):
    """Somebody else changed the card after this form was opened."""


class NoNumber(Exception):
    """The caller's number is withheld: there is nothing that a card could be the card of."""


def of_number(db: Session, e164: str) -> CallerCard | None:
    """The card of this number."""
    return db.scalars(select(CallerCard).join(CallerCard.phone).where(Phone.e164 == e164)).one_or_none()


def of_ticket(db: Session, ticket: Ticket) -> CallerCard | None:
    """The card of the ticket's caller, who has none while the number is withheld."""
    return db.get(CallerCard, ticket.caller_id) if ticket.caller_id else None


def shown_to(db: Session, staff: Staff, ticket: Ticket) -> CallerCard | None:
    """The same for somebody who looks at the ticket; none for who may not see the number."""
    return of_ticket(db, ticket) if rules.may(staff, "see_number", ticket) else None


def community(card: CallerCard | None) -> str | None:
    """The code of the community the card names, while it is in service."""
    known = card.community if card else None
    return known.code if known and known.retired_at is None else None


def texts(card: CallerCard | None) -> dict[str, str]:
    """The card as a form shows it; an empty one when there is none."""
    if card is None:
        return dict.fromkeys(FIELDS, "")
    return {
        **{field: getattr(card, field) or "" for field in LONGEST},
        "community": lookup.label(card.community) if card.community else "",
        "family_phone": card.family_phone.e164 if card.family_phone else "",
        "medicine_until": card.medicine_until.isoformat() if card.medicine_until else "",
        **{switch: ON if getattr(card, switch) else "" for switch in SWITCHES},
    }


def change(
    db: Session,
    staff: Staff,
    ticket_id: int,
    typed: Texts,
    now: datetime,
    *,
    version: int,
    consent: bool,
    matcher: Matcher,
    home: Home,
) -> bool:
    """Write the card of this ticket's caller, and say whether anything changed.

    ``version`` 0: there was none; ``consent``: the caller has just agreed.

    Raises ``CardChanged``, ``BadCard``, ``NoNumber``, ``NotFound`` or ``Forbidden``.
    """
    ticket = rules.ticket(db, staff, ticket_id, "see_number")
    card = _locked(db, ticket, now)
    if card.version != version:
        raise CardChanged
    before = texts(card)
    if typed == before and not (consent and any(typed.values())):
        return False
    values = _read(db, typed, before, card, consent, matcher, home)
    lost = card.family_phone
    for name, value in values.items():
        setattr(card, name, value)
    if consent and card.consent_at is None:
        card.consent_at, card.consent_by_id = now, staff.id
    _sign(card, staff, now)
    db.flush()
    if lost and lost is not card.family_phone:
        phones.forget(db, lost)
    history.note(db, ticket, entries.Card(), now, by=staff)
    audit.append(db, staff, deeds.CardChanged(ticket_id), now)
    return True


def erase(db: Session, staff: Staff, ticket_id: int, now: datetime) -> None:
    """The caller takes their consent back: nothing stays but how the line is to speak to them.

    Raises ``NoNumber``, ``NotFound`` or ``Forbidden``.
    """
    ticket = rules.ticket(db, staff, ticket_id, "see_number")
    card = _locked(db, ticket, now)
    lost, slow = card.family_phone, card.slow
    for name in (*LONGEST, "community", "family_phone", "medicine_until", "consent_at", "consent_by"):
        setattr(card, name, None)
    card.slow, card.call_back = slow, False
    _sign(card, staff, now)
    db.flush()
    if lost:
        phones.forget(db, lost)
    history.note(db, ticket, entries.CardErased(), now, by=staff)
    audit.append(db, staff, deeds.CardErased(ticket_id), now)


def slow_down(db: Session, call: Call, now: datetime) -> None:
    """The line failed this caller. When it failed them in the call before as well, it is slow with them from now on.

    Two calls in a row, because one may be a bad line or a child at the telephone, and a call cannot fail twice: after
    the first time nothing more is asked. A call without a word (a telephone in a bag) is no attempt. What staff
    decided after the earlier call stands.
    """
    if call.caller_id is None or call.ticket is None:
        return
    earlier = (
        select(Call)
        .where(Call.caller_id == call.caller_id, Call.id != call.id, Call.ticket_id.is_not(None))
        .where(Call.started_at <= call.started_at)
        .order_by(Call.started_at.desc(), Call.id.desc())
    )
    last = db.scalars(earlier.limit(1)).first()
    if last is None or not last.failed:
        return
    card = _lock(db, call.caller_id, now)
    if card.slow or (card.updated_by_id and card.updated_at > last.started_at):
        return
    card.slow = True
    _sign(card, None, now)
    history.note(db, call.ticket, entries.Slow(), now)


def _locked(db: Session, ticket: Ticket, now: datetime) -> CallerCard:
    if ticket.caller_id is None:
        raise NoNumber
    return _lock(db, ticket.caller_id, now)


def _lock(db: Session, phone_id: int, now: datetime) -> CallerCard:
    """The card, made when there is none, held until the transaction ends."""
    insert_new(db, CallerCard, phone_id=phone_id, slow=False, call_back=False, updated_at=now, version=0)
    locked = select(CallerCard).where(CallerCard.phone_id == phone_id).with_for_update(of=CallerCard)
    return db.scalars(locked.execution_options(populate_existing=True)).one()


def _sign(card: CallerCard, staff: Staff | None, now: datetime) -> None:
    card.updated_at, card.updated_by = now, staff
    card.version += 1


def _read(
    db: Session, typed: Texts, before: Texts, card: CallerCard, consent: bool, matcher: Matcher, home: Home
) -> dict[str, Any]:
    """The form's values as the card keeps them. Raises ``BadCard`` with everything that is wrong."""
    troubles: dict[str, str] = {}
    values: dict[str, Any] = {switch: typed[switch] == ON for switch in SWITCHES}
    for field, longest in LONGEST.items():
        values[field] = " ".join(CONTROL.sub(" ", typed[field]).split()) or None
        if len(values[field] or "") > longest:
            troubles[field] = "long"
    meant, values["community"] = lookup.Meant(), card.community
    if typed["community"] != before["community"]:  # a retired one may stay, though nobody could choose it any more
        meant = lookup.meant(db, matcher, typed["community"]) if typed["community"] else meant
        values["community"] = meant.row
        if typed["community"] and meant.row is None:
            troubles["community"] = "community"
    same = typed["family_phone"] == before["family_phone"]  # though it be one whose key is lost
    number = dictated(typed["family_phone"], home) if typed["family_phone"] else None
    if typed["family_phone"] and number is None and not same:
        troubles["family_phone"] = "phone"
    try:
        values["medicine_until"] = date.fromisoformat(typed["medicine_until"]) if typed["medicine_until"] else None
    except ValueError:
        troubles["medicine_until"] = "day"
    if not (consent or card.consent_at) and any(typed[field] for field in FIELDS if field != "slow"):
        troubles["consent"] = "consent"
    if troubles:
        raise BadCard(troubles, [communities.community(row) for row in meant.perhaps])
    values["family_phone"] = card.family_phone if same else phones.keep(db, number) if number else None
    return values
