"""Listening: seekable, audited, and for whoever has the ticket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.access import audit
from ivr.store.facts.audit import Listened
from ivr.store.models import AuditLine, HistoryLine, Recording, Staff
from ivr.store.tickets import listening
from tests import keys
from tests.desk.conftest import SOUND, Visitor
from tests.keys import FOREIGN, NEW


def listened(app: App) -> int:
    with app.sessions.read() as db:
        return db.scalar(select(func.count()).where(AuditLine.kind == Listened.kind))


def test_the_message_is_heard_and_the_listening_is_kept(app: App, desk, visitor: Visitor):
    """A55"""
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/recordings/{desk.recording}")

    assert (SOUND, "audio/wav", "no-store", "nosniff") == (
        answer.data,
        answer.content_type,
        answer.headers["Cache-Control"],
        answer.headers["X-Content-Type-Options"],
    )
    with app.sessions.read() as db:
        line = db.scalars(select(AuditLine).where(AuditLine.kind == Listened.kind)).one()
        assert ("supervisor", Listened(desk.recording)) == (line.staff.name, line.deed)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, b"RIFF"),
        ("bytes=4-", 206, SOUND[4:]),
        ("bytes=-2", 206, SOUND[-2:]),
        ("bytes=0-99999999999", 206, SOUND),
        ("bytes=5-1", 416, None),
        ("bytes=99999999999-", 416, None),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), 416, None),
        ("lines=1-2", 416, None),
    ],
)
def test_the_player_can_seek(desk, visitor: Visitor, asked: str, status: int, part: bytes | None):
    """A53"""
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/recordings/{desk.recording}", headers={"Range": asked})

    assert status == answer.status_code
    assert part is None or part == answer.data


def test_seeking_is_one_listening_and_tomorrow_is_another(app: App, desk, visitor: Visitor):
    """Also when a request skips the first byte: there is no way to listen unseen."""
    visitor.log_in("supervisor")
    for asked in ("bytes=1-", "bytes=0-", "bytes=100-200"):
        visitor.get(f"/desk/recordings/{desk.recording}", headers={"Range": asked})
    assert 1 == listened(app)

    with time_machine.travel(now() + audit.ONE_LISTENING + timedelta(seconds=1)):
        visitor.get(f"/desk/recordings/{desk.recording}")
    assert 2 == listened(app)


def test_who_has_listened_is_shown_once(app: App, desk, visitor: Visitor):
    """However often, in the history and beside the message."""
    visitor.log_in("supervisor")
    for later in (timedelta(), audit.ONE_LISTENING + timedelta(seconds=1)):
        with time_machine.travel(now() + later):
            visitor.get(f"/desk/recordings/{desk.recording}")
    page = visitor.get(f"/desk/tickets/{desk.here}").text

    assert 2 == listened(app)
    assert (1, 1) == (page.count("Listened to the message"), page.count("Heard by <bdi>supervisor</bdi>"))


def test_listening_at_once_is_kept_once(app: App, desk):
    """A player opens several connections."""

    def listen(_n: int) -> None:
        with app.sessions.begin() as db:
            person = db.scalars(select(Staff).where(Staff.name == "supervisor")).one()
            listening.heard(db, person, db.get_one(Recording, desk.recording), now())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(listen, range(4)))
    with app.sessions.read() as db:
        lines = db.scalar(select(func.count()).where(HistoryLine.kind == "listened"))
    assert (1, 1) == (listened(app), lines)


def test_a_volunteer_hears_what_they_claimed(app: App, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    path = f"/desk/recordings/{desk.recording}"
    assert 403 == visitor.get(path).status_code
    assert 0 == listened(app)

    visitor.post(f"/desk/tickets/{desk.here}/claim")
    assert 200 == visitor.get(path).status_code


@pytest.mark.parametrize(("state", "status"), [("expected", 404), ("missing", 404), ("purged", 410)])
def test_a_sound_that_is_not_there_says_why(app: App, desk, visitor: Visitor, state: str, status: int):
    with app.sessions.begin() as db:
        db.get_one(Recording, desk.recording).state = state
    visitor.log_in("supervisor")

    assert status == visitor.get(f"/desk/recordings/{desk.recording}").status_code


def test_whatever_was_fetched_is_served_as_sound(app: App, desk, visitor: Visitor):
    """A49"""
    with app.sessions.begin() as db:
        db.get_one(Recording, desk.recording).path = "evil.html"
    app.audio.put("evil.html", b"<script>alert(1)</script>")
    visitor.log_in("supervisor")

    assert "audio/wav" == visitor.get(f"/desk/recordings/{desk.recording}").content_type


def test_no_page_tells_where_the_carrier_keeps_it(app: App, desk, visitor: Visitor):
    """A50"""
    with app.sessions.read() as db:
        sid = db.get_one(Recording, desk.recording).sid
    visitor.log_in("supervisor")
    page = visitor.get(f"/desk/tickets/{desk.here}").text

    assert sid not in page
    assert "twilio" not in page


def test_a_damaged_message_is_named_for_the_carriers_console(app: App, desk, visitor: Visitor):
    """B5: to whoever may listen; somebody has to ring all the same."""
    with app.sessions.begin() as db:
        recording = db.get_one(Recording, desk.recording)
        recording.state, recording.trouble, sid = "missing", "damaged", recording.sid
    visitor.log_in("supervisor")
    page = visitor.get(f"/desk/tickets/{desk.here}").text
    assert "cannot be played" in page
    assert sid in page


@pytest.fixture
def sealed(app: App, desk) -> None:
    """The message lies sealed."""
    keys.give(app, NEW)
    with app.sessions.read() as db:
        assert app.audio.seal(db.get_one(Recording, desk.recording).path or "")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [(None, 200, SOUND), ("bytes=0-3", 206, b"RIFF"), ("bytes=-2", 206, SOUND[-2:]), ("bytes=999999-", 416, None)],
)
def test_a_sealed_message_is_heard_and_sought_in_like_any(
    desk, visitor: Visitor, sealed: None, asked: str | None, status: int, part: bytes | None
):
    """A53: the player notices nothing."""
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/recordings/{desk.recording}", headers={"Range": asked} if asked else {})
    assert status == answer.status_code
    assert part is None or (part, str(len(part))) == (answer.data, answer.headers["Content-Length"])


@pytest.mark.parametrize("there", [[], [FOREIGN]], ids=["none", "another"])
def test_a_message_whose_key_is_lost_says_so(app: App, desk, visitor: Visitor, sealed: None, there: list[str]):
    """A120: in the reader's words, and nobody counts as having listened; the ticket's page is there as ever."""
    keys.give(app, *there)
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/recordings/{desk.recording}")
    assert (503, True) == (answer.status_code, "This recording cannot be opened." in answer.text)
    assert 0 == listened(app)
    assert "This message cannot be played just now." in visitor.get(f"/desk/tickets/{desk.here}").text


def test_one_that_is_damaged_says_so_too(app: App, desk, visitor: Visitor, sealed: None):
    """A121"""
    with app.sessions.read() as db:
        path = app.settings.data_dir / "recordings" / (db.get_one(Recording, desk.recording).path or "")
    path.write_bytes(path.read_bytes()[:-1])
    visitor.log_in("supervisor")
    assert 503 == visitor.get(f"/desk/recordings/{desk.recording}").status_code
