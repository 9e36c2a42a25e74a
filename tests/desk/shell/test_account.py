"""One's own page, the second step of a login, and one-time links."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.account import browser
from ivr.settings import Settings
from ivr.store.models import LinePerson, LoginSession, Staff
from ivr.store.people import links, second_factor, throttle
from ivr.store.people.staff import named
from tests.builders import PASSWORD
from tests.desk.conftest import Visitor

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
NEW = "four-boats-on-the-river"


def offer_of(page: str) -> tuple[str, str]:
    """The sealed offer and the secret, as the page shows them."""
    return re.search(r'name="offer" value="([^"]+)"', page)[1], re.search(r'class="key">([^<]+)<', page)[1]


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """The secret of a second factor that was set up now, and its recovery codes."""
    offer, secret = offer_of(visitor.get("/desk/account").text)
    secret = secret.replace(" ", "")
    page = visitor.post("/desk/account/factor", offer=offer, code=pyotp.TOTP(secret).at(datetime.now(UTC)))
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", page.text)


def test_with_a_second_factor_the_password_is_half_a_login(app: App, visitor: Visitor):
    """A85: nothing opens before the code has come."""
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("supervisor")
        secret, codes = set_up(visitor)
        visitor.post("/desk/logout")
        clock.shift(60)

        assert "/desk/login/code" == visitor.log_in("supervisor", next="/desk/calls").location
        assert 302 == visitor.get("/desk/calls").status_code
        assert 401 == visitor.post("/desk/login/code", code="000000").status_code
        code = pyotp.TOTP(secret).at(NOON + timedelta(minutes=1))
        assert "/desk/calls" == visitor.post("/desk/login/code", code=code).location
        assert 200 == visitor.get("/desk/calls").status_code

        visitor.post("/desk/logout")
        visitor.log_in("supervisor")
        assert "/desk/" == visitor.post("/desk/login/code", code=codes[0]).location
        assert "9 recovery codes are left" in visitor.get("/desk/account").text


def test_a_pin_is_set_by_who_says_the_password_again(app: App, visitor: Visitor):
    """Nothing that anybody would try first, and none of it is kept as it was typed."""
    visitor.log_in("volunteer")

    def pin(new: str, again: str = "", current: str = PASSWORD) -> tuple[int, str]:
        answer = visitor.post("/desk/account/pin", **{"pin": new, "pin-again": again or new, "current": current})
        return answer.status_code, answer.text

    for weak in ("123456", "987654", "111111", "121212", "12345", "１２３４５６"):
        status, page = pin(weak)
        assert (422, True) == (status, "A PIN has six digits" in page), weak
    assert (422, True) == ((no := pin("204816", "204817"))[0], "not the same" in no[1])
    assert (422, True) == ((no := pin("204816", current="wrong"))[0], "not your password" in no[1])

    assert 302 == pin("204816")[0]
    assert "A supervisor enters it" not in (page := visitor.get("/desk/account").text)
    assert "Change the PIN" in page
    with app.sessions.read() as db:
        assert "204816" not in str(db.scalars(select(LinePerson.pin_hash)).one())


def test_codes_are_tried_five_times(visitor: Visitor):
    """A85: then also the right one waits."""
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("supervisor")
        secret, _codes = set_up(visitor)
        visitor.post("/desk/logout")
        clock.shift(60)
        visitor.log_in("supervisor")
        for _ in range(throttle.NAME.free):
            assert 401 == visitor.post("/desk/login/code", code="000000").status_code
        answer = visitor.post("/desk/login/code", code=pyotp.TOTP(secret).at(NOON + timedelta(minutes=1)))
        assert (429, "61") == (answer.status_code, answer.headers["Retry-After"])


@pytest.mark.parametrize("change", ["time", "password", "stopped"])
def test_half_a_login_does_not_outlive_its_password(app: App, visitor: Visitor, change: str):
    with time_machine.travel(NOON, tick=False) as clock:
        visitor.log_in("supervisor")
        _secret, codes = set_up(visitor)
        visitor.post("/desk/logout")
        visitor.log_in("supervisor")
        if change == "time":
            clock.shift(301)
        with app.sessions.begin() as db:
            person = named(db, "supervisor")
            person.password_hash = "another" if change == "password" else person.password_hash
            person.disabled_at = NOON if change == "stopped" else None
        answer = visitor.post("/desk/login/code", code=codes[0])
        assert answer.status_code == 401 or answer.location == "/desk/login"


def test_a_new_password_asks_for_the_old_one_and_ends_every_other_login(app: App, desk, visitor: Visitor):
    """A73: the browser in which it is changed goes on, under another cookie."""
    elsewhere = Visitor(app.test_client())
    elsewhere.log_in("volunteer")
    visitor.log_in("volunteer")
    before = visitor.cookie

    wrong = visitor.post("/desk/account/password", current="wrong", new=NEW, again=NEW)
    assert (422, True) == (wrong.status_code, "This is not your password." in wrong.text)
    assert 302 == visitor.post("/desk/account/password", current=PASSWORD, new=NEW, again=NEW).status_code

    assert 200 == visitor.get("/desk/").status_code
    assert before != visitor.cookie
    assert 302 == elsewhere.get("/desk/").status_code
    assert [401, 302] == [elsewhere.log_in("volunteer", each).status_code for each in (PASSWORD, NEW)]


@pytest.mark.parametrize(
    ("new", "again", "trouble"),
    [
        ("fourteen chars", "fourteen chars", "15 characters or more"),
        ("volunteer-hotline-7", "volunteer-hotline-7", "too little of it"),
        ("password123456789", "password123456789", "anybody would try"),
        (NEW, "another", "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(visitor: Visitor, new: str, again: str, trouble: str):
    """A82"""
    visitor.log_in("volunteer")

    page = visitor.post("/desk/account/password", current=PASSWORD, new=new, again=again)
    assert (422, True) == (page.status_code, trouble in page.text)
    assert new not in page.text


def test_whoever_holds_a_browser_cannot_try_passwords_in_it(visitor: Visitor):
    visitor.log_in("volunteer")
    for _ in range(throttle.NAME.free):
        visitor.post("/desk/account/password", current="wrong", new=NEW, again=NEW)

    page = visitor.post("/desk/account/password", current=PASSWORD, new=NEW, again=NEW)
    assert "Please wait 6" in page.text


def test_a_login_elsewhere_is_seen_and_ended(app: App, desk, visitor: Visitor):
    """Only one's own."""
    elsewhere, other = Visitor(app.test_client()), Visitor(app.test_client())
    elsewhere.client.environ_base |= {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    elsewhere.log_in("volunteer")
    other.log_in("officer")
    visitor.log_in("volunteer")

    page = visitor.get("/desk/account").text
    assert "Firefox, Windows" in page
    (login,) = re.findall(r'name="login" value="(\w+)"', page)
    with app.sessions.read() as db:
        foreign = db.query(LoginSession).join(Staff).filter(Staff.name == "officer").one().id_sha256
    for each in (foreign, login):
        visitor.post("/desk/account/logins/end", login=each)
    assert [302, 200, 200] == [each.get("/desk/").status_code for each in (elsewhere, other, visitor)]


def test_the_second_factor_is_removed_with_the_password(visitor: Visitor):
    visitor.log_in("volunteer")
    set_up(visitor)

    assert 422 == visitor.post("/desk/account/factor/remove", current="wrong").status_code
    assert 302 == visitor.post("/desk/account/factor/remove", current=PASSWORD).status_code
    visitor.post("/desk/logout")
    assert "/desk/" == visitor.log_in("volunteer").location


def test_another_persons_offer_is_none(app: App, desk, visitor: Visitor):
    """Whoever plants a secret in somebody's form would know their codes."""
    with app.sessions.read() as db:
        planted = second_factor.offer(app.seal, named(db, "officer"), datetime.now(UTC))
    visitor.log_in("volunteer")

    assert 422 == visitor.post("/desk/account/factor", offer=planted, code="000000").status_code


class TestRequired:
    """On a public address, for supervisors and administrators."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hotline_second_factor": "required"})

    def test_nothing_opens_before_it_is_set_up(self, visitor: Visitor):
        visitor.log_in("supervisor")
        assert "/desk/account" == visitor.get("/desk/calls").location
        assert 403 == visitor.post("/desk/tickets/1/claim").status_code
        set_up(visitor)
        assert 200 == visitor.get("/desk/calls").status_code
        assert 403 == visitor.post("/desk/account/factor/remove", current=PASSWORD).status_code

    def test_volunteers_are_only_offered_it(self, visitor: Visitor):
        visitor.log_in("volunteer")
        assert 200 == visitor.get("/desk/").status_code


def test_in_public_a_printed_password_is_changed_first(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """A81: a demo on this machine goes on with what was printed."""
    with app.sessions.begin() as db:
        named(db, "volunteer").password_printed = True
    visitor.log_in("volunteer")
    assert 200 == visitor.get("/desk/calls").status_code

    monkeypatch.setattr(Settings, "is_public", property(lambda _: True))
    assert "/desk/account" == visitor.get("/desk/calls", base_url="http://localhost").location


def test_a_link_sets_a_password_once(app: App, visitor: Visitor):
    """A83: its code is in no address, and it opens nothing by itself."""
    with app.sessions.begin() as db:
        code = links.make(db, named(db, "volunteer"), datetime.now(UTC))

    bad = visitor.post("/desk/new-password", link=code, new="short", again="short")
    assert (422, True) == (bad.status_code, f'value="{code}"' in bad.text)
    assert "/desk/login" == visitor.post("/desk/new-password", link=code, new=NEW, again=NEW).location
    again = visitor.post("/desk/new-password", link=code, new=PASSWORD, again=PASSWORD)
    assert (422, True) == (again.status_code, "used or is too old" in again.text)
    assert "/desk/" == visitor.log_in("volunteer", NEW).location


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/141 Safari/537 Edg/141", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Firefox/140.0", "Firefox, Mac"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, called: str):
    assert called == browser(agent)
