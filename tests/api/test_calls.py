"""What another system reads of calls."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.store.session import Sessions
from tests import keys
from tests.builders import CALLER, new_call, new_ticket, new_turn
from tests.keys import FOREIGN, NEW

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def test_a_call_tells_its_way_through_the_questions(api: FlaskClient, sessions: Sessions) -> None:
    """What was asked and heard, how long it took, how it ended, and which ticket came of it."""
    with sessions.begin() as db:
        call = new_call(db, sid="CA1", started_at=AT, ticket=new_ticket(db))
        new_turn(db, call, asked=None, heard={"kind": "silence"}, ms=0)
        new_turn(db, call, asked="need", heard={"kind": "keys", "text": "1"}, ms=2_400)

    assert [
        {
            "call_sid": "CA1",
            "caller": CALLER,
            "started_at": "2026-03-01T08:30:00Z",
            "ended_at": "2026-03-01T08:30:40Z",
            "outcome": "message",
            "left_at": None,
            "turns": [
                {
                    "n": 0,
                    "asked": None,
                    "heard": {"kind": "silence", "text": None},
                    "at": "2026-03-01T08:30:00Z",
                    "ms": 0,
                },
                {
                    "n": 1,
                    "asked": "need",
                    "heard": {"kind": "keys", "text": "1"},
                    "at": "2026-03-01T08:30:00Z",
                    "ms": 2_400,
                },
            ],
            "ticket": "1001",
        }
    ] == api.get("/api/v1/calls").json["items"]


def test_a_call_that_goes_on_has_no_end_yet(api: FlaskClient, sessions: Sessions) -> None:
    """Two seconds old, withheld, without a ticket: it is there."""
    with sessions.begin() as db:
        new_call(db, caller=None, seconds=None)

    (call,) = api.get("/api/v1/calls").json["items"]
    assert [None] * 4 == [call[name] for name in ("caller", "ended_at", "outcome", "ticket")]


def test_calls_are_filtered(api: FlaskClient, sessions: Sessions, subtests: pytest.Subtests) -> None:
    """By the carrier's id, by how they ended, by when they began."""
    with sessions.begin() as db:
        new_call(db, sid="CA1", started_at=AT)
        new_call(db, sid="CA2", started_at=AT + timedelta(minutes=5), outcome="hung_up")

    for expected, name, value in [
        ("CA1", "call_sid", "CA1"),
        ("CA2", "outcome", "hung_up"),
        ("CA2", "since", "2026-03-01T08:31:00Z"),
        ("CA2", "limit", "1"),
    ]:
        with subtests.test(name=name):
            items = api.get("/api/v1/calls", query_string={name: value}).json["items"]
            assert [expected] == [each["call_sid"] for each in items]


def test_words_that_are_sealed_are_told_and_those_of_a_lost_key_are_a_lock(api: FlaskClient, app: App) -> None:
    """A120"""
    keys.give(app, NEW)
    with app.sessions.begin() as db:
        new_turn(db, new_call(db, started_at=AT), heard={"kind": "speech", "text": "买药"})

    def heard() -> str:
        return api.get("/api/v1/calls").json["items"][0]["turns"][0]["heard"]["text"]

    assert "买药" == heard()
    keys.give(app, FOREIGN)
    assert heard().startswith("\N{LOCK} ")
