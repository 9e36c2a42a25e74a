"""What is over, and what is not: nothing that is open, held, or younger."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import String, func, select, text, type_coerce

from ivr.store.access import chain
from ivr.store.facts import line
from ivr.store.facts.audit import Purged
from ivr.store.files.audio import AudioStore
from ivr.store.keeping import holds, night, periods
from ivr.store.keeping.periods import Periods
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import AuditLine, Call, CallerCard, HistoryLine, Phone, Recording, Ticket, Turn
from ivr.store.session import Sessions
from tests.builders import new_call, new_phone, new_recording, new_ticket, new_turn

NOW = datetime(2028, 2, 29, 4, tzinfo=UTC)
ALL = Periods(audio=30, words=30, numbers=30, cards=30)
OLD, YOUNG = NOW - timedelta(days=31), NOW - timedelta(days=29)


@pytest.fixture
def store(tmp_path) -> AudioStore:
    return AudioStore((tmp_path / "audio").as_uri())


def resident(sessions: Sessions, store: AudioStore, number: str, at: datetime, **ticket) -> SimpleNamespace:
    """Somebody who rang then, with a message, a note and a card; their ticket was closed at once."""
    with sessions.begin() as db:
        closed = {"status": "closed", "resolved_at": at, "closed_at": at} | ticket
        row = new_ticket(db, caller=number, opened_at=at, **closed)
        call = new_call(db, ticket=row, caller=number, started_at=at - timedelta(minutes=1))
        call.state = {"done": "送到了"}
        turn = new_turn(db, call, heard={"kind": "speech", "text": "我要买药"}, reply="<Response>银杏</Response>")
        sound = new_recording(db, call)
        store.put(sound.path, b"RIFF")
        db.add(HistoryLine(ticket_id=row.id, at=at, kind="note", detail={"text": "红门后"}))
        family = new_phone(db, f"{number[:-1]}9")
        db.add(CallerCard(phone_id=row.caller_id, name="王阿姨", family_phone_id=family.id, updated_at=at))
        return SimpleNamespace(ticket=row.id, call=call.id, turn=turn.id, sound=sound.path, phone=row.caller_id)


def left(sessions: Sessions, one: SimpleNamespace, store: AudioStore) -> list[str]:
    """What there still is of them."""
    with sessions.read() as db:
        turn, call = db.get_one(Turn, one.turn), db.get_one(Call, one.call)
        there = {
            "heard": "text" in turn.heard,
            "reply": bool(turn.reply),
            "done": "done" in call.state,
            "note": "红门"
            in str(db.scalars(select(HistoryLine.detail).where(HistoryLine.ticket_id == one.ticket)).all()),
            "sound": db.scalars(select(Recording.state).where(Recording.call_id == one.call)).one() == "fetched",
            "card": db.get(CallerCard, one.phone) is not None,
            "number": db.get(Phone, one.phone) is not None,
            "caller": db.get_one(Ticket, one.ticket).caller_id is not None or call.caller_id is not None,
        }
    try:
        store.read(one.sound)
    except FileNotFoundError:
        return [name for name, is_there in there.items() if is_there]
    return [*(name for name, is_there in there.items() if is_there), "file"]


EVERYTHING = ["heard", "reply", "done", "note", "sound", "card", "number", "caller", "file"]


def test_what_was_kept_long_enough_goes_in_every_place(sessions: Sessions, store: AudioStore):
    """A112, A113: the ticket and the call stay, as nobody's; a young one is untouched. The audit says how much."""
    old = resident(sessions, store, "+8613800000011", OLD)
    young = resident(sessions, store, "+8613800000021", YOUNG)
    with sessions.read() as db:
        counts = periods.counted(db, ALL, NOW)
    assert {"audio": 1, "words": 2, "numbers": 1, "cards": 1, "log": 0} == counts

    gone = night.forget(sessions, store, ALL, NOW)

    assert {"audio": 1, "words": 2, "cards": 1, "numbers": 1} == gone
    assert ([], EVERYTHING) == (left(sessions, old, store), left(sessions, young, store))
    with sessions.read() as db:
        assert 2 == db.scalar(
            select(func.count()).select_from(Phone).where(type_coerce(Phone.kept_by, String).like("%2_"))
        )
        assert Purged(audio=1, texts=2, cards=1, numbers=1) == db.scalars(select(AuditLine)).one().deed
    assert {"audio": 0, "words": 0, "cards": 0, "numbers": 0} == night.forget(sessions, store, ALL, NOW)


