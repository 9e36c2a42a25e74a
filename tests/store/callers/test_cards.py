"""The caller's card: kept with consent, erased with it, never overwritten; and the slow lane the line sets."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.callers import cards, phones
from ivr.store.callers.cards import FIELDS, BadCard, CardChanged, NoNumber
from ivr.store.calls.arriving import known
from ivr.store.directory import communities
from ivr.store.models import AuditLine, Call, CallerCard, CommunityRow, HistoryLine, Phone, Staff, Ticket
from routing.matching import Matcher
from routing.phone_numbers import Home
from tests.builders import CALLER, new_call, new_community, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
HERE, THERE = "330206001001", "330206001002"
DAUGHTER = "+8613800000077"


@pytest.fixture
def writing(writing: Session) -> Session:
    new_community(writing, HERE)
    new_community(writing, THERE, "牡丹社区")
    return writing


def change(
    db: Session, staff: Staff, ticket: Ticket, version: int = 0, consent: bool = True, at: datetime = NOON, **typed: str
) -> CallerCard:
    """Fill in the card as it is now but for *typed*, and read what was kept."""
    card = cards.of_ticket(db, ticket)
    cards.change(
        db,
        staff,
        ticket.id,
        cards.texts(card) | typed,
        at,
        version=version,
        consent=consent,
        matcher=Matcher(communities.load(db)),
        home=Home("CN"),
    )
    kept = cards.of_ticket(db, ticket)
    assert kept is not None
    return kept


def erase(db: Session, staff: Staff, ticket: Ticket) -> None:
    cards.erase(db, staff, ticket.id, NOON)


def kinds(db: Session, ticket: Ticket) -> list[str]:
    return list(db.scalars(select(HistoryLine.kind).filter_by(ticket_id=ticket.id).order_by(HistoryLine.id)))


def audited(db: Session) -> list[str]:
    audit.write(db)
    return list(db.scalars(select(AuditLine.kind).order_by(AuditLine.id)))


# --- what is kept


def test_a_card_keeps_what_the_caller_agreed_to(writing: Session):
    """Every field, who asked them and when; the ticket's history and the audit say that it was done."""
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    typed = {
        "name": " 王 桂英 ",
        "community": "牡丹社区 · 新碶街道",
        "hearing": "左耳\n慢慢说",
        "family_name": "女儿",
        "family_phone": "138 0000 0077",
        "medicine": "降压药",
        "medicine_until": "2026-03-06",
        "call_back": "1",
        "slow": "1",
    }
    card = change(writing, staff, ticket, **typed)

    assert ("王 桂英", THERE, "左耳 慢慢说", date(2026, 3, 6)) == (
        card.name,
        card.community_code,
        card.hearing,
        card.medicine_until,
    )
    assert (DAUGHTER, True, True) == (card.family_phone and card.family_phone.e164, card.call_back, card.slow)
    assert (NOON, staff, staff, 1) == (card.consent_at, card.consent_by, card.updated_by, card.version)
    assert (["opened", "card"], ["card_changed"]) == (kinds(writing, ticket), audited(writing))


def test_without_consent_nothing_but_the_slow_lane_is_kept(writing: Session):
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    card = change(writing, staff, ticket, consent=False, slow="1")
    assert (True, None, None) == (card.slow, card.consent_at, card.name)

    for field in FIELDS:
        if field != "slow":
            with pytest.raises(BadCard) as refused:
                change(writing, staff, ticket, version=1, consent=False, **{field: "1"})
            assert "consent" in refused.value.troubles, field


def test_taking_consent_back_erases_all_but_the_slow_lane(writing: Session):
    """The relative's number as well, which nothing else refers to."""
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    typed = dict.fromkeys(cards.LONGEST, "x") | {"community": HERE, "family_phone": DAUGHTER, "call_back": "1"}
    change(writing, staff, ticket, slow="1", medicine_until="2026-03-06", **typed)
    erase(writing, staff, ticket)

    card = cards.of_ticket(writing, ticket)
    assert card is not None
    writing.refresh(card)
    assert dict.fromkeys(FIELDS, "") | {"slow": "1"} == cards.texts(card)
    assert (None, None) == (card.consent_at, card.consent_by_id)
    assert [CALLER] == list(writing.scalars(select(Phone.e164)))
    assert (["opened", "card", "card_erased"], "card_erased") == (kinds(writing, ticket), audited(writing)[-1])


def test_a_relative_who_rings_us_too_is_not_erased_with_the_card(writing: Session):
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    theirs = new_call(writing, caller=DAUGHTER)
    change(writing, staff, ticket, family_phone=DAUGHTER)
    change(writing, staff, ticket, version=1, consent=False, family_phone="")

    assert theirs.caller is not None
    assert DAUGHTER == theirs.caller.e164


