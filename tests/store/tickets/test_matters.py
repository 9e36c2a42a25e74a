"""The calls of one number come together: the same matter in one ticket, another one apart and linked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.calls import intake, turns
from ivr.store.models import Call, Recording, Ticket
from ivr.store.session import Sessions
from ivr.store.tickets import drafts, matters
from ivr.store.tickets import work as tickets
from ivr.store.tickets.matters import JOINS_WITHIN
from tests.builders import new_call, new_community, new_recording, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
DUE = NOON + timedelta(hours=2)
HERE, THERE = "330206001001", "330206001002"


def arriving(db: Session, **fields: object) -> Call:
    """A call that has just begun, of a caller who may have an open ticket."""
    return new_call(db, **{"started_at": NOON, "seconds": None} | fields)


def learn(db: Session, call: Call, **learned: object) -> Ticket:
    intake.learn(db, call, {"spoke": True} | learned, adds_to=None, due_at=DUE, now=NOON)
    db.flush()
    assert call.ticket is not None
    return call.ticket


def open_ticket(db: Session, need: str | None = "medicine", hours_ago: float = 1, **fields: object) -> Ticket:
    """A matter of this caller that is open already, with the call that opened it."""
    at = NOON - timedelta(hours=hours_ago)
    ticket = new_ticket(db, need=need, opened_at=at, **fields)
    new_call(db, ticket=ticket, started_at=at)
    return ticket


def test_the_same_need_joins_though_nobody_said_so(writing: Session, told):
    ticket = open_ticket(writing)
    call = arriving(writing)

    assert ticket is learn(writing, call, need="medicine")
    assert [("call", {"call": call.sid})] == told(writing, ticket)


def test_another_need_is_another_ticket_linked_to_the_open_one(writing: Session):
    ticket = open_ticket(writing)
    other = learn(writing, arriving(writing), need="food")

    assert (True, "food", ticket.id) == (other is not ticket, other.need, other.linked_to_id)


def test_of_several_open_matters_the_same_need_is_joined(writing: Session):
    food, medicine = open_ticket(writing, "food", hours_ago=5), open_ticket(writing, "medicine")

    assert food is learn(writing, arriving(writing), need="food")
    assert medicine is not food


@pytest.mark.parametrize(
    "fields",
    [
        {"hours_ago": JOINS_WITHIN / timedelta(hours=1) + 0.01},
        {"status": "resolved"},
        {"status": "closed"},
        {"caller": "+8613800000002"},
        {"caller": None},
        {"test": True},
    ],
)
def test_nothing_else_is_joined(writing: Session, fields: dict[str, object]):
    """Too long ago, done, another caller's, a test."""
    ticket = open_ticket(writing, **fields)

    assert ticket is not learn(writing, arriving(writing), need="medicine")


def test_a_withheld_number_joins_nothing(writing: Session):
    """Two callers without a number are not one caller."""
    ticket = open_ticket(writing, caller=None)

    assert ticket is not learn(writing, arriving(writing, caller=None), need="medicine")


def test_a_ticket_opened_before_its_need_was_known_is_folded_into_the_open_one(writing: Session, told):
    """The call, its recording and what staff did meanwhile go there; the caller is told that number."""
    ticket = open_ticket(writing, urgent=False)
    call = arriving(writing)
    own = learn(writing, call, urgent=True)
    assert (True, ticket.id) == (own is not ticket, own.linked_to_id)
    recording = new_recording(writing, call)
    volunteer = new_staff(writing)
    tickets.claim(writing, volunteer, own.id, NOON)
    drafts.save(writing, volunteer, own.id, "note", "ring at six", NOON)

    assert ticket is learn(writing, call, need="medicine")
    assert (ticket.id, "closed", None, []) == (own.merged_into_id, own.status, own.claimed_by, own.calls)
    assert (ticket, True, "claimed", volunteer) == (
        recording.ticket, ticket.urgent, ticket.status, ticket.claimed_by
    )  # fmt: skip
    assert {"note": "ring at six"} == drafts.of(writing, volunteer, ticket.id)
    assert ("absorbed", {"absorbed": [own.id], "call": call.sid}) == told(writing, ticket)[-1]
    assert ("merged", {"into": ticket.id}) == told(writing, own)[-1]


def test_an_open_ticket_keeps_its_holder(writing: Session):
    holder, other = new_staff(writing), new_staff(writing, "李四")
    open_ticket(writing, claimed_by=holder)
    call = arriving(writing)
    tickets.claim(writing, other, learn(writing, call).id, NOON)

    assert holder is learn(writing, call, need="medicine").claimed_by


