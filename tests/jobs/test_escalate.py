"""With the clock put forward and nobody at the desk: who is told by when, and once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.escalate import escalate
from ivr.jobs.send_notice import send_notice
from ivr.store.models import Channel, HistoryLine, Notice, Staff, Ticket
from ivr.store.notices import delivery
from ivr.store.notices.delivery import LEASE
from ivr.store.tickets import work
from tests.builders import new_call, new_channel, new_community, new_notice, new_rule, new_staff, new_ticket

NIGHT = datetime(2026, 3, 1, 19, tzinfo=UTC)  # three in the morning in the hotline's zone
THERE = "330206002001"
At = Callable[[float], None]


@pytest.fixture
def at() -> Iterator[At]:
    """``at(10)``: ten minutes past three."""
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield lambda minutes: clock.move_to(NIGHT + timedelta(minutes=minutes))


@pytest.fixture
def night(app: App, at: At) -> tuple[Ticket, Staff]:
    """An urgent ticket of three o'clock, and whoever may claim it. The group is told first, then the supervisor."""
    with app.sessions.begin() as db:
        group, supervisor = new_channel(db, "值班群"), new_channel(db, "主管", "sms")
        new_rule(db, group, urgent_only=True, second_id=supervisor.id, second_after_min=10)
        ticket = new_ticket(db, opened_at=NIGHT, urgent=True, due_at=NIGHT + timedelta(minutes=15))
        new_call(db, ticket=ticket, started_at=NIGHT, seconds=60)
        return ticket, new_staff(db)


def told(app: App) -> list[tuple[str, int, str]]:
    """Event, step and channel of every notice there is."""
    with app.sessions.read() as db:
        return [(each.event, each.step, each.channel.name) for each in db.scalars(select(Notice).order_by(Notice.id))]


def test_nobody_claims_an_urgent_ticket_and_the_second_step_is_told_after_ten_minutes(app: App, at: At, night):
    """F24: However often the worker looks, each is told once, and each has its job."""
    for minutes, expected in ((0, 1), (5, 1), (9.9, 1), (10, 2), (10.5, 2), (500, 2)):
        at(minutes)
        escalate(app)
        escalate(app)
        assert expected == len(told(app)), minutes
    assert [("urgent", 1, "值班群"), ("urgent", 2, "主管")] == told(app)
    with app.sessions.read() as db:
        ids = set(db.scalars(select(Notice.id)))
    assert {(each, 0) for each in ids} <= app.later.unfinished("send_notice")


def test_one_that_is_claimed_after_nine_minutes_reaches_nobody_else(app: App, at: At, night):
    ticket, volunteer = night
    escalate(app)
    at(9)
    with app.sessions.begin() as db:
        work.claim(db, db.get_one(Staff, volunteer.id), ticket.id, datetime.now(UTC))
    at(10)
    escalate(app)
    assert [("urgent", 1, "值班群")] == told(app)


def test_all_that_two_rules_ask_for_is_told_once_each(app: App, at: At, night):
    """Both want the group told (O8): the second channel of each is tried when the group's robot is gone."""
    with app.sessions.begin() as db:
        group = db.scalars(select(Channel).where(Channel.name == "值班群")).one()
        new_rule(db, group)
        new_rule(db, group, second_id=new_channel(db, "书记", "sms").id, second_after_min=30)
        new_rule(db, group, second_id=new_channel(db, "主管2", "sms").id, second_after_min=30)
    escalate(app)
    assert [("urgent", 1, "值班群")] == told(app)

    with app.sessions.begin() as db:
        for tries in range(2):
            db.get_one(Notice, 1).tries = tries + 1
            delivery.not_sent(
                db,
                app.later,
                app.settings.zone,
                1,
                NIGHT,
                trouble="rejected",
                answer="",
                in_doubt=False,
                for_people=True,
            )
    everybody = {("urgent", 1, name) for name in ("值班群", "主管", "书记", "主管2")}
    assert (everybody, 4) == (set(told(app)), len(told(app)))

    at(30)
    escalate(app)
    steps = {("urgent", 2, name) for name in ("主管", "书记", "主管2")}
    assert (everybody | steps, 7) == (set(told(app)), len(told(app)))


def test_what_has_not_been_sent_is_dropped_when_somebody_claims(app: App, at: At, night):
    """The robot was slow; now it would only disturb."""
    ticket, volunteer = night
    escalate(app)
    with app.sessions.begin() as db:
        work.claim(db, db.get_one(Staff, volunteer.id), ticket.id, datetime.now(UTC))
    send_notice(app, 1)

    with app.sessions.read() as db:
        assert "dropped" == db.get_one(Notice, 1).state


def test_a_ticket_given_back_begins_a_new_round(app: App, at: At, night):
    """Claimed at five past, resolved, reopened by a supervisor at one hour past: nobody has it, and that is news."""
    ticket, volunteer = night
    escalate(app)
    with app.sessions.begin() as db:
        person = db.get_one(Staff, volunteer.id)
        at(5)
        work.claim(db, person, ticket.id, datetime.now(UTC))
        work.resolve(db, person, ticket.id, "done", datetime.now(UTC))
        at(60)
        work.reopen(db, new_staff(db, "李四", "supervisor"), ticket.id, "not done", datetime.now(UTC))
    escalate(app)
    at(69)
    escalate(app)
    assert [("urgent", 1, "值班群"), ("again", 1, "值班群")] == told(app)
    at(70)
    escalate(app)
    assert ("again", 2, "主管") == told(app)[-1]


def test_a_clock_that_is_put_back_tells_nothing_twice(app: App, at: At, night):
    """F18"""
    at(10)
    escalate(app)
    before = told(app)
    for minutes in (-60, 3, 10, 11):
        at(minutes)
        escalate(app)
    assert before == told(app)


