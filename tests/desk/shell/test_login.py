"""Logging in and out: cookies, tokens, and how a login ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store.models import LoginSession, Staff, Ticket
from ivr.store.people import staff, throttle
from tests.desk.conftest import TOKEN, Visitor

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "home"), [("volunteer", "/desk/"), ("SUPERVISOR ", "/desk/"), ("admin", "/desk/overview")]
)
def test_each_role_begins_at_its_own_page(visitor: Visitor, name: str, home: str):
    assert home == visitor.log_in(name).location


def test_the_front_door_leads_to_the_login_and_on_to_where_one_was_going(visitor: Visitor):
    assert "/desk/" == visitor.get("/").location
    asked = visitor.get("/desk/calls?outcome=hung_up")
    assert "/desk/login?next=/desk/calls?outcome%3Dhung_up" == asked.location

    assert "/desk/calls?outcome=hung_up" == visitor.log_in("supervisor", next="/desk/calls?outcome=hung_up").location


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_login_never_leads_to_another_host(visitor: Visitor, target: str):
    """A79"""
    assert "/desk/" == visitor.log_in("volunteer", next=target).location


def test_a_wrong_password_and_an_unknown_name_read_the_same(visitor: Visitor):
    """A71: Only the name that was typed differs, and it is shown as text."""
    wrong, unknown = visitor.log_in("volunteer", "wrong"), visitor.log_in("<b>nobody</b>", "wrong")

    assert 401 == wrong.status_code == unknown.status_code
    assert "&lt;b&gt;nobody" in unknown.text
    without = [TOKEN.sub("", page.text) for page in (wrong, unknown)]
    assert without[0].replace("volunteer", "X") == without[1].replace("&lt;b&gt;nobody&lt;/b&gt;", "X")


def test_the_sixth_try_has_to_wait(visitor: Visitor):
    """A69"""
    for _ in range(throttle.NAME.free):
        visitor.log_in("volunteer", "wrong")
    answer = visitor.log_in("volunteer")

    assert 429 == answer.status_code
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_a_session_from_before_the_login_is_worth_nothing(app: App, visitor: Visitor):
    """A72: Who planted a cookie in the browser does not get in with it."""
    visitor.get("/desk/login")
    planted = visitor.cookie
    visitor.log_in("volunteer")
    assert planted != visitor.cookie

    thief = app.test_client()
    thief.set_cookie("hotline", planted)
    assert 302 == thief.get("/desk/").status_code


def test_the_cookie_is_for_our_pages_alone(visitor: Visitor):
    """A74"""
    cookie = next(c for c in visitor.log_in("volunteer").headers.getlist("Set-Cookie") if c.startswith("hotline="))

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} == set(cookie.split("; ")[1:])


def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: Path):
    """A74: ``__Host-``: secure, for every path, and no other host of the domain can set it."""
    settings = Settings.load(
        hotline_data_dir=tmp_path,
        public_base_url="https://hotline.example",
        secret_key="k" * 48,
        twilio_account_sid="AC1",
        twilio_auth_token="t" * 32,
    )
    answer = create_app(settings).test_client().get("/desk/login", base_url="https://hotline.example")
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-hotline=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} == set(cookie.split("; ")[1:])
    assert "max-age=31" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "A" * 4000, "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb"])
def test_a_forged_cookie_is_no_login(visitor: Visitor, cookie: str):
    """A75"""
    visitor.client.set_cookie("hotline", cookie)

    assert 302 == visitor.get("/desk/").status_code


def test_logging_out_kills_the_cookie(app: App, visitor: Visitor):
    """A52, A73"""
    visitor.log_in("volunteer")
    stolen = visitor.cookie
    assert "/desk/login" == visitor.post("/desk/logout").location

    thief = app.test_client()
    thief.set_cookie("hotline", stolen)
    assert 302 == visitor.get("/desk/").status_code
    assert 302 == thief.get("/desk/").status_code


@pytest.mark.parametrize(
    "change",
    [
        lambda db, person: staff.set_password(db, person, "another-lane-at-dusk"),
        lambda db, person: staff.set_role(db, person, "supervisor"),
        lambda db, person: staff.disable(db, person, NOON),
    ],
)
def test_a_changed_person_has_to_log_in_again(app: App, visitor: Visitor, change):
    """A73"""
    visitor.log_in("volunteer")
    with app.sessions.begin() as db:
        change(db, db.query(Staff).filter_by(name="volunteer").one())

    assert 302 == visitor.get("/desk/").status_code


def test_half_an_hour_of_silence_ends_the_login(visitor: Visitor):
    """A76"""
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("volunteer")
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            assert 200 == visitor.get("/desk/").status_code
        clock.shift(timedelta(minutes=31))
        assert 302 == visitor.get("/desk/").status_code


def test_a_page_that_renews_itself_does_not_keep_an_empty_chair_logged_in(visitor: Visitor):
    """Unless somebody touched it since it last asked."""
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("volunteer")
        clock.shift(timedelta(minutes=20))
        assert 200 == visitor.get("/desk/inbox", headers={"X-Present": "1"}).status_code
        clock.shift(timedelta(minutes=20))
        assert 200 == visitor.get("/desk/inbox", headers={"X-Present": "0"}).status_code
        clock.shift(timedelta(minutes=20))
        assert 401 == visitor.get("/desk/inbox", headers={"X-Present": "0"}).status_code


def test_a_shift_ends_after_twelve_hours(visitor: Visitor):
    """A76"""
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("volunteer")
        for _ in range(24):
            clock.shift(timedelta(minutes=30))
            assert 200 == visitor.get("/desk/").status_code
        clock.shift(timedelta(seconds=1))
        assert 302 == visitor.get("/desk/").status_code


@pytest.mark.parametrize("path", ["/desk/login", "/desk/logout", "/desk/language", "/desk/tickets/1/claim"])
def test_a_form_without_our_token_is_refused(app: App, visitor: Visitor, path: str):
    """A77"""
    visitor.log_in("volunteer")
    other = Visitor(app.test_client())
    for token in ("", "nonsense", other.token):
        assert 400 == visitor.client.post(path, data={"csrf_token": token}).status_code
    with app.sessions.read() as db:
        assert "new" == db.get_one(Ticket, 1).status
        assert 1 == db.query(LoginSession).count()


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_elsewhere_is_refused_even_with_our_token(visitor: Visitor, headers: dict[str, str]):
    """A77"""
    visitor.log_in("volunteer")

    assert 400 == visitor.post("/desk/tickets/1/claim", headers=headers).status_code


@pytest.mark.parametrize("path", ["/desk/logout", "/desk/language", "/desk/tickets/1/claim"])
def test_a_link_changes_nothing(visitor: Visitor, path: str):
    """A77"""
    visitor.log_in("volunteer")

    assert 405 == visitor.get(path).status_code
