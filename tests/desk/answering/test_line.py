"""One's own telephone on a page, and everybody's for supervisors."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.jobs.sweep import sweep
from ivr.store.answering import handover, people, ringing, roster, waiting
from ivr.store.models import Handover, LinePerson, Staff
from routing.roster.selection import Wanted
from routing.roster.shift import Span
from tests.builders import new_call, new_helper, new_ticket
from tests.desk.conftest import Visitor

VOLUNTEER = "+8613900000001"


@pytest.fixture
def helper(app: App, desk) -> int:
    with app.sessions.begin() as db:
        return new_helper(db, db.scalars(select(Staff).where(Staff.name == "volunteer")).one(), VOLUNTEER).staff_id


def test_without_a_number_it_says_what_to_do(desk, visitor: Visitor):
    visitor.log_in("volunteer")
    assert "does not ring yet" in visitor.get("/desk/line").text


def test_a_break_and_back_again(app: App, helper: int, visitor: Visitor):
    """A break is nobody's ring; ready ends wrap-up and the pause after misses too."""
    visitor.log_in("volunteer")
    visitor.post("/desk/line", ready="no")
    with app.sessions.begin() as db:
        row = db.get_one(LinePerson, helper)
        assert not row.ready
        row.paused_until = now() + timedelta(minutes=30)
    assert "on a break" in visitor.get("/desk/line").text

    visitor.post("/desk/line", ready="yes")
    with app.sessions.read() as db:
        assert "ready" == people.doing(db.get_one(LinePerson, helper), now())
    assert 400 == visitor.post("/desk/line", ready="perhaps").status_code


def test_who_rings_is_shown_with_the_ticket(app: App, helper: int, visitor: Visitor):
    """Before the pick-up; to whom it rings, and to nobody else."""
    with app.sessions.begin() as db:
        ticket = new_ticket(db, need="food")
        call = new_call(db, seconds=None, ticket=ticket)
        new_ticket(db)
        line = ringing.look(db, call.id, Wanted("zh"), None, first=False, now=now())
        ringing.ring(db, call.id, 1, line, now())
        number = ticket.number
    visitor.log_in("volunteer")
    page = visitor.get("/desk/line").text
    assert "Your telephone rings" in page
    assert f"Ticket {number}" in page
    assert "Other tickets of this caller" in page
    assert "So far" in page
    renewed = visitor.get("/desk/line/now")
    assert "Your telephone rings" in renewed.text
    assert 304 == visitor.get("/desk/line/now", headers={"If-None-Match": renewed.headers["ETag"]}).status_code
    visitor.log_in("supervisor")
    assert "Your telephone rings" not in visitor.get("/desk/line").text


def test_a_supervisor_sees_who_waits_and_who_is_on(app: App, helper: int, visitor: Visitor):
    with app.sessions.begin() as db:
        waiting.waits(db, new_call(db, seconds=None).id, first=False, now=now())
        db.get_one(LinePerson, helper).busy_until = now() + timedelta(hours=4)
    visitor.log_in("supervisor")
    page = visitor.get("/desk/line").text
    assert "Waiting now: 1" in page
    assert "talking" in page
    visitor.log_in("volunteer")
    assert "Waiting now" not in visitor.get("/desk/line").text


def test_a_shift_changes_hands_when_both_agree(app: App, helper: int, visitor: Visitor):
    with app.sessions.begin() as db:
        giver, taker = (db.scalars(select(Staff).where(Staff.name == name)).one() for name in ("volunteer", "officer"))
        span = Span(now() + timedelta(hours=1), now() + timedelta(hours=3))
        swap = roster.ask_swap(db, giver, taker, span, now()).id
    visitor.log_in("supervisor")
    visitor.post(f"/desk/line/swaps/{swap}", agree="yes")
    assert {"volunteer"} == on(app, span.starts), "it is not theirs to say"

    visitor.log_in("officer")
    assert "Would you take over?" in visitor.get("/desk/line").text
    visitor.post(f"/desk/line/swaps/{swap}", agree="yes")
    assert {"officer"} == on(app, span.starts)
    assert {"volunteer"} == on(app, span.ends)


def on(app: App, moment) -> set[str]:
    with app.sessions.read() as db:
        return {db.get_one(Staff, shift.person).name for shift in roster.on(db, moment)}


def test_what_one_shift_leaves_the_next_reads(app: App, helper: int, visitor: Visitor):
    """With the tickets that they still hold; what is written last stands, and for a day."""
    with app.sessions.begin() as db:
        volunteer = db.get_one(Staff, helper)
        held = new_ticket(db, status="claimed", claimed_by=volunteer)
        new_ticket(db, status="resolved", claimed_by=volunteer, caller="+8613800000002", resolved_at=now())
    visitor.log_in("volunteer")
    visitor.post("/desk/line/handover", words="一栋停水")
    assert 302 == visitor.post("/desk/line/handover", words="二栋停水，晚上送水").status_code

    visitor.log_in("officer")
    page = visitor.get("/desk/line").text
    assert ("二栋停水，晚上送水" in page, "一栋停水" in page) == (True, False)
    assert [str(held.id)] == re.findall(r"/desk/tickets/(\d+)", page)

    sweep(app)
    assert "二栋停水" in visitor.get("/desk/line").text
    with app.sessions.begin() as db:
        db.get_one(Handover, helper).written_at = now() - handover.SHOWN
    assert "二栋停水" not in visitor.get("/desk/line").text
    sweep(app)
    with app.sessions.read() as db:
        assert db.get(Handover, helper) is None


def test_what_is_left_can_be_taken_back(app: App, helper: int, visitor: Visitor):
    visitor.log_in("volunteer")
    visitor.post("/desk/line/handover", words="二栋停水")
    visitor.post("/desk/line/handover", words=" ")
    assert "二栋停水" not in visitor.get("/desk/line").text


@pytest.mark.parametrize(("words", "why"), [("打 138 0000 0001", "no telephone number"), ("停水" * 2001, "Too long")])
def test_what_cannot_be_left_is_said_beside_the_field(helper: int, visitor: Visitor, words: str, why: str):
    visitor.log_in("volunteer")
    answer = visitor.post("/desk/line/handover", words=words)
    assert 422 == answer.status_code
    assert why in answer.text
    assert words in answer.text


def test_a_confidential_ticket_in_hand_is_not_named_to_others(app: App, helper: int, visitor: Visitor):
    with app.sessions.begin() as db:
        volunteer = db.get_one(Staff, helper)
        new_ticket(db, status="claimed", claimed_by=volunteer, confidential=True)
        handover.leave(db, volunteer, "二栋停水", now())
    visitor.log_in("officer")
    page = visitor.get("/desk/line").text
    assert "二栋停水" in page
    assert not re.search(r"/desk/tickets/\d", page)
