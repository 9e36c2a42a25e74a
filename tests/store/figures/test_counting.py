"""The figures of a hand-made day against its right answers; each list has as many rows as its figure says."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.calls import ratings
from ivr.store.figures import calls, counting, people, tickets
from ivr.store.figures.period import Asked, Period
from ivr.store.models import CLOSING, Outgoing, Ticket
from tests import forty
from tests.builders import new_call, new_phone, new_staff, new_ticket

DAY = Period(forty.DAY, forty.DAY, forty.ZONE)


@pytest.fixture
def asked(writing: Session) -> Asked:
    """What a supervisor asks of the day."""
    forty.make(writing)
    return Asked(new_staff(writing, "boss", "supervisor"), DAY.since, DAY.until, forty.NOW)


def test_every_figure_of_the_hand_made_day_is_right(writing: Session, asked: Asked):
    assert forty.OF_CALLS == counting.of_calls(writing, asked)
    assert forty.LEFT_AT == counting.by_question(writing, asked)
    assert forty.UNDERSTOOD == counting.of_understanding(writing, asked)
    assert forty.OF_TICKETS == counting.of_tickets(writing, asked)
    assert forty.QUALITY == counting.of_quality(writing, asked)
    assert forty.STANDING == counting.standing(writing, asked)
    times = counting.times(writing, asked)
    assert forty.TIMES_MIN == {name: (each.count, each.median_min, each.ninety_min) for name, each in times.items()}
    for expected, shares in (
        (forty.BY_NEED, counting.by_need(writing, asked)),
        (forty.BY_COMMUNITY, counting.by_community(writing, asked)),
    ):
        assert expected == {share.key: tuple(share.counts.values()) for share in shares}
    assert forty.BY_HOUR == {hour: n for hour, n in counting.by_hour(writing, asked, forty.ZONE).items() if n}
    days = counting.by_day(writing, asked, DAY.ending(8))
    assert [forty.WEEK_BEFORE, 0, 0, 0, 0, 0, 1, 40] == list(days.values())
    before = counting.of_calls(writing, asked.during(DAY.a_week_before()))
    assert (forty.WEEK_BEFORE, forty.WEEK_BEFORE) == (before["calls"], before["message"])


def test_a_broken_promise_stays_broken_when_the_ticket_is_opened_again_with_another(writing: Session, asked: Asked):
    broken = writing.scalars(select(Ticket).where(tickets.counted(asked), tickets.broken(asked))).all()
    for each in broken:
        each.first_due_at, each.due_at = each.due_at, forty.NOW + timedelta(hours=2)
    writing.flush()

    assert forty.OF_TICKETS["broken"] == len(broken) == counting.of_tickets(writing, asked)["broken"] > 0


def test_endings_are_all_calls_and_promises_all_tickets():
    assert forty.OF_CALLS["calls"] == sum(forty.OF_CALLS[name] for name in calls.ENDINGS)
    assert forty.OF_TICKETS["tickets"] == sum(forty.OF_TICKETS[name] for name in tickets.PROMISES)


def test_who_works_without_a_pause_for_more_than_twelve_hours_comes_first(writing: Session, asked: Asked):
    found = people.work(writing, asked)

    work = {each.staff.name: (each.held, each.settled, each.stretch / timedelta(minutes=1)) for each in found}
    assert forty.WORK == work
    assert [True, False] == [each.too_long for each in found]
    for each in found:
        settled = select(func.count()).select_from(Ticket).where(people.settled_by(asked, each.staff.id))
        held = select(func.count()).select_from(Ticket).where(people.holding(each.staff.id))
        assert (each.settled, each.held) == (writing.scalar(settled), writing.scalar(held))


def test_nobody_sees_anothers_work_who_is_no_supervisor(writing: Session, asked: Asked):
    li = writing.scalars(select(people.Staff).where(people.Staff.name == "li")).one()

    own = people.work(writing, Asked(li, DAY.since, DAY.until, forty.NOW))

    assert ["li"] == [each.staff.name for each in own]


def test_a_correction_afterwards_corrects_the_figures(writing: Session, asked: Asked):
    """There is no second truth: they are counted from the rows as they are."""
    wrong = writing.scalars(select(Ticket).where(Ticket.need == "transport")).one()
    wrong.need, wrong.community_code = "food", forty.HERE
    writing.flush()

    needs = {share.key: share.counts["tickets"] for share in counting.by_need(writing, asked)}

    assert {"medicine": 6, "food": 4, "other": 1, None: 1} == needs


def test_figures_are_of_what_their_reader_may_count(writing: Session, asked: Asked):
    """An officer those of their communities, a volunteer what they claimed; nobody learns from a repeat of others'."""
    officer = new_staff(writing, "officer", "officer", communities=[forty.THERE])
    volunteer = new_staff(writing, "volunteer")
    ticket = new_ticket(writing, community=forty.THERE, opened_at=forty.at("11:00"), claimed_by=volunteer)
    new_call(writing, ticket=ticket, started_at=forty.at("11:00"), caller="+8613800000097")  # "a", who rang four times

    def both(staff) -> tuple[int, int, int]:
        ours = Asked(staff, asked.since, asked.until, asked.now)
        counted = counting.of_calls(writing, ours)
        return counted["calls"], counted["repeat"], counting.of_tickets(writing, ours)["tickets"]

    assert (2, 0, 5) == both(officer)
    assert (1, 0, 1) == both(volunteer)
    assert (41, 8, 13) == both(asked.staff)


