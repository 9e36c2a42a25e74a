"""The application with a carrier that answers as a test tells it to."""

from collections.abc import Iterator

import pytest

from ivr.app import App
from ivr.store.models import Recording
from tests.builders import new_call, new_recording, new_ticket
from tests.fake_carrier import FakeCarrier, fake_carrier


@pytest.fixture
def carrier(app: App) -> Iterator[FakeCarrier]:
    with fake_carrier() as fake:
        fake.lists = {}
        app.carriers = {fake.carrier.account_sid: fake.carrier}
        yield fake


@pytest.fixture
def announced(app: App) -> Recording:
    """A message on a ticket, announced by the carrier and not yet here."""
    with app.sessions.begin() as db:
        return new_recording(db, new_call(db, ticket=new_ticket(db)), sid="RE1", state="expected")
