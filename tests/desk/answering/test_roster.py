"""The roster: built on a page, with its gaps in sight."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store import hotline
from ivr.store.models import LinePerson, RotationRow, ShiftSwap, Staff
from tests.builders import new_community, new_helper
from tests.desk.conftest import Visitor

WEEK = "/desk/roster?week=2030-03-04"
ROTATION = {"title": "白班", "people": "volunteer, officer", "opens": "08:00", "closes": "20:00", "first": "2030-03-04",
            "turn_days": "1"}  # fmt: skip


@pytest.fixture
def hours(app: App, desk) -> None:
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "22:00"}


def test_gaps_are_shown_until_they_are_filled(app: App, hours: None, visitor: Visitor):
    """A rotation leaves the evenings; one shift by hand fills Monday's."""
    visitor.log_in("supervisor")
    assert 7 == visitor.get(WEEK).text.count("nobody 08:00–22:00")
    assert 302 == visitor.post("/desk/roster/rotations", **ROTATION).status_code
    assert 7 == visitor.get(WEEK).text.count("nobody 20:00–22:00")

    with app.sessions.read() as db:
        officer = db.scalars(select(Staff.id).where(Staff.name == "officer")).one()
    evening = {"person": officer, "starts": "2030-03-04T20:00", "ends": "2030-03-04T22:00", "on": "yes"}
    assert 302 == visitor.post("/desk/roster/changes", **evening).status_code
    page = visitor.get(WEEK).text
    assert 6 == page.count("nobody 20:00–22:00")
    assert "20:00–22:00 <bdi>officer</bdi>" in page
    assert "no number that was proved to ring" in page


def test_what_asks_too_much_of_somebody_is_said(hours: None, visitor: Visitor):
    visitor.log_in("supervisor")
    visitor.post("/desk/roster/rotations", **ROTATION | {"people": "volunteer", "closes": "08:00"})
    assert "at a stretch" in visitor.get(WEEK).text
    visitor.post("/desk/roster/rotations", **ROTATION | {"people": "volunteer"})
    assert "volunteer is on twice" in visitor.get(WEEK).text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("rotations", ROTATION | {"people": "nobody at all"}),
        ("rotations", ROTATION | {"opens": "25:00"}),
        ("rotations", ROTATION | {"people": "admin"}),
        ("changes", {"person": "1", "starts": "2030-03-04T20:00", "ends": "2030-03-04T08:00", "on": "yes"}),
        ("changes", {"person": "999", "starts": "2030-03-04T08:00", "ends": "2030-03-04T20:00", "on": "yes"}),
        ("telephones", {"person": "1", "number": "12345"}),
        ("swaps", {"person": "1", "starts": "2030-03-04T08:00", "ends": "2030-03-04T20:00"}),
    ],
)
def test_what_cannot_be_is_said_beside_the_form(app: App, desk, visitor: Visitor, path: str, form: dict[str, str]):
    visitor.log_in("supervisor")
    assert 422 == visitor.post(f"/desk/roster/{path}", **form).status_code
    with app.sessions.read() as db:
        assert not db.scalars(select(RotationRow)).all()
        assert not db.scalars(select(ShiftSwap)).all()


def test_a_rotation_may_be_for_some_callers_only(app: App, hours: None, visitor: Visitor):
    """By need, language and community; whoever reads the roster sees for whom."""
    with app.sessions.begin() as db:
        new_community(db, "330206001001", "银杏社区")
    visitor.log_in("supervisor")
    only = {"needs": ["food", "medicine", "gold"], "languages": ["en"], "communities": "银杏社区"}
    assert 302 == visitor.post("/desk/roster/rotations", **ROTATION | only).status_code
    with app.sessions.read() as db:
        (row,) = db.scalars(select(RotationRow))
        assert (["food", "medicine"], ["en"], ["330206001001"]) == (row.needs, row.languages, row.areas)
    page = visitor.get(WEEK).text
    assert 8 == page.count("only: Food, Medicine, 银杏社区, English")  # each day, and the rotation itself


def test_a_rotation_for_a_place_that_is_none_is_not_kept(app: App, hours: None, visitor: Visitor):
    visitor.log_in("supervisor")
    answer = visitor.post("/desk/roster/rotations", **ROTATION | {"communities": "月亮社区", "needs": ["food"]})
    assert 422 == answer.status_code
    assert "月亮社区" in answer.text
    assert 'value="food" checked' in answer.text
    with app.sessions.read() as db:
        assert not db.scalars(select(RotationRow)).all()


def test_a_rotation_is_removed(app: App, hours: None, visitor: Visitor):
    visitor.log_in("supervisor")
    visitor.post("/desk/roster/rotations", **ROTATION)
    visitor.post("/desk/roster/rotations/1/remove")
    assert 7 == visitor.get(WEEK).text.count("nobody 08:00–22:00")


def test_a_number_rings_once_somebody_tried_it(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    with app.sessions.read() as db:
        person = db.scalars(select(Staff.id).where(Staff.name == "volunteer")).one()
    proved = []
    for form in ({}, {"proved": "on"}):
        visitor.post("/desk/roster/telephones", person=person, number="13900000001", **form)
        with app.sessions.read() as db:
            proved.append(bool(db.get_one(LinePerson, person).proved_at))
    assert [False, True] == proved


def test_ones_own_shift_is_offered_to_somebody(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        officer = db.scalars(select(Staff).where(Staff.name == "officer")).one()
        new_helper(db, db.scalars(select(Staff).where(Staff.name == "volunteer")).one())
        tomorrow = datetime.now(UTC) + timedelta(hours=20)
        span = {"starts": tomorrow.isoformat(), "ends": (tomorrow + timedelta(hours=2)).isoformat()}
        officer_id = officer.id
    visitor.log_in("volunteer")
    assert 302 == visitor.post("/desk/roster/swaps", person=officer_id, **span).status_code
    with app.sessions.read() as db:
        assert officer_id == db.scalars(select(ShiftSwap)).one().taker_id


def test_a_calendar_reads_ones_shifts_by_a_secret_address(app: App, desk, visitor: Visitor):
    """Shown once; a new one ends the old one; it tells nothing but the shifts."""
    with app.sessions.begin() as db:
        new_helper(db, db.scalars(select(Staff).where(Staff.name == "volunteer")).one())
    visitor.log_in("volunteer")
    addresses = []
    for _ in range(2):
        visitor.post("/desk/roster/feed")
        page = visitor.get("/desk/roster").text
        addresses.append("/desk" + page.split("http://localhost/desk", 1)[1].split(".ics")[0] + ".ics")
    stranger = app.test_client()
    assert [404, 200] == [stranger.get(address).status_code for address in addresses]
    calendar = stranger.get(addresses[1])
    assert "text/calendar" in calendar.content_type
    assert "BEGIN:VEVENT" in calendar.text
    assert "139" not in calendar.text
