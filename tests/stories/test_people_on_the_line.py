"""People answer: the right telephone rings, a mailbox swallows nobody, and nobody waits without knowing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.acts import Answered, Unanswered
from ivr.phone.handset import Handset
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.facts import history as entries
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import LinePerson, Staff, Wait
from ivr.store.models import Ring as RingRow
from tests.builders import new_helper, new_staff
from tests.stories.conftest import Ring, only_call, only_ticket

LI, WANG, ZHAO = "+8613900000001", "+8613900000002", "+8613900000003"


@pytest.fixture
def helpers(app: App, ring: Ring) -> dict[str, int]:
    """Three volunteers on the line; Zhao has been idle longest, then Wang."""
    with app.sessions.begin() as db:
        now = datetime.now(UTC)
        return {
            number: new_helper(db, new_staff(db, name), number, idle_since=now - timedelta(minutes=idle)).staff_id
            for name, number, idle in (("李", LI, 1), ("王", WANG, 20), ("赵", ZHAO, 30))
        }


@pytest.fixture
def all_at_once(app: App, helpers: dict[str, int]) -> None:
    with app.sessions.begin() as db:
        hotline.settings(db).ring_order = "all_at_once"


def whispered(phone: Handset) -> str:
    return " ".join(each.text for each in phone.transcript if each.who == "whisper")


def outcomes(db: Session) -> list[tuple[str, str | None]]:
    db.expire_all()
    return [(each.phone.e164, each.outcome) for each in db.scalars(select(RingRow).order_by(RingRow.id))]


@pytest.mark.usefixtures("helpers")
def test_who_takes_the_call_hears_what_it_is_about_and_has_the_ticket(ring: Ring, db: Session) -> None:
    """Food, 银杏社区, the second call today: whoever was idle longest presses 1 and talks."""
    ring().dial().hang_up()
    phone = ring().dial().press("2").press("101").press("0")
    assert "正在帮您找人" in phone.said

    phone.duty_answers("1")
    assert "买菜送饭。银杏社区。今天第2次打来。接听请按1。" in whispered(phone).replace(" ", "")
    assert [(ZHAO, "taken")] == outcomes(db)
    ticket = only_ticket(db)
    assert ("claimed", "赵") == (ticket.status, ticket.claimed_by.name if ticket.claimed_by else "")
    assert db.scalars(select(LinePerson).where(LinePerson.wrap_until.is_not(None))).one().phone.e164 == ZHAO


@pytest.mark.usefixtures("helpers")
def test_one_dead_number_and_a_mailbox_break_nothing(phone: Handset, db: Session) -> None:
    """One after the other: out of order, a mailbox, a person; the ticket says who was rung in vain."""
    phone.dial().press("0").duty_does_not_answer("failed")
    assert "再帮您找一位" in phone.said
    phone.duty_answers("").duty_answers("1")

    assert [(ZHAO, "failed"), (WANG, "declined"), (LI, "taken")] == outcomes(db)
    missed = [line.entry.how for line in only_ticket(db).history if isinstance(line.entry, entries.Missed)]
    assert (["failed", "declined"], "person") == (missed, only_call(db).outcome)


@pytest.mark.usefixtures("helpers")
def test_when_nobody_comes_the_beep_comes(phone: Handset, db: Session) -> None:
    phone.dial().press("0")
    for _ in range(3):
        phone.duty_does_not_answer()
    phone.leave_message()
    assert "wants_person" in only_ticket(db).flags
    assert {"no_answer"} == {how for _, how in outcomes(db)}


@pytest.mark.usefixtures("all_at_once")
def test_all_at_once_the_first_who_picks_up_has_it(phone: Handset, db: Session) -> None:
    """One is busy, one is late; nobody but the busy one counts as having missed anything."""
    phone.dial().press("0")
    phone.telephones({LI: Answered(after_s=4), WANG: Unanswered("busy"), ZHAO: Answered(after_s=9)})
    assert {(LI, "taken"), (WANG, "busy"), (ZHAO, "elsewhere")} == set(outcomes(db))
    assert {0} == set(db.scalars(select(LinePerson.misses)))


@pytest.mark.usefixtures("all_at_once")
def test_a_mailbox_that_is_quickest_gets_nobody(phone: Handset, db: Session) -> None:
    """All ring, the mailbox picks up first and presses nothing: everybody else was silenced, and nobody is lost."""
    phone.dial().press("0").telephones({WANG: Answered("", after_s=1)})
    phone.leave_message()
    assert "wants_person" in only_ticket(db).flags
    assert (WANG, "declined") in outcomes(db)


@pytest.mark.usefixtures("helpers")
def test_every_request_repeated_rings_nobody_twice(ring: Ring, db: Session) -> None:
    phone = ring(repeats=True).dial().press("0").duty_does_not_answer().duty_answers("1")
    assert ([], [(ZHAO, "no_answer"), (WANG, "taken")]) == (phone.differing, outcomes(db))


@pytest.mark.usefixtures("helpers")
def test_a_caller_who_hangs_up_while_it_rings_leaves_everybody_free(phone: Handset, db: Session) -> None:
    phone.dial().press("0").hang_up()
    assert [(ZHAO, "left")] == outcomes(db)
    assert [None] * 3 == list(db.scalars(select(LinePerson.busy_until)))


@pytest.fixture
def all_talk(app: App, helpers: dict[str, int]) -> None:
    """Everybody who is on talks with somebody."""
    with app.sessions.begin() as db:
        for person in db.scalars(select(LinePerson)):
            person.busy_until = datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.usefixtures("all_talk")
def test_who_waits_knows_for_how_long_and_gets_the_first_who_is_free(phone: Handset, app: App, db: Session) -> None:
    phone.dial().press("0")
    assert "大家都在接电话，下一位就是您。" in phone.said
    assert "大约要等2分钟" in phone.said
    assert "还在帮您等" in phone.silent().said

    with app.sessions.begin() as writing:
        writing.get_one(LinePerson, writing.scalars(select(Staff.id).where(Staff.name == "李")).one()).busy_until = None
    phone.silent().duty_answers("1")
    assert ([(LI, "taken")], "rung") == (outcomes(db), db.scalars(select(Wait.ended)).one())


@pytest.mark.usefixtures("all_talk")
def test_the_place_is_kept_and_the_message_too(phone: Handset, db: Session) -> None:
    """1: they are called back, and say what they wanted at the beep."""
    phone.dial().press("2").press("101").press("0").press("1")
    assert "位置给您留着" in phone.said
    phone.leave_message(seconds=9)
    assert ("call_back", [9]) == (
        db.scalars(select(Wait.ended)).one(),
        [each.seconds for each in only_ticket(db).recordings],
    )


@pytest.mark.usefixtures("all_talk")
@pytest.mark.parametrize("leaves", ["hangs up", "is silent", "presses 2"])
def test_whoever_leaves_the_queue_is_on_a_ticket(phone: Handset, db: Session, leaves: str) -> None:
    phone.dial().press("0")
    if leaves == "hangs up":
        phone.hang_up()
    else:
        while "嘀声" not in phone.said:
            _ = phone.press("2") if leaves == "presses 2" else phone.silent()
        phone.leave_message()
    assert only_ticket(db).wants_person_at
    assert ("left" if leaves == "hangs up" else "message") == db.scalars(select(Wait.ended)).one()


@pytest.mark.usefixtures("all_talk")
def test_an_emergency_waits_for_nobody(phone: Handset, db: Session) -> None:
    phone.dial().press("0").speak("救命，我摔倒了")
    assert "马上拨打1 2 0" in phone.said
    phone.leave_message()
    assert only_ticket(db).urgent


@pytest.mark.usefixtures("helpers")
def test_where_the_hotline_answers_live_every_caller_is_put_through(phone: Handset, app: App, db: Session) -> None:
    """After the need and the community, without asking for a person; nobody comes: the beep."""
    with app.sessions.begin() as writing:
        hotline.settings(writing).ring_all_callers = True
    phone.dial().press("1").press("101")
    assert "正在帮您找人" in phone.said
    phone.duty_answers("1")
    assert ("person", "medicine") == (only_call(db).outcome, only_ticket(db).need)


CHEN, DUTY = "+8657455500131", "+8657455500130"


@pytest.mark.parametrize(
    ("kept", "place", "rung"),
    [
        ({}, "101", CHEN),
        ({}, "102", DUTY),  # another community has none of its own
        ({"from": "08:00", "to": "20:00"}, "101", DUTY),  # by day alone, and it is night
    ],
)
def test_a_communitys_own_contact_is_rung_for_its_callers(
    app: App, ring: Ring, db: Session, time_machine, kept: dict[str, str], place: str, rung: str
) -> None:
    """From the next call on, in its hours; else the hotline's duty number rings."""
    ring().dial().hang_up()  # the line as it was
    with app.sessions.begin() as writing:
        duty, chen = (phones.keep(writing, number) for number in (DUTY, CHEN))
        hotline.settings(writing).duty_phone = duty
        contact = line.PlaceDuty("陈书记", chen.id, chen.tail, kept)
        changes.make(writing, None, About(line.PlaceDuty, "330206001001"), contact, datetime.now(UTC))
    time_machine.move_to(datetime(2026, 3, 1, 19, 0, tzinfo=UTC))  # three in the morning in Ningbo
    ring().dial().press("2").press(place).press("0").duty_answers("1")

    assert [(rung, "taken")] == outcomes(db)


def test_a_contact_whose_number_was_erased_rings_nobody(app: App, ring: Ring, db: Session) -> None:
    with app.sessions.begin() as writing:
        contact = line.PlaceDuty("陈书记", 4711, "0131", {})
        changes.make(writing, None, About(line.PlaceDuty, "330206001001"), contact, datetime.now(UTC))
    ring().dial().press("2").press("101").press("0").leave_message(seconds=5)

    assert [] == outcomes(db)
