"""When the database is away: an apology, a beep, and nothing lost."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import exc, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.drain_spool import drain_spool
from ivr.store.models import Call, Ticket, Turn
from ivr.store.sealing import is_sealed
from ivr.store.session import Sessions, make_engine
from tests import keys
from tests.keys import NEW
from tests.twiml_check import problems
from tests.voice.sender import CALL, ENDED, Sender, recorded

FAILED_AT = CALL | {"ErrorCode": "11200", "ErrorUrl": "http://localhost/voice/turn/2"}


def spooled(app: App) -> list[tuple[str, str]]:
    """What waits in the spool: its kind and its call."""
    kept = [json.loads(file.read_text()) for file in sorted(app.spool.folder.glob("*.json"))]
    return [(each["kind"], each["form"]["CallSid"]) for each in kept]


@pytest.fixture(params=["nowhere", "broken"])
def without_database(request: pytest.FixtureRequest, app: App, carrier: Sender, tmp_path: Path) -> Iterator[Sessions]:
    """The application's database replaced by none; the good one, to be put back."""
    good, file = app.sessions, tmp_path / "no-database"
    if request.param == "nowhere":
        file.mkdir()
    else:
        file.write_bytes(b"this is no database" * 400)
    app.sessions = Sessions(make_engine(f"sqlite+pysqlite:///{file}"))
    yield good
    app.sessions.engine.dispose()
    app.sessions = good


def test_the_fallback_needs_no_database(app: App, carrier: Sender, without_database: Sessions):
    """F8: An apology in every language, then a beep; the request waits in the spool."""
    answer = carrier.post("/voice/fallback", FAILED_AT)

    assert (200, []) == (answer.status_code, problems(answer.text))
    assert ("对不起" in answer.text, "sorry" in answer.text, "<Record" in answer.text) == (True, True, True)
    assert [("fallback", CALL["CallSid"])] == spooled(app)


def test_the_message_after_the_apology_is_kept(app: App, carrier: Sender, without_database: Sessions):
    """And thanked for."""
    answer = carrier.post("/voice/fallback/message", recorded())
    assert (200, []) == (answer.status_code, problems(answer.text))
    assert "记下了" in answer.text
    assert [("message", CALL["CallSid"])] == spooled(app)


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn/1"])
def test_a_turn_that_fails_is_an_apology_and_a_beep(app: App, carrier: Sender, without_database: Sessions, path: str):
    """200, so that the carrier plays it."""
    answer = carrier.post(path, CALL | {"Digits": "1"})
    assert (200, []) == (answer.status_code, problems(answer.text))
    assert "<Record" in answer.text
    assert [("failed", CALL["CallSid"])] == spooled(app)


@pytest.mark.parametrize(("path", "form"), [("/voice/status", ENDED), ("/voice/recording", recorded())])
def test_a_callback_that_fails_is_kept_and_taken_for_granted(
    app: App, carrier: Sender, without_database: Sessions, path: str, form: dict[str, str]
):
    """Nobody listens to its answer; the carrier need not repeat it."""
    answer = carrier.post(path, form)
    assert (204, "") == (answer.status_code, answer.text)
    assert [("failed", CALL["CallSid"])] == spooled(app)


def test_whoever_presses_1_at_the_duty_number_gets_the_caller(app: App, carrier: Sender, without_database: Sessions):
    """Connecting two people needs no database; no call and no ticket is made of the other leg."""
    form = CALL | {"CallSid": "CA-of-the-duty-phone", "ParentCallSid": CALL["CallSid"], "Digits": "1"}
    answer = carrier.post("/voice/whisper/1/answer", form)
    assert (200, []) == (answer.status_code, problems(answer.text, "number_whisper"))
    assert "已经接通" in answer.text
    assert [] == spooled(app)


def test_nothing_is_lost_once_the_database_is_back(app: App, carrier: Sender, db: Session, without_database: Sessions):
    """F8: A whole call without one: afterwards it is a ticket with its message."""
    for path, form in [
        ("/voice/incoming", CALL), ("/voice/fallback/message", recorded()), ("/voice/recording", recorded()),
        ("/voice/status", ENDED),
    ]:  # fmt: skip
        carrier.post(path, form)
    app.sessions = without_database
    drain_spool(app)

    ticket = db.scalars(select(Ticket)).one()
    assert ([("message", True)], [7]) == (
        [(call.outcome, call.ended_at is not None) for call in ticket.calls],
        [each.seconds for each in ticket.recordings],
    )
    assert [] == spooled(app)


