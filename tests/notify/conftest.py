"""The application with a channel of each kind, and a clock that a test puts forward."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ivr.app import App
from ivr.carrier.account import Carrier
from ivr.notify import email
from ivr.outbound import http
from ivr.store.models import Channel, Notice
from tests.notify.standins import ACCOUNT_SID, Service, service

Opens = Callable[..., tuple[Service, Channel]]


@pytest.fixture
def open_channel(app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """``open_channel("wecom", fault="hangs")``: a service with this fault, and a channel that leads to it."""
    monkeypatch.setattr(http, "USUAL", http.Limits(read_s=0.4))
    monkeypatch.setattr(email, "PATIENCE_S", 0.4)
    with ExitStack() as stack:

        def opened(kind: str, fault: str = "", name: str = "") -> tuple[Service, Channel]:
            stand_in = stack.enter_context(service(kind, fault))
            channel = Channel(kind=kind, name=name or kind, language="zh", made_at=datetime.now(UTC), sealed="")
            with app.sessions.begin() as db:
                db.add(channel)
                db.flush()
            lead(app, channel, stand_in)
            return stand_in, channel

        yield opened


def lead(app: App, channel: Channel, stand_in: Service) -> None:
    """Have the channel lead to the service as it is now."""
    if stand_in.kind == "sms":
        port = 1 if stand_in.fault == "refuses" else stand_in.port
        api = f"http://127.0.0.1:{port}"
        carrier = Carrier("twilio", ACCOUNT_SID, api, user="key", secret="rest-api-secret", tokens=("token",))
        app.notifier.environment = replace(app.notifier.environment, carrier=carrier)
    with app.sessions.begin() as db:
        db.get_one(Channel, channel.id).sealed = app.seal.close(stand_in.values)


def mend(app: App, channel: Channel, stand_in: Service) -> None:
    """The service works again."""
    stand_in.fault = ""
    lead(app, channel, stand_in)


@pytest.fixture
def clock() -> Iterator[Callable[[float], None]]:
    """``clock(60)`` puts every clock of this process a minute forward."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield lambda seconds: traveller.shift(timedelta(seconds=seconds))


def kept(app: App, notice: Notice) -> Notice:
    """The notice as it is now."""
    with app.sessions.read() as db:
        return db.get_one(Notice, notice.id)
