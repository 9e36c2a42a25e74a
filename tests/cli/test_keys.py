"""``flask keys``: a key made, everything sealed with it, everything proved."""

import stat
from pathlib import Path

import pytest

from ivr.app import App
from ivr.store.sealing import key_id, key_of
from tests import keys
from tests.builders import new_call, new_recording, new_turn
from tests.cli.conftest import Run
from tests.keys import NEW, OLD


@pytest.fixture
def kept(app: App) -> None:
    """A message, a request that waits, a turn and two numbers, all in the clear."""
    with app.sessions.begin() as db:
        new_turn(db, call := new_call(db))
        new_recording(db, call, path="7.wav")
    app.audio.put("7.wav", b"RIFF")
    app.spool.append({"From": "+8613800000001"}, "failed")


def test_a_key_is_made_and_never_written_over(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    told = run("keys", "new", "--file", path)
    assert (0, 0o600) == (told.exit_code, stat.S_IMODE(path.stat().st_mode))
    text = path.read_text().strip()
    assert (True, False) == (key_id(key_of(text)) in told.output, text in told.output)

    again = run("keys", "new", "--file", path)
    assert (1, text) == (again.exit_code, path.read_text().strip())
    assert "was not written" in again.output
    assert key_of(run("keys", "new").stdout.strip())


def test_everything_is_sealed_and_proved(app: App, run: Run, kept: None) -> None:
    told = run("keys", "check").stdout
    assert "recordings: 1 in the clear\nrequests: 1 in the clear\nrows: 3 in the clear\n" in told
    refused = run("keys", "seal")
    assert (1, True) == (refused.exit_code, "HOTLINE_KEYS is not set" in refused.output)

    keys.give(app, NEW)
    now = run("keys", "seal").stdout
    assert "recordings: 1 sealed now\nrequests: 1 sealed now\nrows: 1 sealed before, 3 sealed now\n" in now
    again = run("keys", "seal").stdout
    assert "recordings: 1 sealed before\nrequests: 1 sealed before\nrows: 4 sealed before\n" in again
    assert again.endswith("words to search by: hashed\n")
    name = key_id(key_of(NEW))
    assert f"Keys: {name}\nrecordings: 1 {name}\nrequests: 1 {name}\nrows: 4 {name}\n" == run("keys", "check").stdout


def test_a_lost_key_is_said_of_every_file(app: App, run: Run, kept: None) -> None:
    """A120: nothing is changed, and the exit status tells a script."""
    keys.give(app, OLD)
    run("keys", "seal")
    keys.give(app, NEW)
    for command in ("check", "seal"):
        told = run("keys", command)
        assert 1 == told.exit_code
        assert f"BAD  recordings: 7.wav: it is sealed with key {key_id(key_of(OLD))}" in told.output
        assert "requests: none; 1 in trouble" in told.output
    keys.give(app, NEW, OLD)
    assert 0 == run("keys", "check").exit_code


def test_a_hundred_troubles_fill_no_screen(app: App, run: Run) -> None:
    with app.sessions.begin() as db:
        call = new_call(db)
        for n in range(30):
            new_recording(db, call, sid=f"RE{n}", path=f"{n}.wav")
    told = run("keys", "check").output
    assert (20, True) == (told.count("BAD"), "30 in trouble" in told)


def test_the_spool_says_which_key_a_request_wants(app: App, run: Run, kept: None) -> None:
    """A120"""
    keys.give(app, OLD)
    run("keys", "seal")
    keys.give(app)
    app.spool.drain(lambda spooled: None)
    assert (
        f"cannot be read: it is sealed with key {key_id(key_of(OLD))}, and HOTLINE_KEYS is not set"
        in run("spool", "list").stdout
    )
