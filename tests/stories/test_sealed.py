"""What callers said, what their cards say of them and what staff wrote, sealed in the database: nobody who copies it
reads it."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store import condition, hotline
from ivr.store.callers import cards, phones
from ivr.store.calls import turns
from ivr.store.derived import words
from ivr.store.directory import utterances
from ivr.store.inbox import search
from ivr.store.keeping import erasing, holds, periods, person, resealing, sealed
from ivr.store.keeping.sealed import BEFORE, CLEAR, SEALED, File
from ivr.store.models import Base, Call, CallerCard, Draft, IndexKey, Phone, Staff, Ticket, Turn
from ivr.store.models.sealed import MARK, Locked
from ivr.store.reports.gauges import gauges
from ivr.store.tickets import work
from tests import keys
from tests.builders import CALLER, new_call, new_recording, new_staff, new_ticket, new_turn
from tests.keys import FOREIGN, NEW, OLD
from tests.voice.sender import CALL, Sender

SAID = "我要买降压药"
DAUGHTER = "+8613900000077"
DOOR = "市场后面的红门"
NAME, NOTE, DONE, COURT = "王秀英", "女儿周日会来 wheelchair", "药店已送到", "法院五月三日的来信"
HASH = re.compile(rf"[0-9a-f]{{{words.HASH_CHARS}}}")
LATER = datetime.now(UTC) + timedelta(days=1)


def ring(app: App, n: int = 1) -> str:
    """A call in which something is said; the document that answered it."""
    call, sender = CALL | {"CallSid": f"CA{n:032}"}, Sender(app.test_client())
    sender.post("/voice/incoming", call)
    answer = sender.post("/voice/turn/1", call | {"SpeechResult": SAID, "Confidence": "0.9"})
    assert 200 == answer.status_code
    return answer.text


def note_card(app: App) -> None:
    """The caller's card, and a draft on their ticket."""
    with app.sessions.begin() as db:
        ticket = db.scalars(select(Ticket)).first()
        assert ticket
        new_staff(db, "helper")
        db.add(
            CallerCard(phone_id=ticket.caller_id, name=NAME, address=DOOR, hearing="左耳", updated_at=ticket.opened_at)
        )
        db.add(Draft(staff_id=1, ticket_id=ticket.id, field="note", text=SAID, saved_at=ticket.opened_at))


