"""The description at ``/api/v1/openapi.json`` is true, and can be read without the internet."""

import re

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode

from ivr.app import App
from tests.builders import new_call, new_recording, new_ticket, new_turn

PATHS = ["/api/v1/tickets", "/api/v1/calls", "/api/v1/recordings/{sid}"]
EXAMPLES = 40


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_asked_the_answer_is_as_described(app: App, token: str, path: str, mode: GenerationMode) -> None:
    """A66: Sense is accepted, nonsense refused; status, type and shape stand in the description, none is a 5xx."""
    with app.sessions.begin() as db:
        call = new_call(db, ticket=new_ticket(db))
        new_turn(db, call)
        new_recording(db, call)
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        assume(all(value not in (None, [], {}) for value in case.query.values()))  # these have no form in a query
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    ask()


def test_the_description_says_how_to_come_in(client: FlaskClient) -> None:
    """Anybody may read it; every path asks for the bearer token and names the refusals."""
    description = client.get("/api/v1/openapi.json").json
    assert "bearer" == description["components"]["securitySchemes"]["token"]["scheme"]
    assert sorted(PATHS) == sorted(description["paths"])
    for path in PATHS:
        operation = description["paths"][path]["get"]
        assert [{"token": []}] == operation["security"]
        assert {"200", "401", "422"} <= operation["responses"].keys()


def test_the_page_that_shows_it_needs_no_internet(client: FlaskClient) -> None:
    """Every file it loads comes from here."""
    page = client.get("/api/v1/").text
    files = re.findall(r'(?:src|href|url)[=:] ?"([^"]+)"', page)
    assert 3 == len(files)
    for file in files:
        with client.get(file) as response:
            assert 200 == response.status_code