def test_many_workers_at_once_tell_once(app: App, night):
    """Each of them looks every half minute, for itself."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: escalate(app), range(8)))
    assert [("urgent", 1, "值班群")] == told(app)


def test_promises_are_warned_of_and_overdue_ones_told_until_they_are_kept(app: App, at: At):
    with app.sessions.begin() as db:
        group = new_channel(db, "值班群")
        new_rule(db, group, "due_soon", minutes=30)
        new_rule(db, group, "overdue")
        new_ticket(db, opened_at=NIGHT, claimed_by=new_staff(db))
        new_ticket(db, opened_at=NIGHT, talked_at=NIGHT)  # spoken to at once
        new_ticket(db, opened_at=NIGHT, test=True)  # a test call wakes nobody
    for minutes, expected in ((89, []), (90, ["due_soon"]), (119, ["due_soon"]), (120, ["due_soon", "overdue"])):
        at(minutes)
        escalate(app)
        assert expected == [event for event, _, _ in told(app)]


def test_a_promise_that_was_made_anew_and_broken_again_is_told_again(app: App, at: At):
    """The hotline apologised and promised four hours; those are over as well."""
    with app.sessions.begin() as db:
        new_rule(db, new_channel(db, "值班群"), "overdue")
        ticket = new_ticket(db, opened_at=NIGHT)
    for minutes, expected in ((120, 1), (239, 1), (240, 2), (300, 2)):
        at(minutes)
        escalate(app)
        assert expected == len(told(app)), minutes
        with app.sessions.begin() as db:
            db.get_one(Ticket, ticket.id).due_again_at = NIGHT + timedelta(minutes=240)


def test_each_community_has_its_own_channel(app: App, at: At):
    """One ticket here, one there, one of nobody knows where."""
    with app.sessions.begin() as db:
        new_community(db, THERE, "高塘社区", "小港街道")
        for name, scope in (
            ("银杏", {"community_code": new_community(db).code}),
            ("小港", {"street": "小港街道"}),
            ("吃饭", {"need": "food"}),
            ("全线", {}),
        ):
            new_rule(db, new_channel(db, name), **scope)
        new_ticket(db, opened_at=NIGHT)
        new_ticket(db, community=THERE, opened_at=NIGHT, need="food")
        new_ticket(db, community=None, opened_at=NIGHT)
    escalate(app)

    with app.sessions.read() as db:
        by_ticket = {
            ticket.id: {notice.channel.name for notice in ticket.notices} for ticket in db.scalars(select(Ticket))
        }
    assert {1: {"银杏", "全线"}, 2: {"小港", "吃饭", "全线"}, 3: {"全线"}} == by_ticket


def test_a_hotline_without_rules_asks_for_nothing_more(app: App, at: At):
    with app.sessions.begin() as db:
        new_ticket(db, opened_at=NIGHT)
    escalate(app)
    assert [] == told(app)


def test_a_notice_whose_job_was_lost_is_queued_again(app: App, at: At):
    """It waits in our own table, so no job can take it with it."""
    with app.sessions.begin() as db:
        lost = new_notice(db, new_ticket(db, opened_at=NIGHT), new_channel(db))
    at(1)
    escalate(app)
    assert set() == app.later.unfinished("send_notice")
    at(1.1)
    escalate(app)
    assert {(lost.id, 0)} == app.later.unfinished("send_notice")
    escalate(app)
    assert 1 == app.later.tried("send_notice", lost.id)


def test_of_two_workers_one_sends(app: App, at: At, db: Session):
    """The second finds it taken; when the first has died, it is free after two minutes."""
    with app.sessions.begin() as writing:
        notice = new_notice(writing, new_ticket(writing, opened_at=NIGHT), new_channel(writing))

    def take() -> delivery.Taken | None:
        with app.sessions.begin() as writing:
            return delivery.take(writing, notice.id, datetime.now(UTC))

    with ThreadPoolExecutor(8) as pool:
        taken = [each for each in pool.map(lambda _: take(), range(8)) if each]
    assert [False] == [each.in_doubt for each in taken]
    at(LEASE.total_seconds() / 60 - 0.1)
    assert take() is None
    at(LEASE.total_seconds() / 60)
    assert take().in_doubt
    assert 2 == db.get_one(Notice, notice.id).tries


def test_a_channel_of_a_kind_that_is_gone_is_a_failure_that_staff_see(app: App, at: At, db: Session):
    """Another release had its file. The page of notices shows it, and what it was told by."""
    with app.sessions.begin() as writing:
        telex = new_channel(writing, kind="telex", sealed=app.seal.close({}))
        notice = new_notice(writing, new_ticket(writing, opened_at=NIGHT), telex)
    send_notice(app, notice.id)
    assert ("waiting", "rejected") == (db.get_one(Notice, notice.id).state, db.get_one(Notice, notice.id).trouble)


def test_a_backlog_of_last_year_is_not_looked_through_every_half_minute(app: App, at: At):
    """But for a ticket of which something was heard this week."""
    long_ago = NIGHT - timedelta(days=300)
    with app.sessions.begin() as db:
        new_rule(db, new_channel(db, "值班群"), "raised")
        new_rule(db, new_channel(db, "主管"), "unclaimed", minutes=10)
        new_ticket(db, opened_at=long_ago)
        returned = new_ticket(db, opened_at=long_ago)
        db.add(HistoryLine(ticket_id=returned.id, kind="reopened", at=NIGHT - timedelta(minutes=10)))
    escalate(app)
    with app.sessions.read() as db:
        assert [returned.id] == list(db.scalars(select(Notice.ticket_id)))
