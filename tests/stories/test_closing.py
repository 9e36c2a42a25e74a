"""Some hours after they were helped the hotline itself rings: was it right? A key, a word or a machine answers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.ask_after import ask_after
from ivr.store.facts import history as entries
from ivr.store.models import Outgoing, Rating, Recording, Staff, Ticket
from ivr.store.outgoing import automatic
from ivr.store.tickets import work
from tests.builders import CALLER, new_staff
from tests.fake_carrier import FakeCarrier
from tests.stories.called import CallingTown
from tests.stories.conftest import HOTLINE, Ring, at_the_desk, only_ticket

DONE = "药店的人已经送到门口"
HEARD_NOTHING = "没有听清您的话"


class Town(CallingTown):
    """Somebody was helped; the hours pass, the worker works, and the resident's telephone rings."""

    JOB = ask_after

    def __init__(self, app: App, ring: Ring, carrier: FakeCarrier) -> None:
        super().__init__(app, ring, carrier)
        self.sets(hotline_closing_calls=True, hotline_closing_tries=2)

    def helps(self, language: str = "zh") -> None:
        """A call for medicine, resolved five hours ago by 李."""
        self.ring().dial().press("1").press("101").leave_message().hang_up()
        with self.app.sessions.begin() as db:
            ticket = only_ticket(db)
            ticket.language = language
            staff = new_staff(db, "李", communities=[ticket.community_code or ""])
            now = datetime.now(UTC) - timedelta(hours=5)
            work.claim(db, staff, ticket.id, now)
            work.resolve(db, staff, ticket.id, DONE, now)

    def hours_pass(self, hours: float = 5) -> None:
        """Everything that was is so much longer ago."""
        with self.app.sessions.begin() as db:
            for row in db.scalars(select(Outgoing)):
                row.asked_at -= timedelta(hours=hours)
            for ticket in db.scalars(select(Ticket)):
                ticket.resolved_at = ticket.resolved_at and ticket.resolved_at - timedelta(hours=hours)


@pytest.fixture
def town(app: App, ring: Ring, carrier: FakeCarrier) -> Town:
    found = Town(app, ring, carrier)
    found.helps()
    return found


def told(db: Session) -> list[object]:
    """What the ticket's history has of it, from the first closing call on."""
    kinds = (entries.AskedAfter, entries.Confirmed, entries.NotRight, entries.Closed, entries.Reopened, entries.Urgent)
    return [line.entry for line in only_ticket(db).history if isinstance(line.entry, kinds)]


def last(db: Session) -> Outgoing:
    db.expire_all()
    return db.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()


def test_it_says_who_calls_then_what_about_and_a_key_closes_the_matter(town: Town, db: Session) -> None:
    """Nothing but the hotline's name before a key; their number and ours; once confirmed, nobody rings again."""
    phone = town.telephone().pick_up()
    assert (CALLER, HOTLINE) == (town.carrier.placed[0].to, town.carrier.placed[0].caller)
    assert "您好，这里是" in phone.said
    assert "药" not in phone.said

    phone.press("1")
    assert "您买药的事，都办好了，对不对？" in phone.said.replace(" ", "")
    phone.press("1")
    assert "太好了，谢谢您。再见。" in phone.said.replace(" ", "")
    assert ("closed", [entries.Confirmed(), entries.Closed()]) == (only_ticket(db).status, told(db))
    assert ("confirmed", "talked") == (last(db).result, last(db).outcome)
    town.hours_pass()
    assert 1 == town.works()


def test_it_was_not_right_whoever_had_it_has_it_again_with_the_residents_words(
    town: Town, app: App, db: Session
) -> None:
    phone = town.telephone().pick_up().speak("方便，好的").speak("不对，药送错了")
    assert "哪里不对，请您说一下" in phone.said
    ticket = only_ticket(db)
    assert ("claimed", "李") == (ticket.status, ticket.claimed_by.name)
    assert [entries.NotRight(), entries.Reopened()] == told(db)
    phone.leave_message(seconds=9).deliver()
    assert "会有人给您回电话" in phone.said
    words = db.scalars(select(Recording).order_by(Recording.id.desc())).first()
    assert (ticket.id, 9, 2) == (words.ticket_id, words.seconds, len(only_ticket(db).recordings))
    page = at_the_desk(app, "主管", "supervisor").get(f"/desk/tickets/{ticket.id}").text
    assert "Asked by an automatic call: it was not right" in page


