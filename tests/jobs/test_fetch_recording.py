"""A recording arrives whole and once, or staff see why it does not."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.fetch_recording import TRIES, TRIES_WHEN_BROKEN, WAITS_S, fetch_recording
from ivr.store.models import HistoryLine, Recording
from tests import keys
from tests.builders import new_call, new_recording
from tests.fake_carrier import SOUND, Answer, FakeCarrier, wav
from tests.keys import NEW

NOT_YET = Answer(404)


def kinds(db: Session) -> list[str]:
    """What the ticket's history tells, without its opening."""
    return [line.kind for line in db.scalars(select(HistoryLine).order_by(HistoryLine.id))][1:]


def test_a_recording_is_kept_with_its_hash(app: App, carrier: FakeCarrier, announced: Recording, db: Session) -> None:
    """The bytes lie in the store under a name of our own, and the ticket says that they are here."""
    fetch_recording(app, announced.id)

    kept = db.get_one(Recording, announced.id)
    assert ("fetched", len(SOUND), hashlib.sha256(SOUND).hexdigest()) == (kept.state, kept.bytes, kept.sha256)
    assert f"{announced.announced_at:%Y/%m}/{announced.id}.wav" == kept.path
    assert SOUND == app.audio.read(kept.path or "")
    assert ["audio"] == kinds(db)


