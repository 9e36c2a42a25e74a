"""``flask keeping``."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ivr.settings import Settings
from ivr.store.models import Ticket
from ivr.store.session import Sessions
from tests.builders import CALLER, new_call, new_ticket, new_turn
from tests.cli.conftest import Run


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"hotline_keep_words_days": 30})


@pytest.fixture
def old(sessions: Sessions) -> str:
    """The number of a ticket that was closed two months ago."""
    at = datetime.now(UTC) - timedelta(days=60)
    with sessions.begin() as db:
        ticket = new_ticket(db, status="closed", opened_at=at, resolved_at=at, closed_at=at)
        call = new_call(db, ticket=ticket, started_at=at, carrier="simulator")
        new_turn(db, call, heard={"kind": "speech", "text": "我要买药"})
        return ticket.number


def test_what_would_go_is_counted_and_stays(run: Run, old: str):
    """A113"""
    for _ in range(2):
        assert "words: kept 30 days, 1 over" in run("keeping", "due").stdout
    assert "messages: kept for ever" in run("keeping", "due").stdout


def test_a_certificate_says_what_went_and_proves_it(run: Run, old: str):
    """A112, A113: its last line is the audit's, which ``flask audit verify`` checks."""
    told = json.loads(run("keeping", "forget").stdout)
    assert {"words": 1, "at_the_carrier": 0} == told["erased"]
    line = ["--last", told["audit"]["line"], "--hash", told["audit"]["hash"]]
    assert 0 == run("audit", "verify", *line).exit_code


def test_a_held_ticket_stays_until_it_is_released(run: Run, old: str):
    """A113"""
    assert f"Ticket {old} is held.\n" == run("keeping", "hold", old, "--why", "a letter").stdout
    assert "words: kept 30 days, 0 over" in run("keeping", "due").stdout
    assert "Open or held, so nothing was erased" in run("keeping", "erase", CALLER).stderr
    run("keeping", "release", old)
    assert "words: kept 30 days, 1 over" in run("keeping", "due").stdout
    assert "There is no ticket 99" in run("keeping", "hold", "99", "--why", "x").stderr


def test_one_persons_data_is_shown_and_erased(run: Run, sessions: Sessions, old: str):
    """A112"""
    assert ["我要买药"] == json.loads(run("keeping", "show", "13800000001").stdout)["calls"][0]["heard"]
    told = json.loads(run("keeping", "erase", CALLER).stdout)
    assert {"tickets": 1, "calls": 1, "audio": 0, "texts": 1, "cards": 0, "at_the_carrier": 1} == told["erased"]
    assert "Nothing is held about this number." in run("keeping", "show", CALLER).stderr
    assert 2 == run("keeping", "erase", "12").exit_code
    with sessions.read() as db:
        assert None is db.get_one(Ticket, 1).caller
