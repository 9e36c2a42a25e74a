"""How was the help? One key after a talk or a closing call; nobody reads it of a colleague."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store.models import Call, Rating, Turn
from tests.builders import new_helper, new_staff
from tests.stories.conftest import Ring, at_the_desk, only_ticket

HELPER = "+8613900000001"


@pytest.fixture
def helper(app: App) -> int:
    app.settings = app.settings.model_copy(update={"hotline_rating": True})
    with app.sessions.begin() as db:
        return new_helper(db, new_staff(db, "李"), HELPER).staff_id


def ratings(db: Session) -> list[tuple[int | None, bool]]:
    db.expire_all()
    return [(each.staff_id, each.good) for each in db.scalars(select(Rating).order_by(Rating.id))]


@pytest.mark.parametrize(("key", "good"), [("1", True), ("2", False)])
def test_after_a_talk_one_key_says_how_it_was(ring: Ring, helper: int, db: Session, key: str, good: bool) -> None:
    phone = ring(repeats=True).dial().press("2").press("101").press("0").duty_answers("1")
    assert "帮得好不好" in phone.said
    phone.press(key)
    assert "谢谢您" in phone.said
    assert ([], [(helper, good)]) == (phone.differing, ratings(db))
    assert "person" == db.scalars(select(Call.outcome)).one()


def test_in_english_and_who_hangs_up_or_says_nothing_has_said_nothing(ring: Ring, helper: int, db: Session) -> None:
    phone = ring().dial().press("9").press("2").press("101").press("0").duty_answers("1")
    assert "Was the help you just had good?" in phone.said
    assert "Goodbye" in phone.silent().said
    assert [] == ratings(db)


def test_off_by_default(app: App, ring: Ring, helper: int) -> None:
    app.settings = app.settings.model_copy(update={"hotline_rating": False})
    assert "帮得好不好" not in ring().dial().press("2").press("101").press("0").duty_answers("1").said


def test_nobody_reads_it_in_the_ticket_or_the_log(app: App, ring: Ring, helper: int, db: Session) -> None:
    phone: Handset = ring().dial().press("2").press("101").press("0").duty_answers("1").press("2")
    assert phone.said
    turn = db.scalars(select(Turn).where(Turn.asked == "rating")).one()
    assert "•••" == turn.heard["text"]
    assert "bad" not in str(turn.understood)
    desk = at_the_desk(app, "主管", "supervisor")
    for page in (f"/desk/tickets/{only_ticket(db).id}", "/desk/calls"):
        answer = desk.get(page)
        assert (200, False) == (answer.status_code, "not good" in answer.text)
