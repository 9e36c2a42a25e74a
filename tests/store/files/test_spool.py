"""What could not be handled is kept, in order, until somebody takes it."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from ivr.store.files.spool import Spool, Spooled


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