def help_them(app: App) -> None:
    """What a volunteer writes in the course of a ticket, and why somebody else holds it."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        staff, ticket = db.scalars(select(Staff)).one(), db.scalars(select(Ticket)).one()
        ticket.claimed_by, ticket.status = staff, "claimed"
        work.note(db, staff, ticket.id, NOTE, now)
        work.resolve(db, staff, ticket.id, DONE, now)
        holds.hold(db, ticket, COURT, now)


def everything(app: App) -> str:
    """What lies in all tables, as whoever copied the database would read it."""
    with app.sessions.read() as db:
        names = [*Base.metadata.tables, *(() if app.sessions.engine.dialect.name == "sqlite" else words.HASHED)]
        rows = (row for name in names for row in db.execute(text(f"SELECT * FROM {name}")))  # noqa: S608 - our own names
        return "".join(repr(tuple(row)) for row in rows)


def searchable(app: App) -> set[str]:
    """What the search's index lays open."""
    with app.sessions.begin() as db:
        if app.sessions.engine.dialect.name == "sqlite":
            for name in words.HASHED:
                db.execute(text(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.v_{name} USING fts5vocab(main, {name}, row)"))
            asked = " UNION ".join(f"SELECT term FROM temp.v_{name}" for name in words.HASHED)  # noqa: S608 - ours
        else:
            term = "SELECT unnest(tsvector_to_array(tokens)) FROM"
            asked = " UNION ".join(f"{term} {name}" for name in words.HASHED)
        return set(db.scalars(text(asked)))


def found(app: App, typed: str) -> list[str]:
    """The ways in which a supervisor finds a ticket by this."""
    with app.sessions.begin() as db:
        supervisors = select(Staff).where(Staff.role == "supervisor")
        chief = db.scalars(supervisors).first() or new_staff(db, "主管", "supervisor")
    with app.sessions.read() as db:
        return [each.way for each in search.search(db, chief, typed, app.home()) if each.hits]


def lies(app: App, said: str) -> bool:
    """Whether they do, as they are or as JSON has them."""
    there = everything(app).replace("\\\\", "\\")
    return said in there or json.dumps(said)[1:-1] in there


def outcomes(rows: Iterable[File]) -> Counter[str]:
    return Counter(row.trouble or row.outcome for row in rows)


def seal(app: App) -> Counter[str]:
    return outcomes(sealed.seal_rows(app.sessions, app.keys))


def test_what_was_said_is_read_by_us_alone(app: App) -> None:
    """A119: words, what was understood of them, answers, cards, drafts; the line and the desk notice nothing."""
    ring(app)
    assert [True, True] == [lies(app, said) for said in (SAID, "降压药")]

    keys.give(app, NEW)
    with app.sessions.begin() as db:
        db.execute(text("DELETE FROM turns"))
        db.execute(text("UPDATE calls SET state = '{}'"))
    answer = ring(app, 2)
    note_card(app)
    help_them(app)
    secret = (SAID, "降压药", DOOR, "左耳", NAME, NOTE, DONE, COURT)
    assert [False] * 8 == [lies(app, each) for each in secret]
    assert searchable(app)
    assert not [each for each in searchable(app) if not HASH.fullmatch(each)]
    with app.sessions.read() as db:
        turn = db.scalars(select(Turn).where(Turn.n == 1)).one()
        assert (SAID, answer, 1) == (turn.words, turns.reply(db, turn.call_id, 1), bool(turn.understood["read"]))
        assert "medicine" == turn.call.ticket.need
        card, draft = db.scalars(select(CallerCard)).one(), db.scalars(select(Draft)).one()
        assert (DOOR, "左耳", SAID) == (card.address, card.hearing, draft.text)


@pytest.mark.parametrize("from_the_start", [True, False], ids=["sealed at once", "sealed later"])
def test_what_is_sealed_is_found_as_before(app: App, from_the_start: bool) -> None:
    """A119: names and notes, by a part of them and by beginnings; after another key, too."""
    keys.give(app, *[OLD] * from_the_start)
    ring(app)
    note_card(app)
    help_them(app)
    assert from_the_start is not bool({"wheelchair", "秀英"} & searchable(app))
    keys.give(app, OLD)
    asked = {
        NAME: ["name"], "秀英": ["name"], "王": ["name"], "wangxiu": ["name"], "周日": ["words"], "wheelc": ["words"],
        "送到": ["words"], "wheelchairs": [], "王五": [], "eelchair": [],
    }  # fmt: skip
    assert asked == {typed: found(app, typed) for typed in asked}
    for ring_of_keys in ([OLD], [NEW, OLD], [NEW]):
        keys.give(app, *ring_of_keys)
        seal(app)
        sealed.hash_words(app.sessions)
        assert asked == {typed: found(app, typed) for typed in asked}
        assert not [each for each in searchable(app) if not HASH.fullmatch(each)]


def test_words_of_a_lost_key_are_found_once_it_is_back(app: App) -> None:
    """A120: what is written meanwhile is found at once, and afterwards."""
    keys.give(app, OLD)
    ring(app)
    note_card(app)
    keys.give(app, NEW)
    help_them(app)
    sealed.hash_words(app.sessions)
    assert [[], ["words"]] == [found(app, typed) for typed in (NAME, "周日")]
    keys.give(app, OLD, NEW)
    sealed.hash_words(app.sessions)
    assert [["name"], ["words"]] == [found(app, typed) for typed in (NAME, "周日")]
    with app.sessions.read() as db:
        assert [1, 2] == sorted(db.scalars(select(IndexKey.id)))


def day(app: App) -> None:
    """A call, its caller's card with the family's number, what was written and done, a hold."""
    ring(app)
    note_card(app)
    help_them(app)
    with app.sessions.begin() as db:
        db.scalars(select(CallerCard)).one().family_phone = phones.keep(db, DAUGHTER)


SECRETS = (SAID, DOOR, NAME, NOTE, DONE, COURT, CALLER[3:], DAUGHTER[3:])


@pytest.mark.parametrize("there", [[], [NEW]], ids=["clear", "sealed"])
def test_nothing_of_a_day_lies_in_the_files(app: App, there: list[str]) -> None:
    """A119: a raw look, which finds everything where there are no keys."""
    keys.give(app, *there)
    day(app)
    if app.sessions.engine.dialect.name == "sqlite":
        path = Path(app.sessions.engine.url.database or "")
        raw = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
        lie = [any(way in raw for way in (each.encode(), json.dumps(each)[1:-1].encode())) for each in SECRETS]
    else:
        lie = [lies(app, each) for each in SECRETS]
    assert len(SECRETS) * [not there] == lie


@pytest.mark.parametrize("from_the_start", [True, False], ids=["sealed at once", "sealed later"])
def test_a_sealed_number_is_known_again(app: App, from_the_start: bool) -> None:
    """A119: by the line, the search, the figures' download and erasing; sealed later, and after another key, too."""
    keys.give(app, *[OLD] * from_the_start)
    day(app)
    assert from_the_start is not lies(app, CALLER[3:])
    for n, ring_of_keys in enumerate(([OLD], [OLD], [NEW, OLD], [NEW])):
        keys.give(app, *ring_of_keys)
        ring(app, 2 + n)
        with app.sessions.begin() as db:
            assert phones.keep(db, DAUGHTER).id == db.scalars(select(CallerCard)).one().family_phone_id
            assert {CALLER, DAUGHTER, CALL["To"]} == set(db.scalars(select(Phone.e164)))
            assert 2 + n == db.scalar(
                select(func.count()).select_from(Call).join(Call.caller).where(Phone.e164 == CALLER)
            )
            assert CALLER == cards.of_number(db, CALLER).phone.e164
        assert [["phone"]] * 3 == [found(app, typed) for typed in (CALLER, CALLER[3:], CALLER[-4:])]
        assert [[]] * 2 == [found(app, typed) for typed in ("13900000001", CALLER[-3:] + "9")]
        seal(app)
        assert not lies(app, CALLER[3:])
    with app.sessions.begin() as db:
        db.execute(text("UPDATE tickets SET status = 'closed'"))
        db.execute(text("DELETE FROM legal_holds"))
        person.erase(db, app.audio, CALLER, None, datetime.now(UTC))
    with app.sessions.read() as db:
        assert {CALL["To"]} == set(db.scalars(select(Phone.e164)))


def test_a_number_whose_key_is_lost_rings_nobody_and_is_joined_once_it_is_back(app: App) -> None:
    """A120: calls are taken meanwhile, and their caller is known afterwards as one."""
    keys.give(app, OLD)
    day(app)
    with app.sessions.begin() as db:
        duty = phones.keep(db, "+8657455500199")
        hotline.settings(db).duty_phone_id, hotline.settings(db).duty_hours = duty.id, {}
    keys.give(app, NEW)
    before = everything(app)
    assert {True} == {"HOTLINE_KEYS" in each for each in seal(app) if each not in (SEALED, BEFORE)}
    assert before == everything(app)
    ring(app, 2)
    sender, call = Sender(app.test_client()), CALL | {"CallSid": f"CA{2:032}"}
    assert "<Number" not in sender.post("/voice/turn/2", call | {"Digits": "0"}).text
    with app.sessions.read() as db:
        assert {"•••• \N{LOCK}", "•••• 0001", "•••• 0100"} >= {each.masked for each in db.scalars(select(Phone))}
    keys.give(app, OLD, NEW)
    assert {SEALED, BEFORE} >= set(seal(app))
    with app.sessions.read() as db:
        assert sorted([CALLER, DAUGHTER, CALL["To"], "+8657455500199"]) == sorted(db.scalars(select(Phone.e164)))
        assert 2 == db.scalar(select(func.count()).select_from(Call).join(Call.caller).where(Phone.e164 == CALLER))


def test_a_repetition_gets_the_same_answer_and_the_call_goes_on(app: App) -> None:
    """F11: from what is sealed."""
    keys.give(app, NEW)
    first = ring(app)
    sender = Sender(app.test_client())
    call = CALL | {"CallSid": f"CA{1:032}"}
    assert first == sender.post("/voice/turn/1", call | {"SpeechResult": SAID}).text
    assert "<Gather" in sender.post("/voice/turn/2", call).text
    sender.post("/voice/status", call | {"CallStatus": "completed"})
    with app.sessions.read() as db:
        ended = db.scalars(select(Call)).one()
        assert (3, "medicine", "hung_up") == (len(ended.turns), ended.state["need"], ended.outcome)


def test_the_database_still_answers_what_it_is_asked(app: App) -> None:
    """What retention, labels and figures ask of words that are sealed."""
    keys.give(app, NEW)
    with app.sessions.begin() as db:
        call = new_call(db)
        new_turn(db, call, "community", {"kind": "speech", "text": "银杏社区"}, {"match": {"decision": "accept"}})
        new_turn(db, call, "community", {"kind": "silence"}, {})
    with app.sessions.read() as db:
        assert 1 == len(db.scalars(periods.turns(LATER)).all())
        assert ["银杏社区"] == [each["heard"] for each in utterances.lines(db, LATER - timedelta(days=9))]
    with app.sessions.begin() as db:
        assert 1 == erasing.words(db, db.scalars(periods.turns(LATER)).all(), [])
    with app.sessions.read() as db:
        assert [] == db.scalars(periods.turns(LATER)).all()


@pytest.mark.parametrize("there", [[], [FOREIGN]], ids=["none", "another"])
def test_a_lost_key_is_shown_as_a_lock_and_nothing_is_overwritten(app: App, there: list[str]) -> None:
    """A120: written back, every value is what it was; what is new is written beside it."""
    keys.give(app, NEW)
    ring(app)
    note_card(app)
    keys.give(app, *there)
    with app.sessions.begin() as db:
        card, turn = db.scalars(select(CallerCard)).one(), db.scalars(select(Turn).where(Turn.n == 1)).one()
        assert {True} == {isinstance(each, Locked) for each in (card.address, turn.heard["text"], turn.reply)}
        assert (True, {}) == ("\N{LOCK}" in card.address, turn.call.state)
        assert "read" not in turn.understood
        assert "" == turns.reply(db, turn.call_id, 1)
        typed = str(card.address)  # as a form gives it back
        card.address, card.mobility = typed, "拐杖"
        turn.heard = {**turn.heard, "seconds": 1}
        turn.call.state = type(turn.call.state)(turn.call.state.kept)
    keys.give(app, NEW, *there)
    with app.sessions.read() as db:
        card, turn = db.scalars(select(CallerCard)).one(), db.scalars(select(Turn).where(Turn.n == 1)).one()
        assert (DOOR, "拐杖", SAID, 1) == (card.address, card.mobility, turn.words, turn.heard["seconds"])
        assert "medicine" == turn.call.state["need"]


def test_what_lay_in_the_clear_is_read_and_sealed_in_batches(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Done again it only looks; stopped, it goes on; another key is as much."""
    monkeypatch.setattr(sealed, "BATCH", 2)
    for n in range(1, 4):
        ring(app, n)
    note_card(app)
    rows = outcomes(sealed.check_rows(app.sessions, app.keys))[CLEAR]
    assert rows > 8

    keys.give(app, OLD)
    with app.sessions.read() as db:
        assert {SAID} == {turn.words for turn in db.scalars(select(Turn).where(Turn.n == 1))}
    next(sealed.seal_rows(app.sessions, app.keys))
    assert {BEFORE, SEALED} == set(seal(app))
    assert {BEFORE} == set(seal(app))
    keys.give(app, NEW, OLD)
    assert {SEALED: rows + 1} == seal(app)  # and the key of hashes
    keys.give(app, NEW)
    assert {app.keys.newest: rows + 1} == outcomes(sealed.check_rows(app.sessions, app.keys))
    assert not lies(app, SAID)
    with app.sessions.read() as db:
        assert {SAID} == {turn.words for turn in db.scalars(select(Turn).where(Turn.n == 1))}
        assert {True} == {bool(call.state["step"]) for call in db.scalars(select(Call))}


def test_without_the_key_rows_stay_and_are_named(app: App) -> None:
    """A120"""
    keys.give(app, OLD)
    ring(app)
    keys.give(app, NEW)
    before = everything(app)  # and another key of hashes, beside the one that cannot be opened
    (trouble,) = set(seal(app)) - {BEFORE}
    assert "HOTLINE_KEYS" in trouble
    assert before == everything(app)
    assert {trouble, app.keys.newest} == set(outcomes(sealed.check_rows(app.sessions, app.keys)))


def test_a_value_in_anothers_column_does_not_open(app: App, db: Session) -> None:
    """A121"""
    keys.give(app, NEW)
    ring(app)
    note_card(app)
    with app.sessions.begin() as writing:
        writing.execute(text("UPDATE caller_cards SET hearing = address, dialect = 'm'"))
        writing.execute(text("UPDATE caller_cards SET mobility = substr(address, 1, 80)"))
    card = db.scalars(select(CallerCard)).one()
    assert (DOOR, True, True, "m") == (
        card.address,
        isinstance(card.hearing, Locked),
        isinstance(card.mobility, Locked),
        card.dialect,
    )


@pytest.mark.parametrize("there", [[], [NEW]], ids=["clear", "sealed"])
def test_whoever_types_our_mark_harms_nobody(app: App, there: list[str]) -> None:
    keys.give(app, *there)
    with app.sessions.begin() as db:
        call = new_call(db, ticket=new_ticket(db))
        new_turn(db, call, "need", {"kind": "speech", "text": f"{MARK}hello"}, {})
    with app.sessions.read() as db:
        words = db.scalars(select(Turn)).one().words
        assert f"{MARK}hello" == words


def go_on(app: App, at: datetime) -> int:
    """The background's portions until it has nothing to do."""
    portions = 1
    while resealing.go_on(app.sessions, app.audio, app.keys, at):
        portions += 1
    return portions


def shown(app: App) -> tuple[bool, int, bool]:
    """What the metrics say of it, and whether the desk's banner does."""
    with app.sessions.read() as db:
        found = gauges(db, datetime.now(UTC))
        return found.resealing, found.unopened, "keys" in condition.lacking(db, datetime.now(UTC))


def test_another_key_takes_effect_in_the_background(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A119: bit by bit, from where it was stopped, sounds too; and it is seen."""
    monkeypatch.setattr(sealed, "BATCH", 2)
    for n in range(1, 4):
        ring(app, n)
    note_card(app)
    with app.sessions.begin() as db:
        for n in range(2):
            new_recording(db, db.scalars(select(Call)).first(), sid=f"RE{n}", path=f"{n}.wav")
            app.audio.put(f"{n}.wav", b"RIFF")
    now = datetime.now(UTC)
    assert (1, (False, 0, False)) == (go_on(app, now), shown(app))
    for there in ([OLD], [NEW, OLD]):
        keys.give(app, *there)
        assert resealing.go_on(app.sessions, app.audio, app.keys, now)
        assert (True, 0, False) == shown(app)
        assert go_on(app, now) > 5
        assert (1, (False, 0, False)) == (go_on(app, now), shown(app))
        assert {app.keys.newest} == set(outcomes(sealed.check_rows(app.sessions, app.keys)))
        assert {app.keys.newest: 2} == outcomes(sealed.check_recordings(app.sessions, app.audio))
    assert go_on(app, now + timedelta(days=8)) > 5


def test_what_the_background_cannot_open_is_told_until_it_can(app: App) -> None:
    """A120: it stays as it was; with the key back, all is well by itself."""
    keys.give(app, OLD)
    ring(app)
    keys.give(app, NEW)
    before = everything(app)
    go_on(app, datetime.now(UTC))
    moving, troubles, banner = shown(app)
    assert (False, True, True) == (moving, troubles > 0, banner)
    with app.sessions.begin() as db:
        db.execute(text("UPDATE resealing SET keys = NULL, place = '', after = NULL, troubles = 0, finished_at = NULL"))
    assert before == everything(app)
    keys.give(app, NEW, OLD)
    go_on(app, datetime.now(UTC))
    assert (False, 0, False) == shown(app)
    assert {app.keys.newest} == set(outcomes(sealed.check_rows(app.sessions, app.keys)))
