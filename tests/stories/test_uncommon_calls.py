"""Silence, emergencies, withheld numbers, people who want a person, and everybody who hangs up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.models import Ticket
from tests.builders import new_channel, new_phone, new_rule
from tests.stories.conftest import GINKGO_ONLY, Ring, at_the_desk, newest_ticket, only_call, only_ticket

DUTY = "+8613800000099"


def test_silence_is_a_request(phone: Handset, db: Session) -> None:
    """Two silences, and no question is left: only the beep."""
    phone.dial().silent().silent()
    assert "不用按键" in phone.said

    phone.leave_message(seconds=15)
    assert (None, ["community_unknown"]) == (only_ticket(db).need, only_ticket(db).flags)


def test_a_caller_who_never_makes_a_sound(phone: Handset, db: Session) -> None:
    """A call without a word ends with a spoken goodbye, and is in the call log; there is no ticket to work on."""
    phone.dial()
    while not phone.ended:
        phone.silent()

    assert "再打这个电话" in phone.said
    assert ("goodbye", None) == (only_call(db).outcome, only_call(db).ticket)


def test_hello_can_you_hear_me(phone: Handset, db: Session) -> None:
    """喂，你好，听得到吗 is answered, asks again, and counts as no miss."""
    phone.dial().speak("喂，你好，听得到吗").speak("喂喂")
    assert "听得到" in phone.said

    phone.speak("我要买药").press("101").leave_message()
    assert "medicine" == only_ticket(db).need


def test_a_withheld_number_is_asked_for_and_read_back(ring: Ring, db: Session) -> None:
    """C11: keys name the number to call back; it is read back, kept with the ticket, and nowhere in the turns."""
    phone = ring(caller=None)
    phone.dial().press("1").press("101")
    assert "哪个号码" in phone.said

    phone.press("13800000042#")
    assert "您的号码是13800000042" in phone.said.replace(" ", "")
    phone.silent().leave_message()
    assert "+8613800000042" == only_ticket(db).caller.e164
    assert "13800000042" not in str([(turn.heard, turn.understood, turn.reply) for turn in only_call(db).turns])


def test_a_number_to_call_back_is_corrected(ring: Ring, db: Session) -> None:
    """C11: a digit too few, then a slip, then the right one; a local number lies in its community's area."""
    phone = ring(caller=None)
    phone.dial().press("1").press("101").press("1380000004#")
    assert "我听到的是1380000004" in phone.said.replace(" ", "")

    phone.press("86551234#")
    assert "您的号码是057486551234" in phone.said.replace(" ", "")
    phone.press("2").press("13800000042#").silent().leave_message()
    assert ("+8613800000042", []) == (only_ticket(db).caller.e164, only_ticket(db).flags)


@pytest.mark.parametrize("told", ["057486551234*801#", "我的电话是零五七四八六五五一二三四转八零一"])
def test_an_extension_is_kept_and_dialled(ring: Ring, app: App, db: Session, told: str) -> None:
    """C11: read back with the number, shown at the desk, and dialled by the link there."""
    phone = ring(caller=None).dial().press("1").press("101")
    phone.press(told) if told.endswith("#") else phone.speak(told)
    assert "您的号码是057486551234，转801" in phone.said.replace(" ", "")
    phone.silent().leave_message()
    ticket = only_ticket(db)
    assert ("+8657486551234", "801") == (ticket.caller.e164, ticket.extension)
    assert "801" not in str([(turn.heard, turn.understood, turn.reply) for turn in only_call(db).turns])

    page = at_the_desk(app, "李四", "supervisor").get(f"/desk/tickets/{ticket.id}").text
    assert 'href="tel:+8657486551234;ext=801"' in page
    assert "0574 8655 1234 ext. 801" in page


def test_every_request_repeated_changes_nothing_about_a_number(ring: Ring, db: Session) -> None:
    """Though the document that reads it out is not kept."""
    phone = ring(caller=None, repeats=True)
    phone.dial().press("1").press("101").press("13800000042#").silent().leave_message(key="#").silent()

    assert [] == phone.differing
    assert "+8613800000042" == only_ticket(db).caller.e164


