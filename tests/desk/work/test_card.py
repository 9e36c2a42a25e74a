"""The caller's card at the desk: who sees it, what a wrong form gets back, and two who write at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from markupsafe import escape
from sqlalchemy import select

from ivr.app import App
from ivr.store.directory import importing
from ivr.store.facts.audit import CardChanged, CardErased, CardRead
from ivr.store.models import AuditLine, CallerCard, Ticket
from routing.directory import Community
from tests import keys
from tests.builders import new_call, new_ticket, new_turn
from tests.desk.conftest import Visitor
from tests.keys import FOREIGN, NEW

STRANGE = ["<script>alert(1)</script>", "👵🏽 耳背", "\u202eמימין לשמאל", "{{7*7}} %(name)s", "' OR 1=1--"]


def path(desk, more: str = "") -> str:
    return f"/desk/tickets/{desk.here}/card{more}"


def card(app: App) -> CallerCard | None:
    with app.sessions.read() as db:
        return db.scalars(select(CallerCard)).one_or_none()


def keep(visitor: Visitor, desk, version: int = 0, **typed: str):
    """Send the card's form as an empty card shows it, but for what is typed."""
    return visitor.post(path(desk), **{"version": str(version), "consent": "1"} | typed)


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    visitor.log_in("officer")
    return visitor


def test_a_card_is_written_shown_before_the_call_and_erased(app: App, desk, officer: Visitor):
    """From the ticket's page and back to it; every step in the audit, no number in it."""
    assert f'href="{path(desk)}"' in officer.get(f"/desk/tickets/{desk.here}").text
    assert 200 == officer.get(path(desk)).status_code
    until = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    answer = keep(
        officer, desk, hearing="左耳", family_name="女儿", family_phone="138 0000 0077", medicine_until=until, slow="1"
    )
    assert f"/desk/tickets/{desk.here}" == answer.location

    page = officer.get(answer.location).text
    for told in ("左耳", "女儿", 'href="tel:+8613800000077"', "slow lane", "runs out", "Changed the caller"):
        assert told in page, told
    assert answer.location == officer.post(path(desk, "/erase")).location
    page = officer.get(answer.location).text
    assert "左耳" not in page
    assert "slow lane" in page
    with app.sessions.read() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.kind.startswith("card_")).order_by(AuditLine.id))
        did = [line.deed for line in lines]
        assert [deed(desk.here) for deed in (CardRead, CardChanged, CardErased)] == did[:3]


@pytest.mark.parametrize(
    ("days", "told", "near"),
    [(8, "runs out in 8 days", False), (7, "runs out in 7 days", True), (1, "runs out in 1 day", True),
     (0, "runs out today", True), (-1, "ran out 1 day ago", True)],
)  # fmt: skip
def test_when_the_medicine_runs_out_is_counted_in_the_hotlines_days(
    desk, officer: Visitor, time_machine, days: int, told: str, near: bool
):
    """Half past midnight in Ningbo is still yesterday in UTC."""
    time_machine.move_to(datetime(2026, 3, 1, 16, 30, tzinfo=UTC))
    officer.log_in("officer")
    keep(officer, desk, medicine="降压药", medicine_until=(date(2026, 3, 2) + timedelta(days=days)).isoformat())
    page = officer.get(f"/desk/tickets/{desk.here}").text

    assert told in page
    assert near is (f'tag-overdue">{told}' in page)


