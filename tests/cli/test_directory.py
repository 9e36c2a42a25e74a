"""Importing a list: all of it or nothing, and what it changes is said."""

from pathlib import Path

import pytest

from ivr.cli.demo import SAMPLE
from ivr.store import hotline
from ivr.store.directory import communities
from ivr.store.session import Sessions
from tests.cli.conftest import Run

HEADER = "code,name,street,district,aliases,phone,keypad,dialled\n"
GINKGO = "330206002004,银杏社区,新碶街道,北仑区,银杏小区,+8657455000103,203,\n"
PLUM = "330206002005,红梅社区,新碶街道,北仑区,,,204,\n"


@pytest.fixture
def write(tmp_path: Path):
    """A list of these rows."""

    def write(*rows: str) -> Path:
        path = tmp_path / "list.csv"
        path.write_text(HEADER + "".join(rows), "utf-8")
        return path

    return write


def names(sessions: Sessions) -> set[str]:
    with sessions.read() as db:
        return {community.name for community in communities.load(db)}


def test_what_is_listed_is_added_and_said(run: Run, sessions: Sessions, write):
    """Every new community has its line, and the sum stands last."""
    done = run("directory", "import", write(GINKGO, PLUM))

    assert [
        "+ 330206002004 银杏社区 (新碶街道)",
        "+ 330206002005 红梅社区 (新碶街道)",
        "2 added, 0 changed, 0 retired, 0 as before.",
    ] == done.stdout.splitlines()
    assert {"银杏社区", "红梅社区"} == names(sessions)


def test_a_list_imported_again_changes_what_it_changes(run: Run, sessions: Sessions, write):
    """Communities are told apart by code; one that is not listed stays."""
    run("directory", "import", write(GINKGO, PLUM))

    done = run("directory", "import", write(GINKGO.replace("银杏社区", "白果社区")))

    assert "~ 330206002004 白果社区: name '银杏社区' → '白果社区'" in done.stdout
    assert "0 added, 1 changed, 0 retired, 1 as before." in done.stdout
    assert {"白果社区", "红梅社区"} == names(sessions)


def test_replace_retires_what_is_not_listed(run: Run, sessions: Sessions, write):
    run("directory", "import", write(GINKGO, PLUM))

    done = run("directory", "import", "--replace", write(PLUM))

    assert "- 330206002004 银杏社区 (新碶街道)" in done.stdout
    assert {"红梅社区"} == names(sessions)


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run, sessions: Sessions, write):
    """The preview is what the import would print; calls go on with the directory they know."""
    preview = run("directory", "import", "--dry-run", write(GINKGO, PLUM))

    assert "2 added, 0 changed, 0 retired, 0 as before.\nNothing was changed (--dry-run).\n" in preview.stdout
    assert set() == names(sessions)
    with sessions.read() as db:
        assert 0 == hotline.settings(db).directory_version


def test_every_bad_row_is_named_and_nothing_imported(run: Run, sessions: Sessions, write):
    """One bad row keeps the good ones out too, so that a list is never half there."""
    done = run("directory", "import", write(GINKGO, PLUM.replace("204", "004"), GINKGO))

    assert 1 == done.exit_code
    assert "" == done.stdout
    assert "list.csv: nothing was imported." in done.stderr
    assert "row 3: keypad '004' is not three digits from 100 to 999" in done.stderr
    assert "row 4: code '330206002004' stands already in row 2" in done.stderr
    assert set() == names(sessions)


def test_a_number_of_a_community_that_is_not_listed_is_refused(run: Run, sessions: Sessions, write):
    """Two communities cannot share a keypad number, wherever the other one came from."""
    run("directory", "import", write(GINKGO))

    done = run("directory", "import", write(PLUM.replace("204", "203")))

    assert 1 == done.exit_code
    assert "nothing was imported" in done.stderr
    assert {"银杏社区"} == names(sessions)


def test_names_that_sound_alike_are_told(run: Run, write):
    """Whoever imports the list learns which callers will be asked for their street."""
    done = run("directory", "import", write(GINKGO, GINKGO.replace("004,银杏社区", "003,银兴村").replace(",203", ",")))

    assert "? 银兴村 (新碶街道, 330206002003) sounds like 银杏社区 (新碶街道, 330206002004)" in done.stdout


def test_a_long_list_is_told_in_short(run: Run):
    """Twenty lines of a kind, and how many more."""
    assert "+ … and 11 more\n31 added, " in run("directory", "import", SAMPLE).stdout
