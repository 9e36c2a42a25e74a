"""What could not be handled is kept, in order, until somebody takes it."""

import errno
import json
import os
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from ivr.store.files import spool as spool_module
from ivr.store.files.spool import Spool, Spooled
from ivr.store.sealing import keyring
from tests.keys import NEW, OLD


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def taken(spool: Spool) -> list[Spooled]:
    found: list[Spooled] = []
    spool.drain(found.append)
    return found


def test_what_was_kept_is_taken_once_and_in_order(spool: Spool) -> None:
    """Form, kind and time come back as they were; afterwards the spool is empty."""
    spool.append({"CallSid": "CA1", "SpeechResult": "买药"}, "failed")
    spool.append({"CallSid": "CA2"}, "fallback")

    first, second = taken(spool)
    assert ({"CallSid": "CA1", "SpeechResult": "买药"}, "failed") == (first.form, first.kind)
    assert ({"CallSid": "CA2"}, "fallback") == (second.form, second.kind)
    assert first.at <= second.at
    assert [] == taken(spool)


def test_another_process_finds_what_this_one_kept(spool: Spool) -> None:
    """The web process writes, the worker reads."""
    spool.append({"CallSid": "CA1"}, "failed")
    assert 1 == len(taken(Spool(spool.folder)))


def test_nobody_else_reads_it(spool: Spool) -> None:
    """Numbers and words of callers lie in it."""
    spool.append({"From": "+8613800000001"}, "failed")
    (file,) = spool.folder.glob("*.json")
    assert (0o600, 0o700) == (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(spool.folder.stat().st_mode))


def test_everything_stays_while_the_database_is_away(spool: Spool) -> None:
    """Nothing is lost, nothing put aside, nothing taken out of order."""
    spool.append({"CallSid": "CA1"}, "failed")
    spool.append({"CallSid": "CA2"}, "failed")

    def away(spooled: Spooled) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        spool.drain(away)
    assert ["CA1", "CA2"] == [spooled.form["CallSid"] for spooled in taken(spool)]


def test_what_nobody_can_take_does_not_hold_up_the_rest(spool: Spool) -> None:
    """It is put aside where an operator finds it."""
    spool.append({"CallSid": "CA1"}, "failed")
    spool.append({"CallSid": "CA2"}, "failed")
    found = []

    def take(spooled: Spooled) -> None:
        if spooled.form["CallSid"] == "CA1":
            raise ValueError
        found.append(spooled.form["CallSid"])

    spool.drain(take)
    assert (["CA2"], []) == (found, taken(spool))
    (aside,) = spool.bad.iterdir()
    assert "CA1" == json.loads(aside.read_text())["form"]["CallSid"]


def test_a_file_that_is_no_request_is_put_aside(spool: Spool) -> None:
    """Half a line, or none."""
    (spool.folder / "0.json").write_text('{"kind": "fai')
    assert [] == taken(spool)
    assert 1 == len(list(spool.bad.iterdir()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        '{"form": {}, "at": "2026-11-28T08:00:00+00:00"}',
        '{"form": [], "kind": "failed", "at": "2026-11-28T08:00:00+00:00"}',
        '{"form": {"a": 1}, "kind": "failed", "at": "2026-11-28T08:00:00+00:00"}',
        '{"form": {}, "kind": "failed", "at": "yesterday"}',
        '{"form": {}, "kind": "failed", "at": "2026-11-28T08:00:00+00:00", "turn": "x"}',
        '{"form": {}, "kind": "failed", "at": "2026-11-28T08:00:00+00:00", "version": 99}',
        "[" * 100_000,
    ],
)
def test_a_file_of_another_kind_or_release_harms_nobody(spool: Spool, text: str) -> None:
    """It is put aside; the one behind it is taken."""
    (spool.folder / "0.json").write_text(text)
    spool.append({"CallSid": "CA1"}, "failed")
    assert ["CA1"] == [spooled.form["CallSid"] for spooled in taken(spool)]
    assert (0, 1) == spool.waiting()


def test_a_file_of_a_gigabyte_is_not_read(spool: Spool) -> None:
    """A sparse one, here: it takes no room, and would take all memory."""
    with open(spool.folder / "0.json", "wb") as file:
        file.truncate(2**30)
    assert [] == taken(spool)
    assert (0, 1) == spool.waiting()


