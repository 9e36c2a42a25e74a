"""A resident is called back: the helper's telephone rings first, then theirs, both under the hotline's number."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.call_kept import call_kept
from ivr.jobs.place_call import place_call
from ivr.phone.acts import Answered, Unanswered
from ivr.phone.handset import Handset
from ivr.phone.rung import Rung
from ivr.store.facts import history as entries
from ivr.store.models import Call, LinePerson, Outgoing, RosterChange, Staff, Wait
from ivr.store.models import Ring as RingRow
from ivr.store.outgoing import callbacks
from tests.builders import CALLER, new_helper, new_staff
from tests.fake_carrier import FakeCarrier
from tests.stories.conftest import HOTLINE, Ring, only_ticket

HELPER, OTHER = "+8613900000001", "+8613900000002"


@pytest.fixture
def helper(app: App) -> int:
    with app.sessions.begin() as db:
        return new_helper(db, new_staff(db, "李"), HELPER).staff_id


class Desk:
    """A helper presses, and the worker does its work."""

    def __init__(self, app: App, ring: Ring, carrier: FakeCarrier, helper: int) -> None:
        self.app, self.ring, self.carrier, self.helper = app, ring, carrier, helper

    def press(self, key: str = "press:1") -> int:
        with self.app.sessions.begin() as db:
            staff = db.get_one(Staff, self.helper)
            ticket = only_ticket(db)
            ticket.claimed_by_id, ticket.status = staff.id, "claimed"
            db.flush()
            now = datetime.now(UTC)
            return callbacks.call_back(db, self.app.later, staff, ticket.id, key, self.app.terms, now).id

    def telephone(self, key: str = "press:1", **options: bool) -> Rung:
        """Press, and the helper's telephone rings."""
        place_call(self.app, self.press(key))
        return Rung(self.ring().line, self.carrier.placed[-1], **options)


@pytest.fixture
def desk(app: App, ring: Ring, carrier: FakeCarrier, helper: int) -> Desk:
    ring().dial().press("1").press("101").leave_message().hang_up()
    return Desk(app, ring, carrier, helper)


def the_call(db: Session) -> Outgoing:
    db.expire_all()
    return db.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()


def newest_call(db: Session) -> Call:
    db.expire_all()
    return db.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one()


def tried(db: Session) -> list[str]:
    return [line.entry.outcome for line in only_ticket(db).history if isinstance(line.entry, entries.Attempt)]


def numbers_seen(phone: Handset) -> set[str]:
    """What the two legs were told of each other."""
    return {each.form["From"] for each in phone.exchanges if "From" in each.form}


def test_one_press_rings_the_helper_then_the_resident_and_neither_sees_the_other(desk: Desk, db: Session) -> None:
    """The whisper says what it is about; after the talk one key says what came of it."""
    phone = desk.telephone().pick_up()
    assert (HELPER, HOTLINE) == (desk.carrier.placed[0].to, desk.carrier.placed[0].caller)
    assert "请给居民回电话。买药。银杏社区。接通请按1。" in phone.said.replace(" ", "")

    phone.press("1")
    (dialled,) = phone.waiting.numbers
    assert (CALLER, HOTLINE) == (dialled.number, phone.waiting.caller_id)
    assert "calling" == the_call(db).state
    phone.duty_answers("", talks_s=90)
    assert "给您回电话" in " ".join(each.text for each in phone.transcript if each.who == "whisper")
    assert "办好了请按1" in phone.said
    assert {HOTLINE} == numbers_seen(phone)

    phone.press("1")
    assert ("talked", "helped", "over") == ((row := the_call(db)).outcome, row.result, row.state)
    assert ("resolved", ["reached"]) == (only_ticket(db).status, tried(db))
    assert db.get_one(LinePerson, desk.helper).wrap_until


@pytest.mark.parametrize(
    ("key", "status", "said"),
    [("2", "claimed", ["no_answer"]), ("3", "claimed", ["reached"]), ("4", "closed", ["reached"])],
)
def test_what_came_of_it_is_said_by_a_key(desk: Desk, db: Session, key: str, status: str, said: list[str]) -> None:
    phone = desk.telephone().pick_up().press("1").duty_answers("").press(key)
    assert "记下了" in phone.said
    assert (status, said) == (only_ticket(db).status, tried(db))


