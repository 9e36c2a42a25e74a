"""Importing a list: what it says is taken, what it does not say stays."""

from dataclasses import replace
from datetime import UTC, datetime

from ivr.store import hotline
from ivr.store.directory import communities
from ivr.store.session import Sessions
from routing.directory import Community, Directory

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GINKGO = Community("1", "银杏社区", "新碶街道", "北仑区", aliases=("银杏小区",), phone="+8657455500111", keypad="101")
PEONY = Community("2", "牡丹社区", "新碶街道", "北仑区", keypad="102")


def imported(sessions: Sessions, *listed: Community, replace: bool = False) -> Directory:
    """The directory after an import."""
    with sessions.begin() as db:
        communities.put(db, listed, NOW, replace=replace)
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
