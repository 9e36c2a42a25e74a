"""Needs at the desk: added, changed, retired, put back; what cannot be comes back with the reason beside the field."""

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts import line
from ivr.store.models import LineChange
from tests.builders import new_ticket
from tests.desk.conftest import Visitor

PATH, ONE = "/desk/needs", "/desk/needs/one"
HEATING = {
    "known": "",
    "version": "0",
    "key": "heating",
    "digit": "5",
    "promise": "60",
    "label_zh": "暖气",
    "label_en": "heating",
    "words_zh": "暖气\n供暖",
    "words_en": "radiator",
}


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def changed(app: App) -> list[LineChange]:
    with app.sessions.read() as db:
        return list(db.scalars(select(LineChange).order_by(LineChange.id)))


def edit(app: App, key: str, **fields: str) -> dict[str, str]:
    """The form of a need as it was loaded just now, with other *fields*."""
    last = [change.id for change in changed(app) if change.key == key]
    return HEATING | {"known": key, "version": str(last[-1] if last else 0)} | fields


def test_a_need_is_added_and_stands_in_the_menu(app: App, supervisor: Visitor):
    assert 302 == supervisor.post(ONE, **HEATING).status_code
    made = app.line.now()
    assert ["medicine", "food", "transport", "other", "heating"] == [need.key for need in made.needs.rows]
    assert (60, "暖气") == (made.needs.promise_min("heating", urgent=False), made.packs["zh"].needs["heating"])
    page = supervisor.get(PATH).text
    for told in (
        "Heating",
        "Key 5",
        "called back within 60 minutes",
        ("暖气, 供暖, radiator", "radiator, 暖气, 供暖")[next(iter(made.spoken)) == "en"],
        "<bdi>supervisor</bdi>",
    ):
        assert told in page
    assert "Need Heating" in supervisor.get("/desk/changes").text


def test_every_page_speaks_of_it(app: App, supervisor: Visitor):
    """The inbox, its filter, the call log's, a ticket typed by hand, the correction and the rules."""
    supervisor.post(ONE, **HEATING)
    with app.sessions.begin() as db:
        ticket = new_ticket(db, need="heating").id
    for path in ("/desk/", "/desk/calls", "/desk/tickets/new", f"/desk/tickets/{ticket}", "/desk/notices/rules/new"):
        assert "Heating" in supervisor.get(path, follow_redirects=True).text, path