def test_with_a_key_it_is_sealed_before_it_is_written(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """A119: what the database says of it is true of the sound."""
    keys.give(app, NEW)
    fetch_recording(app, announced.id)

    kept = db.get_one(Recording, announced.id)
    assert (len(SOUND), hashlib.sha256(SOUND).hexdigest()) == (kept.bytes, kept.sha256)
    assert SOUND == app.audio.read(kept.path or "")
    files = [path for path in (app.settings.data_dir / "recordings").rglob("*") if path.is_file()]
    assert [False] == [SOUND[:64] in path.read_bytes() for path in files]


def test_doing_it_again_changes_nothing(app: App, carrier: FakeCarrier, announced: Recording, db: Session) -> None:
    """A job may run twice; the second time it does not even ask."""
    fetch_recording(app, announced.id)
    fetch_recording(app, announced.id)
    assert (1, ["audio"]) == (len(carrier.requests), kinds(db))


def test_a_file_that_is_not_there_yet_is_asked_for_again(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """F17: Three times no, then yes: it arrives, and the trouble is forgotten."""
    carrier.answers = [NOT_YET, NOT_YET, NOT_YET, Answer()]
    for failures in range(4):
        fetch_recording(app, announced.id, failures)

    kept = db.get_one(Recording, announced.id)
    assert ("fetched", None) == (kept.state, kept.trouble)
    assert {(announced.id, failures) for failures in (1, 2, 3)} == app.later.unfinished("fetch_recording")


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [
        ("not_ready", NOT_YET),
        ("refused", Answer(403)),
        ("broken", Answer(500)),
        ("damaged", Answer(kind="text/html")),
        ("damaged", Answer(body=b"<html>" * 9)),
        ("damaged", Answer(body=SOUND[:20])),
        ("damaged", Answer(body=wav(0))),
        ("damaged", Answer(body=wav(4))),
        ("broken", Answer(length=10_000)),
    ],
)
def test_staff_see_at_once_what_is_wrong(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session, trouble: str, answer: Answer
) -> None:
    """F17: The recording is still expected, and says why it is not here."""
    carrier.answers = [answer]
    fetch_recording(app, announced.id)

    kept = db.get_one(Recording, announced.id)
    assert ("expected", trouble) == (kept.state, kept.trouble)
    assert [] == kinds(db)


def test_a_full_disk_is_trouble_of_ours(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be stored is fetched again later."""

    def full(name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app.audio, "put", full)
    fetch_recording(app, announced.id)
    assert "storage" == db.get_one(Recording, announced.id).trouble
    assert {(announced.id, 1)} == app.later.unfinished("fetch_recording")


def test_what_the_carrier_never_had_is_given_up_after_hours(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """F17: Nobody asks any more, and the ticket says that somebody must call and ask."""
    carrier.answers = [NOT_YET]
    fetch_recording(app, announced.id, TRIES["not_ready"] - 1)

    kept = db.get_one(Recording, announced.id)
    assert ("missing", "not_ready", ["audio_missing"]) == (kept.state, kept.trouble, kinds(db))
    assert set() == app.later.unfinished("fetch_recording")


def test_what_is_no_sound_is_given_up_as_damaged(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """B5, F17: after as many hours; its reason stands beside it."""
    carrier.answers = [Answer(body=b"<html>")]
    fetch_recording(app, announced.id, TRIES["damaged"] - 1)
    kept = db.get_one(Recording, announced.id)
    assert ("missing", "damaged", ["audio_missing"]) == (kept.state, kept.trouble, kinds(db))


def test_what_stays_shorter_than_it_was_told_is_kept_and_says_so(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """Twelve seconds were announced, four are there, three times: half a message is more than none."""
    carrier.answers = [Answer(body=wav(4))]
    for failures in range(TRIES["short"]):
        fetch_recording(app, announced.id, failures)
    kept = db.get_one(Recording, announced.id)
    assert ("fetched", "short", wav(4)) == (kept.state, kept.trouble, app.audio.read(kept.path or ""))


def test_a_length_that_nobody_told_is_measured(app: App, carrier: FakeCarrier, db: Session) -> None:
    with app.sessions.begin() as writing:
        recording = new_recording(writing, new_call(writing), seconds=None, state="expected")
    fetch_recording(app, recording.id)
    assert 12 == db.get_one(Recording, recording.id).seconds


def test_what_is_refused_is_asked_for_much_longer(
    app: App, carrier: FakeCarrier, announced: Recording, db: Session
) -> None:
    """Wrong credentials are mended by people, who sleep at weekends."""
    carrier.answers = [Answer(403)]
    fetch_recording(app, announced.id, TRIES["not_ready"])
    assert "expected" == db.get_one(Recording, announced.id).state
    fetch_recording(app, announced.id, TRIES_WHEN_BROKEN - 1)
    db.expire_all()
    assert "missing" == db.get_one(Recording, announced.id).state


def test_a_carrier_we_no_longer_know_is_a_refusal(app: App, announced: Recording, db: Session) -> None:
    """Its credentials were taken out of the configuration; they may come back."""
    app.carriers = {}
    fetch_recording(app, announced.id)
    assert "refused" == db.get_one(Recording, announced.id).trouble


def test_a_recording_without_a_ticket_arrives_too(app: App, carrier: FakeCarrier, db: Session) -> None:
    """There is no history to write it into."""
    with app.sessions.begin() as writing:
        recording = new_recording(writing, new_call(writing), state="expected")
    fetch_recording(app, recording.id)
    assert "fetched" == db.get_one(Recording, recording.id).state


def test_an_id_that_is_none_is_no_trouble(app: App, carrier: FakeCarrier) -> None:
    """Nothing is fetched for a recording that is not there."""
    fetch_recording(app, 999)
    assert [] == carrier.requests


def test_the_waits_are_those_the_papers_promise() -> None:
    """From five seconds to an hour; four to five hours for what is not there, three days for the rest."""

    def waited(tries: int) -> timedelta:
        return timedelta(seconds=sum(WAITS_S[min(n, len(WAITS_S)) - 1] for n in range(1, tries)))

    assert (5, 3600) == (WAITS_S[0], WAITS_S[-1])
    assert timedelta(hours=4) < waited(TRIES["not_ready"]) < timedelta(hours=5)
    assert timedelta(days=2.8) < waited(TRIES_WHEN_BROKEN) < timedelta(days=3.2)
