"""Partner lines at the desk: added, changed, retired, put back; what cannot be comes back with the reason."""

import re
from datetime import UTC, datetime

import pytest

from ivr.app import App
from ivr.store.line import changes, partners
from tests.desk.conftest import Visitor

PATH, ONE = "/desk/partners", "/desk/partners/one"
REPAIRS = {
    "known": "",
    "version": "0",
    "name_zh": "民生热线",
    "name_en": "Livelihood line",
    "number": "81 890",
    "hours": "8:00-20:00",
    "purpose": "家政维修",
}
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def only_key(app: App) -> str:
    (key,) = partners.known(app.line.now().decided)
    return key


def edit(app: App, desk: Visitor, **fields: str) -> int:
    """What the form gets for an answer that was loaded just now, with other *fields*."""
    key = only_key(app)
    version = VERSION.search(desk.get(f"{ONE}?key={key}").text).group(1)
    return desk.post(ONE, **REPAIRS | {"known": key, "version": version} | fields).status_code


def test_a_partner_is_added_changed_and_put_back(app: App, supervisor: Visitor):
    assert 302 == supervisor.post(ONE, **REPAIRS).status_code
    page = supervisor.get(PATH).text
    for told in ("Livelihood line", "民生热线 / Livelihood line", "81890", "every day: 08:00-20:00", "家政维修"):
        assert told in page
    assert 302 == edit(app, supervisor, number="0574-8189 0", hours="")
    assert "057481890" in supervisor.get(PATH).text
    assert "day and night" in supervisor.get(PATH).text
    page = supervisor.get(f"{ONE}?key={only_key(app)}").text
    back = re.search(r"/desk/changes/(\d+)/back", page).group(0)
    assert 302 == supervisor.post(back, version=VERSION.search(page).group(1)).status_code
    assert "81890" == partners.offered(app.line.now().decided)[only_key(app)].number
    assert "Partner line Livelihood line" in supervisor.get("/desk/changes").text


def test_one_that_is_retired_or_taken_back_keeps_its_name(app: App, supervisor: Visitor):
    supervisor.post(ONE, **REPAIRS)
    assert 302 == edit(app, supervisor, does="retire", number="nonsense")
    assert {} == partners.offered(app.line.now().decided)
    assert "no ticket is passed to it" in supervisor.get(f"{ONE}?key={only_key(app)}").text
    assert 302 == edit(app, supervisor)
    assert [only_key(app)] == list(partners.offered(app.line.now().decided))
    with app.sessions.begin() as db:
        changes.make(db, None, partners.about(only_key(app)), None, datetime.now(UTC))
    assert {} == partners.offered(app.line.now().decided)
    assert partners.known(app.line.now().decided)[only_key(app)].retired


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name_en": " "}, "Required."),
        ({"number": "the line"}, "Digits alone, 3 to 15."),
        ({"hours": "in the morning"}, "Not hours"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    answer = supervisor.post(ONE, **REPAIRS | typed)
    assert (422, {}) == (answer.status_code, partners.known(app.line.now().decided))
    assert told in answer.text
    assert 'value="家政维修"' in answer.text, "what was typed is still there"


def test_the_second_of_two_is_told(app: App, supervisor: Visitor):
    supervisor.post(ONE, **REPAIRS)
    assert 302 == edit(app, supervisor, number="81891")
    answer = supervisor.post(ONE, **REPAIRS | {"known": only_key(app), "version": "1", "number": "81892"})
    assert 409 == answer.status_code
    assert "81891" in answer.text
    assert 404 == supervisor.get(f"{ONE}?key=none").status_code