def test_in_english_by_words(town: Town, db: Session) -> None:
    town.changes(language="en")
    phone = town.telephone().pick_up()
    assert "I have one question for you" in phone.said
    assert "medicine" not in phone.said
    phone.speak("hello?").speak("go ahead")
    assert "You asked us about medicine" in phone.said
    phone.speak("yes, thank you")
    assert "I am glad" in phone.said
    assert "closed" == only_ticket(db).status


def test_words_of_an_emergency_are_told_what_to_do_and_staff_know(town: Town, db: Session) -> None:
    phone = town.telephone().pick_up().speak("我摔倒了，起不来")
    assert "马上拨打120" in phone.said.replace(" ", "")
    assert (True, "claimed") == (only_ticket(db).urgent, only_ticket(db).status)


def test_a_holder_who_has_left_does_not_keep_what_is_open_again(town: Town, app: App, db: Session) -> None:
    with app.sessions.begin() as writing:
        writing.scalars(select(Staff)).one().disabled_at = datetime.now(UTC)
    town.telephone().pick_up().press("1").press("2").hang_up()
    ticket = only_ticket(db)
    assert ("new", None) == (ticket.status, ticket.claimed_by)


@pytest.mark.parametrize(("why", "outcome"), [("no-answer", "no_answer"), ("busy", "busy")])
def test_who_is_not_reached_is_tried_again_after_the_gap_and_no_more_than_so_often(
    town: Town, db: Session, why: str, outcome: str
) -> None:
    for n in (1, 2):
        town.telephone().does_not_answer(why)
        assert n == town.works(), "not before the gap is over"
        town.hours_pass()
    assert (2, 2 * [entries.AskedAfter(outcome)], "resolved") == (town.works(), told(db), only_ticket(db).status)


def test_a_number_that_does_not_ring_is_not_tried_again(town: Town) -> None:
    town.telephone().does_not_answer("failed")
    town.hours_pass()
    assert 1 == town.works()


def test_a_machine_is_no_answer_and_hears_nothing_of_the_matter(town: Town, db: Session) -> None:
    """A105: Without the carrier's help: its greeting is no yes. With it: whatever it says then is not heard."""
    phone = town.telephone().pick_up().speak("您好，您拨打的用户暂时无法接听").silent()
    assert (True, False) == (HEARD_NOTHING in phone.said, "药" in phone.said)
    town.hours_pass()

    town.sets(hotline_detect_machines=True)
    phone = town.telephone().pick_up()
    form = phone.form(AnsweredBy="machine_start")
    for _ in range(2):
        assert phone.line.request(f"http://localhost/voice/closing/{last(db).id}/machine", form).ok
    phone.speak("好的")
    assert "药" not in phone.said
    assert [entries.AskedAfter("nobody"), entries.AskedAfter("machine")] == told(db)
    assert "resolved" == only_ticket(db).status


def test_who_wants_no_such_calls_is_not_called_again_about_anything(town: Town, app: App, db: Session) -> None:
    phone = town.telephone().pick_up().press("9")
    assert "这类电话不再打给您" in phone.said
    assert [entries.AskedAfter("opted_out")] == told(db)
    with app.sessions.begin() as writing:
        first = only_ticket(writing)
        staff = writing.scalars(select(Staff)).one()
        work.reopen(writing, staff, first.id, "还要一盒", datetime.now(UTC))
        work.resolve(writing, staff, first.id, DONE, datetime.now(UTC))
    town.hours_pass()
    assert 1 == town.works()


