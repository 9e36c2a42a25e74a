"""A browser in which somebody has logged in before, and the address that a try is counted under."""

import pytest

from ivr.app import App
from ivr.store.people import throttle
from tests.desk.conftest import Visitor


def browser(app: App) -> Visitor:
    return Visitor(app.test_client())


def lock(app: App, name: str) -> Visitor:
    """Strangers try until nobody new gets in under this name."""
    stranger = browser(app)
    while stranger.log_in(name, "wrong").status_code != 429:
        pass
    return stranger


def test_whoever_was_here_before_gets_in_while_strangers_are_kept_waiting(app: App, visitor: Visitor):
    """A69: also after logging out; another person's try in that browser waits."""
    visitor.log_in("volunteer")
    visitor.post("/desk/logout")
    lock(app, "volunteer")
    lock(app, "officer")

    assert 429 == browser(app).log_in("volunteer").status_code
    assert 429 == visitor.log_in("officer").status_code
    assert 302 == visitor.log_in("volunteer").status_code


def test_two_people_may_share_a_computer(app: App, visitor: Visitor):
    for name in ("volunteer", "officer"):
        visitor.log_in(name)
        visitor.post("/desk/logout")
    lock(app, "volunteer")

    assert 302 == visitor.log_in("volunteer").status_code


def test_a_cookie_that_we_did_not_sign_knows_nobody(app: App, desk):
    lock(app, "volunteer")
    for cookie in ("", "x", "WyJ4IixbMV1d.aaaa.bbbb"):
        forger = browser(app)
        forger.client.set_cookie("hotline-device", cookie)
        assert 429 == forger.log_in("volunteer").status_code


def test_the_cookie_is_for_our_pages_alone(visitor: Visitor):
    cookies = visitor.log_in("volunteer").headers.getlist("Set-Cookie")
    cookie = next(each for each in cookies if each.startswith("hotline-device="))

    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize(("sent", "counted"), [("192.0.2.{n}, 203.0.113.9", "one"), ("203.0.113.{n}", "many")])
def test_the_address_is_what_our_own_proxy_saw(app: App, desk, sent: str, counted: str):
    """A9, A70: whatever a client writes in front of it does not make it another one."""
    answers = [
        browser(app).post(
            "/desk/login", headers={"X-Forwarded-For": sent.format(n=n)}, name=f"name {n}", password="wrong"
        )
        for n in range(throttle.ADDRESS.free + 1)
    ]
    assert {"one": 429, "many": 401}[counted] == answers[-1].status_code
