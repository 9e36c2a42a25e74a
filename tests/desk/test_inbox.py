"""The inbox page: what stands in a row, and how the open page learns of news."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from ivr.app import App
from tests.builders import new_ticket
from tests.desk.conftest import THERE, Visitor

ETAG = re.compile(r'data-etag="(\w+)"')


def renew(visitor: Visitor, etag: str):
    return visitor.get("/desk/inbox", headers={"If-None-Match": f'"{etag}"', "X-Present": "0"})


def test_a_volunteer_sees_who_needs_what_and_no_number(visitor: Visitor):
    visitor.log_in("volunteer")
    page = visitor.get("/desk/").text

    for text in ("Medicine", "101", "银杏社区", "新碶街道", "•••• 0001", "message 0:12", "Claim"):
        assert text in page
    assert "13800000001" not in page
    assert "138 0000 0001" not in page


def test_a_claimed_tickets_number_is_there_to_tap(visitor: Visitor, desk):
    visitor.log_in("volunteer")
    visitor.post(f"/desk/tickets/{desk.here}/claim")

    assert '<a class="tel" href="tel:+8613800000001">138 0000 0001</a>' in visitor.get("/desk/").text


def test_an_officer_sees_their_communities_alone(visitor: Visitor):
    visitor.log_in("officer")
    page = visitor.get("/desk/").text

    assert "银杏社区" in page
    assert "高塘社区" not in page


def test_an_open_page_is_told_only_what_is_new(app: App, visitor: Visitor, desk):
    """304 until the reader's own part of the inbox changes, then the sections; and the new ETag goes with them."""
    visitor.log_in("officer")
    etag = ETAG.search(visitor.get("/desk/").text).group(1)
    assert 304 == renew(visitor, etag).status_code

    with app.sessions.begin() as db:
        new_ticket(db, community=THERE)
    assert 304 == renew(visitor, etag).status_code

    with app.sessions.begin() as db:
        new_ticket(db, need="food")
    news = renew(visitor, etag)
    assert 200 == news.status_code
    assert "Food" in news.text
    assert "<html" not in news.text
    assert 304 == renew(visitor, news.headers["ETag"].strip('"')).status_code


def test_each_reader_and_language_has_its_own_etag(visitor: Visitor):
    etags = []
    for name in ("volunteer", "supervisor"):
        visitor.log_in(name)
        etags.append(ETAG.search(visitor.get("/desk/").text).group(1))
        visitor.post("/desk/language", language="zh")
        etags.append(ETAG.search(visitor.get("/desk/").text).group(1))
        visitor.post("/desk/language", language="en")
        visitor.post("/desk/logout")

    assert 4 == len(set(etags))


def test_what_is_late_and_what_is_urgent_say_so(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        new_ticket(db, opened_at=datetime.now(UTC) - timedelta(hours=9))
        new_ticket(db, urgent=True)
    visitor.log_in("supervisor")
    page = visitor.get("/desk/").text

    overdue = re.findall(r"data-overdue-after=\S+ (hidden)?", page)
    assert ["hidden", "", "hidden", "hidden"] == overdue, "the urgent one stands first, then the late one"
    assert 1 == page.count("tag-urgent")


@pytest.mark.parametrize(
    ("wanted", "title"), [("zh-CN,zh;q=0.9", "热线工作台"), ("en-GB", "Hotline desk"), ("fr", "热线工作台")]
)
def test_the_browsers_language_is_spoken_else_the_hotlines(visitor: Visitor, wanted: str, title: str):
    assert title in visitor.get("/desk/login", headers={"Accept-Language": wanted}).text


def test_a_chosen_language_stays_also_in_another_browser(app: App, visitor: Visitor):
    visitor.log_in("volunteer")
    assert "/desk/calls" == visitor.post("/desk/language", language="zh", next="/desk/calls").location
    assert "待接单" in visitor.get("/desk/").text

    other = Visitor(app.test_client())
    other.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    other.log_in("volunteer")
    assert "待接单" in other.get("/desk/").text


@pytest.mark.parametrize("form", [{"language": "xx"}, {"language": "../zh"}, {}, {"language": "zh", "next": "//evil"}])
def test_an_unknown_language_or_way_back_changes_nothing_else(visitor: Visitor, form: dict[str, str]):
    assert "/desk/" == visitor.post("/desk/language", **form).location