def test_without_consent_the_form_comes_back_with_what_was_typed(app: App, desk, officer: Visitor):
    """The reason stands beside the box that was not ticked."""
    answer = keep(officer, desk, consent="", name="王桂英", slow="1")

    assert 422 == answer.status_code
    assert 'value="王桂英"' in answer.text
    assert "Without consent, only the slow lane can be saved." in answer.text.partition('id="consent-trouble"')[2]
    assert card(app) is None
    assert 302 == keep(officer, desk, consent="", slow="1").status_code


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("family_phone", "call my daughter", "这不是电话号码"),
        ("community", "nowhere at all", "没有"),
        ("medicine_until", "soon", "这不是日期"),
        ("name", "王" * 65, "最多 64 个字"),
        ("hearing", "x" * 4000, "最多 200 个字"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_in_the_readers_language(
    app: App, desk, officer: Visitor, field: str, text: str, reason: str
):
    officer.post("/desk/language", language="zh")
    answer = keep(officer, desk, **{field: text, "address": "红门"})

    assert 422 == answer.status_code
    assert reason in answer.text.partition(f'id="{field}-trouble"')[2].partition("</p>")[0]
    assert text in answer.text
    assert 'value="红门"' in answer.text
    assert card(app) is None


def test_a_name_that_two_places_bear_is_asked_for_with_the_street(app: App, desk, officer: Visitor):
    with app.sessions.begin() as db:
        streets = ("大榭街道", "白峰街道")
        twins = [Community(f"33020600300{n}", "太平村", street, "北仑区") for n, street in enumerate(streets)]
        importing.put(db, twins, datetime.now(UTC), replace=False)
    answer = keep(officer, desk, community="太平村")

    assert 422 == answer.status_code
    told = answer.text.partition('id="community-trouble"')[2].partition("</p>")[0]
    assert "Which one is it?" in told
    assert all(f"<bdi>{street}</bdi>" in answer.text for street in streets)
    assert 302 == keep(officer, desk, community="太平村 · 大榭街道").status_code


@pytest.mark.parametrize("text", STRANGE)
def test_whatever_is_typed_is_text(desk, officer: Visitor, text: str):
    """A59, A60: Emoji, right to left, markup: kept and shown as it is."""
    assert 302 == keep(officer, desk, hearing=text).status_code
    for page in (f"/desk/tickets/{desk.here}", path(desk)):
        assert str(escape(text)) in officer.get(page).text


def test_a_nul_is_no_text_and_a_form_without_its_version_is_none(app: App, desk, officer: Visitor):
    assert 400 == keep(officer, desk, name="a\0b").status_code
    assert 400 == officer.post(path(desk), name="王").status_code
    assert 400 == officer.post(path(desk), name="王", version="many").status_code
    assert 413 == keep(officer, desk, name="x" * 64 * 1024).status_code
    assert card(app) is None


def test_the_second_of_two_who_write_is_told_what_changed_and_loses_nothing(app: App, desk, officer: Visitor):
    """Theirs stays in its field; what others wrote where they wrote nothing is taken over; then it can be kept."""
    keep(officer, desk, hearing="左耳", mobility="慢")
    other = Visitor(app.test_client())
    other.log_in("supervisor")
    keep(other, desk, version=1, hearing="右耳", mobility="轮椅", dialect="")
    was = {"was_hearing": "左耳", "was_mobility": "慢"}
    answer = keep(officer, desk, version=1, hearing="两耳", mobility="慢", dialect="宁波话", **was)

    assert 409 == answer.status_code
    assert "supervisor changed this card" in answer.text
    beside = answer.text.partition('id="hearing-meanwhile"')[2].partition("</p>")[0]
    assert "右耳" in beside
    for value in ("两耳", "轮椅", "宁波话"):
        assert f'value="{value}"' in answer.text
    kept = card(app)
    assert kept is not None
    assert ("右耳", "轮椅", None, 2) == (kept.hearing, kept.mobility, kept.dialect, kept.version)
    assert 'name="version" value="2"' in answer.text
    assert 'name="was_hearing" value="右耳"' in answer.text


def test_who_writes_while_consent_is_taken_back_keeps_nothing(app: App, desk, officer: Visitor):
    keep(officer, desk, hearing="左耳")
    officer.post(path(desk, "/erase"))
    answer = keep(officer, desk, version=1, consent="", hearing="左耳", dialect="宁波话", was_hearing="左耳")

    assert 409 == answer.status_code
    assert 'value="宁波话"' in answer.text
    assert 'value="左耳"' not in answer.text, "nobody typed it: it is erased"
    assert 422 == keep(officer, desk, version=2, consent="", dialect="宁波话").status_code


@pytest.mark.parametrize("role", ["volunteer", "officer"])
def test_who_may_not_see_the_number_sees_no_card(app: App, desk, visitor: Visitor, role: str):
    """A volunteer before the claim, an officer of other communities; afterwards the volunteer does."""
    supervisor = Visitor(app.test_client())
    supervisor.log_in("supervisor")
    ticket = desk.here if role == "volunteer" else desk.there
    supervisor.post(f"/desk/tickets/{ticket}/card", version="0", consent="1", hearing="左耳")
    visitor.log_in(role)
    refused = 403 if role == "volunteer" else 404
    assert refused == visitor.get(f"/desk/tickets/{ticket}/card").status_code
    assert refused == visitor.post(f"/desk/tickets/{ticket}/card", version="1", hearing="x").status_code
    assert refused == visitor.post(f"/desk/tickets/{ticket}/card/erase").status_code
    assert "左耳" not in visitor.get(f"/desk/tickets/{ticket}").text
    if role == "volunteer":
        visitor.post(f"/desk/tickets/{ticket}/claim")
        assert "左耳" in visitor.get(f"/desk/tickets/{ticket}").text


def test_a_withheld_number_has_no_card_and_the_pages_say_so(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        withheld = new_ticket(db, caller=None).id
    visitor.log_in("supervisor")
    told = "A card needs a phone number."
    assert told in visitor.get(f"/desk/tickets/{withheld}").text
    assert told in visitor.get(f"/desk/tickets/{withheld}/card").text
    for answer in (
        visitor.post(f"/desk/tickets/{withheld}/card", version="0", consent="1", name="x"),
        visitor.post(f"/desk/tickets/{withheld}/card/erase"),
    ):
        assert (409, True) == (answer.status_code, told in answer.text)


def test_the_card_goes_with_the_caller_not_with_the_ticket(app: App, desk, officer: Visitor):
    """The next ticket of the same number shows it; another caller's does not."""
    keep(officer, desk, hearing="左耳")
    with app.sessions.begin() as db:
        again = new_ticket(db, need="food").id
        other = new_ticket(db, caller="+8613800000055").id
    assert "左耳" in officer.get(f"/desk/tickets/{again}").text
    assert "左耳" not in officer.get(f"/desk/tickets/{other}").text


def test_with_a_lost_key_every_page_is_there_and_a_card_keeps_what_it_says(app: App, desk, officer: Visitor):
    """A120: a lock stands for what cannot be read; a form that gives it back overwrites nothing."""
    keys.give(app, NEW)
    with app.sessions.begin() as db:
        here = db.get_one(Ticket, desk.here)
        new_turn(db, new_call(db, ticket=here), "need", {"kind": "speech", "text": "我要买降压药"}, reply="<Response/>")
    keep(officer, desk, hearing="左耳", medicine="降压药")
    ticket = f"/desk/tickets/{desk.here}"
    assert "我要买降压药" in officer.get(ticket).text

    keys.give(app, FOREIGN)
    for address in ("/desk/", ticket, path(desk)):
        page = officer.get(address)
        assert (200, False) == (page.status_code, "降压药" in page.text), address
    assert "\N{LOCK}" in officer.get(ticket).text
    shown = card(app)
    assert shown
    hearing, medicine = str(shown.hearing), str(shown.medicine)
    assert 302 == keep(officer, desk, 1, hearing=hearing, medicine=medicine, mobility="拐杖").status_code

    keys.give(app, NEW, FOREIGN)
    kept = card(app)
    assert kept
    assert ("左耳", "降压药", "拐杖") == (kept.hearing, kept.medicine, kept.mobility)
