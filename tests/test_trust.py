"""docs/trust.md is whole: every line of it has a test that names it, or says why not."""

from tests import trust
from tests.trust import OPEN, State

EVERY = {f"F{n}" for n in range(1, 33)} | {f"A{n}" for n in range(1, 122)}


def test_every_line_stands_on_the_page_once():
    names = [line.name for line in trust.lines()]
    assert sorted(EVERY) == sorted(names)


def test_no_line_is_passed_over_in_silence():
    """A test, or a word why there is none."""
    assert [] == [line.name for line in trust.lines() if line.state is State.MISSING]


def test_what_is_open_is_not_tested_yet():
    """Or the page would be modest beyond the truth; what is tested in part says so."""
    assert [] == [line.name for line in trust.lines() if line.words.startswith(OPEN) and line.tests]


def test_no_test_names_a_line_that_is_not_there():
    assert set() == trust.by_line().keys() - EVERY