@pytest.mark.parametrize("filler", ["0000000000", "+10000000000", "12345", "+266696687", "99999999999"])
def test_two_strangers_without_a_number_share_nothing(ring: Ring, db: Session, filler: str) -> None:
    """C2: each is asked for a number and has a ticket of their own; the second hears nothing of the first."""
    ring(caller=filler).dial().press("1").press("101").silent().leave_message()
    second = ring(caller=filler)
    second.dial()
    assert "买药的事" not in second.said

    second.press("1").press("101")
    assert "哪个号码" in second.said
    second.silent().leave_message()
    assert [None, None] == [ticket.caller for ticket in db.scalars(select(Ticket))]


def test_without_a_number_the_line_goes_on(ring: Ring, db: Session) -> None:
    """Nobody is refused for withholding a number."""
    ring(caller=None).dial().press("1").press("101").silent().leave_message()

    assert ["number_withheld"] == only_ticket(db).flags


def test_a_person_is_promised_only_when_one_can_be_rung(phone: Handset, db: Session) -> None:
    """Without a duty number: the beep and a promise to call back."""
    phone.dial().press("0")
    assert "现在还没有人能接" in phone.said

    phone.leave_message()
    assert ["wants_person", "community_unknown"] == only_ticket(db).flags


@pytest.fixture
def on_duty(app: App, ring: Ring) -> None:
    """Somebody can be rung."""
    with app.sessions.begin() as db:
        hotline.settings(db).duty_phone = phones.keep(db, DUTY)


@pytest.mark.usefixtures("on_duty")
def test_the_duty_number_takes_the_call(phone: Handset, db: Session) -> None:
    """Whoever answers presses 1 and talks; the ticket says so."""
    phone.dial().press("0").duty_answers("1")

    assert ("person", []) == (only_call(db).outcome, [f for f in only_ticket(db).flags if f != "community_unknown"])
    assert only_ticket(db).talked_at


@pytest.mark.usefixtures("on_duty")
@pytest.mark.parametrize("nobody", ["no-answer", "busy", "failed"])
def test_nobody_at_the_duty_number(phone: Handset, db: Session, nobody: str) -> None:
    """It rings out: the beep, and the wish is kept."""
    phone.dial().speak("转人工").duty_does_not_answer(nobody)
    assert "请先留句话" in phone.said

    phone.leave_message()
    assert "wants_person" in only_ticket(db).flags


@pytest.mark.usefixtures("on_duty")
def test_a_mailbox_at_the_duty_number_does_not_swallow_the_caller(phone: Handset, db: Session) -> None:
    """A mailbox answers but presses nothing: the caller comes back to the beep."""
    phone.dial().press("0").duty_answers("")
    phone.leave_message()

    assert "wants_person" in only_ticket(db).flags


@pytest.mark.parametrize(
    ("said", "number"), [("我摔倒了起不来", "120"), ("家里着火了", "119"), ("有人抢劫", "110"), ("胸口疼", "120")]
)
@pytest.mark.parametrize("question", ["need", "community"])
def test_an_emergency_word_goes_straight_to_the_beep(
    phone: Handset, db: Session, said: str, number: str, question: str
) -> None:
    """A107, C19: What to do in which order, then the beep, no further question; the ticket is urgent."""
    phone.dial()
    if question == "community":
        phone.press("1")
    phone.speak(said)
    words = phone.said.replace(" ", "")
    assert words.index("请先挂断") < words.index(f"马上拨打{number}") < words.index("不方便打，就等嘀声后说地址")

    phone.leave_message(key="#")
    assert only_ticket(db).urgent
    assert phone.ended


def test_an_emergency_at_the_end_of_a_long_story_is_heard(phone: Handset, db: Session) -> None:
    """C6: 520 characters, and then that the house is on fire."""
    phone.dial().speak("我跟你讲今天早上的事情是这样的" * 40 + "现在家里着火了").leave_message(key="#")

    assert only_ticket(db).urgent
    assert only_call(db).turns[1].heard["text"].endswith("着火了")


@pytest.mark.parametrize("heard", ["0", "我摔倒了"])
def test_in_a_hurry_the_dialled_number_tells_where(ring: Ring, db: Session, heard: str) -> None:
    """C18: nobody asks for the community; the ticket has it, and the office's number is not read out."""
    phone = ring(called=GINKGO_ONLY)
    phone.dial()
    phone.press(heard) if heard.isdecimal() else phone.speak(heard)
    phone.leave_message(key="#")
    while not phone.ended:
        phone.silent()

    assert "330206001001" == only_ticket(db).community_code
    assert "community_presumed" in only_ticket(db).flags
    assert "银杏社区的电话" not in phone.said


