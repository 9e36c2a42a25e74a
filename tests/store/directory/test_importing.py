"""Importing a list: what it says is taken, what it does not say stays."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ivr.store import hotline
from ivr.store.directory import communities, importing, lookup
from ivr.store.session import Sessions
from routing.directory import Community, Directory

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GINKGO = Community("1", "银杏社区", "新碶街道", "北仑区", aliases=("银杏小区",), phone="+8657455500111", keypad="101")
PEONY = Community("2", "牡丹社区", "新碶街道", "北仑区", keypad="102")


def imported(sessions: Sessions, *listed: Community, replace: bool = False) -> Directory:
    """The directory after an import."""
    with sessions.begin() as db:
        importing.put(db, listed, NOW, replace=replace)
        db.flush()
        db.expire_all()
        return communities.load(db)


def test_a_list_that_is_silent_about_a_number_leaves_it(sessions: Sessions) -> None:
    """A list without the keypad column must not make the printed leaflets wrong."""
    imported(sessions, GINKGO, PEONY)
    after = imported(sessions, replace(GINKGO, name="银杏新社区", phone=None, keypad=None, aliases=()))

    assert replace(GINKGO, name="银杏新社区") == after.by_code["1"]


def test_replacing_takes_the_list_at_its_word(sessions: Sessions) -> None:
    """With --replace a number that is not listed is gone, and so is a community."""
    imported(sessions, GINKGO, PEONY)
    after = imported(sessions, replace(GINKGO, phone=None, keypad=None), replace=True)

    assert [replace(GINKGO, phone=None, keypad=None)] == list(after)


def test_a_number_moves_to_another_community(sessions: Sessions) -> None:
    """Two communities may swap their leaflet numbers in one import."""
    imported(sessions, GINKGO, PEONY)
    swapped = imported(sessions, replace(GINKGO, keypad="102"), replace(PEONY, keypad="101"))
    assert {"101": "2", "102": "1"} == {keypad: each.code for keypad, each in swapped.by_keypad.items()}


def test_every_import_is_a_new_version(sessions: Sessions) -> None:
    """The processes see that their matcher is out of date."""
    imported(sessions, GINKGO)
    imported(sessions, PEONY)

    with sessions.read() as db:
        assert 2 == hotline.settings(db).directory_version


def test_a_retired_community_comes_back(sessions: Sessions) -> None:
    """Listed again, it is in service again."""
    imported(sessions, GINKGO, PEONY)
    imported(sessions, GINKGO, replace=True)

    assert {"1", "2"} == set(imported(sessions, PEONY).by_code)


def test_a_number_of_a_community_that_is_not_listed_is_refused(sessions: Sessions) -> None:
    """Before anything is written; one that is retired gives its number up."""
    imported(sessions, GINKGO, PEONY)
    with pytest.raises(importing.Taken, match="keypad 102 belongs to 2 牡丹社区"):
        imported(sessions, replace(GINKGO, keypad="102"))
    imported(sessions, GINKGO, replace=True)
    assert "1" == imported(sessions, replace(GINKGO, keypad="102")).by_keypad["102"].code


def many(number: int, name: str = "银杏") -> list[Community]:
    return [Community(f"{n:012}", f"{name}{n}社区", f"第{n % 50}街道", "北仑区", keypad=None) for n in range(number)]


def test_what_a_list_leaves_as_it_is_is_not_written_again(sessions: Sessions) -> None:
    """O6"""
    imported(sessions, *many(250))
    with sessions.read() as db:
        assert [] == importing.plan(db, many(250), NOW, replace=False).writes
        assert 1 == len(importing.plan(db, many(251), NOW, replace=False).writes)


def test_an_import_that_was_interrupted_is_finished_by_the_next(sessions: Sessions) -> None:
    """O6: callers are matched with the old list until all of the new one is there."""
    imported(sessions, GINKGO)
    swapped = [replace(GINKGO, keypad="102"), replace(PEONY, keypad="101"), *many(250)]
    with sessions.read() as db:
        planned = importing.plan(db, swapped, NOW, replace=False)
    for write in planned.writes[:-1]:
        with sessions.begin() as db:
            write(db)
    with sessions.read() as db:
        assert 1 == hotline.settings(db).directory_version
        again = importing.plan(db, swapped, NOW, replace=False)
    importing.carry_out(sessions, again)

    with sessions.read() as db:
        assert list(planned.after) == list(communities.load(db))
        assert 2 == hotline.settings(db).directory_version
        assert ["银杏社区"] == [row.name for row in lookup.search(db, "银杏社区")]


def test_nobody_waits_for_an_import(sessions: Sessions) -> None:
    """O6: who writes meanwhile, as every webhook does, waits for a portion at the most."""
    longest, done = 0.0, threading.Event()

    def write_on() -> None:
        nonlocal longest
        while not done.is_set():
            begun = time.monotonic()
            with sessions.begin() as db:
                hotline.settings(db).duty_hours = {}
            longest = max(longest, time.monotonic() - begun)

    with sessions.read() as db:
        planned = importing.plan(db, many(1500), NOW, replace=False)
    writer = threading.Thread(target=write_on)
    writer.start()
    begun = time.monotonic()
    importing.carry_out(sessions, planned)
    lasted = time.monotonic() - begun
    done.set()
    writer.join()
    with sessions.read() as db:
        assert 1500 == communities.count(db)
    assert longest < max(1.0, lasted * 3 / 4)  # in one transaction: all of it; busy machines stretch a portion