def test_what_callers_say_of_the_help_is_no_fellow_volunteers_to_read(writing: Session, asked: Asked):
    """Each counts what was said of themselves, also on a ticket that somebody else had first; a supervisor all."""
    theirs = select(people.Staff).where(people.Staff.name.in_(("li", "zhang"))).order_by(people.Staff.name)
    li, zhang = writing.scalars(theirs)
    ticket = new_ticket(writing, community=forty.HERE, opened_at=forty.at("11:00"), claimed_by=li)
    phone = new_phone(writing)
    row = Outgoing(kind=CLOSING, key="closing:1", caller_id=phone.id, ticket_id=ticket.id, carrier="twilio")
    row.asked_at = row.next_try_at = forty.NOW
    writing.add(row)
    writing.flush()
    call = new_call(writing, ticket=ticket, started_at=forty.at("11:00"))
    for _ in range(2):  # said again, the first stands
        ratings.of_call(writing, call.id, zhang.id, forty.NOW, good=False)
        ratings.of_outgoing(writing, row.id, li.id, forty.NOW, good=True)
    ratings.of_call(writing, call.id, zhang.id, forty.NOW, good=True)

    def both(staff) -> tuple[int, int]:
        counted = counting.of_tickets(writing, Asked(staff, asked.since, asked.until, asked.now))
        return counted["rated_good"], counted["rated_bad"]

    assert ((1, 1), (1, 0)) == (both(asked.staff), both(li))


@pytest.mark.parametrize(
    ("day", "hours", "doubled"), [(date(2026, 3, 29), 23, None), (date(2026, 10, 25), 25, 2)], ids=["spring", "autumn"]
)
def test_a_day_is_as_long_as_the_zones_clocks_say(writing: Session, day: date, hours: int, doubled: int | None):
    """A call every hour, on the days on which the clocks of Berlin change."""
    period = Period(day, day, ZoneInfo("Europe/Berlin"))
    moment = period.since.astimezone(UTC) - timedelta(hours=2)
    while moment < period.until.astimezone(UTC) + timedelta(hours=2):
        new_call(writing, caller=None, started_at=moment)
        moment += timedelta(hours=1)
    boss = new_staff(writing, "boss", "supervisor")
    asked = Asked(boss, period.since, period.until, forty.NOW)

    by_hour = counting.by_hour(writing, asked, period.zone)

    assert hours == sum(by_hour.values()) == counting.by_day(writing, asked, period)[day]
    assert {hour: 1 for hour in range(24) if hour != 2} | {2: doubled or 0} == by_hour


def test_a_zone_of_odd_quarters_has_its_own_midnight(writing: Session):
    """Nepal is 5:45 ahead: a call at 18:15 UTC is the next day's first."""
    zone = ZoneInfo("Asia/Kathmandu")
    new_call(writing, caller=None, started_at=forty.NOW.replace(hour=18, minute=14, second=59))
    new_call(writing, caller=None, started_at=forty.NOW.replace(hour=18, minute=15))
    period = Period(date(2026, 3, 3), date(2026, 3, 4), zone)
    asked = Asked(new_staff(writing, "boss", "supervisor"), period.since, period.until, forty.NOW)

    assert [1, 1] == list(counting.by_day(writing, asked, period).values())
    assert {23: 1, 0: 1} == {hour: n for hour, n in counting.by_hour(writing, asked, zone).items() if n}
