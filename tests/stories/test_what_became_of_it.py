"""Callers who ring again: what became of it, not needed any more, in which language, and what they have just said."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.facts import history as entries
from ivr.store.models import Call, HistoryLine, Notice, Staff, Ticket
from ivr.store.tickets import work
from tests.builders import new_channel, new_rule, new_staff
from tests.stories.conftest import Ring, newest_ticket, only_ticket


@pytest.fixture
def officer(app: App) -> int:
    """Somebody from the community, who has the caller's ticket in a moment."""
    with app.sessions.begin() as db:
        return new_staff(db, name="李娜", role="officer", communities=["330206001001"]).id


def asks_for_medicine(ring: Ring) -> None:
    ring().dial().press("1").press("101").leave_message(seconds=5)


def does(app: App, staff_id: int, verb: str, *more: object) -> None:
    """This member of staff does something with the newest ticket."""
    with app.sessions.begin() as db:
        ticket_id = newest_ticket(db).id
        getattr(work, verb)(db, db.get_one(Staff, staff_id), ticket_id, *more, datetime.now(UTC))


def test_a_caller_hears_who_has_it_and_until_when(app: App, ring: Ring, officer: int) -> None:
    """C22: by role, never by name, at the first question and whenever they ask."""
    asks_for_medicine(ring)
    does(app, officer, "claim")
    again = ring().dial()
    assert "您买药的事，社区的人在办了，" in again.said
    assert "前给您回电" in again.said
    assert "李娜" not in again.said

    again.speak("我那个药的事怎么样了")
    assert "社区的人在办了" in again.said

    does(app, officer, "on_the_way", True)
    assert "社区的人已经在路上了" in ring().dial().said


def test_a_question_about_it_stands_on_the_ticket_and_makes_no_other(ring: Ring, db: Session) -> None:
    """C22: even of who hangs up then; and what they add afterwards goes there as well."""
    asks_for_medicine(ring)
    ring().dial().speak("我的事办得怎么样了").hang_up()
    assert 2 == len(only_ticket(db).calls)

    ring().dial().speak("喂，你好，听得到吗").leave_message(seconds=7)
    assert ([5, 7], 3) == ([each.seconds for each in only_ticket(db).recordings], len(only_ticket(db).calls))


def test_a_matter_is_cancelled_with_a_key_that_confirms(app: App, ring: Ring, db: Session, officer: int) -> None:
    """C22: closed, told in its history, and to the channel of those whose ticket it was."""
    with app.sessions.begin() as writing:
        new_rule(writing, new_channel(writing))
    asks_for_medicine(ring)
    does(app, officer, "claim")
    phone = ring().dial().press("3")
    assert "您买药的事不用办了，是吗？" in phone.said.replace(" ", "")
    assert "claimed" == only_ticket(db).status

    phone.press("1")
    assert "好的，取消了" in phone.said
    ticket = only_ticket(db)
    assert ("closed", True, ["cancelled"]) == (ticket.status, phone.ended is not None, ticket.flags)
    assert entries.Cancelled(phone.sid) == ticket.history[-1].entry
    assert "cancelled" in set(db.scalars(select(Notice.event)))


def test_in_words_too_and_no_keeps_it(ring: Ring, db: Session) -> None:
    """C22."""
    asks_for_medicine(ring)
    phone = ring().dial().speak("那个药不用买了").speak("不是")
    assert "new" == only_ticket(db).status
    phone.speak("取消吧").speak("对，不要了")
    assert "closed" == only_ticket(db).status


def test_for_three_days_a_caller_hears_what_was_done(app: App, ring: Ring, officer: int, time_machine) -> None:
    """C22: in the words that staff wrote for them; afterwards nobody comes back to it."""
    asks_for_medicine(ring)
    does(app, officer, "claim")
    does(app, officer, "resolve", "降压药两盒，放在门卫了")
    said = ring().dial().said
    assert "您买药的事办好了：降压药两盒，放在门卫了。" in said
    assert "您有什么需要" in said

    time_machine.move_to(datetime.now(UTC) + timedelta(days=4))
    assert "办好了" not in ring().dial().said


