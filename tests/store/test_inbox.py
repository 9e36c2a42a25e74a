"""The inbox: what waits for whom, in which order, and when it has changed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store import correcting, inbox
from ivr.store.models import HistoryLine
from ivr.store.session import Sessions
from tests.builders import new_community, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
MIDNIGHT = NOON - timedelta(hours=12)


@pytest.fixture
def writing(sessions: Sessions):
    with sessions.begin() as db:
        yield db


def test_each_ticket_stands_in_its_section(writing: Session):
    """Urgent before overdue before the rest; what was resolved yesterday is gone."""
    volunteer, other = new_staff(writing), new_staff(writing, name="李四")
    late = new_ticket(writing, opened_at=NOON - timedelta(hours=9))
    fresh = new_ticket(writing, opened_at=NOON)
    urgent = new_ticket(writing, opened_at=NOON, urgent=True)
    mine = new_ticket(writing, claimed_by=volunteer)
    theirs = new_ticket(writing, claimed_by=other)
    done = new_ticket(writing, claimed_by=other, status="resolved", resolved_at=NOON)
    new_ticket(writing, status="resolved", resolved_at=MIDNIGHT - timedelta(seconds=1))

    found = {section.key: list(section.tickets) for section in inbox.sections(writing, volunteer, MIDNIGHT)}

    assert {"new": [urgent, late, fresh], "mine": [mine], "others": [theirs], "resolved": [done]} == found


def test_a_long_section_says_how_long_it_is(writing: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inbox, "LONGEST_SECTION", 2)
    for _ in range(3):
        new_ticket(writing)

    new = inbox.sections(writing, new_staff(writing), MIDNIGHT)[0]

    assert (2, 3) == (len(new.tickets), new.total)


def test_the_version_follows_the_readers_own_inbox(writing: Session):
    """A new ticket, a history line and a ticket that leaves are news; another community's are not."""
    officer = new_staff(writing, role="officer", communities=[HERE])
    supervisor = new_staff(writing, name="李四", role="supervisor")
    new_community(writing, THERE)
    seen = [inbox.version(writing, officer, MIDNIGHT)]

    def is_news() -> bool:
        seen.append(inbox.version(writing, officer, MIDNIGHT))
        return seen[-1] != seen[-2]

    assert not is_news()
    elsewhere = new_ticket(writing, community=THERE)
    assert not is_news()
    here = new_ticket(writing, community=HERE)
    assert is_news()
    writing.add(HistoryLine(ticket_id=here.id, at=NOON, kind="audio"))
    writing.flush()
    assert is_news()
    writing.add(HistoryLine(ticket_id=elsewhere.id, at=NOON, kind="audio"))
    writing.flush()
    assert not is_news()
    correcting.correct_community(writing, supervisor, here.id, THERE, NOON)
    assert is_news(), "it left"
    correcting.correct_community(writing, supervisor, elsewhere.id, HERE, NOON)
    assert is_news(), "it came"
