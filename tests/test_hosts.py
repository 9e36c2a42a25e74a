"""Under which names we answer."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ivr.factory import create_app
from ivr.settings import Settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    settings = Settings.load(
        hotline_data_dir=tmp_path,
        public_base_url="https://hotline.example",
        trusted_hosts="desk.hotline.example, 10.0.0.7",
        secret_key="k" * 48,
        twilio_account_sid="AC1",
        twilio_auth_token="t" * 32,
    )
    return create_app(settings).test_client()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:443", "hotline.example.evil.example", "[2001:db8::1]:443", "10.0.0.8"]
)
def test_a_page_under_a_strangers_name_is_refused(client: FlaskClient, host: str):
    """A10: nothing is redirected there, and nothing says the name back."""
    for path in ("/", "/desk/", "/desk/login", "/api/v1/tickets"):
        answer = client.get(path, headers={"Host": host})
        assert (400, None) == (answer.status_code, answer.location)
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["hotline.example", "HOTLINE.example:443", "desk.hotline.example", "10.0.0.7", "127.0.0.1:8000", "[::1]:8000"],
)
def test_ours_and_this_machines_are_answered(client: FlaskClient, host: str):
    assert 302 == client.get("/desk/", headers={"Host": host}).status_code


def test_calls_and_health_ask_for_no_name(client: FlaskClient):
    """A8: a carrier's request is judged by its signature; a load balancer knows us by an address."""
    assert 403 == client.post("/voice/incoming", headers={"Host": "evil.example"}).status_code
    assert 200 == client.get("/healthz", headers={"Host": "10.1.2.3"}).status_code