def test_a_note_that_nobody_wrote_for_the_caller_is_not_read_to_them(app: App, ring: Ring, officer: int) -> None:
    asks_for_medicine(ring)
    does(app, officer, "claim")
    does(app, officer, "note", "女儿说她记性不好")
    does(app, officer, "resolve", "")
    said = ring().dial().said
    assert "您买药的事办好了。" in said
    assert "记性" not in said


def test_nobody_is_told_of_another_callers_matter(ring: Ring) -> None:
    """C22: only what that number itself asked for; a withheld number has nothing."""
    asks_for_medicine(ring)
    for caller in ("+8613800000002", None):
        phone = ring(caller=caller).dial()
        assert "买药的事" not in phone.said
        phone.speak("我的事怎么样了")
        assert "没有在办的事" in phone.said


def test_the_language_is_remembered_and_the_others_are_offered(ring: Ring, db: Session) -> None:
    """C15: a caller who used English before is greeted in it, with the key for Chinese."""
    ring().dial().press("9").press("1").press("101").leave_message()
    again = ring().dial()
    assert "Neighbourhood Hotline" in again.said
    assert "we have it on our list" in again.said
    assert "中文请按8" in again.said.replace(" ", "")

    again.press("8").leave_message()
    assert 1 == len(db.scalars(select(Ticket)).all())
    assert "您好，红领热线" in ring().dial().said
    assert "zh" == db.scalars(select(Call).order_by(Call.id.desc())).first().language


def test_an_addition_promises_the_tickets_own_time(ring: Ring, time_machine) -> None:
    """C15: what was promised an hour ago is not two hours from now."""
    time_machine.move_to(datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    asks_for_medicine(ring)
    time_machine.move_to(datetime(2026, 3, 1, 3, 0, tzinfo=UTC))
    phone = ring().dial().leave_message(key="#").silent()
    assert "今天中午12点前给您回电" in phone.said.replace(" ", "")


def test_a_caller_hears_their_message_before_it_is_kept(ring: Ring, db: Session) -> None:
    """C22: 1 plays it and asks again; silence then keeps it."""
    phone = ring().dial().press("1").press("101").leave_message(seconds=5, key="#")
    assert "要听一遍请按1" in phone.said.replace(" ", "")
    phone.press("1")
    assert "您刚才说： ♪ http://localhost/voice/message/" in phone.said
    phone.silent()
    assert "您的话记下了" in phone.said
    assert 1 == len(only_ticket(db).recordings)


def test_the_offices_number_is_said_once_and_again_for_the_star(ring: Ring) -> None:
    """C20."""
    phone = ring().dial().press("1").press("101").leave_message(key="#").silent()
    assert 1 == phone.said.replace(" ", "").count("057455500111")
    assert not phone.ended

    phone.press("*")
    assert 1 == phone.said.replace(" ", "").count("057455500111")
    assert "您的编号" not in phone.said
    phone.silent()
    assert ("line", "再见。") == (phone.ended, phone.said)


def test_whoever_asks_to_hear_it_a_third_time_hears_it_louder(ring: Ring) -> None:
    """C22: slower with the second star, louder with the third."""
    phone = ring().dial().press("*").press("*")
    assert 'rate="70%"' in phone.documents[-1]
    assert "volume" not in phone.documents[-1]
    assert 'volume="x-loud"' in phone.press("*").documents[-1]


def test_staff_read_in_the_history_who_took_it_back(app: App, ring: Ring, db: Session) -> None:
    asks_for_medicine(ring)
    ring().dial().press("3").press("1")
    kinds = list(db.scalars(select(HistoryLine.kind).order_by(HistoryLine.id)))
    assert ["call", "cancelled"] == kinds[-2:]


def test_how_a_sentence_was_read_is_kept_with_its_turn(ring: Ring, db: Session) -> None:
    """For the ticket's page; of a number to call back nothing is."""
    phone = ring(caller=None).dial().speak("不要人工，我要买药")
    phone.press("101").speak("一三八零零零零零零四二").silent().leave_message()
    read = [turn.understood.get("read", []) for turn in db.scalars(select(Call)).one().turns]
    assert {"words": "买药", "stands_for": "need.medicine", "fate": "counts"} in read[1]
    assert {"words": "人工", "stands_for": "wish.person", "fate": "denied"} in read[1]
    assert [[], []] == read[3:5]
