"""Who may come in, and what a program reads that may not."""

from datetime import UTC, datetime
from itertools import product

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.store.people import tokens

LISTS = ["/api/v1/tickets", "/api/v1/calls"]


def test_nobody_comes_in_without_a_token(client: FlaskClient, subtests: pytest.Subtests) -> None:
    """No token, a wrong one, another scheme: 401, and the client is told which scheme would do."""
    headers = ["", "Bearer", "Bearer ", "Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer 令牌".encode().decode("latin-1")]
    for path, header in product([*LISTS, "/api/v1/recordings/RE1"], headers):
        with subtests.test(path=path, header=header):
            response = client.get(path, headers={"Authorization": header})
            assert (401, 'Bearer realm="hotline"') == (response.status_code, response.headers["WWW-Authenticate"])
            assert {"error"} == response.json.keys()


def test_a_token_in_the_address_is_none(client: FlaskClient, token: str) -> None:
    """A84: Addresses stand in every log between here and there."""
    for name in ("token", "access_token", "api_key"):
        assert 401 == client.get("/api/v1/tickets", query_string={name: token}).status_code


def test_a_token_opens_every_list(api: FlaskClient) -> None:
    """An empty hotline is an empty list."""
    for path in LISTS:
        assert {"items": [], "next": None} == api.get(path).json


def test_the_schemes_name_may_be_written_in_any_case(client: FlaskClient, token: str) -> None:
    """``bearer`` is what some clients send."""
    assert 200 == client.get("/api/v1/tickets", headers={"Authorization": f"bearer {token}"}).status_code


def test_a_revoked_token_is_turned_away(app: App, api: FlaskClient) -> None:
    """A84: From the next request on."""
    with app.sessions.begin() as db:
        tokens.revoke(db, "another system", datetime.now(UTC))
    assert 401 == api.get("/api/v1/tickets").status_code


def test_a_program_always_reads_json(api: FlaskClient, subtests: pytest.Subtests) -> None:
    """Whoever noticed the mistake, the answer is no page for people."""
    for method, path, status in [
        ("GET", "/api/", 404),
        ("GET", "/api/v2/tickets", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/tickets/", 404),
        ("POST", "/api/v1/tickets", 405),
        ("DELETE", "/api/v1/calls", 405),
        ("GET", "/api/v1/recordings/RE1", 404),
        ("GET", "/api/v1/recordings/RE_1", 422),
    ]:
        with subtests.test(method=method, path=path):
            response = api.open(path, method=method)
            assert (status, "application/json") == (response.status_code, response.mimetype)
            assert response.json["error"]


def test_a_breakdown_is_json_too(app: App, api: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours says nothing about us."""
    app.testing = False
    monkeypatch.setattr("ivr.store.reports.export.calls", None)
    response = api.get("/api/v1/calls")
    assert (500, {"error": "Internal Server Error"}) == (response.status_code, response.json)


def test_a_parameter_that_cannot_be_used_is_named(api: FlaskClient, subtests: pytest.Subtests) -> None:
    """422 names it, and does not say back what was sent."""
    for path, name, value in [
        ("/api/v1/tickets", "limit", "0"),
        ("/api/v1/tickets", "limit", "201"),
        ("/api/v1/tickets", "limit", "many"),
        ("/api/v1/tickets", "cursor", "-1"),
        ("/api/v1/tickets", "cursor", "99999999999"),
        ("/api/v1/tickets", "cursor", "' OR 1=1--"),
        ("/api/v1/tickets", "since", "yesterday"),
        ("/api/v1/tickets", "since", "0001-01-01T00:00:00+14:00"),
        ("/api/v1/tickets", "status", "open"),
        ("/api/v1/tickets", "need", "NULL"),
        ("/api/v1/tickets", "community", "\x00"),
        ("/api/v1/tickets", "call_sid", "CA1\x00"),
        ("/api/v1/tickets", "satus", "new"),
        ("/api/v1/calls", "outcome", "lost"),
        ("/api/v1/calls", "call_sid", "A" * 65),
        ("/api/v1/calls", "caller", "+8613800000001"),
    ]:
        with subtests.test(path=path, name=name, value=value):
            response = api.get(path, query_string={name: value})
            assert (422, [name]) == (response.status_code, [each["name"] for each in response.json["parameters"]])
            assert "OR 1=1" not in response.text