def test_what_was_put_aside_is_tried_again_when_asked(spool: Spool) -> None:
    """In its old place: it came before what came later."""
    spool.append({"CallSid": "CA1"}, "failed")
    spool.drain(refuse)
    spool.append({"CallSid": "CA2"}, "failed")
    assert 1 == spool.try_again()
    assert ["CA1", "CA2"] == [spooled.form["CallSid"] for spooled in taken(spool)]
    assert 0 == spool.try_again()


def refuse(spooled: Spooled) -> None:
    raise ValueError


def test_what_waits_says_for_how_long(spool: Spool) -> None:
    assert spool.oldest_s(time.time()) is None
    spool.append({"CallSid": "CA1"}, "failed")
    assert 59 < (spool.oldest_s(time.time() + 60) or 0) < 120


def test_what_a_dead_process_left_unfinished_is_removed_after_a_while(spool: Spool) -> None:
    """B4: nobody was told that it was kept."""
    old, new = spool.folder / "0.part", spool.folder / "1.part"
    for path in (old, new):
        path.write_text("{")
    os.utime(old, (0, 0))
    taken(spool)
    assert (False, True) == (old.exists(), new.exists())


def test_a_full_disk_gives_back_what_was_set_aside(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """B4, F9: what is said just then still lands, and nothing is left behind."""
    real = spool_module.flush

    def full(path: Path) -> None:
        if spool.reserve.there:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path)

    monkeypatch.setattr("ivr.store.files.spool.flush", full)
    assert spool.reserve.keep()
    spool.append({"CallSid": "CA1"}, "failed")
    assert (False, 1, []) == (spool.reserve.there, len(taken(spool)), list(spool.folder.glob("*.part")))


def test_half_a_file_is_not_seen(spool: Spool) -> None:
    """A process that died while it wrote left something that no caller was told of."""
    (spool.folder / "0.part").write_text('{"kind": "fai')
    assert [] == taken(spool)


def test_a_disk_that_takes_nothing_is_an_error(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing may be acknowledged: the carrier has to go to its fallback."""

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ivr.store.files.spool.flush", full)
    with pytest.raises(OSError, match="No space"):
        spool.append({"CallSid": "CA1"}, "failed")
    assert [] == taken(spool)


def test_with_a_key_nobody_reads_it_from_the_disk(spool: Spool) -> None:
    """A119: what waited in the clear is taken in with it."""
    spool.append({"CallSid": "CA1"}, "failed")
    sealed = Spool(spool.folder, keyring([NEW]))
    sealed.append({"From": "+8613800000001"}, "failed", 2)
    _, file = sorted(spool.folder.glob("*.json"))
    assert b"13800000001" not in file.read_bytes()
    assert ["CA1", "+8613800000001"] == [value for each in taken(sealed) for value in each.form.values()]


def test_without_its_key_a_request_waits_aside(spool: Spool) -> None:
    """A120: it holds up nobody, is as it was, and comes in when the key is back."""
    Spool(spool.folder, keyring([OLD])).append({"CallSid": "CA1"}, "failed")
    spool.append({"CallSid": "CA2"}, "failed")
    assert ["CA2"] == [each.form["CallSid"] for each in taken(spool)]
    assert (0, 1) == spool.waiting()

    back = Spool(spool.folder, keyring([NEW, OLD]))
    assert 1 == back.try_again()
    assert ["CA1"] == [each.form["CallSid"] for each in taken(back)]


def test_what_waits_is_sealed_and_stays_what_it_is(spool: Spool) -> None:
    """Also what was put aside; a second time nothing is done."""
    spool.append({"CallSid": "CA1"}, "failed")
    (spool.bad / "1-a.json").write_text("{")
    sealed = Spool(spool.folder, keyring([NEW]))
    assert [True, True] == [sealed.seal(path) for path in sealed.files()]
    assert [False, False] == [sealed.seal(path) for path in sealed.files()]
    assert {sealed.keys.newest} == {sealed.sealed_with(path) for path in sealed.files()}
    assert ["CA1"] == [each.form["CallSid"] for each in taken(sealed)]


def test_a_key_may_change_while_requests_wait(spool: Spool) -> None:
    Spool(spool.folder, keyring([OLD])).append({"CallSid": "CA1"}, "failed")
    both = Spool(spool.folder, keyring([NEW, OLD]))
    (path,) = both.files()
    assert both.seal(path)
    assert ["CA1"] == [each.form["CallSid"] for each in taken(Spool(spool.folder, keyring([NEW])))]
