"""A client that another system would be."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.store.people import tokens


@pytest.fixture
def token(app: App) -> str:
    with app.sessions.begin() as db:
        return tokens.add(db, "another system", datetime.now(UTC))


@pytest.fixture
def api(app: App, token: str) -> FlaskClient:
    """The client, with its token in every request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
