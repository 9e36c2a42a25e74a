"""The overview: what is missing is said, and an administrator has somewhere to begin."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store import hotline, workers
from ivr.store.access import swept
from ivr.store.calls import reconciling
from ivr.store.models import NoticeRule, Staff
from tests.builders import new_call, new_recording, new_staff
from tests.desk.conftest import Visitor
from tests.store.test_outbox import fail


def test_an_administrator_begins_at_the_overview(desk, visitor: Visitor):
    """O14: the login leads there, the brand and /desk/ too; nothing is refused, and no ticket shown."""
    assert "/desk/overview" == visitor.log_in("admin").location
    assert "/desk/overview" == visitor.get("/desk/").location
    page = visitor.get("/desk/", follow_redirects=True)

    assert 200 == page.status_code
    for told in ("What is missing", "How it is going", "People who can log in", "volunteer", "supervisor"):
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
