"""The inbox page: what stands in a row, and how the open page learns of news."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from ivr.app import App
from ivr.desk.shell import renewal
from ivr.desk.work import inbox as page
from ivr.store.models import CallerCard, HistoryLine, InboxFilter, LoginSession, Staff
from tests.asked import asked
from tests.builders import new_call, new_phone, new_recording, new_staff, new_ticket
from tests.desk.conftest import ETAG, HERE, THERE, Visitor


def test_a_volunteer_sees_who_needs_what_and_no_number(visitor: Visitor):
    visitor.log_in("volunteer")
    page = visitor.get("/desk/").text

    for text in ("Medicine", "1001", "银杏社区", "新碶街道", "•••• 0001", "message 0:12", "Claim"):
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
    assert 304 == visitor.renew(etag).status_code

    with app.sessions.begin() as db:
        new_ticket(db, community=THERE)
    assert 304 == visitor.renew(etag).status_code

    with app.sessions.begin() as db:
        new_ticket(db, need="food")
    news = visitor.renew(etag)
    assert 200 == news.status_code
    assert "Food" in news.text
    assert "<html" not in news.text
    assert 304 == visitor.renew(news.headers["ETag"].strip('"')).status_code


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

    promises = re.findall(r'class="promise( late)?" \S+ data-promise>([^<]+)<', page)
    assert [("", "2 hr left"), (" late", "7 hr late"), ("", "2 hr left"), ("", "2 hr left")] == promises
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


def test_every_view_is_a_link_with_its_count(app: App, visitor: Visitor):
    """Up to 99; and a view that is none, or not this person's, is the first."""
    with app.sessions.begin() as db:
        for _ in range(100):
            new_ticket(db, urgent=True)
    visitor.log_in("supervisor")
    page = visitor.get("/desk/?view=urgent").text

    tabs = dict(re.findall(r'view=(\w+)" id="view-.*?<span class="count">(\d+\+?)', page, re.DOTALL))
    assert {
        "urgent": "99+",
        "all": "99+",
        "nobodys": "99+",
        "next": "99+",
        "mine": "0",
        "done": "0",
    }.items() <= tabs.items()
    assert re.search(r'id="view-urgent" class="view view-pressing" aria-current="page"', page)
    for view in ("nonsense", "communities", "%F0%9F%9A%91", ""):
        assert re.search(r'id="view-next" class="view" aria-current="page"', visitor.get(f"/desk/?view={view}").text)