def test_a_bad_moment_and_a_receiver_that_is_put_down(town: Town, db: Session) -> None:
    """The one is tried again, the other is not."""
    assert "打扰您了" in town.telephone().pick_up().press("2").said
    town.hours_pass()
    town.telephone().pick_up().hang_up()
    assert [entries.AskedAfter("later"), entries.AskedAfter("hung_up")] == told(db)
    town.hours_pass()
    assert 2 == town.works()


def test_off_by_default(town: Town) -> None:
    town.sets(hotline_closing_calls=False)
    assert 0 == town.works()


def test_nobody_is_rung_outside_the_hours_though_they_called_just_now(town: Town) -> None:
    local = datetime.now(ZoneInfo(town.app.settings.hotline_time_zone))
    town.sets(hotline_calling_hours=f"{local + timedelta(hours=2):%H:00}-{local + timedelta(hours=3):%H:00}")
    assert 0 == town.works()


@pytest.mark.parametrize(
    "fact",
    [{"confidential": True}, {"test": True}, {"status": "closed"}, {"extension": "801"}, {"caller_id": None}],
    ids=lambda fact: next(iter(fact)),
)
def test_about_what_nobody_is_asked(town: Town, fact: dict[str, object]) -> None:
    town.changes(**fact)
    assert 0 == town.works()


def test_who_was_never_reached_is_not_asked(town: Town, app: App) -> None:
    with app.sessions.begin() as db:
        staff, ticket, now = db.scalars(select(Staff)).one(), only_ticket(db), datetime.now(UTC)
        work.reopen(db, staff, ticket.id, "没人接", now - timedelta(hours=6))
        ticket.attempts = 3
        work.resolve(db, staff, ticket.id, "", now - timedelta(hours=5), result="not_reached")
    assert 0 == town.works()


def test_who_calls_at_this_moment_is_not_called(town: Town, ring: Ring) -> None:
    ring().dial()
    assert 0 == town.works()


def test_what_staff_did_meanwhile_stands(town: Town, app: App, db: Session) -> None:
    phone = town.telephone().pick_up().press("1")
    with app.sessions.begin() as writing:
        work.close(writing, writing.scalars(select(Staff)).one(), only_ticket(writing).id, "", datetime.now(UTC))
    phone.press("1")
    assert [entries.Closed(), entries.Confirmed()] == told(db)


def test_who_rings_back_hears_that_it_was_us(town: Town, ring: Ring) -> None:
    town.telephone().does_not_answer()
    assert "刚才是我们给您打的电话" in ring().dial().said


def test_a_request_that_comes_twice_is_answered_twice_and_counts_once(town: Town, db: Session) -> None:
    phone = town.telephone(repeats=True).pick_up().press("1").press("2").leave_message()
    assert ([], [entries.NotRight(), entries.Reopened()]) == (phone.differing, told(db))


def test_when_we_fail_the_resident_hears_so_and_what_they_left_is_told_again(
    town: Town, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = town.telephone().pick_up().press("1").press("2")
    monkeypatch.setattr(automatic, "talk", lambda db, row: 1 / 0)
    monkeypatch.setattr(automatic, "call_of", lambda db, row: 1 / 0)
    address = f"http://localhost/voice/closing/{last(db).id}"
    form = phone.form(RecordingSid="RE00000000000000000000000000000009", RecordingDuration="3")
    answer = phone.line.request(f"{address}/recording", form).answer
    assert 503 == answer.status
    for said, heard in (("turn/3", "119"), ("fallback", "系统出了点问题")):
        assert heard in phone.line.request(f"{address}/{said}", phone.form(SpeechResult="着火了")).text


def test_who_says_that_it_was_right_may_say_how_the_help_was(town: Town, db: Session) -> None:
    """The ticket is closed with the first key, whatever becomes of the second."""
    town.sets(hotline_rating=True)
    phone = town.telephone(repeats=True).pick_up().press("1").press("1")
    assert "办得好不好" in phone.said
    ticket = only_ticket(db)
    assert "closed" == ticket.status
    phone.press("1")
    (rating,) = db.scalars(select(Rating))
    assert ([], ticket.claimed_by_id, True) == (phone.differing, rating.staff_id, rating.good)
