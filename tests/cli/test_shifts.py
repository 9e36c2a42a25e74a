"""``flask shifts``: who answers, said on the command line."""

import pytest

from ivr.app import App
from ivr.store import hotline
from ivr.store.models import LinePerson
from tests.builders import new_staff


@pytest.fixture
def run(app: App):
    with app.sessions.begin() as db:
        for name in ("li", "wang"):
            new_staff(db, name)
    return lambda *words: app.test_cli_runner().invoke(args=["shifts", *words])


def test_nobody_is_on_before_somebody_is(run):
    assert "Nobody is on" in run().output


def test_a_shift_and_a_telephone_put_somebody_on_the_line(run, app: App):
    """A number that nobody proved to ring is told apart."""
    assert "on from 2020-01-01 08:00" in run("add", "li", "2020-01-01 08:00", "2099-01-01 08:00").output
    assert "not proved" in run("phone", "li", "13900000001").output
    assert "li: +8613900000001\n" == run("phone", "li", "13900000001", "--proved").output
    assert "li: on, +8613900000001" in run().output
    with app.sessions.read() as db:
        assert db.get_one(LinePerson, 1).proved_at


def test_people_take_turns_and_one_is_away(run):
    made = run("rotation", "nights", "li", "wang", "--from", "00:00", "--to", "00:00")
    assert "nights: li, wang, 00:00 to 00:00." in made.output
    run("phone", "li", "13900000001", "--proved")
    assert "li: on" in run().output
    run("off", "li", "2020-01-01 00:00", "2099-01-01 00:00")
    assert "li: off" in run().output


@pytest.mark.parametrize(
    "words",
    [
        ("phone", "li", "12345"),
        ("phone", "nobody", "13900000001"),
        ("add", "li", "2020-01-02 08:00", "2020-01-01 08:00"),
        ("rotation", "x", "li", "--from", "08:00", "--to", "09:00", "--weekdays", "8"),
    ],
)
def test_what_cannot_be_is_refused(run, words: tuple[str, ...]):
    assert run(*words).exit_code


def test_whose_telephone_rings_first(run, app: App):
    assert "Rings longest idle, for who asks for a person." in run("ring").output
    assert "Rings all at once, for every caller." in run("ring", "--order", "all_at_once", "--all-callers").output
    with app.sessions.read() as db:
        assert hotline.settings(db).ring_all_callers


def test_who_is_trained_in_counselling_is_said_and_taken_back(run, app: App):
    for words, told, trained in (((), "first for callers in despair", True), (("--no",), "like everybody else", False)):
        assert told in run("counsels", "li", *words).output
        with app.sessions.read() as db:
            assert trained is db.get_one(LinePerson, 1).counsels
