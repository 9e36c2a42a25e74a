"""A carrier that speaks to a hotline with a small town in its directory."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.store.directory import importing
from tests.stories.conftest import TOWN
from tests.voice.sender import Sender


@pytest.fixture
def carrier(app: App, client: FlaskClient) -> Sender:
    with app.sessions.begin() as db:
        importing.put(db, TOWN, datetime.now(UTC), replace=False)
    return Sender(client)
