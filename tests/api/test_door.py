"""Who may come in, and what a program reads that may not."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient

from ivr.api import blueprint
from ivr.app import App
from ivr.store.people import tokens
from tests.builders import new_call, new_recording, new_ticket

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


def made(app: App, name: str, **limits) -> dict[str, str]:
    """The header of a new token."""
    with app.sessions.begin() as db:
        return {"Authorization": f"Bearer {tokens.add(db, name, datetime.now(UTC), **limits)}"}


@pytest.fixture
def two_communities(app: App) -> None:
    """A call with a message and its ticket in each, and a call without a ticket."""
    with app.sessions.begin() as db:
        for n, code in enumerate(("330206001001", "330206002001"), 1):
            caller = f"+861380000000{n}"
            call = new_call(db, f"CA{n}", caller, ticket=new_ticket(db, community=code, caller=caller))
            app.audio.put(new_recording(db, call, sid=f"RE{n}").path, b"RIFF")
        new_call(db, "CA3", "+8613800000003")


@pytest.mark.usefixtures("two_communities")
def test_a_token_reads_what_it_is_for(app: App, client: FlaskClient, subtests: pytest.Subtests) -> None:
    """A84: the rest is 403, and numbers are left out where they stand."""
    paths = {"tickets": "/api/v1/tickets", "calls": "/api/v1/calls", "recordings": "/api/v1/recordings/RE1"}
    for scope in paths:
        headers = made(app, scope, scopes=[scope])
        for other, path in paths.items():
            with subtests.test(scope=scope, path=path):
                answer = client.get(path, headers=headers)
                assert (200 if scope == other else 403) == answer.status_code
                assert b"+8613" not in answer.data
                assert b"/recordings/" not in answer.data
    assert (
        "+8613800000002" in client.get(paths["tickets"], headers=made(app, "both", scopes=["tickets", "numbers"])).text
    )


@pytest.mark.usefixtures("two_communities")
def test_a_token_of_a_community_reads_nothing_of_another(app: App, client: FlaskClient) -> None:
    """A51, A84: nor calls of which no ticket came; pages and news alike."""
    headers = made(app, "map", communities=["330206001001"])
    for path in ("/api/v1/tickets", "/api/v1/tickets?after=0", "/api/v1/calls", "/api/v1/calls?after=0"):
        answer = client.get(path, headers=headers)
        assert ["+8613800000001"] == [item["caller"] for item in answer.json["items"]], path
    for path in ("/api/v1/tickets?call_sid=CA2", "/api/v1/calls?call_sid=CA2", "/api/v1/calls?call_sid=CA3"):
        assert [] == client.get(path, headers=headers).json["items"]
    assert [200, 404] == [client.get(f"/api/v1/recordings/RE{n}", headers=headers).status_code for n in (1, 2)]


def test_a_token_that_comes_too_often_waits(app: App, client: FlaskClient) -> None:
    headers = made(app, "eager", per_minute=2)
    answers = [client.get("/api/v1/tickets", headers=headers) for _ in range(3)]
    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert ("60", {"error"}) == (answers[-1].headers["Retry-After"], answers[-1].json.keys())


def test_the_last_use_is_written_down(app: App, api: FlaskClient) -> None:
    api.get("/api/v1/tickets")
    with app.sessions.read() as db:
        assert datetime.now(UTC) - tokens.everyone(db)[0].used_at < timedelta(minutes=1)


def test_an_address_that_names_no_scope_is_refused(app: App, api: FlaskClient, monkeypatch) -> None:
    """A95: what somebody adds and forgets to name is nobody's."""
    monkeypatch.delitem(blueprint.SCOPE_OF, "api.list_calls")
    assert 403 == api.get("/api/v1/calls").status_code