def test_more_tickets_than_fit_go_on_behind_a_link(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        for _ in range(40):
            new_ticket(db)
    visitor.log_in("supervisor")
    first = visitor.get("/desk/?view=all").text
    more = re.search(r'id="more" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = visitor.get(more).text

    rows = [re.findall(r'data-ticket="(\d+)"', page) for page in (first, second)]
    assert (30, 12) == (len(rows[0]), len(rows[1]))
    assert 42 == len({*rows[0], *rows[1]})


@pytest.mark.parametrize("after", ["0", "-1", "abc", "9" * 30, "2147483647", ""])
def test_a_cursor_that_is_none_shows_the_beginning(visitor: Visitor, after: str):
    visitor.log_in("supervisor")

    assert 2 == visitor.get(f"/desk/?after={after}").text.count("data-ticket=")


def test_a_filter_stays_until_it_is_cleared(app: App, visitor: Visitor):
    """Through other pages, a reload and the next login; it says what it hides, and one press takes it away."""
    visitor.log_in("volunteer")
    assert "/desk/?view=all" == visitor.get("/desk/filter?view=all&place=高塘社区&need=medicine&language=zh").location
    for _ in range(2):
        page = visitor.get("/desk/").text
        assert "Only:" in page
        assert ("高塘社区" in page, 1) == (True, page.count("data-ticket="))
        visitor.post("/desk/logout")
        visitor.log_in("volunteer")

    clear = re.search(r'id="clear-filter" href="([^"]+)"', page).group(1)
    visitor.get(clear)
    page = visitor.get("/desk/").text
    assert ("Only:" in page, 2) == (False, page.count("data-ticket="))


def test_a_filter_can_be_a_street(visitor: Visitor):
    visitor.log_in("volunteer")
    visitor.get("/desk/filter?place=小港街道")

    assert 1 == visitor.get("/desk/").text.count("data-ticket=")


def test_a_place_that_nobody_knows_is_asked_for_again(app: App, visitor: Visitor):
    """What was typed is still there, the reason beside it, and the old filter stands."""
    visitor.log_in("volunteer")
    answer = visitor.get('/desk/filter?place="><script>&need=food')

    assert 422 == answer.status_code
    assert "No community or street has this name." in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;"' in answer.text
    assert '<option value="food" selected>' in answer.text
    assert 2 == visitor.get("/desk/").text.count("data-ticket=")


def test_a_filters_value_that_is_none_does_not_narrow(app: App, visitor: Visitor):
    visitor.log_in("volunteer")
    visitor.get("/desk/filter?need=nonsense&language=xx&urgent=perhaps&place=")

    with app.sessions.read() as db:
        assert page.Filter() == page.Filter(**db.query(InboxFilter).one().chosen)
    assert 2 == visitor.get("/desk/").text.count("data-ticket=")


def test_who_hung_up_is_not_to_be_called_back_unless_they_agreed(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        for caller in ("+8613900000002", "+8613900000003", None):
            new_call(db, caller=caller, outcome="hung_up")
        agreed = CallerCard(phone_id=new_phone(db, "+8613900000003").id, call_back=True, updated_at=datetime.now(UTC))
        db.add(agreed)
    visitor.log_in("volunteer")
    page = visitor.get("/desk/?view=hung_up").text

    assert 3 == page.count("called once")
    assert "•••• 0002" in page
    assert ['href="tel:+8613900000003"'] == re.findall(r'href="tel:[^"]+"', page)
    assert "agreed to be called back" in page


@pytest.mark.parametrize("name", ["officer", "helper"])
def test_who_hung_up_is_for_those_who_see_the_hotlines_own_queue(app: App, visitor: Visitor, name: str):
    with app.sessions.begin() as db:
        new_call(db, caller="+8613900000002", outcome="hung_up")
        new_staff(db, "helper", communities=[HERE])
    visitor.log_in(name)
    page = visitor.get("/desk/?view=hung_up").text

    assert "0002" not in page
    assert "view-hung_up" not in page


def test_a_row_says_what_a_helper_should_know(app: App, visitor: Visitor):
    """How often somebody tried, who is on the way, whether to speak slowly; the name to who may read the number."""
    with app.sessions.begin() as db:
        ticket = new_ticket(
            db, caller="+8613900000007", attempts=2, on_the_way_at=datetime.now(UTC), raised_at=datetime.now(UTC)
        )
        card = CallerCard(phone_id=ticket.caller_id, name="王奶奶", slow=True, updated_at=datetime.now(UTC))
        db.add(card)
        new_recording(db, new_call(db, ticket=ticket))
    for name, shown in (("volunteer", False), ("supervisor", True)):
        visitor.log_in(name)
        page = visitor.get("/desk/?view=all").text
        for text in ("2 attempts", "on the way", "repeat caller", "speak slowly"):
            assert text in page, text
        assert shown is ("王奶奶" in page)
        assert shown is ("data-play" in page)
        visitor.post("/desk/logout")


def test_a_new_ticket_is_told_of_by_its_id(app: App, visitor: Visitor, desk):
    """Of the view that is looked at, and of the reader's own communities."""
    visitor.log_in("officer")
    newest = re.compile(r'data-newest="(\d+)"')
    assert str(desk.here) == newest.search(visitor.get("/desk/").text).group(1)

    with app.sessions.begin() as db:
        new_ticket(db, community=THERE)
        urgent = new_ticket(db, urgent=True)
        new_ticket(db)
    assert str(urgent.id) == newest.search(visitor.get("/desk/?view=urgent").text).group(1)
    assert "0" == newest.search(visitor.get("/desk/?view=done").text).group(1)


def test_nothing_new_anywhere_is_one_small_question(app: App, visitor: Visitor, desk, monkeypatch: pytest.MonkeyPatch):
    """The page is compared when something happened somewhere, and now and then because time goes by."""
    visitor.log_in("officer")
    etag = ETAG.search(visitor.get("/desk/").text).group(1)
    assert 304 == visitor.renew(etag).status_code
    compared = []
    see = page.see
    monkeypatch.setattr(page, "see", lambda *args: compared.append(1) or see(*args))

    assert 304 == visitor.renew(etag).status_code
    assert [] == compared
    with app.sessions.begin() as db:
        db.add(HistoryLine(ticket_id=desk.there, at=datetime.now(UTC), kind="audio"))
    assert 304 == visitor.renew(etag).status_code
    assert [1] == compared
    assert 304 == visitor.renew(etag).status_code
    assert [1] == compared
    monkeypatch.setattr(renewal, "VERIFIED_FOR_S", 0)
    assert 304 == visitor.renew(etag).status_code
    assert [1, 1] == compared


def test_what_one_view_was_found_to_be_says_nothing_of_another(visitor: Visitor):
    visitor.log_in("supervisor")
    etag = ETAG.search(visitor.get("/desk/").text).group(1)
    assert 304 == visitor.renew(etag).status_code

    assert 200 == visitor.get("/desk/inbox?view=done", headers={"If-None-Match": f'"{etag}"'}).status_code


def test_who_is_logged_out_elsewhere_is_told_at_the_next_renewal(app: App, visitor: Visitor):
    visitor.log_in("volunteer")
    etag = ETAG.search(visitor.get("/desk/").text).group(1)
    assert 304 == visitor.renew(etag).status_code
    with app.sessions.begin() as db:
        db.query(LoginSession).delete()

    assert 401 == visitor.renew(etag).status_code


@pytest.mark.parametrize("view", ["next", "urgent", "overdue", "mine", "hung_up", "all", "done"])
def test_a_page_asks_the_same_number_of_questions_whatever_there_is(app: App, visitor: Visitor, view: str):
    visitor.log_in("supervisor")

    def questions() -> int:
        with asked(app.sessions.engine) as statements:
            visitor.get(f"/desk/?view={view}")
        return len(statements)

    def fill(number: int) -> None:
        with app.sessions.begin() as db:
            me = db.query(Staff).filter_by(name="supervisor").one()
            for n in range(number):
                caller = f"+86139{n:08d}"
                ticket = new_ticket(db, urgent=True, caller=caller, opened_at=datetime.now(UTC) - timedelta(hours=9))
                new_recording(db, new_call(db, ticket=ticket, caller=caller))
                new_ticket(db, caller=caller, claimed_by=me)
                new_ticket(db, status="resolved", resolved_at=datetime.now(UTC))
                new_call(db, caller=f"+86138{n:08d}", outcome="hung_up")

    questions()  # what a process reads once, and keeps
    fill(3)
    few = questions()
    fill(40)
    assert few == questions() <= 15


def test_what_is_empty_steps_back(desk, visitor: Visitor):
    """O13: behind what is not, without a frame and a number; the view that is open stays a tab."""
    visitor.log_in("supervisor")
    page = visitor.get("/desk/?view=raised").text
    tabs = re.findall(r'id="view-(\w+)" class="(view(?:-empty)?)[ "]', page)
    assert {"next", "all", "nobodys", "raised"} <= {view for view, kind in tabs if kind == "view"}
    assert {"urgent", "mine", "done"} <= {view for view, kind in tabs if kind == "view-empty"}
    assert [kind for _, kind in tabs] == sorted(kind for _, kind in tabs)


def test_a_link_skips_to_the_first_ticket(desk, visitor: Visitor):
    """O13"""
    visitor.log_in("supervisor")
    page = visitor.get("/desk/").text
    assert '<a class="skip" href="#rows">Skip to the first ticket</a>' in page
    assert page.index('id="rows"') < page.index("data-ticket=")


def test_after_resolving_the_next_ticket_is_one_press_away(app: App, desk, visitor: Visitor):
    """O13: the first that waits for the reader, never the one they come from; the inbox when there is none."""
    visitor.log_in("supervisor")
    visitor.post(f"/desk/tickets/{desk.here}/claim")
    visitor.post(f"/desk/tickets/{desk.here}/resolve", note="soup brought", result="helped")
    page = visitor.get(f"/desk/tickets/{desk.here}").text
    assert f'id="onward" href="/desk/next?after={desk.here}"' in page
    assert f"/desk/tickets/{desk.there}" == visitor.get(f"/desk/next?after={desk.here}").location
    assert "/desk/" == visitor.get(f"/desk/next?after={desk.there}").location


def test_the_inbox_is_a_table_where_its_reader_chose_one(app: App, visitor: Visitor):
    """Their columns, sorted by one of them, here and in any other browser; renewed as cards are; back to cards."""
    visitor.log_in("supervisor")
    assert "<table" not in visitor.get("/desk/").text
    visitor.get("/desk/filter?as=table&col=due&col=opened&col=caller&col=nonsense")
    with app.sessions.begin() as db:
        new_ticket(db, caller="+8613900000005", urgent=True, opened_at=datetime.now(UTC) - timedelta(hours=3))

    other = Visitor(app.test_client())
    other.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    other.log_in("supervisor")
    page = other.get("/desk/?view=all&order=opened&first=most").text
    assert ["Ticket", "Promised", "Opened", "Caller"] == re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?(\w+)', page)
    assert ["2", "1", "3"] == re.findall(r'<tr [^>]*data-ticket="(\d+)"', page)
    assert 'aria-sort="descending"' in page
    assert "order=opened&amp;first=most" in re.search(r'data-live="([^"]+)"', page).group(1)

    renewed = other.get("/desk/inbox?view=all&order=opened&first=least").text
    assert ["3", "1", "2"] == re.findall(r'<tr [^>]*data-ticket="(\d+)"', renewed)
    other.get("/desk/filter?need=medicine")
    assert "<table" in other.get("/desk/").text, "a filter alone changes nothing of it"
    other.get("/desk/filter?as=cards&col=due")
    assert "<table" not in visitor.get("/desk/").text


def test_a_table_shows_a_number_to_whom_a_card_does(visitor: Visitor):
    visitor.log_in("volunteer")
    visitor.get("/desk/filter?as=table")
    page = visitor.get("/desk/").text
    assert ("<table" in page, "•••• 0001" in page, "138 0000 0001" in page) == (True, True, False)