def test_nothing_changed_is_no_change(writing: Session):
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    change(writing, staff, ticket, name="王")
    assert 1 == change(writing, staff, ticket, version=1, consent=False).version
    assert ["opened", "card"] == kinds(writing, ticket)


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("name", "x" * 65, "long"),
        ("hearing", "慢" * 201, "long"),
        ("community", "没有这个地方啊", "community"),
        ("family_phone", "no number", "phone"),
        ("family_phone", "12345", "phone"),
        ("family_phone", "138\0", "phone"),
        ("medicine_until", "tomorrow", "day"),
        ("medicine_until", "2026-02-30", "day"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(writing: Session, field: str, text: str, reason: str):
    """And nothing is kept."""
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    with pytest.raises(BadCard) as refused:
        change(writing, staff, ticket, **{field: text})
    assert {field: reason} == refused.value.troubles


def test_everything_that_is_wrong_is_named_at_once(writing: Session):
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    with pytest.raises(BadCard) as refused:
        change(writing, staff, ticket, consent=False, name="x" * 65, family_phone="?", medicine_until="?")
    assert {"name", "family_phone", "medicine_until", "consent"} == set(refused.value.troubles)


def test_a_retired_community_may_stay_on_the_card_but_is_told_to_no_call(writing: Session):
    """Nobody is made to change what they did not come to change."""
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    change(writing, staff, ticket, community=THERE)
    writing.get_one(CommunityRow, THERE).retired_at = NOON
    card = change(writing, staff, ticket, version=1, consent=False, name="王")

    assert THERE == card.community_code
    assert HERE == known(writing, CALLER, None, NOON).facts.community, "that of the ticket"


def test_the_cards_community_is_the_one_a_caller_is_asked_about(writing: Session):
    """Staff wrote it down with the caller; the last ticket may have been for somebody else."""
    change(writing, new_staff(writing, role="supervisor"), new_ticket(writing), community=THERE)
    assert THERE == known(writing, CALLER, None, NOON).facts.community


# --- two people at once


def test_the_second_of_two_editors_overwrites_nothing(writing: Session):
    """The version that their form began with is no longer the card's."""
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    change(writing, staff, ticket, name="王")
    with pytest.raises(CardChanged):
        change(writing, staff, ticket, version=0, name="李")


# --- who may


@pytest.mark.parametrize(("role", "claimed", "may"), [("volunteer", False, False), ("volunteer", True, True),
                                                      ("officer", False, True), ("admin", True, False)])  # fmt: skip
def test_whoever_may_see_the_number_may_write_the_card(writing: Session, role: str, claimed: bool, may: bool):
    staff = new_staff(writing, role=role, communities=[HERE])
    ticket = new_ticket(writing, claimed_by=staff if claimed else None)
    if may:
        assert "王" == change(writing, staff, ticket, name="王").name
        return
    for verb in (partial(change, name="王"), erase):
        with pytest.raises((rules.Forbidden, rules.NotFound)):
            verb(writing, staff, ticket)


def test_a_withheld_number_has_no_card(writing: Session):
    staff, ticket = new_staff(writing, role="supervisor"), new_ticket(writing, caller=None)
    assert cards.of_ticket(writing, ticket) is None
    for verb in (partial(change, name="王"), erase):
        with pytest.raises(NoNumber):
            verb(writing, staff, ticket)
    assert 0 == writing.scalar(select(func.count()).select_from(CallerCard))


# --- the line sets the slow lane by itself


def rang(db: Session, at: datetime, *, failed: bool, said: bool = True, caller: str | None = CALLER) -> Call:
    """A call, and what the line makes of it."""
    ticket = new_ticket(db, caller=caller, opened_at=at) if said else None
    call = new_call(db, started_at=at, ticket=ticket, caller=caller, failed=failed)
    if failed:
        cards.slow_down(db, call, at)
    return call


def is_slow(db: Session) -> bool:
    return known(db, CALLER, None, NOON).facts.slow


def test_two_failed_calls_in_a_row_lead_to_the_slow_lane(writing: Session):
    """The line wrote it, and the ticket says so."""
    rang(writing, NOON, failed=True)
    assert not is_slow(writing)

    second = rang(writing, NOON + timedelta(days=1), failed=True)
    assert is_slow(writing)
    card = cards.of_number(writing, CALLER)
    assert card is not None
    assert (None, 1) == (card.updated_by, card.version)
    assert "slow" in kinds(writing, second.ticket)


@pytest.mark.parametrize(
    "calls",
    [
        [{"failed": True}, {"failed": False}, {"failed": True}],
        [{"failed": True, "said": False}, {"failed": True, "said": False}],
        [{"failed": True, "caller": "+8613800000055"}, {"failed": True}],
        [{"failed": True, "caller": None}, {"failed": True, "caller": None}],
    ],
    ids=["one went well in between", "without a word", "two callers", "withheld"],
)
def test_these_callers_stay_in_the_ordinary_lane(writing: Session, calls: list[dict[str, object]]):
    for n, each in enumerate(calls):
        rang(writing, NOON + timedelta(hours=n), **each)
    assert not is_slow(writing)


def test_what_staff_decide_after_that_stands(writing: Session):
    """They took somebody out of the slow lane: the failures from before do not count again, new ones do."""
    staff = new_staff(writing, role="supervisor")
    rang(writing, NOON, failed=True)
    second = rang(writing, NOON + timedelta(hours=1), failed=True)
    change(writing, staff, second.ticket, 1, False, NOON + timedelta(hours=2), slow="")
    rang(writing, NOON + timedelta(hours=3), failed=True)
    assert not is_slow(writing)

    rang(writing, NOON + timedelta(hours=4), failed=True)
    assert is_slow(writing)


def test_a_number_is_forgotten_only_when_nothing_refers_to_it(writing: Session):
    for number in (CALLER, DAUGHTER):
        phones.keep(writing, number)
    new_ticket(writing)
    for phone in writing.scalars(select(Phone)).all():
        phones.forget(writing, phone)
    assert [CALLER] == list(writing.scalars(select(Phone.e164)))
