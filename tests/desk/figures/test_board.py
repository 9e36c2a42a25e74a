"""The figures' page: what it says of the hand-made day, for whom, and that every number leads to as many rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from ivr.app import App
from ivr.desk.figures.board import WALL_EVERY_S
from tests import forty
from tests.builders import new_staff
from tests.desk.conftest import Visitor

DAY = f"from={forty.DAY}&to={forty.DAY}"
LINK = re.compile(r'<a href="(/desk/(?:calls|figures/tickets)\?[^"]+)">(\d+)</a>')
MORE = re.compile(r'href="(/desk/(?:calls|figures/tickets)\?[^"]*after=\d+[^"]*)"')


@pytest.fixture
def day(app: App, desk) -> None:
    """The forty calls, looked at the next morning; what the desk's tests begin with is of another year."""
    with app.sessions.begin() as db:
        forty.make(db)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(forty.NOW, tick=False):
        yield


def rows(visitor: Visitor, address: str) -> int:
    """How many the list has, page after page."""
    html = visitor.get(unescape(address)).text
    found = html.count('<tr class="line')
    more = MORE.search(html)
    return found + (rows(visitor, more[1]) if more else 0)


@pytest.mark.parametrize("reader", ["supervisor", "officer", "zhang"])
def test_every_number_leads_to_as_many_rows(day, visitor: Visitor, reader: str):
    """Whoever reads: cards, tables and lists agree."""
    visitor.log_in(reader)
    for days in (DAY, f"from={forty.DAY - timedelta(days=6)}&to={forty.DAY}"):
        links = set(LINK.findall(visitor.get(f"/desk/figures?{days}").text))
        assert links
        for address, number in links:
            assert (address, int(number)) == (address, rows(visitor, address))


def test_the_page_says_what_the_day_was(day, visitor: Visitor):
    visitor.log_in("supervisor")
    page = " ".join(re.sub("<[^>]+>", " ", visitor.get(f"/desk/figures?{DAY}").text).split())

    for told in (
        "Calls 40 3 +37",
        "Answered by a person 8 20% 0 +8",
        "Person within 15 s of asking 6 50%",
        "Promise broken 2 17%",
        "Caller reached 9 1 h 40 min 10 h 10 min",
        "zhang 2 5 12 h 15 min more than 12 hours",
        "What do you need? 3",
    ):
        assert told in page


@pytest.mark.parametrize("days", ["from=2016-01-01&to=2026-01-01", "from=2026-03-02&to=2026-03-01", "from=yesterday"])
def test_days_that_cannot_be_counted_are_said_to_be(visitor: Visitor, desk, days: str):
    visitor.log_in("supervisor")
    page = visitor.get(f"/desk/figures?{days}")

    assert 422 == page.status_code
    assert 'class="trouble"' in page.text


def test_an_admin_counts_and_reads_no_list(day, visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.get(f"/desk/figures?{DAY}").text

    assert [] == LINK.findall(page)
    assert "zhang" not in page


def test_the_wall_renews_itself_and_names_nobody(day, visitor: Visitor):
    visitor.log_in("supervisor")
    wall = visitor.get("/desk/figures/wall")

    assert str(WALL_EVERY_S) == wall.headers["Refresh"]
    assert "zhang" not in wall.text


@pytest.mark.parametrize("address", ["figure=nonsense", "person=0", "order=caller", "person=99999999999"])
def test_a_list_that_is_not_there_is_not_found(visitor: Visitor, desk, address: str):
    visitor.log_in("supervisor")
    assert 404 == visitor.get(f"/desk/figures/tickets?{address}").status_code


def test_anothers_work_is_none_of_a_volunteers_business(day, app: App, visitor: Visitor):
    visitor.log_in("zhang")
    with app.sessions.begin() as db:
        other = new_staff(db, "wang").id

    assert 403 == visitor.get(f"/desk/figures/tickets?figure=held&person={other}").status_code


def test_the_charts_come_from_their_package(visitor: Visitor, desk):
    script = visitor.get("/desk/figures/chart.js")

    assert "Chart.js" in script.text[:40]
    assert "max-age" in script.headers["Cache-Control"]
