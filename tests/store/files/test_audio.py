"""Sound files are kept whole, in a folder nobody else may look into."""

import stat
from pathlib import Path

import pytest

from ivr.errors import ConfigError
from ivr.store.files.audio import AudioStore
from ivr.store.sealing import Unreadable, keyring
from tests.keys import NEW, OLD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sound files"


@pytest.fixture
def audio(folder: Path) -> AudioStore:
    return AudioStore(folder.as_uri())


def test_what_was_put_is_read(audio: AudioStore, folder: Path) -> None:
    """A name with folders in it, in a place with a blank in its name."""
    audio.put("2026/11/7.wav", b"hello")
    assert (b"hello", 5) == (audio.read("2026/11/7.wav"), audio.size("2026/11/7.wav"))
    assert [folder / "2026/11/7.wav"] == [path for path in folder.rglob("*") if path.is_file()]


def test_putting_again_replaces(audio: AudioStore) -> None:
    """A job that runs twice leaves one file."""
    audio.put("7.wav", b"half")
    audio.put("7.wav", b"whole")
    assert b"whole" == audio.read("7.wav")


def test_a_deleted_file_is_gone_and_may_be_deleted_again(audio: AudioStore) -> None:
    """Deleting states what shall hold, so it can be repeated."""
    audio.put("7.wav", b"hello")
    audio.delete("7.wav")
    audio.delete("7.wav")
    for look in (audio.read, audio.size):
        with pytest.raises(FileNotFoundError):
            look("7.wav")


def test_no_name_leads_out_of_the_store(audio: AudioStore) -> None:
    """A68: Names are ours, and still a bad one cannot climb."""
    with pytest.raises(ValueError, match="illegal"):
        audio.put("../7.wav", b"hello")


def test_nobody_else_may_look_inside(audio: AudioStore, folder: Path) -> None:
    """Other users of the machine do not hear the callers."""
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


@pytest.mark.parametrize("url", ["zzz://bucket", "recordings", "file:///proc/recordings"])
def test_a_place_that_cannot_be_is_refused_at_start(url: str) -> None:
    """One line names the variable."""
    with pytest.raises(ConfigError, match="HOTLINE_AUDIO_URL"):
        AudioStore(url)


def test_a_bucket_needs_nothing_else_changed() -> None:
    """Everything but the URL stays the same for an object store."""
    audio = AudioStore("memory:///")
    audio.put("7.wav", b"hello")
    assert b"hello" == audio.read("7.wav")


def test_with_a_key_nothing_of_the_sound_lies_there(folder: Path) -> None:
    """A119: sealed when it is written, opened when it is read; what lay there in the clear is read all the same."""
    AudioStore(folder.as_uri()).put("old.wav", b"RIFF before")
    audio = AudioStore(folder.as_uri(), keyring([NEW]))
    audio.put("7.wav", b"RIFF hello")
    assert (b"RIFF hello", 10, b"RIFF before") == (audio.read("7.wav"), audio.size("7.wav"), audio.read("old.wav"))
    assert b"hello" not in (folder / "7.wav").read_bytes()
    assert (audio.keys.newest, None) == (audio.sealed_with("7.wav"), audio.sealed_with("old.wav"))


def test_an_empty_file_is_empty(audio: AudioStore) -> None:
    audio.put("7.wav", b"")
    assert (b"", 0, None) == (audio.read("7.wav"), audio.size("7.wav"), audio.sealed_with("7.wav"))


@pytest.mark.parametrize("keys", [[], [OLD]], ids=["clear", "older"])
def test_what_lies_there_is_sealed_once(folder: Path, keys: list[str]) -> None:
    AudioStore(folder.as_uri(), keyring(keys)).put("7.wav", b"RIFF hello")
    audio = AudioStore(folder.as_uri(), keyring([NEW, OLD]))
    assert (True, False) == (audio.seal("7.wav"), audio.seal("7.wav"))
    assert b"RIFF hello" == AudioStore(folder.as_uri(), keyring([NEW])).read("7.wav")


def test_what_cannot_be_opened_is_left_as_it_is(folder: Path) -> None:
    """A120: the key may come back."""
    AudioStore(folder.as_uri(), keyring([OLD])).put("7.wav", b"RIFF hello")
    before = (folder / "7.wav").read_bytes()
    for use in (AudioStore.read, AudioStore.open, AudioStore.size, AudioStore.seal):
        with pytest.raises(Unreadable):
            use(AudioStore(folder.as_uri(), keyring([NEW])), "7.wav")
    assert before == (folder / "7.wav").read_bytes()


def test_a_file_in_anothers_place_is_not_played(folder: Path) -> None:
    """A121"""
    audio = AudioStore(folder.as_uri(), keyring([NEW]))
    audio.put("7.wav", b"RIFF hello")
    (folder / "7.wav").rename(folder / "8.wav")
    with pytest.raises(Unreadable, match="belongs to something else"):
        audio.read("8.wav")
