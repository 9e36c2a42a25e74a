"""Nobody has called back in time: the hotline itself rings, apologises and promises anew. Is it still needed?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.apologise import apologise
from ivr.store.facts import history as entries
from ivr.store.facts import line
from ivr.store.figures.period import Asked
from ivr.store.figures.tickets import TICKETS
from ivr.store.line import changes, nuisance
from ivr.store.models import CLOSING, Outgoing, Recording, Staff, Ticket
from ivr.store.outgoing import closings
from ivr.store.tickets import attempts, work
from tests.builders import CALLER, new_staff
from tests.fake_carrier import FakeCarrier
from tests.stories.called import CallingTown
from tests.stories.conftest import HOTLINE, Ring, at_the_desk, only_ticket


class Town(CallingTown):
    """Somebody rang for medicine; the promise is broken, the worker works, and the resident's telephone rings."""

    JOB = apologise

    def __init__(self, app: App, ring: Ring, carrier: FakeCarrier) -> None:
        super().__init__(app, ring, carrier)
        self.sets(hotline_overdue_calls=True)
        ring().dial().press("1").press("101").leave_message().hang_up()
        self.hours_pass(4)

    def claimed(self) -> None:
        """By 李, an officer, who does not call."""
        with self.app.sessions.begin() as db:
            staff = new_staff(db, "李", role="officer", communities=[only_ticket(db).community_code or ""])
            work.claim(db, staff, only_ticket(db).id, datetime.now(UTC))

    def hours_pass(self, hours: float) -> None:
        """Everything that was is so much longer ago."""
        with self.app.sessions.begin() as db:
            for row in db.scalars(select(Outgoing)):
                row.asked_at -= timedelta(hours=hours)
            for ticket in db.scalars(select(Ticket)):
                ticket.opened_at -= timedelta(hours=hours)
                ticket.due_at -= timedelta(hours=hours)


@pytest.fixture
def town(app: App, ring: Ring, carrier: FakeCarrier) -> Town:
    return Town(app, ring, carrier)


def told(db: Session) -> list[type[entries.Entry]]:
    """What the ticket's history has of it."""
    kinds = (entries.NotTold, entries.Apologised, entries.StillNeeded, entries.Cancelled, entries.Reopened,
             entries.Urgent)  # fmt: skip
    return [type(line.entry) for line in only_ticket(db).history if isinstance(line.entry, kinds)]


def holds(db: Session, app: App, figure: str) -> bool:
    """Whether the ticket counts as that."""
    now = datetime.now(UTC)
    asked = Asked(new_staff(db, role="supervisor"), now - timedelta(days=2), now, now, 15, 5)
    return bool(db.scalar(select(TICKETS[figure](asked)).select_from(Ticket)))


def test_it_apologises_says_how_it_stands_and_a_key_says_that_it_is_still_needed(
    town: Town, app: App, ring: Ring, db: Session
) -> None:
    """Nothing but the hotline's name before a key. A supervisor sees it; in the figures the promise stays broken."""
    town.claimed()
    before = only_ticket(db).due_at
    phone = town.telephone().pick_up()
    assert (CALLER, HOTLINE) == (town.carrier.placed[0].to, town.carrier.placed[0].caller)
    assert (True, False) == ("您好，这里是" in phone.said, "药" in phone.said)

    phone.press("1")
    said = phone.said.replace(" ", "")
    for sentence in ("到现在还没给您回电话，让您久等了", "您买药的事，社区的人在办了，", "给您回电"):
        assert sentence in said
    phone.press("1")
    assert "好的，您的事接着办" in phone.said

    db.expire_all()
    ticket = only_ticket(db)
    assert ("claimed", [entries.Apologised, entries.StillNeeded]) == (ticket.status, told(db))
    assert (before, True) == (ticket.due_at, ticket.due_again_at > datetime.now(UTC))
    assert ticket.raised_at
    assert holds(db, app, "broken")
    page = at_the_desk(app, "主管", "supervisor").get(f"/desk/tickets/{ticket.id}").text
    for text in ("apologised for the late callback", "the resident still needs it", "promised again by"):
        assert text in page
    town.hours_pass(3)
    assert 1 == town.works(), "nobody is told twice"


