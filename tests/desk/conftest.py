"""A desk with a few people, tickets and a recording, and a browser that behaves like one."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ivr.app import App
from tests.builders import (
    PASSWORD,
    new_call,
    new_channel,
    new_community,
    new_proposal,
    new_recording,
    new_rule,
    new_staff,
    new_ticket,
    new_turn,
)

HERE, THERE = "330206001001", "330206002001"
SOUND = b"RIFF" + bytes(range(256)) * 8
ETAG = re.compile(r'data-etag="(\w+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """One browser: it keeps cookies and sends every form with the token of the page it stands on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.get, self.head, self.options = client.get, client.head, client.options

    @property
    def token(self) -> str:
        page = self.client.get("/desk/login")
        if page.status_code == 302:  # logged in: the page that asks the database for least
            page = self.client.get("/desk/help", follow_redirects=True)
        return TOKEN.search(page.text).group(1)

    def post(self, path: str, headers: dict[str, str] | None = None, **form: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token} | form, headers=headers)

    def log_in(self, name: str, password: str = PASSWORD, **form: str) -> TestResponse:
        return self.post("/desk/login", name=name, password=password, **form)

    def renew(self, etag: str) -> TestResponse:
        """What the open inbox asks by itself, untouched by its reader."""
        return self.get("/desk/inbox", headers={"If-None-Match": f'"{etag}"', "X-Present": "0"})

    @property
    def cookie(self) -> str:
        return self.client.get_cookie("hotline").value


@pytest.fixture
def desk(app: App) -> SimpleNamespace:
    """Ids of what is there: a ticket here with a message, another there, and one person a role (named after it)."""
    with app.sessions.begin() as db:
        new_community(db, HERE)
        new_community(db, THERE, "高塘社区", "小港街道")
        for role in ("volunteer", "officer", "supervisor", "admin"):
            new_staff(db, role, role, communities=[HERE] if role == "officer" else [])
        here, there = new_ticket(db), new_ticket(db, community=THERE)
        call = new_call(db, ticket=here)
        new_proposal(db, new_turn(db, call))
        recording = new_recording(db, call)
        app.audio.put(recording.path, SOUND)
        foreign = new_recording(db, new_call(db, ticket=there))
        new_channel(db, "无人用的群", sealed=app.seal.close({"url": "http://127.0.0.1:1/send?key=robot-key"}))
        new_rule(db, new_channel(db, "值班群", "webhook"), need="food")
    return SimpleNamespace(here=here.id, there=there.id, recording=recording.id, foreign=foreign.id)


@pytest.fixture
def visitor(app: App, desk: SimpleNamespace) -> Visitor:
    """A browser that wants English pages. Nobody is logged in."""
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor
