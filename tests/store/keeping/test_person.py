"""Everything about one number, shown or erased."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ivr.store.facts.audit import PersonErased, PersonShown
from ivr.store.files.audio import AudioStore
from ivr.store.keeping import holds, person
from ivr.store.models import AuditLine, CallerCard, HistoryLine, Phone, Ticket, Turn
from ivr.store.session import Sessions
from tests.builders import CALLER, HOTLINE, new_call, new_recording, new_ticket, new_turn

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def store(tmp_path) -> AudioStore:
    return AudioStore((tmp_path / "audio").as_uri())


@pytest.fixture
def caller(sessions: Sessions, store: AudioStore) -> None:
    """Somebody with a closed ticket, a message, a note and a card; and a neighbour."""
    with sessions.begin() as db:
        ticket = new_ticket(db, status="closed", resolved_at=NOW, closed_at=NOW)
        call = new_call(db, ticket=ticket)
        new_turn(db, call, heard={"kind": "speech", "text": "我要买药"})
        store.put(new_recording(db, call).path, b"RIFF")
        db.add(HistoryLine(ticket_id=ticket.id, at=NOW, kind="note", detail={"text": "红门后"}))
        db.add(CallerCard(phone_id=ticket.caller_id, name="王阿姨", medicine="降压药", updated_at=NOW))
        new_turn(db, new_call(db, caller="+8613800000002", ticket=new_ticket(db, caller="+8613800000002")))


@pytest.mark.usefixtures("caller")
def test_all_that_is_held_is_shown(sessions: Sessions):
    """A112: and that it was read is kept, without the number."""
    with sessions.begin() as db:
        shown = person.show(db, CALLER, None, NOW)
    assert {"name": "王阿姨", "medicine": "降压药"} == shown["card"]
    assert [["我要买药"]] == [call["heard"] for call in shown["calls"]]
    assert {"at": NOW.isoformat(), "kind": "note", "text": "红门后"} == shown["tickets"][0]["history"][-1]
    assert 1 == len(shown["calls"][0]["recordings"])
    with sessions.read() as db:
        line = db.scalars(select(AuditLine)).one()
        assert PersonShown(tickets=1, calls=1) == line.deed
        assert CALLER not in str(line.detail)


@pytest.mark.usefixtures("caller")
def test_all_that_is_held_is_erased(sessions: Sessions, store: AudioStore):
    """A112: the neighbour's stays, and the ticket as nobody's."""
    with sessions.begin() as db:
        erased = person.erase(db, store, CALLER, None, NOW)
    assert person.Erased(tickets=1, calls=1, audio=1, texts=2, cards=1) == erased
    with sessions.begin() as db:
        with pytest.raises(person.Unknown):
            person.show(db, CALLER, None, NOW)
        assert [None, "+8613800000002"] == [
            each.caller and each.caller.e164 for each in db.scalars(select(Ticket).order_by(Ticket.id))
        ]
        everything = str(
            [turn.heard for turn in db.scalars(select(Turn))]
            + [line.detail for line in db.scalars(select(HistoryLine))]
        )
        assert "红门" not in everything
        assert "我要买药" not in everything
        assert [] == db.scalars(select(CallerCard)).all()
        assert CALLER not in set(db.scalars(select(Phone.e164)))
    with sessions.read() as db:
        assert PersonErased(**erased._asdict()) == db.scalars(select(AuditLine)).one().deed


@pytest.mark.usefixtures("caller")
@pytest.mark.parametrize("why", ["open", "held"])
def test_what_is_open_or_held_is_not_erased(sessions: Sessions, store: AudioStore, why: str):
    """A113: nor is anything else of theirs."""
    with sessions.begin() as db:
        ticket = db.get_one(Ticket, 1)
        if why == "held":
            holds.hold(db, ticket, "the court's letter of May", NOW)
        else:
            ticket.status = "claimed"
    with sessions.begin() as db:
        with pytest.raises(person.Kept, match=ticket.number):
            person.erase(db, store, CALLER, None, NOW)
        assert db.get_one(Ticket, 1).caller


@pytest.mark.parametrize("number", [HOTLINE, "+8613899999999"])
def test_our_own_number_and_a_strangers_are_unknown(sessions: Sessions, caller: None, number: str):
    with sessions.begin() as db, pytest.raises(person.Unknown):
        person.show(db, number, None, NOW)
