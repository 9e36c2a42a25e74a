"""A transaction to write in, and a ticket's history as plain values."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import HistoryLine, Ticket
from ivr.store.session import Sessions

Told = Callable[[Session, Ticket], list[tuple[str, dict]]]


@pytest.fixture
def writing(sessions: Sessions) -> Iterator[Session]:
    with sessions.begin() as db:
        yield db


@pytest.fixture
def told() -> Told:
    """The ticket's history without its opening."""

    def lines(db: Session, ticket: Ticket) -> list[tuple[str, dict]]:
        read = select(HistoryLine).where(HistoryLine.ticket_id == ticket.id).order_by(HistoryLine.id)
        return [(line.kind, line.detail) for line in db.scalars(read)][1:]

    return lines
