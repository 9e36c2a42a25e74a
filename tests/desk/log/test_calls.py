"""The call log's page: every call, even of two seconds, and filters that anything may be typed into."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.app import App
from ivr.desk.log.calls import WHOSE
from ivr.store.access.table import BY_NAME
from ivr.store.models import ROLES
from tests.builders import new_call
from tests.desk.conftest import Visitor


@pytest.fixture
def short(app: App, desk) -> None:
    """Somebody rang, heard two seconds and hung up."""
    with app.sessions.begin() as db:
        new_call(db, seconds=2, outcome="hung_up", left_at="need", caller="+8613800000099")


def test_a_supervisor_sees_every_call_and_its_path(short, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/calls").text

    for told in (
        "0:02",
        "138 0000 0099",
        "hung up",
        "left at: What do you need?",
        "Ticket 1001",
        "key 1",
        "2.0 s",
        "3 calls",
    ):
        assert told in page


def test_an_admin_counts_and_reads_nothing(short, visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.get("/desk/calls").text

    assert "3 calls · left a message 2 · hung up 1" in " ".join(page.split())
    for private in ("0099", "Ticket", "银杏社区"):
        assert private not in page


def test_an_officer_sees_their_communities_calls_without_numbers(short, visitor: Visitor):
    visitor.log_in("officer")
    page = visitor.get("/desk/calls").text

    assert "1 call ·" in " ".join(page.split())
    assert "•••• 0001" in page
    assert "138 0000" not in page


def test_a_volunteer_sees_the_calls_of_what_they_claimed(short, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    assert "0 calls" in visitor.get("/desk/calls").text

    visitor.post(f"/desk/tickets/{desk.here}/claim")
    assert "1 call ·" in " ".join(visitor.get("/desk/calls").text.split())


def test_days_are_days_of_the_hotlines_zone(app: App, desk, visitor: Visitor):
    """Ten to midnight in Shanghai belongs to that day, ten past to the next."""
    with app.sessions.begin() as db:
        for minutes in (-10, 10):
            new_call(db, started_at=datetime(2026, 2, 28, 16, tzinfo=UTC) + timedelta(minutes=minutes))
    visitor.log_in("supervisor")
    days = {day: visitor.get(f"/desk/calls?from={day}&to={day}").text for day in ("2026-02-28", "2026-03-01")}

    assert "02-28 23:50" in days["2026-02-28"]
    assert "03-01 00:10" in days["2026-03-01"]
    assert all("1 call ·" in " ".join(page.split()) for page in days.values())


def test_older_calls_are_behind_a_link_that_keeps_the_filters(app: App, desk, visitor: Visitor, monkeypatch):
    with app.sessions.begin() as db:
        for _ in range(52):
            new_call(db, outcome="goodbye")
    visitor.log_in("supervisor")
    page = visitor.get("/desk/calls?outcome=goodbye").text

    link = page[page.index("/desk/calls?after=") :].split('"')[0].replace("&amp;", "&")
    assert link.endswith("&outcome=goodbye")
    assert 2 == visitor.get(link).text.count('<tr class="line')


NONSENSE = ("", "0001-01-01", "9999-12-31", "2026-13-45", "-1", "9" * 40, "' OR 1=1--", "%", "<script>", "२०२६", "None")


@pytest.mark.parametrize(
    "field",
    [
        "from",
        "to",
        "outcome",
        "need",
        "community",
        "language",
        "test",
        "after",
        "figure",
        "hour",
        "left_at",
        "order",
        "first",
        "col",
    ],
)
def test_a_filter_that_makes_no_sense_is_answered(short, visitor: Visitor, field: str):
    visitor.log_in("supervisor")
    for value in NONSENSE:
        answer = visitor.get("/desk/calls", query_string={field: value})
        assert 200 == answer.status_code, value
        assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        ("volunteer", "These are the calls whose tickets you claimed. No other call is lost:"),
        ("officer", "These are the calls from your communities. No other call is lost:"),
        ("supervisor", "Every call to the hotline, including calls without a ticket."),
        ("admin", "Call figures for the whole hotline."),
    ],
)
def test_everybody_reads_whose_calls_these_are(short, visitor: Visitor, reader: str, told: str):
    visitor.log_in(reader)

    assert told in visitor.get("/desk/calls").text


def test_every_role_has_its_sentence():
    assert set(WHOSE) == {BY_NAME["see_calls"].scope(role) for role in ROLES}


def test_a_street_or_pinyin_narrows_the_log(short, visitor: Visitor):
    """What names no single community finds all of those that it may mean."""
    visitor.log_in("supervisor")
    for typed in ("小港街道", "xiaogang", "gaotang"):
        page = visitor.get("/desk/calls", query_string={"community": typed}).text
        assert (typed, 1) == (typed, page.count('<tr class="line'))
        assert "高塘社区" in page


def test_the_log_is_sorted_by_time_and_length_and_shows_the_columns_chosen(app: App, short, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/calls?order=length&first=least&col=length&col=ticket").text
    lengths = [cell for cell in page.split("<td>") if cell.startswith("0:")]

    assert ["0:02", "0:40", "0:40"] == [cell[:4] for cell in lengths]
    assert 'aria-sort="ascending"' in page
    assert "138 0000" not in page
    assert "138 0000" not in visitor.get("/desk/calls").text, "the columns stay as they were chosen"

    other = Visitor(app.test_client())
    other.log_in("supervisor")
    assert "138 0000" not in other.get("/desk/calls").text, "in any browser"


@pytest.mark.parametrize(("days", "listed"), [(100, 3), (3650, 3)])
def test_years_are_answered_with_a_word(short, visitor: Visitor, days: int, listed: int):
    """Not counted, and of ten years the last one listed."""
    visitor.log_in("supervisor")
    today = datetime.now(UTC).date()
    page = visitor.get(f"/desk/calls?from={today - timedelta(days=days)}&to={today + timedelta(days=1)}").text

    assert "at once" in page
    assert listed == page.count('<tr class="line')
    assert "3 calls" not in page
