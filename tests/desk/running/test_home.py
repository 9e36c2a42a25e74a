"""The overview: what is missing is said, and an administrator has somewhere to begin."""

import csv
import os
import re
import ssl
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from ivr.app import App
from ivr.cli.demo import SAMPLE
from ivr.desk.running import glance
from ivr.desk.running.steps import WORDS
from ivr.desk.shell.guard import now
from ivr.store import condition, hotline, readiness, workers
from ivr.store.access import swept
from ivr.store.answering import people, roster
from ivr.store.calls import reconciling
from ivr.store.models import Call, CommunityRow, NoticeRule, RotationPerson, RotationRow, Staff
from routing.roster.shift import Span
from tests.asked import asked
from tests.builders import (
    new_call,
    new_channel,
    new_phone,
    new_recording,
    new_rule,
    new_staff,
)
from tests.desk.conftest import HERE, Visitor
from tests.store.test_outbox import fail


def test_an_administrator_begins_at_the_overview(desk, visitor: Visitor):
    """O14: the login leads there, the brand and /desk/ too; nothing is refused, and no ticket shown."""
    assert "/desk/overview" == visitor.log_in("admin").location
    assert "/desk/overview" == visitor.get("/desk/").location
    page = visitor.get("/desk/", follow_redirects=True)

    assert 200 == page.status_code
    for told in ("Before going live", "How it is going", "People who can log in", "volunteer", "supervisor"):
        assert told in page.text
    assert "was denied access ·" not in visitor.get("/desk/audit").text
    assert f"/desk/tickets/{desk.here}" not in page.text


@pytest.mark.parametrize(("role", "status"), [("supervisor", 200), ("officer", 403), ("volunteer", 403)])
def test_who_sees_the_overview(visitor: Visitor, role: str, status: int):
    visitor.log_in(role)
    assert status == visitor.get("/desk/overview").status_code


def test_what_is_missing_is_said_until_it_is_there(app: App, desk, visitor: Visitor):
    """O14, O18"""
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00", hotline.DEFAULT: True}
        db.execute(delete(NoticeRule))
    visitor.log_in("admin")
    page = visitor.get("/desk/overview").text
    for told in ("The worker is not running", "Nobody is notified of new tickets", "Nobody has said yet when"):
        assert told in page

    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00"}
        workers.beat(db, "worker-0", now())
    page = visitor.get("/desk/overview").text
    assert "Nobody is notified" in page
    for untold in ("The worker is not running", "Nobody has said yet when"):
        assert untold not in page


def open_steps(page: str) -> set[str]:
    """The steps that the list still misses."""
    return set(re.findall(r'<li class="open" data-step="(\w+)"', page))


def test_the_list_ticks_itself_step_by_step(app: App, desk, visitor: Visitor):
    """Every step is told while it is missing, and ticked as soon as it is so; with the last the banner goes."""
    app.golive.settings = app.settings.model_copy(update={"public_base_url": "https://hotline.example"})
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00", hotline.DEFAULT: True}
        db.execute(delete(NoticeRule))
        db.get_one(CommunityRow, HERE).phone = "+8657455000103"  # as the sample has it
        for each in db.query(Staff).filter_by(role="supervisor"):
            each.password_printed = True
    visitor.log_in("admin")
    page = visitor.get("/desk/overview").text
    assert "3 of 11 steps are done" in page  # an account, an address, a directory
    assert set(WORDS) - {"account", "address", "directory"} == open_steps(page)
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", now())
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00"}
        new_rule(db, new_channel(db))
        hotline.settings(db).duty_phone = new_phone(db, "+8657455500130")
        db.get_one(CommunityRow, HERE).phone = "+8657455500103"
        for each in db.query(Staff).filter_by(role="supervisor"):
            each.password_printed = False
    (app.settings.data_dir / readiness.BACKUP_MARK).touch()
    assert {"simulator"} == open_steps(visitor.get("/desk/overview").text)
    assert "not ready for callers" in visitor.get("/desk/people").text

    app.golive.settings = app.golive.settings.model_copy(update={"hotline_simulator": False})
    assert "Ready to go live" in visitor.get("/desk/overview").text
    assert "not ready for callers" not in visitor.get("/desk/people").text