def test_the_number_of_a_communitys_contact_is_kept(sessions: Sessions, store: AudioStore):
    """They rang once, as residents do, and are rung for others since; once they are not, their number goes."""
    rang = resident(sessions, store, "+8613800000011", OLD)
    about = About(line.PlaceDuty, "330206001001")
    with sessions.begin() as db:
        number = db.scalars(select(Phone).where(Phone.e164 == "+8613800000011")).one()
        changes.make(db, None, about, line.PlaceDuty("陈书记", number.id, number.tail, {}), NOW)
    night.forget(sessions, store, ALL, NOW)
    assert ["card", "number", "caller"] == left(sessions, rang, store)

    with sessions.begin() as db:
        changes.make(db, None, about, None, NOW)
    night.forget(sessions, store, ALL, NOW)
    assert [] == left(sessions, rang, store)


@pytest.mark.parametrize("why", ["open", "held", "rang again", "not set"])
def test_what_is_open_held_or_wanted_is_kept(sessions: Sessions, store: AudioStore, why: str):
    """A113: however old; a resolved one counts from when it was resolved, also over a leap day."""
    state = {"status": "new", "resolved_at": None, "closed_at": None} if why == "open" else {}
    old = resident(sessions, store, "+8613800000011", OLD, **state)
    with sessions.begin() as db:
        if why == "held":
            holds.hold(db, db.get_one(Ticket, old.ticket), "the court's letter of May", NOW)
        if why == "rang again":
            new_call(db, caller="+8613800000011", started_at=YOUNG, outcome="hung_up")
    night.forget(sessions, store, Periods() if why == "not set" else ALL, NOW)

    kept = left(sessions, old, store)
    assert (["card", "number", "caller"] if why == "rang again" else EVERYTHING) == kept
    if why == "held":
        with sessions.begin() as db:
            holds.release(db, db.get_one(Ticket, old.ticket), NOW)
        night.forget(sessions, store, ALL, NOW)
        assert [] == left(sessions, old, store)


@pytest.mark.parametrize(
    ("kind", "gone"),
    [("audio", {"sound", "file"}), ("words", {"heard", "reply", "done", "note"}), ("cards", {"card"})],
)
def test_each_kind_has_its_own_time(sessions: Sessions, store: AudioStore, kind: str, gone: set[str]):
    old = resident(sessions, store, "+8613800000011", OLD)
    night.forget(sessions, store, Periods(**{kind: 30}), NOW)
    assert set(EVERYTHING) - gone == set(left(sessions, old, store))


def test_the_search_forgets_words_too(sessions: Sessions, store: AudioStore):
    old = resident(sessions, store, "+8613800000011", OLD)
    with sessions.read() as db:
        before = db.scalar(text("SELECT count(*) FROM history_words"))
    night.forget(sessions, store, ALL, NOW)
    with sessions.read() as db:
        assert before - 1 == db.scalar(text("SELECT count(*) FROM history_words"))
        assert db.get_one(Ticket, old.ticket).history[-1].entry is not None, "a line without its words is still one"


def test_the_audit_is_kept_as_long_as_is_said(sessions: Sessions, store: AudioStore):
    """And its chain holds afterwards."""
    resident(sessions, store, "+8613800000011", OLD)
    night.forget(sessions, store, ALL, NOW)
    later = NOW + timedelta(days=200)
    assert {"log": 1} == night.forget(sessions, store, Periods(log=180), later)
    with sessions.read() as db:
        assert (1, None) == (chain.verify(db).lines, chain.verify(db).broken)
