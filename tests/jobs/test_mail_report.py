"""The letter of the morning: once, to whom a rule names, with the day's workbook; tried again when it could not go."""

import io
from datetime import datetime, timedelta

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from ivr.app import App
from ivr.jobs.mail_report import mail_report
from ivr.store.models import Channel, NoticeRule, ReportLetter
from tests import forty
from tests.builders import new_channel, new_rule
from tests.notify.standins import Service, service

SEVEN = forty.at("07:00", forty.DAY + timedelta(days=1))


@pytest.fixture
def mailbox(app: App):
    """The day of forty calls, and a rule that has the report mailed at the usual hour."""
    with service("email") as stand_in:
        with app.sessions.begin() as db:
            forty.make(db)
            channel = new_channel(db, "街道", "email", language="en", sealed=app.seal.close(stand_in.values))
            new_rule(db, channel, "report")
        yield stand_in


def at(app: App, moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        mail_report(app)


def states(app: App) -> list[str]:
    with app.sessions.read() as db:
        return list(db.scalars(select(ReportLetter.state)))


def test_it_comes_once_each_morning_with_the_days_workbook(app: App, mailbox: Service):
    for minutes in (-1, 0, 1, 300):
        at(app, SEVEN + timedelta(minutes=minutes))
        assert (minutes >= 0) == len(mailbox.accepted), minutes
    (letter,) = mailbox.accepted
    (sheet,) = letter.iter_attachments()
    figures = openpyxl.load_workbook(io.BytesIO(sheet.get_content()))["Figures"]

    assert "Report of 2026-03-02" in letter["Subject"]
    assert "Calls: 40 (3)" in letter.get_body().get_content()
    assert "/desk/report?day=2026-03-02" in letter.get_body().get_content()
    assert ("Calls", 40) == tuple(cell.value for cell in figures[2][:2])
    assert "+86138" not in letter.as_string(), "nobody's number"

    at(app, SEVEN + timedelta(days=1))
    assert 2 == len(mailbox.accepted)


def test_a_letter_that_could_not_go_goes_later(app: App, mailbox: Service):
    with app.sessions.begin() as db:
        channel = db.scalars(select(Channel)).one()
        good, channel.sealed = channel.sealed, app.seal.close(mailbox.values | {"port": "1"})
    at(app, SEVEN)
    assert ["waiting"] == states(app)
    with app.sessions.begin() as db:
        db.scalars(select(Channel)).one().sealed = good
    at(app, SEVEN + timedelta(minutes=2))

    assert ["sent"] == states(app)
    assert 1 == len(mailbox.accepted)


def test_a_rule_made_after_the_hour_begins_tomorrow(app: App, mailbox: Service):
    """And what is half a day late is not sent at all."""
    with app.sessions.begin() as db:
        db.scalars(select(NoticeRule)).one().since = SEVEN + timedelta(hours=1)
    at(app, SEVEN + timedelta(hours=2))
    assert [] == states(app)

    at(app, SEVEN + timedelta(days=1, hours=13))
    assert [] == states(app)
    at(app, SEVEN + timedelta(days=2))
    assert ["sent"] == states(app)
