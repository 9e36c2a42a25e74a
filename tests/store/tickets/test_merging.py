"""What staff merge and split: with what, by whom, and while callers go on ringing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.calls import intake, turns
from ivr.store.models import HistoryLine, Ticket
from ivr.store.models.ticket import NUMBERS
from ivr.store.session import Sessions
from ivr.store.tickets import history, merging, work
from ivr.store.tickets.verbs import BadValue, Changed, Merged, NotOpen
from tests.builders import new_call, new_recording, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def with_calls(db: Session, number: int = 1, **fields: object) -> Ticket:
    ticket = new_ticket(db, **fields)
    for _ in range(number):
        new_recording(db, new_call(db, ticket=ticket))
    return ticket


def test_two_tickets_of_one_matter_become_one(writing: Session, told):
    """With all calls and recordings; the history of both is read in one."""
    volunteer = new_staff(writing)
    ticket = with_calls(writing, claimed_by=volunteer)
    into = with_calls(writing, claimed_by=volunteer, need=None, community=None)
    work.note(writing, volunteer, ticket.id, "insulin", NOON)

    assert into is merging.merge(writing, volunteer, ticket.id, into.number, NOON)
    assert (2, 2, "medicine", HERE) == (len(into.calls), len(into.recordings), into.need, into.community_code)
    assert ("closed", into.id, []) == (ticket.status, ticket.merged_into_id, ticket.calls)
    assert ["opened", "opened", "note", "merged", "absorbed"] == [line.kind for line in history.of(writing, into)]


@pytest.mark.parametrize("number", ["", "0", "100", "1999", "99999999999", "１００１", "abc", "-1001"])
def test_a_number_that_nobody_has_merges_nothing(writing: Session, number: str):
    supervisor, ticket = new_staff(writing, role="supervisor"), with_calls(writing)

    with pytest.raises(BadValue) as refused:
        merging.merge(writing, supervisor, ticket.id, number, NOON)
    assert ("number", None) == (refused.value.field, ticket.merged_into_id)


def test_a_ticket_is_not_merged_into_itself_or_into_what_is_done(writing: Session):
    supervisor, ticket = new_staff(writing, role="supervisor"), with_calls(writing)
    done = with_calls(writing, status="resolved")
    for number in (ticket.number, done.number):
        with pytest.raises(BadValue):
            merging.merge(writing, supervisor, ticket.id, number, NOON)
    with pytest.raises(NotOpen):
        merging.merge(writing, supervisor, done.id, ticket.number, NOON)


@pytest.mark.parametrize("caller", ["+8613800000002", None])
def test_another_callers_ticket_needs_a_word_more(writing: Session, caller: str | None):
    supervisor, ticket = new_staff(writing, role="supervisor"), with_calls(writing)
    into = with_calls(writing, caller=caller)

    with pytest.raises(merging.OtherCaller):
        merging.merge(writing, supervisor, ticket.id, into.number, NOON)
    assert into is merging.merge(writing, supervisor, ticket.id, into.number, NOON, sure=True)


def test_nobody_merges_what_they_may_not_handle(writing: Session):
    """A volunteer: both must be theirs. An officer: another community's ticket has no number for them."""
    volunteer, officer = new_staff(writing), new_staff(writing, "officer", "officer", [HERE])
    mine, anothers = with_calls(writing, claimed_by=volunteer), with_calls(writing)
    there = with_calls(writing, community=THERE)

    with pytest.raises(rules.Forbidden):
        merging.merge(writing, volunteer, mine.id, anothers.number, NOON)
    with pytest.raises(rules.Forbidden):
        merging.merge(writing, volunteer, anothers.id, mine.number, NOON)
    with pytest.raises(BadValue):
        merging.merge(writing, officer, mine.id, there.number, NOON)


def test_a_number_that_was_given_out_again_means_the_newest(writing: Session):
    """After 99,999 numbers begin anew."""
    supervisor, old = new_staff(writing, role="supervisor"), with_calls(writing)
    new = new_ticket(writing, id=old.id + NUMBERS)

    assert old.number == new.number
    assert new is merging.by_number(writing, supervisor, old.number)


def test_a_call_about_something_else_gets_a_ticket_of_its_own(writing: Session, told):
    """With its recordings, linked, in the hands of whoever split it off."""
    volunteer = new_staff(writing)
    ticket = with_calls(writing, 2, claimed_by=volunteer)
    call = ticket.calls[1]
    apart = merging.split(writing, volunteer, ticket.id, call.id, NOON)

    assert (ticket.id, "claimed", volunteer, call.started_at) == (
        apart.linked_to_id, apart.status, apart.claimed_by, apart.opened_at
    )  # fmt: skip
    assert ([call], call.recordings, 1, 1) == (
        apart.calls, apart.recordings, len(ticket.calls), len(ticket.recordings)
    )  # fmt: skip
    assert ("split", {"call": call.sid, "to": apart.id}) == told(writing, ticket)[-1]


