"""What a person reads when something does not work, and what every page tells the browser."""

import pytest

from ivr.app import App
from tests.desk.conftest import Visitor


@pytest.mark.parametrize(("language", "text"), [("zh", "这里没有内容。"), ("en", "Page not found.")])
@pytest.mark.parametrize("path", ["/desk/nowhere", "/phone/nowhere", "/desk/static/..%2fguard.py", "/desk/static/%00"])
def test_a_wrong_address_is_explained_in_the_readers_language(visitor: Visitor, path: str, language: str, text: str):
    answer = visitor.get(path, headers={"Accept-Language": language})

    assert 404 == answer.status_code
    assert text in answer.text


def test_a_fault_of_ours_tells_no_detail(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """A95, A110"""

    def broken(**values: object) -> None:
        raise RuntimeError("secret detail")

    app.testing = False
    visitor.log_in("supervisor")
    monkeypatch.setitem(app.view_functions, "desk.show_inbox", broken)
    broken.rule = ("see_inbox",)
    answer = visitor.get("/desk/")

    assert 500 == answer.status_code
    assert "Something went wrong." in answer.text
    for detail in ("secret", "RuntimeError", "Traceback"):
        assert detail not in answer.text


def test_without_its_database_the_desk_still_apologises(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """The page of a fault asks the database nothing."""
    app.testing = False
    visitor.log_in("supervisor")
    monkeypatch.setattr(app.sessions, "read", lambda: 1 / 0)  # gone
    answer = visitor.get("/desk/")

    assert 500 == answer.status_code
    assert "Something went wrong." in answer.text


def test_far_too_large_a_form_is_refused(visitor: Visitor):
    visitor.log_in("supervisor")

    assert 413 == visitor.client.post("/desk/tickets/1/note", data={"note": "x" * 70_000}).status_code


@pytest.mark.parametrize("path", ["/voice/nowhere", "/api/v1/nowhere", "/nowhere"])
def test_other_addresses_get_no_page_of_the_desk(visitor: Visitor, path: str):
    answer = visitor.get(path)

    assert 404 == answer.status_code
    assert "Hotline desk" not in answer.text


@pytest.mark.parametrize("path", ["/desk/login", "/desk/", "/desk/tickets/1", "/desk/calls", "/desk/nowhere"])
def test_every_page_forbids_what_it_does_not_need(visitor: Visitor, path: str):
    """A55, A80"""
    visitor.log_in("supervisor")
    headers = visitor.get(path, follow_redirects=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert "'none'" == policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"]
    assert "'self'" == policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["media-src"]
    assert "no-store" == headers["Cache-Control"]
    assert "no-referrer" == headers["Referrer-Policy"]
    assert "nosniff" == headers["X-Content-Type-Options"]
    assert "microphone=()" in headers["Permissions-Policy"]


def test_only_the_phone_may_use_the_microphone(visitor: Visitor):
    headers = visitor.get("/phone/nowhere").headers

    assert "microphone=(self)" in headers["Permissions-Policy"]
    assert "media-src 'self' blob:" in headers["Content-Security-Policy"]


def test_only_the_apis_description_has_an_inline_script(visitor: Visitor):
    page = visitor.get("/api/v1/swagger")
    policy = page.headers["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]

    assert f'nonce="{nonce}"' in page.text


@pytest.mark.parametrize(("role", "way_out"), [("officer", "/desk/"), ("admin", "/desk/overview")])
def test_who_is_refused_keeps_the_menu_and_finds_a_way_out(visitor: Visitor, role: str, way_out: str):
    """An administrator has no inbox: a link to it would lead in a circle."""
    visitor.log_in(role)
    page = visitor.get("/desk/notices/rules/1" if role == "officer" else "/desk/search").text

    assert "Log out" in page
    assert f'class="btn btn-main" href="{way_out}"' in page
