"""Words that tell of an emergency, and the number to dial: added at the desk, heard in the next call."""

import re

import pytest

from ivr.app import App
from tests.stories.conftest import Ring, at_the_desk, ring

__all__ = ["ring"]

FORM = {
    "kind": "rescue",
    "version": "0",
    "words_zh": "电梯困人",
    "words_en": "stuck in the lift",
    "number": "0574 5550 0119",
}
PATH = "/desk/needs/emergency"


def test_the_next_caller_is_told_the_number_of_here(app: App, ring: Ring):
    desk = at_the_desk(app, "王主任", "supervisor")
    assert 302 == desk.post(PATH, **FORM).status_code
    assert "057455500119" in ring().dial().speak("我们这里电梯困人").said.replace(" ", "").replace("-", "")
    page = desk.get("/desk/needs").text
    assert "057455500119" in page
    assert "电梯困人" in page
    assert "Emergency Rescue" in desk.get("/desk/changes").text
    assert 409 == desk.post(PATH, **FORM | {"number": "119"}).status_code


def test_its_versions_stand_on_its_page_and_one_press_puts_the_latest_back(app: App, ring: Ring):
    """Who, when and what; then the next caller is told the number of the country again."""
    desk = at_the_desk(app, "王主任", "supervisor")
    assert "Versions" not in desk.get(f"{PATH}?kind=rescue").text
    desk.post(PATH, **FORM)
    page = desk.get(f"{PATH}?kind=rescue").text
    for shown in ("Versions", "王主任", "stuck in the lift", "in force"):
        assert shown in page, shown
    (change,) = re.findall(r"/desk/changes/(\d+)/back", page)
    answer = desk.post(f"/desk/changes/{change}/back", version=change, next=f"{PATH}?kind=rescue")
    assert f"{PATH}?kind=rescue" == answer.location
    assert not app.line.now().vocabulary("zh").emergencies
    page = desk.get(f"{PATH}?kind=rescue").text
    assert "as it comes" in page
    assert "王主任" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"number": "12"}, "Digits alone"),
        ({"number": "call us"}, "Digits alone"),
        ({"words_zh": "降压药"}, "already means: Medicine"),
        ({"words_en": "yes"}, "already means something at every question"),
    ],
)
def test_what_cannot_be_comes_back_with_the_reason(app: App, typed: dict[str, str], told: str):
    desk = at_the_desk(app, "王主任", "supervisor")
    answer = desk.post(PATH, **FORM | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    assert not app.line.now().vocabulary("zh").emergencies


def test_a_kind_that_is_none_is_not_found(app: App):
    assert 404 == at_the_desk(app, "王主任", "supervisor").get(f"{PATH}?kind=flood").status_code


def test_the_menu_is_read_out_in_another_order(app: App, ring: Ring):
    desk = at_the_desk(app, "王主任", "supervisor")
    assert 302 == desk.post("/desk/needs/order", key="food", version="0").status_code
    assert "买菜送饭请按2，买药请按1" in ring().dial().said.replace(" ", "")
    answer = desk.post("/desk/needs/order", key="other", version="0")
    assert "changed this at" in desk.get(answer.location).text
    assert ["food", "medicine", "transport", "other"] == [need.key for need in app.line.now().needs.rows]