def test_a_caller_hears_the_new_promise_and_not_the_broken_one(town: Town, ring: Ring, db: Session) -> None:
    town.telephone().pick_up().press("1").press("1")
    with town.app.sessions.begin() as writing:
        only_ticket(writing).due_again_at = datetime.now(UTC) + timedelta(hours=1)
    assert "前给您回电" in ring().dial().said


def test_what_is_needed_no_more_is_cancelled_with_a_second_key(town: Town, db: Session) -> None:
    town.claimed()
    phone = town.telephone().pick_up().press("1").press("2")
    assert ("claimed", True) == (only_ticket(db).status, "不用办了，是吗" in phone.said)
    phone.press("1")
    assert "取消了" in phone.said
    ticket = only_ticket(db)
    assert ("closed", True, [entries.Apologised, entries.Cancelled]) == (
        ticket.status,
        ticket.cancelled_at is not None,
        told(db),
    )


def test_a_message_joins_what_they_said_before(town: Town, db: Session) -> None:
    phone = town.telephone(repeats=True).pick_up().press("1").press("3").leave_message(seconds=9).deliver()
    assert ([], True) == (phone.differing, "接着办" in phone.said)
    words = db.scalars(select(Recording).order_by(Recording.id.desc())).first()
    assert (only_ticket(db).id, 9, 2) == (words.ticket_id, words.seconds, len(only_ticket(db).recordings))
    assert [entries.Apologised, entries.StillNeeded] == told(db)


def test_in_english_by_words(town: Town, db: Session) -> None:
    town.changes(language="en")
    phone = town.telephone().pick_up().speak("hello?").speak("go ahead")
    assert "We should have called you back by now" in phone.said
    phone.speak("we don't need it any more").speak("yes")
    assert "we have cancelled that" in phone.said
    assert "closed" == only_ticket(db).status


def test_words_of_an_emergency_are_told_what_to_do_and_staff_know(town: Town, db: Session) -> None:
    phone = town.telephone().pick_up().speak("我摔倒了，起不来")
    assert "马上拨打120" in phone.said.replace(" ", "")
    assert (True, [entries.Apologised, entries.StillNeeded, entries.Urgent]) == (only_ticket(db).urgent, told(db))


def test_what_staff_resolved_meanwhile_is_open_again_if_still_needed(town: Town, db: Session) -> None:
    town.claimed()
    phone = town.telephone().pick_up().press("1")
    with town.app.sessions.begin() as writing:
        work.resolve(writing, writing.scalars(select(Staff)).one(), only_ticket(writing).id, "送到", datetime.now(UTC))
    phone.press("1")
    expected = [entries.Apologised, entries.StillNeeded, entries.Reopened]
    assert ("claimed", expected) == (only_ticket(db).status, told(db))


@pytest.mark.parametrize(("why", "outcome"), [("no-answer", "no_answer"), ("busy", "busy")])
def test_who_is_not_reached_is_tried_again_after_the_gap_and_no_more_than_so_often(
    town: Town, db: Session, why: str, outcome: str
) -> None:
    for n in (1, 2):
        town.telephone().does_not_answer(why)
        assert n == town.works(), "not before the gap is over"
        town.hours_pass(1)
    lines = [line.entry for line in only_ticket(db).history if isinstance(line.entry, entries.NotTold)]
    assert (2, 2 * [entries.NotTold(outcome)], None) == (town.works(), lines, only_ticket(db).due_again_at)


def test_a_machine_hears_nothing_of_the_matter(town: Town, db: Session) -> None:
    """Without the carrier's help: its greeting is no yes. With it: whatever it says then is not heard."""
    phone = town.telephone().pick_up().speak("您好，您拨打的用户暂时无法接听").silent()
    assert "药" not in phone.said
    town.hours_pass(1)
    town.sets(hotline_detect_machines=True)
    phone = town.telephone().pick_up()
    last = db.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()
    form = phone.form(AnsweredBy="machine_start")
    assert phone.line.request(f"http://localhost/voice/overdue/{last.id}/machine", form).ok
    phone.speak("好的")
    assert "药" not in phone.said
    assert ([entries.NotTold, entries.NotTold], None) == (told(db), only_ticket(db).due_again_at)


