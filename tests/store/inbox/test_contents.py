"""The inbox: what waits for whom, in which order, how many, and when it has changed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.recent import Recent
from ivr.store.inbox import contents as inbox
from ivr.store.inbox import filters, hung_up, news
from ivr.store.inbox.filters import Filter
from ivr.store.inbox.views import Reading, views_for
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.session import Sessions
from ivr.store.tickets import correcting
from tests.builders import CALLER, new_call, new_community, new_recording, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
MIDNIGHT = NOON - timedelta(hours=12)


def look(db: Session, staff: Staff, view: str = "next", after: int | None = None, **narrowed) -> inbox.Contents:
    return inbox.contents(db, Reading(staff, view, Filter(**narrowed), NOON, MIDNIGHT), after)


def ids(db: Session, staff: Staff, view: str = "next", **narrowed) -> list[int]:
    return [row[0] for row in look(db, staff, view, **narrowed).rows]


def test_what_to_do_next_is_what_is_mine_or_nobodys_and_most_pressing_first(writing: Session):
    me, other = new_staff(writing), new_staff(writing, name="李四")
    fresh = new_ticket(writing, opened_at=NOON)
    mine = new_ticket(writing, opened_at=NOON - timedelta(hours=1), claimed_by=me)
    late = new_ticket(writing, opened_at=NOON - timedelta(hours=9))
    urgent = new_ticket(writing, opened_at=NOON, urgent=True)
    mine_urgent = new_ticket(writing, opened_at=NOON - timedelta(hours=1), urgent=True, claimed_by=me)
    new_ticket(writing, claimed_by=other, urgent=True)
    new_ticket(writing, status="resolved", resolved_at=NOON)

    assert [mine_urgent.id, urgent.id, late.id, mine.id, fresh.id] == ids(writing, me)


def test_sorted_by_a_column_urgent_ones_stand_among_the_others_page_after_page(
    writing: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(inbox, "PAGE_TICKETS", 2)
    monkeypatch.setattr(inbox, "_built", Recent(100))  # no question of this length is kept for others
    supervisor = new_staff(writing, role="supervisor")
    made = [new_ticket(writing, opened_at=NOON - timedelta(hours=h), urgent=h == 2) for h in (1, 5, 2, 4, 3)]
    oldest = [ticket.id for ticket in sorted(made, key=lambda each: each.opened_at)]

    def through(order: str, *, falling: bool) -> list[int]:
        found, after = [], None
        while True:
            reading = Reading(supervisor, "all", Filter(), NOON, MIDNIGHT, order, falling)
            page = inbox.contents(writing, reading, after)
            found, after = [*found, *(row.id for row in page.rows)], page.more
            if after is None:
                return found

    assert oldest == through("opened", falling=False)
    assert oldest[::-1] == through("opened", falling=True)
    assert oldest == through("due", falling=False)
    assert [made[2].id, *(each for each in oldest if each != made[2].id)] == through("", falling=False)


def test_each_view_shows_what_its_name_says(writing: Session):
    """And what was merged into another ticket is in none."""
    supervisor, other = new_staff(writing, role="supervisor"), new_staff(writing, name="李四")
    plain = new_ticket(writing, opened_at=NOON)
    urgent = new_ticket(writing, opened_at=NOON, urgent=True)
    late = new_ticket(writing, opened_at=NOON - timedelta(hours=9), claimed_by=other)
    mine = new_ticket(writing, opened_at=NOON, claimed_by=supervisor)
    asks = new_ticket(writing, opened_at=NOON, wants_person_at=NOON, community=None)
    new_ticket(writing, opened_at=NOON, wants_person_at=NOON, talked_at=NOON, claimed_by=other)
    silent = new_ticket(writing, opened_at=NOON, claimed_by=other)
    new_recording(writing, new_call(writing, ticket=silent), state="missing")
    raised = new_ticket(writing, opened_at=NOON, raised_at=NOON, claimed_by=other)
    done = new_ticket(writing, status="resolved", resolved_at=NOON, claimed_by=other)
    closed = new_ticket(writing, status="closed", resolved_at=NOON - timedelta(hours=1))
    new_ticket(writing, status="resolved", resolved_at=MIDNIGHT - timedelta(seconds=1))
    for status in ("new", "claimed", "closed"):
        new_ticket(writing, status=status, urgent=True, raised_at=NOON, resolved_at=NOON, merged_into_id=plain.id)

    expected = {
        "next": [urgent, plain, mine, asks],
        "urgent": [urgent],
        "overdue": [late],
        "mine": [mine],
        "nobodys": [urgent, plain, asks],
        "person": [asks],
        "silent": [silent],
        "raised": [raised],
        "done": [done, closed],
    }
    counts = look(writing, supervisor).counts
    for view, shown in expected.items():
        assert [ticket.id for ticket in shown] == ids(writing, supervisor, view), view
        assert len(shown) == counts[view], view
    assert 8 == counts["all"] == len(ids(writing, supervisor, "all"))
    assert 0 == counts["hung_up"]


@pytest.mark.parametrize(
    ("role", "communities", "views"),
    [
        ("volunteer", [], "next urgent overdue mine nobodys person hung_up silent all done"),
        ("volunteer", [HERE], "next urgent overdue mine nobodys communities person silent all done"),
        ("officer", [HERE], "next urgent overdue mine nobodys communities person silent done"),
        ("supervisor", [], "next urgent overdue mine nobodys person hung_up silent raised all done"),
    ],
)
def test_each_person_has_the_views_that_can_hold_something(writing: Session, role: str, communities, views: str):
    staff = new_staff(writing, role=role, communities=communities)

    assert views.split() == views_for(staff) == list(look(writing, staff).counts)


def test_the_inbox_ends_where_the_readers_communities_end(writing: Session):
    officer = new_staff(writing, role="officer", communities=[HERE])
    helper = new_staff(writing, name="李四", communities=[HERE])
    here = new_ticket(writing, community=HERE)
    new_ticket(writing, community=None)
    elsewhere = new_ticket(writing, community=THERE, claimed_by=helper)

    assert [here.id] == ids(writing, officer) == ids(writing, officer, "communities")
    assert [here.id] == ids(writing, helper, "communities")
    assert {here.id, elsewhere.id} == set(ids(writing, helper, "all")) == set(ids(writing, helper))


@pytest.mark.parametrize("view", ["next", "overdue", "done", "all"])
def test_a_long_view_goes_on_page_by_page(writing: Session, monkeypatch: pytest.MonkeyPatch, view: str):
    """Every ticket once and in order, urgent ones and the others, also when several are due at the same moment."""
    monkeypatch.setattr(inbox, "PAGE_TICKETS", 2)
    monkeypatch.setattr(inbox, "_built", Recent(100))  # no question of this length is kept for others
    supervisor = new_staff(writing, role="supervisor")
    for n in range(7):
        opened = NOON - timedelta(hours=9 + n // 2)
        status = {"status": "resolved", "resolved_at": opened + timedelta(hours=4)} if view == "done" else {}
        new_ticket(writing, opened_at=opened, urgent=n % 3 == 0, **status)
    every = {ticket.id: ticket for ticket in writing.query(Ticket)}

    found, after = [], None
    while not found or after:
        page = look(writing, supervisor, view, after)
        assert len(page.rows) <= 2
        found += [row[0] for row in page.rows]
        after = page.more
    order = {
        "done": lambda each: (-each.resolved_at.timestamp(), -each.id),
        "overdue": lambda each: (each.due_at, each.id),
    }.get(view, lambda each: (not each.urgent, each.due_at, each.id))
    assert [ticket.id for ticket in sorted(every.values(), key=order)] == found


def test_a_page_after_a_ticket_that_is_not_there_is_the_first(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    new_ticket(writing)

    assert look(writing, supervisor).rows == look(writing, supervisor, after=2**31 - 1).rows


def test_nobody_counts_further_than_ninety_nine(writing: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inbox, "MAX_COUNTED", 2)
    me = new_staff(writing)
    for _ in range(2):
        new_ticket(writing)
        new_ticket(writing, claimed_by=me)

    assert (2, 2) == (look(writing, me).counts["next"], look(writing, me).counts["all"])


def test_a_filter_narrows_rows_and_counts_and_stays(sessions: Sessions):
    with sessions.begin() as db:
        me = new_staff(db)
        new_community(db, THERE, "高塘社区", "小港街道")
        wanted = new_ticket(db, need="food", community=THERE, language="en", urgent=True)
        new_ticket(db)
        for narrowed in (
            {"need": "food"},
            {"community": THERE},
            {"street": "小港街道"},
            {"language": "en"},
            {"urgent": True},
        ):
            assert [wanted.id] == ids(db, me, **narrowed), narrowed
            assert 1 == look(db, me, **narrowed).counts["all"], narrowed
        assert [] == ids(db, me, need="food", street="新碶街道")
        assert Filter() == filters.chosen(db, me)
        filters.choose(db, me, Filter(need="food", urgent=True))
    with sessions.begin() as db:
        assert Filter(need="food", urgent=True) == filters.chosen(db, me)
        filters.choose(db, me, Filter())
    with sessions.begin() as db:
        assert not filters.chosen(db, me)


def test_who_hung_up_before_a_word_is_one_row_a_caller(writing: Session):
    """Not while they are on the line, not when they rang again and left word, not after two days."""
    me = new_staff(writing)
    early, late = NOON - timedelta(hours=3), NOON - timedelta(hours=1)
    for started in (early, late):
        new_call(writing, started_at=started, outcome="hung_up")
        new_call(writing, caller=None, started_at=started, outcome="hung_up")
    new_call(writing, caller="+8613900000002", started_at=late, seconds=None)
    new_call(writing, caller="+8613900000003", started_at=NOON - timedelta(days=3), outcome="hung_up")
    new_call(writing, caller="+8613900000004", started_at=early, outcome="hung_up")
    new_ticket(writing, caller="+8613900000004", opened_at=late)

    reading = Reading(me, "hung_up", Filter(), NOON, MIDNIGHT)
    rows = hung_up.callers(writing, reading)
    known = writing.query(Ticket).one().caller_id
    assert [(late, 1), (late, 2), (early, 1)] == sorted(
        ((row.last_at, row.times) for row in rows), key=lambda row: (-row[0].timestamp(), row[1])
    )
    assert known not in {row.caller_id for row in rows}
    assert 3 == inbox.contents(writing, reading).counts["hung_up"]


def test_what_is_seen_is_equal_until_it_changes(writing: Session):
    """A ticket that comes, a history line and a ticket that leaves are news; what happens elsewhere is not."""
    officer = new_staff(writing, role="officer", communities=[HERE])
    supervisor = new_staff(writing, name="李四", role="supervisor")
    new_community(writing, THERE)
    seen = [look(writing, officer)]

    def is_news() -> bool:
        seen.append(look(writing, officer))
        return seen[-1] != seen[-2]

    assert not is_news()
    elsewhere = new_ticket(writing, community=THERE)
    assert not is_news()
    here = new_ticket(writing, community=HERE)
    assert is_news()
    assert here.id == seen[-1].newest
    writing.add(HistoryLine(ticket_id=here.id, at=NOON, kind="audio"))
    writing.flush()
    assert is_news()
    writing.add(HistoryLine(ticket_id=elsewhere.id, at=NOON, kind="audio"))
    writing.flush()
    assert not is_news()
    correcting.correct_community(writing, supervisor, here.id, THERE, NOON)
    assert is_news(), "it left"
    correcting.correct_community(writing, supervisor, elsewhere.id, HERE, NOON)
    assert is_news(), "it came"


def test_whatever_happens_anywhere_is_something_new(writing: Session):
    ticket = new_ticket(writing)
    seen = [news.anything_new(writing)]
    writing.add(HistoryLine(ticket_id=ticket.id, at=NOON, kind="audio", id=1000))
    writing.flush()
    seen.append(news.anything_new(writing))
    writing.add(HistoryLine(ticket_id=ticket.id, at=NOON, kind="audio", id=999))  # it was begun before, and came after
    writing.flush()
    seen.append(news.anything_new(writing))
    new_call(writing, caller=CALLER, outcome="hung_up")
    seen.append(news.anything_new(writing))

    assert 4 == len(set(seen))
