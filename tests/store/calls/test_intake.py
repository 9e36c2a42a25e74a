"""What calls make of tickets: opened at the first word, joined, and from then on only ever enriched."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.calls import intake
from ivr.store.calls.arriving import MAX_TOLD, CallerFacts, known
from ivr.store.facts import history as entries
from ivr.store.models import Call, CommunityRow, HistoryLine, Phone, Recording, Ticket
from ivr.store.tickets.history import note
from ivr.store.tickets.matters import JOINS_WITHIN
from tests.builders import CALLER, new_call, new_community, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
DUE = NOON + timedelta(hours=2)
HERE, THERE = "330206001001", "330206001002"


def arriving(db: Session) -> Call:
    """A call that has just begun."""
    return new_call(db, started_at=NOON, seconds=None)


def learn(db: Session, call: Call, *, adds_to: Ticket | None = None, due_at: datetime = DUE, **learned: object) -> None:
    intake.learn(db, call, learned, adds_to=adds_to and adds_to.id, due_at=due_at, now=NOON)
    db.flush()


def kinds(db: Session, ticket: Ticket | None) -> list[str]:
    assert ticket is not None
    return list(db.scalars(select(HistoryLine.kind).filter_by(ticket_id=ticket.id).order_by(HistoryLine.id)))


# --- what is known of a caller


def test_nothing_is_known_of_a_stranger(writing: Session):
    assert CallerFacts() == known(writing, CALLER, None, NOON).facts == known(writing, None, None, NOON).facts


def test_a_caller_is_known_by_the_last_ticket(writing: Session):
    """Its community, and the matter while it is open."""
    for code in (HERE, THERE):
        new_community(writing, code)
    new_ticket(writing, community=HERE, opened_at=NOON - timedelta(days=9), status="closed")
    last = new_ticket(writing, community=THERE, need="food", opened_at=NOON - timedelta(hours=1))
    found = known(writing, CALLER, None, NOON).facts
    assert (THERE, last.id, "food") == (found.community, found.open_ticket, found.need)


@pytest.mark.parametrize(
    ("fields", "standing", "due"),
    [
        ({}, "waiting", True),
        ({"attempts": 1, "last_attempt_at": NOON}, "tried", True),
        ({"status": "claimed"}, "claimed", True),
        ({"status": "claimed", "last_attempt_at": NOON}, "claimed", False),
        ({"talked_at": NOON}, "waiting", False),
        ({"status": "claimed", "on_the_way_at": NOON}, "on_the_way", True),
    ],
)
def test_what_became_of_an_open_matter_is_what_staff_did_last(
    writing: Session, fields: dict[str, Any], standing: str, due: bool
):
    """C22: a call back that was made is not promised again."""
    ticket = new_ticket(writing, opened_at=NOON - timedelta(hours=1), **fields)
    found = known(writing, CALLER, None, NOON).facts
    assert (standing, ticket.due_at if due else None) == (found.standing, found.due_at)


@pytest.mark.parametrize(
    ("entry", "age", "told"),
    [
        (entries.Resolved("药在门卫。"), timedelta(days=1), ("helped", "药在门卫")),
        (entries.Resolved("她记性不好", noted=True), timedelta(days=1), ("helped", "")),
        (entries.Resolved("很长" * MAX_TOLD), timedelta(days=1), ("helped", "")),
        (entries.Resolved("", "not_reached"), timedelta(days=1), ("not_reached", "")),
        (entries.Resolved("药在门卫"), timedelta(days=4), ("", "")),
    ],
)
def test_what_was_done_is_told_for_three_days(
    writing: Session, entry: entries.Resolved, age: timedelta, told: tuple[str, str]
):
    """C22: as far as somebody wrote it for the caller, and it can be listened to."""
    ticket = new_ticket(writing, status="resolved", opened_at=NOON - timedelta(days=5), resolved_at=NOON - age)
    note(writing, ticket, entry, NOON - age)
    writing.flush()
    found = known(writing, CALLER, None, NOON).facts
    assert (told, None) == ((found.standing, found.done), found.open_ticket)


def test_the_language_is_that_of_the_last_call(writing: Session):
    """C15."""
    for language, age in (("zh", 2), ("en", 1)):
        new_call(writing, language=language, started_at=NOON - timedelta(days=age))
    new_call(writing, caller="+8613800000002", language="zh", started_at=NOON)
    assert "en" == known(writing, CALLER, None, NOON).facts.language


def test_another_caller_is_known_by_their_own(writing: Session):
    new_ticket(writing, caller="+8613800000002", opened_at=NOON)
    assert CallerFacts() == known(writing, CALLER, None, NOON).facts


@pytest.mark.parametrize(
    ("status", "age", "open_"),
    [
        ("new", timedelta(hours=1), True),
        ("claimed", JOINS_WITHIN, True),
        ("new", JOINS_WITHIN + timedelta(seconds=1), False),
        ("resolved", timedelta(hours=1), False),
        ("closed", timedelta(hours=1), False),
    ],
)
def test_a_matter_is_open_for_three_days_or_until_it_is_done(
    writing: Session, status: str, age: timedelta, open_: bool
):
    """The community is remembered all the same."""
    ticket = new_ticket(writing, status=status, opened_at=NOON - age)
    facts = known(writing, CALLER, None, NOON).facts
    assert (ticket.id if open_ else None, HERE) == (facts.open_ticket, facts.community)


def test_a_ticket_for_a_parent_is_no_memory(writing: Session):
    """The caller lives where the ticket before it says."""
    new_ticket(writing, community=HERE, opened_at=NOON - timedelta(days=8), status="closed")
    new_ticket(writing, community=THERE, opened_at=NOON - timedelta(days=7), status="closed", for_another=True)
    assert HERE == known(writing, CALLER, None, NOON).facts.community


def test_a_community_that_was_retired_is_forgotten(writing: Session):
    new_ticket(writing, opened_at=NOON - timedelta(days=8), status="closed")
    writing.get_one(CommunityRow, HERE).retired_at = NOON
    assert None is known(writing, CALLER, None, NOON).facts.community


# --- how a ticket is made


@pytest.mark.parametrize("learned", [{}, {"language": "en"}, {"wants_person": False}])
def test_who_has_said_nothing_has_no_ticket(writing: Session, learned: dict[str, object]):
    call = arriving(writing)
    learn(writing, call, **learned)
    assert (None, 0) == (call.ticket, writing.scalar(select(func.count(Ticket.id))))


def test_the_first_word_opens_it(writing: Session):
    """From when the call began, with whom to call back."""
    call = arriving(writing)
    learn(writing, call, spoke=True)
    ticket = call.ticket
    assert ticket is not None
    assert (NOON, DUE, CALLER, "new", None) == (
        ticket.opened_at, ticket.due_at, ticket.caller and ticket.caller.e164, ticket.status, ticket.need
    )  # fmt: skip
    assert ["opened"] == kinds(writing, ticket)


def test_it_is_enriched_and_each_change_is_told(writing: Session):
    """Once, with what it was and what it is."""
    new_community(writing)
    call = arriving(writing)
    learn(writing, call, spoke=True, need="medicine")
    learn(writing, call, need="medicine", community=HERE)
    learn(writing, call, urgent=True, wants_person=True, talked=True, for_another=True)
    learn(writing, call, urgent=True, wants_person=True)

    ticket = call.ticket
    assert ticket is not None
    assert ("medicine", HERE, True, NOON, NOON, True) == (
        ticket.need, ticket.community_code, ticket.urgent, ticket.wants_person_at, ticket.talked_at, ticket.for_another
    )  # fmt: skip
    assert ["opened", "need", "community", "urgent", "wants_person", "talked"] == kinds(writing, ticket)
    told = writing.scalars(select(HistoryLine.detail).where(HistoryLine.kind == "community")).one()
    assert {"call": call.sid, "from": None, "to": HERE} == told


def test_a_ticket_speaks_the_language_the_caller_chose_last(writing: Session):
    """Whoever calls back should."""
    call = arriving(writing)
    learn(writing, call, spoke=True)
    learn(writing, call, language="en")
    assert call.ticket is not None
    assert "en" == call.ticket.language


def test_a_community_may_be_taken_back(writing: Session):
    """The caller pressed 2: staff must not trust it."""
    new_community(writing)
    call = arriving(writing)
    learn(writing, call, spoke=True, community=HERE)
    learn(writing, call, community=None)
    assert call.ticket is not None
    assert None is call.ticket.community_code


def test_what_was_said_stays_said(writing: Session):
    """Urgent is never taken back by a call, nor is the wish for a person."""
    call = arriving(writing)
    learn(writing, call, spoke=True, urgent=True, wants_person=True)
    learn(writing, call, urgent=False, wants_person=False)
    assert call.ticket is not None
    assert (True, NOON) == (call.ticket.urgent, call.ticket.wants_person_at)


def test_a_promise_is_only_ever_brought_forward(writing: Session):
    call = arriving(writing)
    for due_at in (DUE, DUE + timedelta(hours=2), DUE - timedelta(hours=1)):
        learn(writing, call, due_at=due_at, spoke=True)
    assert call.ticket is not None
    assert DUE - timedelta(hours=1) == call.ticket.due_at


def test_a_number_that_was_given_is_whom_to_call_back_until_it_is_taken_back(writing: Session):
    """A wrong one is erased: nobody else's telephone rings, and no stranger's number is kept."""
    call = new_call(writing, caller=None, started_at=NOON)
    learn(writing, call, spoke=True, callback="+8613800000002")
    assert call.ticket is not None
    assert call.ticket.caller is not None
    assert "+8613800000002" == call.ticket.caller.e164

    learn(writing, call, callback="")
    assert (None, 0) == (call.ticket.caller, writing.scalar(select(func.count()).where(Phone.e164 == "+8613800000002")))

    learn(writing, call, callback="+8613800000003")
    assert "+8613800000003" == call.ticket.caller.e164
    assert ["callback", "callback"] == [kind for kind in kinds(writing, call.ticket) if kind == "callback"]


# --- how a call joins one


def test_an_addition_joins_the_open_ticket(writing: Session):
    """Two calls, one ticket; its need stays."""
    ticket = new_ticket(writing, need="food", opened_at=NOON - timedelta(hours=1))
    call = arriving(writing)
    learn(writing, call, adds_to=ticket, spoke=True)
    assert (ticket, "food", ["opened", "call"]) == (call.ticket, ticket.need, kinds(writing, ticket))


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_an_addition_to_what_staff_finished_meanwhile_is_a_new_ticket(writing: Session, status: str):
    """Nobody looks at a finished one any more."""
    ticket = new_ticket(writing, opened_at=NOON - timedelta(hours=1))
    call = arriving(writing)
    ticket.status = status
    learn(writing, call, adds_to=ticket, spoke=True)
    assert call.ticket not in (None, ticket)


def test_another_matter_is_a_new_ticket(writing: Session):
    ticket = new_ticket(writing, opened_at=NOON - timedelta(hours=1))
    call = arriving(writing)
    learn(writing, call, spoke=True, need="transport")
    assert call.ticket not in (None, ticket)


def test_a_rescued_call_has_one_ticket(writing: Session):
    """Made when it is missing, left alone when it is there."""
    call = arriving(writing)
    assert intake.rescue(writing, call, DUE, NOON) is intake.rescue(writing, call, DUE, NOON) is call.ticket


# --- recordings


def test_a_recording_is_kept_once(app: App, writing: Session):
    """However often it is announced; its length when somebody says it; its fetching queued with it."""
    call = arriving(writing)
    learn(writing, call, spoke=True)
    intake.attach_recording(writing, app.later, call, "RE00000001", None, NOON)
    intake.attach_recording(writing, app.later, call, "RE00000001", 7, NOON + timedelta(hours=1))
    intake.attach_recording(writing, app.later, call, "RE00000001", 9, NOON)

    kept = writing.scalars(select(Recording)).one()
    assert (7, "expected", NOON, call.ticket) == (kept.seconds, kept.state, kept.announced_at, kept.ticket)
    assert ["opened", "message"] == kinds(writing, call.ticket)


def test_a_recording_of_a_call_without_a_ticket_waits_for_it(app: App, writing: Session):
    """The next time somebody speaks of it, it is put onto the ticket."""
    call = arriving(writing)
    intake.attach_recording(writing, app.later, call, "RE00000001", 7, NOON)
    early = writing.scalars(select(Recording)).one()
    assert None is early.ticket
    learn(writing, call, spoke=True)
    intake.attach_recording(writing, app.later, call, "RE00000001", 7, NOON)
    assert call.ticket is early.ticket
    assert ["opened", "message"] == kinds(writing, call.ticket)


def test_a_recording_that_is_absent_is_no_message(app: App, writing: Session):
    """Told once; one that we have is not taken away."""
    call = arriving(writing)
    learn(writing, call, spoke=True)
    intake.attach_recording(writing, app.later, call, "RE00000001", 0, NOON)
    recording = writing.scalars(select(Recording)).one()
    assert intake.has_message(writing, call.id)

    for _ in range(2):
        intake.mark_absent(writing, app.later, call, "RE00000001", NOON)
    assert ("missing", "absent", False) == (recording.state, recording.trouble, intake.has_message(writing, call.id))
    assert ["opened", "message", "audio_missing"] == kinds(writing, call.ticket)

    fetched = writing.get_one(Recording, intake.attach_recording(writing, app.later, call, "RE00000002", 5, NOON))
    fetched.state = "fetched"
    intake.mark_absent(writing, app.later, call, "RE00000002", NOON)
    assert ("fetched", True) == (fetched.state, intake.has_message(writing, call.id))


def test_nothing_is_queued_for_what_was_not_kept(app: App):
    """The job is in the transaction of its recording."""
    with app.sessions.begin() as db:
        intake.attach_recording(db, app.later, arriving(db), "RE00000001", 7, NOON)
        db.rollback()
    assert set() == app.later.unfinished("fetch_recording")