def test_the_only_call_and_anothers_call_stay_where_they_are(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    one, other = with_calls(writing), with_calls(writing, 2)
    for call in (one.calls[0], other.calls[0]):
        with pytest.raises(BadValue):
            merging.split(writing, supervisor, one.id, call.id, NOON)


def test_the_callers_other_tickets(writing: Session):
    """Those the reader may see, open ones first; and the one it is linked to, whoever rang."""
    supervisor, officer = new_staff(writing, role="supervisor"), new_staff(writing, "officer", "officer", [HERE])
    linked = new_ticket(writing, caller=None)
    done = new_ticket(writing, status="resolved")
    there = new_ticket(writing, community=THERE, opened_at=NOON)
    ticket = new_ticket(writing, linked_to_id=linked.id)
    new_ticket(writing, merged_into_id=ticket.id, status="closed")
    new_ticket(writing, caller="+8613800000002")

    assert {linked, there} == set(merging.others_of_caller(writing, supervisor, ticket)[:2])
    assert done is merging.others_of_caller(writing, supervisor, ticket)[2]
    assert [linked, done] == list(merging.others_of_caller(writing, officer, ticket))
    assert [] == list(merging.others_of_caller(writing, supervisor, new_ticket(writing, caller=None)))


def test_merging_back_and_forth_at_once_ends_in_one_ticket(sessions: Sessions):
    """Two people press at the same moment, each the other way round, while both callers ring and are recorded."""
    with sessions.begin() as db:
        supervisor = new_staff(db, role="supervisor")
        one, two = with_calls(db), with_calls(db)
        sids = [one.calls[0].sid, two.calls[0].sid]
    ready = Barrier(4, timeout=60)

    def merge(ticket: Ticket, into: Ticket) -> str:
        ready.wait()
        try:
            with sessions.begin() as db:
                merging.merge(db, supervisor, ticket.id, into.number, NOON)
            return "merged"
        except (Merged, BadValue, Changed, NotOpen):
            return "told"

    def ring(sid: str, other: str) -> str:
        ready.wait()
        with sessions.begin() as db:
            intake.learn(db, turns.lock(db, sid), {"urgent": True}, adds_to=None, due_at=NOON, now=NOON)
        return other

    with ThreadPoolExecutor(4) as pool:
        presses = [pool.submit(merge, one, two), pool.submit(merge, two, one)]
        rings = [pool.submit(ring, sid, "rang") for sid in sids]
        ends = sorted(each.result() for each in presses)
        assert ["rang", "rang"] == [each.result() for each in rings]

    assert ["merged", "told"] == ends
    with sessions.read() as db:
        (left,) = db.scalars(select(Ticket).where(Ticket.merged_into_id.is_(None)))
        assert (2, 2, True) == (len(left.calls), len(left.recordings), left.urgent)
        assert 1 == len(db.scalars(select(HistoryLine).where(HistoryLine.kind == "merged")).all())


def test_many_calls_join_while_staff_merge(sessions: Sessions):
    """Whatever the order: every call is on a ticket that is there, and no one waits in a circle."""
    with sessions.begin() as db:
        supervisor = new_staff(db, role="supervisor")
        one, two = with_calls(db, need="medicine", opened_at=NOON), with_calls(db, need="food", opened_at=NOON)
        sids = [new_call(db, started_at=NOON).sid for _ in range(6)]
    ready = Barrier(7, timeout=60)

    def join(sid: str) -> None:
        ready.wait()
        with sessions.begin() as db:
            call = turns.lock(db, sid)
            later = NOON + timedelta(minutes=1)
            intake.learn(db, call, {"spoke": True}, adds_to=two.id, due_at=NOON, now=later)

    def merge() -> None:
        ready.wait()
        while True:
            try:
                with sessions.begin() as db:
                    merging.merge(db, supervisor, two.id, one.number, NOON)
                return
            except Changed:
                continue

    with ThreadPoolExecutor(7) as pool:
        for done in [pool.submit(merge), *(pool.submit(join, sid) for sid in sids)]:
            done.result()
    with sessions.read() as db:
        (left,) = db.scalars(select(Ticket).where(Ticket.merged_into_id.is_(None)))
        assert (one.id, 8) == (left.id, len(left.calls))