@pytest.mark.parametrize("proved", [True, False])
@pytest.mark.parametrize("by_hand", [True, False])
def test_a_shift_of_somebody_whose_telephone_rings_is_enough(app: App, desk, proved: bool, by_hand: bool):
    """Without a duty number: in a rotation, or put on the line by hand; a number that was never proved rings nobody."""
    begins = now()
    with app.sessions.begin() as db:
        person = db.query(Staff).filter_by(name="volunteer").one()
        people.set_phone(db, person, "+8613900000001", begins, proved=proved)
        if by_hand:
            roster.change(db, person, Span(begins, begins + timedelta(hours=8)), on=True, by=None, now=begins)
        else:
            times = {"opens": "08:00", "closes": "16:00", "first": begins.date(), "zone": "Asia/Shanghai"}
            turns = [RotationPerson(place=0, staff_id=person.id)]
            db.add(RotationRow(name="白班", made_at=begins, people=turns, **times))
    with app.sessions.read() as db:
        assert proved != ("answers" in condition.lacking(db, begins))
        over = "answers" in condition.lacking(db, begins + timedelta(days=1))
        assert over == (by_hand or not proved)


@pytest.mark.parametrize(("role", "told"), [("supervisor", True), ("admin", True), ("officer", False)])
def test_who_can_do_something_about_it_is_told_on_every_page(visitor: Visitor, role: str, told: bool):
    visitor.log_in(role)
    assert told == ("not ready for callers" in visitor.get("/desk/help").text)


