"""The page of the hours: a week, its holidays, tonight; what was typed comes back with the reason beside it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.running.hours import WEEK
from ivr.desk.shell.guard import now
from ivr.store import hotline
from ivr.store.models import LineChange
from tests.builders import new_staff
from tests.desk.conftest import Visitor

PATH = "/desk/hours"
WORKING = dict.fromkeys(WEEK[:5], "8:00-12:00 13:00-18:00") | {WEEK[5]: "9-12", WEEK[6]: ""}


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def kept(app: App) -> dict:
    with app.sessions.read() as db:
        return hotline.settings(db).hours


def version(app: App) -> str:
    with app.sessions.read() as db:
        return str(max(db.scalars(select(LineChange.id)), default=0))


def test_a_week_is_set_with_its_days_that_differ(app: App, supervisor: Visitor):
    day = now().date() + timedelta(days=30)
    answer = supervisor.post(PATH, version="0", days=f"{day} 国庆节", **WORKING)

    assert 302 == answer.status_code
    noon = [["08:00", "12:00"], ["13:00", "18:00"]]
    assert {
        "week": 5 * [noon] + [[["09:00", "12:00"]], []],
        "days": {day.isoformat(): {"open": [], "name": "国庆节"}},
    } == kept(app)
    page = supervisor.get(PATH).text
    assert "It applies from the next call on." in page
    assert 'value="08:00-12:00 13:00-18:00"' in page
    assert f"{day} 国庆节" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"day1": "8-9 8:30-10"}, "Not hours: “08:00-09:00 08:30-10:00”."),
        ({"days": "tomorrow"}, "No date begins this line: “tomorrow”."),
        (dict.fromkeys(WEEK, ""), "Somebody must be there on one day"),
    ],
)
def test_wrong_hours_come_back_as_they_were_typed(app: App, supervisor: Visitor, typed: dict, told: str):
    before = kept(app)
    answer = supervisor.post(PATH, **{"version": "0", "days": ""} | WORKING | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    for text in filter(None, typed.values()):
        assert text in answer.text
    assert before == kept(app)


def test_a_years_holidays_are_added_for_its_reader_to_check(app: App, supervisor: Visitor):
    """What was typed before is kept, and nothing is saved."""
    year = now().date().year
    answer = supervisor.post(PATH, version="0", year=str(year), days=f"{year}-10-01 9-12 flood", **WORKING)
    assert 200 == answer.status_code
    assert f"{year}-01-01 New Year" in answer.text
    assert f"{year}-10-01 09:00-12:00 flood" in answer.text
    assert {} == kept(app)


def test_tonight_somebody_stays(app: App, supervisor: Visitor):
    supervisor.post(PATH, version="0", days="", **WORKING)
    supervisor.post(f"{PATH}/tonight", version=version(app), tonight="08:00-23:00", why="台风")
    today = now().astimezone(app.settings.zone).date()
    assert {today.isoformat(): {"open": [["08:00", "23:00"]], "name": "台风"}} == kept(app)["days"]
    assert "08:00-23:00 · <bdi>台风</bdi>" in supervisor.get(PATH).text

    assert "Not hours: “late”" in supervisor.post(f"{PATH}/tonight", version=version(app), tonight="late", why="").text


def test_the_second_of_two_editors_is_told(app: App, supervisor: Visitor):
    with app.sessions.begin() as db:
        new_staff(db, "李四", "supervisor")
    other = Visitor(app.test_client())
    other.log_in("李四")
    other.post(PATH, version="0", days="", **WORKING)
    answer = supervisor.post(PATH, version="0", days="", **dict.fromkeys(WEEK, "10:00-16:00"))

    assert 409 == answer.status_code
    assert "李四 changed this" in answer.text
    assert 'value="10:00-16:00"' in answer.text
    assert 18 == int(kept(app)["week"][0][1][1][:2])
    assert 302 == supervisor.post(PATH, version=version(app), days="", **dict.fromkeys(WEEK, "10:00-16:00")).status_code


def test_days_that_are_over_leave_the_form(app: App, supervisor: Visitor):
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"days": {"2020-01-01": {"open": []}, "2999-01-01": {"open": []}}}
    page = supervisor.get(PATH).text
    assert "2020-01-01" not in page
    assert "2999-01-01" in page
    assert date.max.year > 2999


def test_a_change_is_shown_and_put_back(app: App, supervisor: Visitor):
    supervisor.post(PATH, version="0", days="", **WORKING)
    page = supervisor.get("/desk/changes").text
    for told in ("Hours", "every day: day and night", "Mon–Fri: 08:00-12:00 13:00-18:00", "in force"):
        assert told in page
    assert 302 == supervisor.post("/desk/changes/1/back", version="1").status_code
    assert {} == kept(app)
    assert 404 == supervisor.post("/desk/changes/99/back", version="1").status_code
    assert "changed the line" in supervisor.get("/desk/audit").text