def test_a_mailbox_of_the_helpers_rings_nobody(desk: Desk, db: Session) -> None:
    """It presses nothing: the resident's telephone stays silent, and no try is counted."""
    phone = desk.telephone().pick_up().silent()
    assert (None, "not_taken", []) == (phone.waiting, the_call(db).outcome, tried(db))
    assert db.get_one(LinePerson, desk.helper).busy_until is None


@pytest.mark.parametrize(("why", "outcome"), [("no-answer", "no_answer"), ("busy", "busy"), ("failed", "failed")])
def test_a_resident_who_is_not_reached_is_a_try_on_the_ticket(desk: Desk, db: Session, why: str, outcome: str) -> None:
    phone = desk.telephone().pick_up().press("1").duty_does_not_answer(why)
    assert "已经记下了" in phone.said
    assert (outcome, 1) == (the_call(db).outcome, only_ticket(db).attempts)


def test_a_helper_who_hears_that_nobody_was_reached_is_not_rung_meanwhile(desk: Desk, db: Session) -> None:
    """The news of the resident's leg is not that of the helper's own."""
    phone = desk.telephone(holds=True).pick_up().press("1").duty_does_not_answer()
    assert "已经记下了" in phone.said
    person = db.get_one(LinePerson, desk.helper)
    assert person.busy_until
    phone.deliver()
    db.refresh(person)
    assert (None, None) == (person.busy_until, person.wrap_until)


def test_an_answering_machine_is_no_contact(desk: Desk, app: App, db: Session) -> None:
    """The carrier hears one, whenever it says so; a helper who spoke with somebody all the same has the last word."""
    phone = desk.telephone().pick_up().press("1").duty_answers("")
    row = the_call(db)
    form = phone.form(CallSid=row.second_sid or "", AnsweredBy="machine_start")
    for _ in range(2):
        assert phone.line.request(f"http://localhost/voice/callback/{row.id}/machine", form).ok
    assert ("machine", ["machine"], 1) == (the_call(db).outcome, tried(db), only_ticket(db).attempts)
    phone.press("3")
    assert (["machine", "reached"], 0) == (tried(db), only_ticket(db).attempts)


def test_a_helper_who_hangs_up_in_mid_talk_is_asked_on_the_page(desk: Desk, db: Session) -> None:
    phone = desk.telephone().pick_up().press("1")
    phone.do(Answered("", caller_ends=True))
    assert ("talked", None, []) == ((row := the_call(db)).outcome, row.result, tried(db))
    assert db.get_one(LinePerson, desk.helper).wrap_until


def test_a_slip_of_the_finger_is_asked_once_more(desk: Desk) -> None:
    assert "接通请按1" in desk.telephone().pick_up().press("7").said


def test_every_request_repeated_is_one_call(desk: Desk, db: Session) -> None:
    phone = desk.telephone(repeats=True).pick_up().press("1").duty_answers("").press("3")
    assert ([], ["reached"], "talked") == (phone.differing, tried(db), the_call(db).outcome)


def test_a_press_that_is_sent_twice_is_one_call(desk: Desk, app: App, db: Session) -> None:
    desk.press()
    place_call(app, desk.press())
    place_call(app, desk.press())
    assert 1 == len(desk.carrier.placed)


def test_a_key_that_comes_when_the_call_is_over_rings_nobody(desk: Desk, app: App, db: Session) -> None:
    """The carrier had lost track of it; hours later the key arrives."""
    phone = desk.telephone().pick_up()
    with app.sessions.begin() as writing:
        row = writing.get_one(Outgoing, the_call(db).id)
        row.state, row.outcome, row.ended_at = "over", "lost", datetime.now(UTC)
    assert "不用打了" in phone.press("1").said
    assert phone.waiting is None