def test_the_form_has_what_is_in_force(app: App, supervisor: Visitor):
    page = supervisor.get(f"{ONE}?key=medicine").text
    for told in ('value="1"', 'value="买药"', 'value="medicine"', 'value="120"', "Still free: 1, 5."):
        assert told in page
    assert 404 == supervisor.get(f"{ONE}?key=heating").status_code


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"key": "Heating!"}, "small letters, such as heating"),
        ({"key": "food"}, "There is one already."),
        ({"digit": "4"}, "Key 4 already means: Something else."),
        ({"digit": "0"}, "Key 0 already means: a person."),
        ({"digit": "6"}, "Key 6 already means: bulletins."),
        ({"digit": "7"}, "Key 7 already means: staff and their PIN."),
        ({"digit": "9"}, "Key 9 already means: English."),
        ({"digit": "#"}, "One digit, from 1 to 9."),
        ({"digit": ""}, "One digit, from 1 to 9."),
        ({"promise": "4"}, "A number from 5 to 2880."),
        ({"promise": "soon"}, "A number from 5 to 2880."),
        ({"label_zh": ""}, "Required."),
        ({"label_zh": "heating"}, "voice cannot say “heating”"),
        ({"label_en": "food"}, "Another need is called so."),
        ({"label_en": "everything that has to do with heating and with warm water"}, "Too long"),
        ({"words_zh": "暖"}, "a plain word of two to twenty letters"),
        ({"words_zh": "(暖气|供暖)"}, "a plain word of two to twenty letters"),
        ({"words_zh": "降压药"}, "“降压药” already means: Medicine."),
        ({"words_zh": "救命"}, "“救命” already tells of an emergency."),
        ({"words_en": "yes"}, "“yes” already means something at every question."),
        (
            {"words_en": "\n".join(f"radiator {letter}{other}" for letter in "abcdefghijk" for other in "lmnopqrstu")},
            "At most 100",
        ),
    ],
)
def test_what_cannot_be_comes_back_with_the_reason(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    answer = supervisor.post(ONE, **HEATING | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    assert 'value="60"' in answer.text or typed.get("promise", "") in answer.text, "what was typed stands there still"
    assert [] == changed(app)


def test_a_need_that_comes_with_the_line_gets_another_key_and_gives_its_own_away(app: App, supervisor: Visitor):
    other = {"known": "other", "digit": "5", "promise": "240", "label_zh": "别的事", "label_en": "something else"}
    assert 302 == supervisor.post(ONE, **HEATING | other | {"words_zh": "", "words_en": ""}).status_code
    assert 302 == supervisor.post(ONE, **HEATING | {"digit": "4"}).status_code
    assert {"4": "heating", "5": "other"}.items() <= {
        d: n.key for d, n in app.line.now().needs.by_digit.items()
    }.items()

    back = changed(app)[0]
    answer = supervisor.post(f"/desk/changes/{back.id}/back", version=str(back.id))
    assert 409 == answer.status_code
    assert "Key 4 would mean two things." in answer.text
    assert "other" == app.line.now().needs.by_digit["5"].key


def test_a_retired_need_keeps_its_label_and_frees_its_key(app: App, supervisor: Visitor):
    supervisor.post(ONE, **HEATING)
    with app.sessions.begin() as db:
        ticket = new_ticket(db, need="heating").id
    assert 302 == supervisor.post(ONE, **edit(app, "heating", does="retire")).status_code
    assert "heating" not in app.line.now().needs.by_key
    assert "Heating" in supervisor.get(f"/desk/tickets/{ticket}").text
    assert 'value="heating"' not in supervisor.get("/desk/tickets/new").text
    assert 'value="heating"' in supervisor.get("/desk/calls").text
    assert "Still free: 5." in supervisor.get(ONE).text
    assert "Save takes it back" in supervisor.get(f"{ONE}?key=heating").text
    supervisor.post(ONE, **edit(app, "heating"))
    assert "heating" in app.line.now().needs.by_key


def test_what_everything_else_is_cannot_be_retired(app: App, supervisor: Visitor):
    answer = supervisor.post(ONE, **edit(app, "other", does="retire"))
    assert 422 == answer.status_code
    assert "it stays" in answer.text
    assert "Retire it" not in supervisor.get(f"{ONE}?key=other").text


def test_the_second_of_two_is_told(app: App, supervisor: Visitor):
    supervisor.post(ONE, **HEATING)
    mine = edit(app, "heating", promise="30")
    supervisor.post(ONE, **edit(app, "heating", promise="90"))
    answer = supervisor.post(ONE, **mine)
    assert 409 == answer.status_code
    assert "supervisor changed this at" in answer.text
    assert 'value="30"' in answer.text
    assert 90 == app.line.now().needs.promise_min("heating", urgent=False)


def test_an_addition_that_is_put_back_leaves_its_label(app: App, supervisor: Visitor):
    supervisor.post(ONE, **HEATING)
    added = changed(app)[0]
    assert 302 == supervisor.post(f"/desk/changes/{added.id}/back", version=str(added.id)).status_code
    made = app.line.now()
    assert ("heating" in made.needs.by_key, made.packs["en"].needs["heating"]) == (False, "heating")
    assert line.Need.kind == changed(app)[-1].kind


def test_an_urgent_need_makes_urgent_tickets(app: App, supervisor: Visitor):
    supervisor.post(ONE, **HEATING, urgent="1")
    assert 15 == app.line.now().needs.promise_min("heating", urgent=False)
    assert 'class="tag tag-urgent"' in supervisor.get(PATH).text