def test_an_addition_finds_what_its_ticket_was_merged_into(writing: Session):
    ticket = open_ticket(writing)
    gone = new_ticket(writing, status="closed", merged_into_id=ticket.id)
    call = arriving(writing)
    intake.learn(writing, call, {"spoke": True}, adds_to=gone.id, due_at=DUE, now=NOON)

    assert ticket is call.ticket


@pytest.mark.parametrize("said", [{"community": THERE}, {"for_another": True}])
def test_the_same_need_of_somebody_who_lives_elsewhere_stands_apart_again(
    writing: Session, told, said: dict[str, object]
):
    """A daughter rings for herself, then for her mother: two tickets, and the first one stays what it was."""
    new_community(writing, THERE)
    ticket = open_ticket(writing)
    call = arriving(writing)
    learn(writing, call, need="medicine")
    recording = new_recording(writing, call)
    apart = learn(writing, call, **said)

    assert (HERE, 1) == (ticket.community_code, len(ticket.calls))
    assert (True, "medicine", ticket.id, said.get("community"), apart) == (
        apart is not ticket, apart.need, apart.linked_to_id, apart.community_code, recording.ticket
    )  # fmt: skip
    assert ("split", {"call": call.sid, "to": apart.id}) == told(writing, ticket)[-1]


def test_the_same_community_said_again_changes_nothing(writing: Session):
    ticket = open_ticket(writing)
    call = arriving(writing)
    learn(writing, call, need="medicine")

    assert ticket is learn(writing, call, community=HERE)


def test_the_third_call_within_a_day_is_raised_once(writing: Session, told):
    ticket = open_ticket(writing, hours_ago=20)
    learn(writing, arriving(writing), need="medicine")
    assert ticket.raised_at is None
    for _ in range(2):
        learn(writing, arriving(writing), need="medicine")

    assert NOON == ticket.raised_at
    assert ["call", "call", "raised", "call"] == [kind for kind, _ in told(writing, ticket)]


def test_calls_of_other_days_do_not_press(writing: Session):
    ticket = open_ticket(writing, hours_ago=30)
    for _ in range(2):
        learn(writing, arriving(writing), need="medicine")

    assert ticket.raised_at is None


def at_once(sessions: Sessions, work: list[Callable[[Session], object]]) -> None:
    """Each in a transaction of its own, all at the same moment."""
    ready = Barrier(len(work), timeout=60)

    def do(each: Callable[[Session], object]) -> None:
        ready.wait()
        with sessions.begin() as db:
            each(db)

    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(do, work))


@pytest.mark.parametrize("spoke_before", [False, True])
def test_calls_of_one_number_that_ask_at_once_share_a_ticket(sessions: Sessions, spoke_before: bool):
    """Whether or not each had opened one of its own; nobody waits in a circle."""
    with sessions.begin() as db:
        arrived = [arriving(db) for _ in range(4)]
        if spoke_before:
            for call in arrived:
                learn(db, call)
        sids = [call.sid for call in arrived]

    def ask(sid: str) -> Callable[[Session], object]:
        return lambda db: learn(db, turns.lock(db, sid), need="medicine")

    at_once(sessions, [ask(sid) for sid in sids])
    with sessions.read() as db:
        (ticket,) = db.scalars(select(Ticket).where(Ticket.merged_into_id.is_(None)))
        assert (4, True) == (len(ticket.calls), ticket.raised_at is not None)


def test_a_message_that_arrives_while_its_ticket_is_folded_goes_with_it(app, sessions: Sessions):
    """The call that is moved and its recording are told of by two requests at once."""
    with sessions.begin() as db:
        open_ticket(db)
        call = arriving(db)
        learn(db, call)
        sid = call.sid

    def hear(db: Session) -> None:
        intake.attach_recording(db, app.later, turns.lock(db, sid), "RE1", 7, NOON)

    at_once(sessions, [lambda db: learn(db, turns.lock(db, sid), need="medicine"), hear])
    with sessions.read() as db:
        recording = db.scalars(select(Recording)).one()
        assert recording.ticket is recording.call.ticket
        assert recording.ticket.merged_into_id is None


def test_what_is_merged_twice_is_one_step_away(writing: Session):
    """1002 into 1001, then 1001 into 1003: both lead to 1003."""
    first, second, third = (open_ticket(writing) for _ in range(3))
    matters.merge(writing, second, first, NOON)
    matters.merge(writing, first, third, NOON)

    assert [third.id, third.id] == [first.merged_into_id, second.merged_into_id]
    assert 3 == len(third.calls)