def test_who_wants_no_such_calls_is_not_asked_afterwards_either_whether_it_was_right(town: Town, app: App) -> None:
    assert "这类电话不再打给您" in town.telephone().pick_up().press("9").said
    town.sets(hotline_closing_calls=True, hotline_closing_gap_h=1)
    town.claimed()
    with app.sessions.begin() as db:
        staff, now = db.scalars(select(Staff)).one(), datetime.now(UTC)
        work.resolve(db, staff, only_ticket(db).id, "送到", now - timedelta(hours=2))
    town.hours_pass(3)
    with app.sessions.begin() as db:
        ticket = only_ticket(db)
        assert closings.call(db, app.later, ticket.id, app.closing, app.terms, now) is None
        assert CLOSING not in db.scalars(select(Outgoing.kind)).all()


def test_off_by_default(town: Town) -> None:
    town.sets(hotline_overdue_calls=False)
    assert 0 == town.works()


def test_not_before_the_promise_is_broken_nor_at_once(town: Town) -> None:
    for minutes, rung in ((10, 0), (-10, 0), (-31, 1)):
        town.changes(due_at=datetime.now(UTC) + timedelta(minutes=minutes))
        assert rung == town.works()


def test_a_day_later_nobody_is_rung(town: Town) -> None:
    town.changes(due_at=datetime.now(UTC) - timedelta(hours=25))
    assert 0 == town.works()


def test_nobody_is_rung_outside_the_hours(town: Town) -> None:
    local = datetime.now(ZoneInfo(town.app.settings.hotline_time_zone))
    town.sets(hotline_calling_hours=f"{local + timedelta(hours=2):%H:00}-{local + timedelta(hours=3):%H:00}")
    assert 0 == town.works()


def test_who_is_on_the_nuisance_list_is_not_rung(town: Town, app: App) -> None:
    with app.sessions.begin() as db:
        phone = only_ticket(db).caller
        listed = line.Nuisance("骂人", str(datetime.now(UTC) + timedelta(days=1)), phone.tail)
        changes.make(db, new_staff(db, role="supervisor"), nuisance.about(phone), listed, datetime.now(UTC))
    assert 0 == town.works()


@pytest.mark.parametrize(
    "fact",
    [
        {"confidential": True},
        {"test": True},
        {"urgent": True},
        {"extension": "801"},
        {"caller_id": None},
        {"talked_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"on_the_way_at": datetime(2026, 3, 2, tzinfo=UTC)},
    ],
    ids=lambda fact: next(iter(fact)),
)
def test_about_what_nobody_is_rung(town: Town, fact: dict[str, object]) -> None:
    town.changes(**fact)
    assert 0 == town.works()


def test_whom_somebody_has_tried_to_reach_is_not_rung(town: Town) -> None:
    town.claimed()
    with town.app.sessions.begin() as db:
        attempts.attempt(db, db.scalars(select(Staff)).one(), only_ticket(db).id, "no_answer", "", datetime.now(UTC))
    assert 0 == town.works()


def test_who_calls_at_this_moment_is_not_called(town: Town, ring: Ring) -> None:
    ring().dial()
    assert 0 == town.works()


def test_one_person_is_rung_about_one_matter_at_a_time(town: Town, ring: Ring) -> None:
    """Two broken promises: the second apology keeps its distance, and never comes while the first call goes on."""
    ring().dial().press("2").press("2").press("101").leave_message().hang_up()
    town.hours_pass(4)
    assert 1 == town.works()
    assert 1 == town.works()


def test_who_rings_back_hears_that_it_was_us(town: Town, ring: Ring) -> None:
    town.telephone().does_not_answer()
    assert "刚才是我们给您打的电话" in ring().dial().said
