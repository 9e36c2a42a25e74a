"""A volunteer without a page: everything of a shift by keys, from their own telephone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store.answering import pins
from ivr.store.facts import history as entries
from ivr.store.models import AuditLine, Call, LinePerson, Staff, Ticket
from ivr.store.people import throttle
from tests.builders import new_call, new_helper, new_recording, new_staff, new_ticket
from tests.stories.conftest import Ring, only_call

LI = "+8613900000001"
PIN, WRONG = "204816", "204817"
GINKGO, PEONY = "330206001001", "330206001002"


@pytest.fixture
def volunteer(app: App, ring: Ring) -> int:
    """李, at a number that nobody has proved yet."""
    with app.sessions.begin() as db:
        row = new_helper(db, new_staff(db, "李"), LI, proved_at=None)
        pins.set_pin(db, row.staff, PIN, app.settings.cookie_key, datetime.now(UTC))
        return row.staff_id


@pytest.fixture
def inside(volunteer: int, ring: Ring) -> Handset:
    """Their telephone, with the PIN keyed."""
    return ring(caller=LI).dial().press("7").press(PIN)


def ticket_of(app: App, **fields: object) -> int:
    with app.sessions.begin() as db:
        ticket = new_ticket(db, community=GINKGO, **fields)
        call = new_call(db, ticket=ticket)
        new_recording(db, call)
        return ticket.id


def test_a_ticket_is_heard_claimed_and_done_by_keys(app: App, volunteer: int, ring: Ring, db: Session) -> None:
    """What is known first; the message and the number only once it is theirs, as at the desk."""
    ticket_id = ticket_of(app, urgent=True)
    phone = ring(caller=LI).dial().press("7").press(PIN)
    assert "新单子1张，您手上0张" in phone.said

    heard = phone.press("1").said.replace(" ", "")
    assert "1001号" in heard
    assert "是急事。买药。银杏社区。" in heard
    assert "留言是" not in heard
    assert "听电话号码" not in heard

    assert "这张单子是您的了" in phone.press("1").said
    assert "留言是" in phone.said
    assert "1 3 8 0 0 0 0 0 0 0 1" in phone.press("6").said
    assert "您在路上" in phone.press("3").said
    assert "没有打通" in phone.press("5").said
    assert "办好了" in phone.press("4").press("1").said
    assert "新单子0张，您手上0张" in phone.said
    phone.hang_up()

    db.expire_all()
    ticket = db.get_one(Ticket, ticket_id)
    assert ("resolved", "李") == (ticket.status, ticket.claimed_by.name if ticket.claimed_by else "")
    kinds = [type(line.entry) for line in ticket.history]
    assert [entries.Claimed, entries.Listened, entries.OnTheWay, entries.Attempt, entries.Resolved] == kinds[1:]
    assert entries.Resolved("东西送到了") == ticket.history[-1].entry
    call = db.scalars(select(Call).where(Call.staff_id == volunteer)).one()
    assert ("staff", None) == (call.outcome, call.ticket_id)


def test_ringing_in_proves_the_number_and_is_in_the_security_log(inside: Handset, volunteer: int, db: Session) -> None:
    """Nothing that was keyed as a PIN stands anywhere."""
    db.expire_all()
    assert db.get_one(LinePerson, volunteer).proved_at
    assert ["rang_in"] == [line.kind for line in db.scalars(select(AuditLine).order_by(AuditLine.id))]
    assert not any(PIN in str(turn.heard) + turn.reply for turn in only_call(db).turns)
    assert PIN not in inside.said


def test_a_wrong_pin_is_slowed_and_then_locked_kindly(volunteer: int, ring: Ring, db: Session) -> None:
    """A104: Twice in a call, then they are asked what they need; after four, also the right one waits."""
    for _ in range(throttle.PIN.free // 2):
        phone = ring(caller=LI).dial().press("7").press(WRONG)
        assert "密码不对" in phone.said
        assert "您有什么需要" in phone.press(WRONG).said
        phone.hang_up()
    phone = ring(caller=LI).dial().press("7").press(PIN)
    assert "过一会儿再打" in phone.said
    assert "您有什么需要" in phone.said
    assert ["pin_failed"] * 4 + ["pin_locked"] == [line.kind for line in db.scalars(select(AuditLine))]
    assert db.scalars(select(Ticket)).first() is None


def test_caller_id_alone_opens_nothing_and_the_key_means_nothing_to_others(volunteer: int, ring: Ring) -> None:
    assert "新单子" not in ring(caller=LI).dial().press("1").said
    phone = ring().dial().press("7")
    assert "密码" not in phone.said
    assert "没听明白" in phone.said


def test_ready_a_break_and_off_by_keys(inside: Handset, volunteer: int, app: App) -> None:
    """Off is a change of the roster for the rest of the shift; ready takes it back."""

    def row() -> LinePerson:
        with app.sessions.read() as db:
            return db.get_one(LinePerson, volunteer)

    assert "先不打给您" in inside.press("5").said
    assert not row().ready
    assert "有电话会打给您" in inside.press("4").said
    assert row().ready
    assert "这一班不再打给您" in inside.press("6").said
    assert "有电话会打给您" in inside.press("4").said


def test_who_is_stopped_in_mid_call_can_do_nothing_more(inside: Handset, volunteer: int, app: App) -> None:
    ticket_of(app)
    inside.press("1")
    with app.sessions.begin() as db:
        db.get_one(Staff, volunteer).disabled_at = datetime.now(UTC)
    assert "还不能办" in inside.press("1").said
    assert "不能用电话办事" in inside.press("7").press("1").said
    assert not inside.waiting


def test_bad_keys_silence_and_repeated_requests_end_kindly(volunteer: int, ring: Ring, app: App, db: Session) -> None:
    """A number that is no ticket's, a key that is none; twice silent: goodbye. Every request twice claims once."""
    ticket_id = ticket_of(app)
    phone = ring(caller=LI, repeats=True).dial().press("7").press(PIN)
    assert "没有这张单子" in phone.press("3").press("4711#").said
    assert "没有这个选项" in phone.press("0").said
    phone.press("3").press("1001#").press("1")
    phone.silent().silent()
    assert "辛苦了" in phone.said
    assert ([], False) == (phone.differing, bool(phone.waiting))
    db.expire_all()
    assert 1 == sum(isinstance(line.entry, entries.Claimed) for line in db.get_one(Ticket, ticket_id).history)


def test_what_is_another_communitys_does_not_exist(ring: Ring, app: App) -> None:
    """An officer of 牡丹社区 finds no ticket of 银杏社区, neither in the list nor by its number."""
    ticket_of(app)
    with app.sessions.begin() as db:
        row = new_helper(db, new_staff(db, "周", "officer", [PEONY]), LI)
        pins.set_pin(db, row.staff, PIN, app.settings.cookie_key, datetime.now(UTC))
    phone = ring(caller=LI).dial().press("7").press(PIN)
    assert "新单子0张" in phone.said
    assert "没有别的单子了" in phone.press("1").said
    assert "没有这张单子" in phone.press("3").press("1001#").said
