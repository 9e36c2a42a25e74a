"""What a webhook asks of the database. A number that grows here is a decision: every caller waits for it.

Counted are statements as the engine sends them, reads and writes alike. BEGIN, COMMIT and the pragmas of a new
connection are not: they are the driver's, one each a transaction, however much stands between them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from ivr.app import App
from tests.voice.sender import CALL, ENDED, Sender, recorded

ORDINARY, FLUSHES = 5, 1  # statements of a turn in the middle of a call, flushes of any request

CALLS_WAY = (
    # path, form, statements at most
    ("/voice/incoming", CALL, 6),  # two to look, one for each new number, the call, its turn, and the call moves on
    ("/voice/turn/1", CALL | {"Digits": "1"}, 8),  # the ticket is opened: what else is open, its history at once
    ("/voice/turn/2", CALL | {"Digits": "201"}, ORDINARY),
    ("/voice/turn/3", recorded() | {"Digits": "#"}, 9),  # the recording, and two for the job that fetches it
    ("/voice/recording", recorded(), 2),
    ("/voice/turn/4", CALL, ORDINARY),
    ("/voice/status", ENDED, 3),
)


@dataclass
class Spent:
    """What one request cost."""

    statements: list[str] = field(default_factory=list)
    flushes: int = 0


@pytest.fixture
def spent(app: App) -> Iterator[Spent]:
    spent = Spent()

    def statement(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        spent.statements.append(statement)

    def flush(session: Session, _: Any) -> None:
        spent.flushes += 1

    event.listen(app.sessions.engine, "before_cursor_execute", statement)
    event.listen(Session, "after_flush", flush)
    yield spent
    event.remove(app.sessions.engine, "before_cursor_execute", statement)
    event.remove(Session, "after_flush", flush)


def cost(carrier: Sender, spent: Spent, path: str, form: dict[str, str]) -> tuple[list[str], int]:
    spent.statements, spent.flushes = [], 0
    assert carrier.post(path, form).status_code in (200, 204)
    return spent.statements, spent.flushes


def test_no_request_of_an_ordinary_call_asks_for_more(carrier: Sender, spent: Spent):
    carrier.post("/voice/incoming", CALL | {"CallSid": "CA-of-somebody-else", "From": "+8613800000009"})
    for path, form, most in CALLS_WAY:
        statements, flushes = cost(carrier, spent, path, form)
        assert len(statements) <= most, (path, statements)
        assert flushes <= FLUSHES, path


def test_an_ordinary_turn_writes_each_row_once(carrier: Sender, spent: Spent):
    """The ticket, a line of its history, the turn and the call; and reads all that it needs in one statement."""
    for path, form, _ in CALLS_WAY[:2]:
        carrier.post(path, form)
    statements, _ = cost(carrier, spent, *CALLS_WAY[2][:2])
    words = [statement.split() for statement in statements]
    first = Counter(" ".join(each[:3] if each[0] == "INSERT" else each[:2]) for each in words)
    assert {
        "SELECT calls.id,": 1,
        "UPDATE tickets": 1,
        "INSERT INTO ticket_history": 1,
        "INSERT INTO turns": 1,
        "UPDATE calls": 1,
    } == first
