"""Everything in files sealed and proved, at one's leisure."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.store.files.audio import AudioStore
from ivr.store.files.spool import Spool
from ivr.store.keeping import erasing, sealed
from ivr.store.keeping.sealed import BEFORE, CLEAR, SEALED, File
from ivr.store.models import Recording
from ivr.store.sealing import keyring
from ivr.store.session import Sessions
from tests.builders import new_call, new_recording
from tests.keys import NEW, OLD

SOUND = b"RIFF somebody speaks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "audio"


@pytest.fixture
def kept(sessions: Sessions, folder: Path) -> list[str]:
    """Three messages in the clear; one more is on its way."""
    store = AudioStore(folder.as_uri())
    names = [f"{n}.wav" for n in range(3)]
    with sessions.begin() as db:
        call = new_call(db)
        for name in names:
            new_recording(db, call, sid=f"RE{name}", path=name, sha256=hashlib.sha256(SOUND).hexdigest())
            store.put(name, SOUND)
        new_recording(db, call, sid="RE9", state="expected", path=None)
    return names


def store(folder: Path, *keys: str) -> AudioStore:
    return AudioStore(folder.as_uri(), keyring(keys))


def outcomes(files: Iterator[File]) -> Counter[str]:
    return Counter(file.trouble or file.outcome for file in files)


def test_every_message_is_sealed_once(sessions: Sessions, folder: Path, kept: list[str], monkeypatch):
    """In batches; done again it only looks. Another key is as much."""
    monkeypatch.setattr(sealed, "BATCH", 2)
    for keys, done in (([OLD], SEALED), ([OLD], BEFORE), ([NEW, OLD], SEALED), ([NEW], BEFORE)):
        assert {done: 3} == outcomes(sealed.seal_recordings(sessions, store(folder, *keys)))
    assert {SOUND} == {store(folder, NEW).read(name) for name in kept}
    assert {store(folder, NEW).keys.newest: 3} == outcomes(sealed.check_recordings(sessions, store(folder, NEW)))


def test_it_goes_on_where_it_was_stopped(sessions: Sessions, folder: Path, kept: list[str]):
    """Killed after the first: nothing is half done."""
    next(sealed.seal_recordings(sessions, store(folder, NEW)))
    assert {SEALED: 2, BEFORE: 1} == outcomes(sealed.seal_recordings(sessions, store(folder, NEW)))


def test_without_the_key_nothing_is_touched(sessions: Sessions, folder: Path, kept: list[str]):
    """A120"""
    list(sealed.seal_recordings(sessions, store(folder, OLD)))
    before = [(folder / name).read_bytes() for name in kept]
    (trouble,) = outcomes(sealed.seal_recordings(sessions, store(folder, NEW)))
    assert "HOTLINE_KEYS" in trouble
    assert before == [(folder / name).read_bytes() for name in kept]


def test_what_is_lost_or_changed_is_found(sessions: Sessions, folder: Path, kept: list[str]):
    """A121: by the hash that it arrived with, too."""
    list(sealed.seal_recordings(sessions, store(folder, NEW)))
    (folder / kept[0]).unlink()
    store(folder, NEW).put(kept[1], b"RIFF another")
    whole = (folder / kept[2]).read_bytes()
    (folder / kept[2]).write_bytes(whole[:-1])
    found = outcomes(sealed.check_recordings(sessions, store(folder, NEW)))
    assert {"it is not there", "it is not what was fetched", "it is damaged"} == set(found)


def test_what_is_in_the_clear_is_told(sessions: Sessions, folder: Path, kept: list[str]):
    assert {CLEAR: 3} == outcomes(sealed.check_recordings(sessions, store(folder)))


def test_what_was_erased_does_not_come_back(sessions: Sessions, folder: Path, kept: list[str]):
    """Between two messages that are sealed."""
    next(sealed.seal_recordings(sessions, store(folder, NEW)))
    with sessions.begin() as db:
        erasing.audio(db, store(folder, NEW), db.scalars(select(Recording.id)).all())
    assert Counter() == outcomes(sealed.seal_recordings(sessions, store(folder, NEW)))
    assert [] == [path for path in folder.rglob("*") if path.is_file()]


def test_requests_that_wait_are_sealed_and_opened(tmp_path: Path):
    spool = Spool(tmp_path / "spool", keyring([OLD]))
    spool.append({"CallSid": "CA1"}, "failed")
    both = Spool(spool.folder, keyring([NEW, OLD]))
    assert {SEALED: 1} == outcomes(sealed.seal_spool(both))
    assert {BEFORE: 1} == outcomes(sealed.seal_spool(both))
    assert {both.keys.newest: 1} == outcomes(sealed.check_spool(both))
    (trouble,) = outcomes(sealed.check_spool(spool))
    assert "HOTLINE_KEYS" in trouble


def test_one_that_was_taken_in_meanwhile_is_none(tmp_path: Path):
    spool = Spool(tmp_path / "spool", keyring([NEW]))
    for n in range(2):
        spool.append({"CallSid": f"CA{n}"}, "failed")
    for look in (sealed.check_spool, sealed.seal_spool):
        files = look(spool)
        next(files)
        for path in sorted(spool.folder.glob("*.json"))[1:]:
            path.rename(path.with_suffix(".taken"))
        assert [] == list(files)
        for path in spool.folder.glob("*.taken"):
            path.rename(path.with_suffix(".json"))