@pytest.fixture
def called_in_vain(desk: Desk, app: App, db: Session) -> Desk:
    """Nobody answered; somebody else has been idle for longer than the helper, who is not on shift."""
    desk.telephone().pick_up().press("1").duty_does_not_answer()
    with app.sessions.begin() as writing:
        new_helper(writing, new_staff(writing, "王"), OTHER, idle_since=datetime.now(UTC) - timedelta(hours=1))
        writing.execute(delete(RosterChange).where(RosterChange.staff_id == desk.helper))
    return desk


def rung(db: Session) -> list[str]:
    db.expire_all()
    return [each.phone.e164 for each in db.scalars(select(RingRow).order_by(RingRow.id))]


def test_who_rings_back_hears_who_it_was_and_gets_whoever_has_their_matter(called_in_vain: Desk, db: Session) -> None:
    phone = called_in_vain.ring().dial()
    assert "刚才是我们给您打的电话" in phone.said
    phone.duty_answers("1")
    assert ([HELPER], "person") == (rung(db), newest_call(db).outcome)
    assert newest_call(db).ticket == only_ticket(db)


def test_when_the_holder_does_not_come_it_goes_on_as_usual(called_in_vain: Desk, db: Session) -> None:
    """The questions, and whoever is free for who asks for a person; the next time nobody rang them."""
    phone = called_in_vain.ring().dial().duty_does_not_answer()
    assert "有补充" in phone.said
    phone.press("0").duty_answers("1")
    assert [HELPER, OTHER] == rung(db)
    assert "刚才是我们" not in called_in_vain.ring().dial().said


def test_a_holder_who_has_a_break_is_not_rung(called_in_vain: Desk, app: App, db: Session) -> None:
    with app.sessions.begin() as writing:
        writing.get_one(LinePerson, called_in_vain.helper).ready = False
    phone = called_in_vain.ring().dial()
    assert "刚才是我们给您打的电话" in phone.said
    assert ("有补充" in phone.said, []) == (True, rung(db))


def test_who_keeps_their_place_is_called_when_somebody_is_free(
    app: App, ring: Ring, carrier: FakeCarrier, helper: int, db: Session
) -> None:
    """All are talking: 1 keeps the place, the message is left; nobody is called before somebody is free, then once."""

    def helper_is(busy: datetime | None) -> None:
        with app.sessions.begin() as writing:
            writing.get_one(LinePerson, helper).busy_until = busy

    helper_is(datetime.now(UTC) + timedelta(hours=1))
    ring().dial().press("2").press("101").press("0").press("1").leave_message().hang_up()
    call_kept(app)
    assert the_call(db) is None
    helper_is(None)
    later = ring(caller="+8613800000009").dial().press("0")
    assert "前面还有1位" in later.said.replace(" ", ""), "who kept their place goes first"
    for _ in range(2):
        call_kept(app)
    place_call(app, the_call(db).id)
    phone = Rung(ring().line, carrier.placed[0]).pick_up()
    assert "买菜送饭" in phone.said
    phone.press("1").duty_answers("").press("1")
    call_kept(app)
    call_kept(app)
    assert 1 == len(carrier.placed)
    assert ("resolved", True) == (
        the_call(db).ticket.status,
        db.scalars(select(Wait.done_at).order_by(Wait.call_id)).first() is not None,
    )


@pytest.mark.parametrize("lost", [None, "rung", "status"])
@pytest.mark.parametrize("how", ["talks", "busy"])
def test_news_of_the_legs_in_any_order_repeated_or_lost_is_one_story(
    desk: Desk, db: Session, how: str, lost: str | None
) -> None:
    """The leg's end and the call's own end, each twice and in both orders, or one of them never."""
    phone = desk.telephone(holds=True).pick_up().press("1")
    act = Answered("", caller_ends=True) if how == "talks" else Unanswered("busy")
    phone.do(act)
    news = [each for each in phone.pending if each.about in ("rung", "status") and each.about != lost]
    for order in (reversed(news), news):
        for each in order:
            assert phone.line.request(each.url, each.form).ok
    row = the_call(db)
    assert ("talked" if how == "talks" else "busy", "over") == (row.outcome, row.state)
    assert ([] if how == "talks" else 1) == (tried(db) if how == "talks" else only_ticket(db).attempts)