def test_a_call_goes_on_where_the_database_left_it(app: App, carrier: Sender, db: Session, tmp_path: Path):
    """F3: One turn fails; the apology's message joins the ticket that was begun before."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "1"})
    good, app.sessions = app.sessions, Sessions(make_engine(f"sqlite+pysqlite:///{tmp_path}"))
    carrier.post("/voice/turn/2", CALL | {"Digits": "101"})
    carrier.post("/voice/fallback/message", recorded())
    app.sessions = good
    drain_spool(app)

    ticket = db.scalars(select(Ticket)).one()
    assert ("medicine", "101", [7]) == (
        ticket.need,
        ticket.community.keypad if ticket.community else None,
        [each.seconds for each in ticket.recordings],
    )


COLLAPSED = "我妈妈摔倒了,昏过去了,快来人"


@pytest.mark.parametrize("path", ["/voice/turn/1", "/voice/fallback"])
def test_words_of_danger_get_the_number_to_dial_though_nothing_can_be_stored(
    app: App, carrier: Sender, without_database: Sessions, path: str
):
    """B1: the caller cannot wait for the database."""
    answer = carrier.post(path, FAILED_AT | {"SpeechResult": COLLAPSED})
    assert (200, []) == (answer.status_code, problems(answer.text))
    assert ("120" in answer.text or "1 2 0" in answer.text, "对不起" in answer.text) == (True, False)
    assert "<Record" in answer.text


def test_other_languages_have_their_words_of_danger_too(app: App, carrier: Sender, without_database: Sessions):
    answer = carrier.post("/voice/turn/1", CALL | {"SpeechResult": "my husband has collapsed"})
    assert "hang up" in answer.text


def test_what_was_said_while_the_database_was_away_is_heard(app: App, carrier: Sender, db: Session, tmp_path: Path):
    """B1: need, community and urgency end on the ticket as on a healthy line, once however often it is drained."""
    carrier.post("/voice/incoming", CALL)
    good, app.sessions = app.sessions, Sessions(make_engine(f"sqlite+pysqlite:///{tmp_path}"))
    carrier.post("/voice/turn/1", CALL | {"SpeechResult": COLLAPSED})
    carrier.post("/voice/fallback/message", recorded())
    again = [file.read_text() for file in app.spool.folder.glob("*.json")]
    app.sessions = good
    for _ in range(2):
        drain_spool(app)
        for n, kept in enumerate(again):
            (app.spool.folder / f"{n}.json").write_text(kept)
    drain_spool(app)

    ticket = db.scalars(select(Ticket)).one()
    assert (True, [7]) == (ticket.urgent, [each.seconds for each in ticket.recordings])
    heard = [turn.heard for turn in db.scalars(select(Turn).order_by(Turn.n))]
    assert {"kind": "speech", "text": COLLAPSED} in heard
    assert [] == spooled(app)


def test_a_turn_that_breaks_on_what_was_said_is_a_ticket_all_the_same(
    app: App, carrier: Sender, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A fault of ours, not of the database: the words are not understood, and nobody is lost."""
    carrier.post("/voice/incoming", CALL)
    good, app.sessions = app.sessions, Sessions(make_engine(f"sqlite+pysqlite:///{tmp_path}"))
    carrier.post("/voice/turn/1", CALL | {"SpeechResult": COLLAPSED})
    app.sessions = good

    def broken(*_: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr("ivr.flow.engine.advance", broken)
    drain_spool(app)

    assert (CALL["CallSid"], (0, 0)) == (db.scalars(select(Ticket)).one().calls[0].sid, app.spool.waiting())


def test_with_a_key_what_waits_is_sealed_and_becomes_a_ticket(app: App, carrier: Sender, without_database: Sessions):
    """A119: nothing that callers said or rang from lies on the disk."""
    keys.give(app, NEW)
    carrier.post("/voice/turn/1", CALL | {"SpeechResult": "我要买降压药"})
    (waiting,) = app.spool.folder.glob("*.json")
    assert is_sealed(waiting.read_bytes())
    assert CALL["From"].encode() not in waiting.read_bytes()

    app.sessions = without_database
    drain_spool(app)
    with app.sessions.read() as db:
        assert (CALL["CallSid"], (0, 0)) == (db.scalars(select(Ticket)).one().calls[0].sid, app.spool.waiting())


@pytest.mark.parametrize(
    "refusal",
    [
        exc.InternalError("INSERT", {}, Exception("cannot execute INSERT in a read-only transaction")),
        exc.ProgrammingError("INSERT", {}, Exception('relation "call" does not exist')),
        exc.OperationalError("INSERT", {}, Exception("could not extend file: No space left on device")),
    ],
    ids=["read-only after a failover", "no tables", "full"],
)
def test_what_the_database_cannot_take_now_waits(
    app: App, carrier: Sender, monkeypatch: pytest.MonkeyPatch, refusal: exc.DBAPIError
):
    """B2: given up for good is only what can never succeed."""
    app.spool.append(CALL, "failed", 0)

    def refuse(db: Session, spooled: object) -> None:
        raise refusal

    monkeypatch.setattr(app, "salvage", refuse)
    with pytest.raises(type(refusal)):
        drain_spool(app)
    assert (1, 0) == app.spool.waiting()


def test_when_even_the_disk_refuses_the_carrier_is_told_to_try_elsewhere(
    app: App, carrier: Sender, without_database: Sessions, monkeypatch: pytest.MonkeyPatch
):
    """F9: Never a success that was none: 500, and the carrier goes to its own fallback."""

    def full(form: object, kind: str, turn: int | None) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(app.spool, "append", full)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = carrier.post("/voice/incoming", CALL)
    assert (500, []) == (answer.status_code, problems(answer.text))


@pytest.mark.parametrize("path", ["/voice/fallback", "/voice/fallback/message"])
def test_the_fallback_is_signed_too(app: App, carrier: Sender, path: str):
    """What nobody signed does not fill the disk."""
    assert 403 == carrier.post(path, CALL, signature="x").status_code
    assert [] == spooled(app)


def test_another_process_that_hangs_while_it_writes_costs_a_caller_no_more_than_an_apology(
    app: App, carrier: Sender, db: Session
):
    """F6, F7: The lock between processes has a time limit; what was asked meanwhile becomes a call later."""
    if app.sessions.writers is None:
        pytest.skip("PostgreSQL has no queue of writers: its own lock_timeout holds")
    app.sessions.writers.patience_s = 0.05
    with open(app.sessions.writers.path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        answer = carrier.post("/voice/incoming", CALL)
        assert ("<Record" in answer.text, [("failed", CALL["CallSid"])]) == (True, spooled(app))
    app.sessions.writers.patience_s = 20
    drain_spool(app)
    assert CALL["CallSid"] == db.scalars(select(Call.sid)).one()
