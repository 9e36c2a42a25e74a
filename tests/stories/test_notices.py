"""A call comes in and staff are told, in the transaction that made the ticket."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store.models import Notice
from tests.builders import new_channel, new_rule

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def rules(app: App) -> None:
    """The whole hotline's group, and that of 银杏社区."""
    with app.sessions.begin() as db:
        new_rule(db, new_channel(db, "全线"), since=YESTERDAY)
        new_rule(db, new_channel(db, "银杏"), since=YESTERDAY, community_code="330206001001")


def told(app: App) -> list[tuple[str, str]]:
    with app.sessions.read() as db:
        return [(each.channel.name, each.event) for each in db.scalars(select(Notice).order_by(Notice.id))]


def test_a_ticket_is_told_when_its_call_is_over(app: App, phone: Handset, rules: None, db: Session):
    """Not before: only then it is known where the caller lives."""
    phone.dial().press("1")
    assert [] == told(app)
    phone.speak("银杏社区").leave_message()
    phone.hang_up()

    assert [("全线", "new"), ("银杏", "new")] == told(app)
    assert {(1, 0), (2, 0)} == app.later.unfinished("send_notice")


def test_an_emergency_is_told_while_the_caller_is_still_speaking(app: App, phone: Handset, rules: None):
    """And once, whatever else the call brings; nobody knows where, so the channels of every place are told (C18)."""
    phone.dial().speak("救命，我摔倒了")
    assert [("全线", "urgent"), ("银杏", "urgent")] == told(app)
    phone.leave_message()

    assert [("全线", "urgent"), ("银杏", "urgent")] == told(app)


def test_a_caller_who_says_nothing_disturbs_nobody(app: App, phone: Handset, rules: None):
    """No ticket, no notice."""
    phone.dial()
    phone.hang_up()
    assert [] == told(app)


def test_a_hotline_that_tells_nobody_takes_calls_as_ever(app: App, phone: Handset):
    phone.dial().speak("救命，我摔倒了").leave_message()
    assert [] == told(app)
