"""Some of the disk is set aside, and given back once."""

import shutil
import stat
from collections import namedtuple
from pathlib import Path

import pytest

from ivr.app import App
from ivr.jobs.keep_reserve import keep_reserve
from ivr.store.files.reserve import FREE_BYTES, RESERVED_BYTES, Reserve

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def reserve(tmp_path: Path) -> Reserve:
    return Reserve(tmp_path / "reserve")


def test_it_is_room_that_nobody_uses(reserve: Reserve) -> None:
    """Real blocks, not a hole; kept again it is the same."""
    assert (True, True) == (reserve.keep(), reserve.keep())
    found = reserve.path.stat()
    assert RESERVED_BYTES == found.st_size <= 512 * found.st_blocks
    assert 0o600 == stat.S_IMODE(found.st_mode)


def test_it_is_given_back_once(reserve: Reserve) -> None:
    reserve.keep()
    assert (True, False) == (reserve.give_back(), reserve.give_back())


def test_it_takes_nothing_of_a_disk_that_is_almost_full(reserve: Reserve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, FREE_BYTES - 1))
    assert not reserve.keep()
    assert not reserve.there


def test_the_worker_makes_it(app: App) -> None:
    """It stands beside the spool, whoever gives it back."""
    keep_reserve(app)
    assert app.spool.reserve.path == app.settings.data_dir / "reserve"
    assert app.spool.reserve.give_back()
