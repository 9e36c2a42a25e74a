"""The call log: every call in order, page by page, with the same few queries."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.calls import log
from ivr.store.calls.log import Filter
from ivr.store.session import Sessions
from tests.asked import asked
from tests.builders import new_call, new_recording, new_staff, new_ticket, new_turn

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_every_call_is_on_exactly_one_page(writing: Session):
    """Newest first; calls that began in the same instant are not lost between two pages."""
    supervisor = new_staff(writing, role="supervisor")
    calls = [new_call(writing, started_at=NOON + timedelta(seconds=n // 3)) for n in range(10)]
    seen, before = [], None
    while True:
        page, before = log.page(writing, supervisor, Filter(), before, limit=3)
        seen += [call.id for call in page]
        if before is None:
            break

    assert [call.id for call in reversed(calls)] == seen


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), {"food", "silent", "test", "now"}),
        (Filter(since=NOON), {"food", "silent", "now"}),
        (Filter(until=NOON), {"test"}),
        (Filter(outcome="hung_up"), {"silent"}),
        (Filter(outcome="going_on"), {"now"}),
        (Filter(need="food"), {"food"}),
        (Filter(community="330206001001"), {"food"}),
        (Filter(language="en"), {"test"}),
        (Filter(test=True), {"test"}),
        (Filter(test=False, outcome="message"), {"food"}),
        (Filter(need="' OR 1=1--"), set()),
    ],
)
def test_each_filter_narrows_the_log(writing: Session, wanted: Filter, found: set[str]):
    supervisor = new_staff(writing, role="supervisor")
    calls = {
        "food": new_call(writing, started_at=NOON, ticket=new_ticket(writing, need="food")),
        "silent": new_call(writing, started_at=NOON, seconds=2, outcome="hung_up"),
        "test": new_call(writing, started_at=NOON - timedelta(seconds=1), test=True, language="en"),
        "now": new_call(writing, started_at=NOON, seconds=None),
    }
    page, _ = log.page(writing, supervisor, wanted)

    assert found == {name for name, call in calls.items() if call in page}
    assert len(found) == sum(log.counts(writing, supervisor, wanted).values())


def test_an_admin_counts_all_calls_and_reads_none(writing: Session):
    admin = new_staff(writing, role="admin")
    new_call(writing)
    new_call(writing)
    new_call(writing, seconds=None)

    assert ([], None) == log.page(writing, admin, Filter())
    assert {"message": 2, "going_on": 1} == log.counts(writing, admin, Filter())


def test_a_volunteer_counts_their_own(writing: Session):
    volunteer = new_staff(writing)
    new_call(writing)
    new_call(writing, ticket=new_ticket(writing, claimed_by=volunteer))

    assert {"message": 1} == log.counts(writing, volunteer, Filter())


@pytest.mark.parametrize("number", [2, 20])
def test_the_queries_of_a_page_do_not_grow_with_its_calls(sessions: Sessions, number: int):
    with sessions.begin() as db:
        supervisor = new_staff(db, role="supervisor")
        for _ in range(number):
            call = new_call(db, ticket=new_ticket(db))
            new_turn(db, call)
            new_recording(db, call)

    with asked(sessions.engine) as said, sessions.read() as db:
        calls, _ = log.page(db, supervisor, Filter())
        read = [(c.caller.e164, c.ticket.community.name, c.turns[0].asked, c.recordings[0].sid) for c in calls]

    assert number == len(read)
    assert 3 == len([query for query in said if query.startswith("SELECT")]), "\n".join(said)
    assert not any("turns.reply" in query for query in said), "the documents we answered with are not read"
