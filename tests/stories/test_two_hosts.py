"""Two machines serve one hotline: one database, one bucket, each with a data folder of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, exc, func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.factory import create_app
from ivr.jobs.drain_spool import drain_spool
from ivr.jobs.fetch_recording import fetch_recording
from ivr.settings import Settings
from ivr.store.directory import importing
from ivr.store.models import Call, Recording, Ticket
from tests.fake_bucket import FakeBucket, fake_bucket
from tests.fake_carrier import SOUND, fake_carrier
from tests.keys import NEW
from tests.stories.conftest import TOWN
from tests.voice.sender import CALL, ENDED, Sender, recorded


@dataclass
class Host:
    """A machine: its application, and what a carrier sends to it."""

    app: App

    def post(self, path: str, form: dict[str, str]) -> str:
        answer = Sender(self.app.test_client()).post(path, form)
        assert answer.status_code in (200, 204)
        return answer.text

    def loses_the_database(self) -> Callable[[], None]:
        """Its network is cut; how to mend it."""

        def away(*_: object) -> None:
            raise exc.OperationalError("BEGIN", None, Exception("no route to host"))

        event.listen(self.app.sessions.engine, "checkout", away)
        return lambda: event.remove(self.app.sessions.engine, "checkout", away)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBucket]:
    with fake_bucket() as bucket:
        for name, value in bucket.environment().items():
            monkeypatch.setenv(name, value)
        yield bucket


@pytest.fixture
def start(settings: Settings, bucket: FakeBucket, tmp_path: Path) -> Iterator[Callable[[str], Host]]:
    """Starts a machine; one of the same name finds the other's data folder, as its successor does."""
    started: list[App] = []

    def start(name: str) -> Host:
        of_its_own = {"hotline_data_dir": tmp_path / name, "hotline_audio_url": "s3://hotline/recordings"}
        of_its_own["hotline_keys"] = NEW
        app = create_app(Settings.load(**settings.model_dump() | of_its_own))
        app.testing = True
        started.append(app)
        return Host(app)

    yield start
    for app in started:
        app.sessions.engine.dispose()


@pytest.fixture
def hosts(start: Callable[[str], Host]) -> tuple[Host, Host]:
    one, two = start("one"), start("two")
    with one.app.sessions.begin() as db:
        importing.put(db, TOWN, datetime.now(UTC), replace=False)
    return one, two


def test_a_call_may_be_answered_by_another_machine_at_every_turn(hosts: tuple[Host, Host], db: Session) -> None:
    """F3, F19: what a call knows is in the database; repetitions at the other one get the same answer."""
    one, two = hosts
    one.post("/voice/incoming", CALL)
    asked = two.post("/voice/turn/1", CALL | {"Digits": "1"})
    assert asked == one.post("/voice/turn/1", CALL | {"Digits": "1"})
    one.post("/voice/turn/2", CALL | {"SpeechResult": "银杏社区"})
    two.post("/voice/turn/3", recorded())
    one.post("/voice/status", ENDED)

    ticket = db.scalars(select(Ticket)).one()
    assert ("medicine", "330206001001", 1) == (ticket.need, ticket.community_code, len(ticket.recordings))


def test_a_machine_that_dies_with_a_filled_spool_leaves_it_to_its_successor(
    hosts: tuple[Host, Host], start: Callable[[str], Host], db: Session
) -> None:
    """F8: it is cut off in mid-call; the other goes on with what the caller says next, and nothing is there twice."""
    one, two = hosts
    one.post("/voice/incoming", CALL)
    one.loses_the_database()
    one.post("/voice/turn/1", CALL | {"SpeechResult": "我要买降压药"})
    assert (1, 0) == one.app.spool.waiting()
    two.post("/voice/fallback/message", recorded())
    drain_spool(two.app)

    successor = start("one")
    drain_spool(successor.app)
    drain_spool(successor.app)
    ticket = db.scalars(select(Ticket)).one()
    assert ("medicine", 1, (0, 0)) == (ticket.need, len(ticket.recordings), successor.app.spool.waiting())


def test_a_bucket_that_is_away_and_comes_back(hosts: tuple[Host, Host], bucket: FakeBucket, db: Session) -> None:
    """A119: one machine fetches the message, the other plays it, the bucket's keeper cannot.

    Meanwhile the ticket says what is wrong.
    """
    one, two = hosts
    one.post("/voice/turn/1", recorded())
    recording_id = db.scalars(select(Recording.id)).one()
    db.rollback()
    with fake_carrier() as carrier:
        one.app.carriers = {carrier.carrier.account_sid: carrier.carrier}
        bucket.away = True
        fetch_recording(one.app, recording_id)
        with two.app.sessions.read() as reading:
            kept = reading.get_one(Recording, recording_id)
            assert ("expected", "storage") == (kept.state, kept.trouble)
        bucket.away = False
        fetch_recording(one.app, recording_id, 1)
    with two.app.sessions.read() as reading:
        kept = reading.get_one(Recording, recording_id)
        assert ("fetched", SOUND) == (kept.state, two.app.audio.read(kept.path or ""))
        sound = two.app.audio.open(kept.path or "")
        sound.seek(20)
        assert SOUND[20:30] == sound.read(10)
    assert [False] == [SOUND[:64] in kept for kept in bucket.objects.values()]


def test_many_calls_over_two_machines_are_all_there(hosts: tuple[Host, Host], db: Session) -> None:
    """Forty callers, each turn at the other machine, one of the machines cut off for a while: forty tickets."""
    calls = [CALL | {"CallSid": f"CA{n:032}", "From": f"+86138{n:08}"} for n in range(40)]
    mend = None
    for n, call in enumerate(calls):
        if n == 10:
            mend = hosts[0].loses_the_database()
        if n == 30 and mend:
            mend()
        for turn, heard in enumerate(({}, {"Digits": "1"}, {"Digits": "101"})):
            hosts[(n + turn) % 2].post(f"/voice/turn/{turn}" if turn else "/voice/incoming", call | heard)
    for host in hosts:
        drain_spool(host.app)
    assert (40, 40) == tuple(db.scalar(select(func.count(model.id))) for model in (Call, Ticket))