def test_the_banner_asks_the_database_once_a_minute(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")

    def questions() -> int:
        with asked(app.sessions.engine) as statements:
            visitor.get("/desk/help")
        return len(statements)

    visitor.get("/desk/help")
    kept = questions()
    app.golive.seen_s = float("-inf")
    assert [kept + 1, kept] == [questions(), questions()]


def test_health_is_told_at_a_glance(app: App, desk, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """Each thing the hotline stands on, with what is the matter with it."""
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", now())
        db.execute(update(Call).values(started_at=now() - timedelta(minutes=7)))
        reconciling.keep_check(db, "twilio", now() - timedelta(minutes=5), read_until=None, trouble=None)
    mark = app.settings.data_dir / readiness.BACKUP_MARK
    mark.touch()
    two_hours_ago = now().timestamp() - 2 * 3600
    os.utime(mark, (two_hours_ago, two_hours_ago))
    visitor.log_in("supervisor")
    told = lines(visitor.get("/desk/overview").text)
    assert {
        "Worker": "running",
        "Backups": "the last one 2 hours ago",
        "Channels": "2 channels",
        "Certificate": "none: this address is for this machine alone",
        "Carrier": "lists compared 5 minutes ago",
        "Last call": "7 minutes ago",
    }.items() <= told.items()
    assert told["Disk"].endswith("GB free")

    os.utime(mark, (0, 0))
    public = {"public_base_url": "https://hotline.example", "hotline_second_factor": "offered"}
    app.settings = app.settings.model_copy(update=public)
    monkeypatch.setattr(glance, "days_left", lambda url, within_s: 5)
    glance._certificate_days.cache_clear()
    page = visitor.get("/desk/overview", base_url="https://localhost").text
    assert '<strong class="unwell">good for 5 days</strong>' in page
    assert "The last backup is more than a day old." in page


@pytest.mark.parametrize(
    ("fault", "told"),
    [(ssl.SSLCertVerificationError(), "do not believe it"), (TimeoutError(), "cannot be reached from here")],
)
def test_a_certificate_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, fault: OSError, told: str):
    def fails(url: str, within_s: float) -> int:
        raise fault

    monkeypatch.setattr(glance, "days_left", fails)
    glance._certificate_days.cache_clear()
    assert told in str(glance._certificate_days("https://hotline.example", 0))


def lines(page: str) -> dict[str, str]:
    """The lines of the overview's health, by title."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    return {title: re.sub("<[^>]+>", "", text).strip() for title, text in found}


def test_the_samples_numbers_are_those_that_are_looked_for():
    with SAMPLE.open(encoding="utf-8") as file:
        numbers = [row["phone"] for row in csv.DictReader(file)]
    pattern = re.compile(condition.SAMPLE_PHONES.replace("+", "[+]").replace("_", "[0-9]"))
    assert [] == [number for number in numbers if not pattern.fullmatch(number)]


def test_a_worker_that_gives_no_sign_any_more_is_told(app: App, desk, visitor: Visitor):
    """O17"""
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", now() - timedelta(minutes=5))
    visitor.log_in("admin")
    assert "The worker is not running" in visitor.get("/desk/overview").text


def test_who_has_left_cannot_log_in_and_is_not_listed(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        new_staff(db, "gone", disabled_at=now())
        assert db.get(Staff, 1) is not None
    visitor.log_in("admin")
    assert "<bdi>gone</bdi>" not in visitor.get("/desk/overview").text


@pytest.mark.parametrize(("role", "told"), [("supervisor", True), ("volunteer", False)])
def test_the_inbox_says_that_nobody_is_told_until_somebody_is(app: App, desk, visitor: Visitor, role: str, told: bool):
    """O18: to those who can do something about it."""
    visitor.log_in(role)
    assert "Nobody is notified of new tickets" not in visitor.get("/desk/").text
    with app.sessions.begin() as db:
        db.execute(delete(NoticeRule))
    assert told == ("Nobody is notified of new tickets" in visitor.get("/desk/").text)


def test_what_was_given_up_is_shown_with_a_way_to_try_again(app: App, desk, visitor: Visitor):
    """B2: at the overview and, in a line, at the inbox; who had it tried again stands in the audit."""
    (app.spool.bad / "1-a.json").write_text("{")
    visitor.log_in("supervisor")
    assert "Something of the hotline has failed" in visitor.get("/desk/").text
    page = visitor.get("/desk/overview").text
    assert "Some requests could not be taken in." in page
    assert "0 waiting, 1 set aside" in page

    visitor.post("/desk/overview/try-again")
    assert "1 request will be taken in again." in visitor.get("/desk/overview").text
    assert (1, 0) == app.spool.waiting()
    assert "had requests taken in again" in visitor.get("/desk/audit").text


def test_a_carrier_that_does_not_tell_and_a_full_store_are_said(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        reconciling.keep_check(db, "twilio", now(), read_until=None, trouble="refused")
        new_recording(db, new_call(db), state="expected", trouble="storage")
    visitor.log_in("admin")
    page = visitor.get("/desk/overview").text
    for told in ("s lists cannot be read", "Recordings cannot be stored."):
        assert told in page


def test_jobs_that_ended_in_an_error_are_shown_and_done_again(app: App, desk, visitor: Visitor):
    """With what the sweeps saw to by themselves."""
    with app.sessions.begin() as db:
        app.later.enqueue(db, "send_notice", 7, 0)
        swept.note(db, "calls", 3, now())
    fail(app, "send_notice:7:0")
    visitor.log_in("supervisor")
    page = visitor.get("/desk/overview").text
    assert "sending a notice 7, 0" in page
    assert "calls that never ended: 3" in page
    visitor.post("/desk/overview/jobs", job="send_notice:7:0")
    page = visitor.get("/desk/overview").text
    assert "1 job will be done again." in page
    assert "sending a notice" not in page
    assert "had jobs done again · 1 job" in re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", visitor.get("/desk/audit").text))