def test_what_staff_confirm_is_presumed_no_more(ring: Ring, app: App, db: Session) -> None:
    """C18."""
    ring(called=GINKGO_ONLY).dial().press("0").leave_message()
    officer = at_the_desk(app, "王五", "supervisor")
    officer.post(f"/desk/tickets/{only_ticket(db).id}/community", community="牡丹社区")
    assert [] == [flag for flag in only_ticket(db).flags if flag == "community_presumed"]


def test_every_officer_sees_an_emergency_that_is_nowhere(ring: Ring, app: App, db: Session) -> None:
    """C18: and may take it, until somebody knows where it is."""
    ring().dial().speak("救命，我摔倒了").leave_message()
    officer = at_the_desk(app, "李娜", "officer", ["330206002001"])
    address = f"/desk/tickets/{only_ticket(db).id}"
    assert 200 == officer.get(address).status_code
    assert only_ticket(db).number in officer.get("/desk/inbox").text
    with app.sessions.begin() as writing:
        newest_ticket(writing).community_code = "330206001001"
    assert 404 == officer.get(address).status_code


def test_an_open_ticket_is_added_to(ring: Ring, db: Session) -> None:
    """The same caller, the same matter: one ticket, two calls, two recordings."""
    ring().dial().press("1").press("101").leave_message(seconds=5)
    again = ring()
    again.dial()
    assert "买药的事登记好了" in again.said

    again.leave_message(seconds=7)
    ticket = only_ticket(db)
    assert ([5, 7], 2) == ([recording.seconds for recording in ticket.recordings], len(ticket.calls))


def test_another_matter_makes_a_ticket_of_its_own(ring: Ring, db: Session) -> None:
    """2 at the open ticket asks what else is needed."""
    ring().dial().press("1").press("101").leave_message()
    ring().dial().press("2").press("2").press("1").leave_message()

    assert ["medicine", "food"] == list(db.scalars(select(Ticket.need).order_by(Ticket.id)))


def test_another_need_in_words_is_another_matter(ring: Ring, db: Session) -> None:
    """Somebody with an open ticket for medicine who asks for a car wants a car."""
    ring().dial().press("1").press("101").leave_message()
    ring().dial().speak("这次我要用车").press("1").leave_message()

    assert ["medicine", "transport"] == list(db.scalars(select(Ticket.need).order_by(Ticket.id)))


@pytest.mark.parametrize(
    ("acts", "left_at", "flags"),
    [
        ([], "need", None),
        (["1"], "community", ["incomplete", "community_unknown"]),
        (["1", "太平村"], "choose", ["incomplete", "community_unknown"]),
        (["1", "和平村"], "street", ["incomplete", "community_unknown"]),
        (["1", "101"], "message", ["incomplete"]),
    ],
)
def test_hanging_up_at_each_question(
    phone: Handset, db: Session, acts: list[str], left_at: str, flags: list[str] | None
) -> None:
    """A40: The call log says where; there is a ticket as soon as something was said or chosen."""
    phone.dial()
    for act in acts:
        phone.press(act) if act.isdecimal() else phone.speak(act)
    phone.hang_up()

    call = only_call(db)
    assert ("hung_up", left_at) == (call.outcome, call.left_at)
    assert flags == (call.ticket and call.ticket.flags)


def test_hanging_up_in_mid_message_keeps_it(phone: Handset, db: Session) -> None:
    """Hanging up is how most people end a message."""
    phone.dial().press("1").press("101").silent().hang_up(seconds=8)

    assert ("message", [8]) == (only_call(db).outcome, [each.seconds for each in only_ticket(db).recordings])


def test_late_and_reordered_callbacks_lose_nothing(ring: Ring, db: Session) -> None:
    """The call's end comes first, the recording's news after it, each late: the ticket has everything."""
    phone = ring(holds=True)
    phone.dial().press("1").press("101").silent().hang_up(seconds=8)
    phone.pending.reverse()
    phone.deliver()

    assert ("message", [8]) == (only_call(db).outcome, [each.seconds for each in only_ticket(db).recordings])


