"""The matcher that calls use while the directory changes."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.directory import communities, importing
from ivr.store.directory import matcher as live
from ivr.store.directory.matcher import LiveMatcher
from ivr.store.session import Sessions
from routing.directory import Community, Directory

GINKGO = Community("1", "银杏社区", "新碶街道", "北仑区", aliases=("白果园",), keypad="101")
PEONY = Community("2", "牡丹社区", "新碶街道", "北仑区")


def imported(sessions: Sessions, *listed: Community) -> int:
    """The version of the directory with these added."""
    with sessions.begin() as db:
        importing.put(db, listed, datetime(2026, 3, 1, tzinfo=UTC), replace=False)
        return hotline.settings(db).directory_version


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every reading of the whole directory."""
    counted: list[int] = []
    load = communities.load

    def counting(db: Session) -> Directory:
        counted.append(1)
        return load(db)

    monkeypatch.setattr(communities, "load", counting)
    return counted


@pytest.fixture
def matcher(sessions: Sessions, tmp_path: Path) -> LiveMatcher:
    return LiveMatcher(sessions, tmp_path / "matcher")


def test_a_change_is_matched_by_the_next_call(sessions: Sessions, matcher: LiveMatcher) -> None:
    assert [GINKGO] == list(matcher.at(imported(sessions, GINKGO)).directory)
    assert [GINKGO, PEONY] == list(matcher.at(imported(sessions, PEONY)).directory)


def test_while_nothing_changes_nothing_is_read(sessions: Sessions, matcher: LiveMatcher, loads: list[int]) -> None:
    version = imported(sessions, GINKGO)

    assert matcher.at(version) is matcher.at(version)
    assert 1 == len(loads)


def test_calls_go_on_with_the_old_one_while_a_new_one_is_made(
    sessions: Sessions, matcher: LiveMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not wait longer than their patience, and no second one is begun."""
    old = matcher.at(imported(sessions, GINKGO))
    go_on, load = threading.Event(), communities.load

    def slow(db: Session) -> Directory:
        go_on.wait()
        return load(db)

    monkeypatch.setattr(communities, "load", slow)
    monkeypatch.setattr(live, "PATIENCE_S", 0)
    version = imported(sessions, PEONY)
    assert [old] * 3 == [matcher.at(version) for _ in range(3)]

    renewal = matcher.renewal
    go_on.set()
    assert renewal
    renewal.join()
    assert [GINKGO, PEONY] == list(matcher.at(version).directory)
    assert renewal is matcher.renewal


def test_what_fails_is_tried_again(sessions: Sessions, matcher: LiveMatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away leaves calls the matcher they had, here the first one, which knows nobody."""
    version = imported(sessions, GINKGO)
    with monkeypatch.context() as broken:
        broken.setattr(communities, "load", lambda db: 1 / 0)
        assert 0 == len(matcher.at(version).directory)

    assert [GINKGO] == list(matcher.at(version).directory)


def test_processes_share_the_matcher_of_a_large_directory(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loads: list[int]
) -> None:
    """The first that needs it makes it; only the newest is kept."""
    monkeypatch.setattr(live, "FEW", 0)
    processes = [LiveMatcher(sessions, tmp_path / "matcher") for _ in range(3)]
    for listed in (GINKGO, PEONY):
        version = imported(sessions, listed)
        found = [process.at(version).match(GINKGO.name).candidates[0].community for process in processes]
        assert [GINKGO] * 3 == found

    assert 2 == len(loads)
    assert [f"{version}.index"] == [path.name for path in (tmp_path / "matcher").glob("*.index")]