def test_outside_the_hours_the_morning_is_promised(phone: Handset, db: Session, app: App, time_machine) -> None:
    """F24: At three at night nobody promises two hours."""
    with app.sessions.begin() as writing:
        hotline.settings(writing).hours = {"from": "08:00", "to": "20:00"}
    time_machine.move_to(datetime(2026, 3, 1, 19, 0, tzinfo=UTC))  # three in the morning in Ningbo
    phone.dial().press("1").press("101").leave_message(key="#").silent()

    assert "今天早上8点以后" in phone.said.replace(" ", "")
    assert datetime(2026, 3, 2, 2, 0, tzinfo=UTC) == newest_ticket(db).due_at  # two hours after eight o'clock


AT_THREE = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)  # at night, in Ningbo
BY_DAY = {"from": "08:00", "to": "20:00"}


@pytest.mark.parametrize(
    ("hours", "told", "duty", "minutes"),
    [
        (BY_DAY, False, None, False),
        (BY_DAY, True, None, True),  # a rule tells somebody
        (BY_DAY, False, {}, True),  # the duty number rings by night
        (BY_DAY, False, BY_DAY, False),  # by day alone
        ({}, False, None, True),  # somebody is there day and night
        ({**BY_DAY, hotline.DEFAULT: True}, True, {}, False),  # nobody has ever said when
    ],
)
def test_at_night_nothing_urgent_is_promised_that_nobody_keeps(
    phone: Handset, db: Session, app: App, time_machine, hours, told: bool, duty, minutes: bool
) -> None:
    """Minutes are named only where somebody is there, told or rung at that hour; the ticket is due all the same."""
    with app.sessions.begin() as writing:
        row = hotline.settings(writing)
        row.hours, row.duty_hours = hours, duty or {}
        row.duty_phone = new_phone(writing, "+8657455500130") if duty is not None else None
        if told:
            new_rule(writing, new_channel(writing))
    time_machine.move_to(AT_THREE)
    phone.dial().speak("我老公昏倒了").leave_message(key="#")

    assert minutes == ("分钟内给您回电" in phone.said.replace(" ", ""))
    assert minutes != ("尽快给您回电" in phone.said)
    assert newest_ticket(db).due_at - AT_THREE < timedelta(minutes=30)


def test_what_was_not_promised_to_the_minute_is_not_told_so_later(ring: Ring, app: App, time_machine) -> None:
    with app.sessions.begin() as writing:
        hotline.settings(writing).hours = {**BY_DAY, hotline.DEFAULT: True}
    ring().dial().press("1").press("101").leave_message(seconds=5)
    again = ring()
    again.dial()

    assert "尽快给您回电" in again.said
    assert "前给您回电" not in again.said


def test_the_same_need_again_joins_though_the_caller_called_it_another_matter(ring: Ring, db: Session) -> None:
    """2 for something else, then medicine again: one ticket, and its number is the one that is told."""
    ring().dial().press("1").press("101").leave_message(seconds=5)
    again = ring()
    again.dial().press("2").press("1").press("1").leave_message(seconds=7, key="#").silent()
    assert "1 0 0 1" in again.said

    tickets = db.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert [None, tickets[0].id] == [ticket.merged_into_id for ticket in tickets]
    assert ([5, 7], 2) == ([each.seconds for each in tickets[0].recordings], len(tickets[0].calls))


def test_medicine_for_the_mother_too_is_a_ticket_of_its_own(ring: Ring, db: Session) -> None:
    """The same need in another community is another household's."""
    ring().dial().press("1").press("101").leave_message()
    ring().dial().press("2").press("1").press("2").press("102").leave_message(seconds=9)

    left = db.scalars(select(Ticket).where(Ticket.merged_into_id.is_(None)).order_by(Ticket.id)).all()
    assert [("medicine", "330206001001"), ("medicine", "330206001002")] == [
        (ticket.need, ticket.community_code) for ticket in left
    ]
    assert (left[0].id, [9]) == (left[1].linked_to_id, [each.seconds for each in left[1].recordings])


def test_who_rings_a_third_time_within_a_day_is_raised(ring: Ring, db: Session) -> None:
    """A102: Whether they wait for the beep or ask for the same again."""
    ring().dial().press("1").press("101").leave_message()
    ring().dial().leave_message()
    assert only_ticket(db).raised_at is None

    ring().dial().leave_message()
    assert only_ticket(db).raised_at
