"""Setting who is rung and when somebody calls back."""

import pytest

from ivr.store import hotline
from ivr.store.session import Sessions
from tests.cli.conftest import Run


def kept(sessions: Sessions):
    with sessions.read() as db:
        row = hotline.settings(db)
        return row.duty_phone and row.duty_phone.e164, row.duty_hours, row.hours


def test_the_duty_number_is_kept_with_its_hours(run: Run, sessions: Sessions):
    """However the number was written, it is kept as the carrier dials it."""
    done = run("duty", "set", "0574 5550 0100", "--from", "8:00", "--to", "20:00")

    assert "+8657455500100 is rung from 08:00 to 20:00 (Asia/Shanghai).\n" == done.stdout
    assert ("+8657455500100", {"from": "08:00", "to": "20:00"}, {}) == kept(sessions)


def test_without_hours_it_is_rung_day_and_night(run: Run, sessions: Sessions):
    run("duty", "set", "+8657455500100", "--from", "8:00", "--to", "20:00")
    run("duty", "set", "+8657455500100")

    assert ("+8657455500100", {}, {}) == kept(sessions)


def test_off_rings_nobody(run: Run, sessions: Sessions):
    run("duty", "set", "+8657455500100")
    run("duty", "off")

    assert (None, {}, {}) == kept(sessions)


def test_hours_may_cross_midnight(run: Run, sessions: Sessions):
    run("hours", "set", "22:00", "06:00")
    assert {"from": "22:00", "to": "06:00"} == kept(sessions)[2]

    run("hours", "always")
    assert {} == kept(sessions)[2]


def test_what_was_set_can_be_read(run: Run, sessions: Sessions):
    """O16: alone, each command shows what there is, and changes nothing."""
    assert "Somebody calls back day and night.\n" == run("hours").stdout
    run("hours", "set", "8:00", "20:00")
    assert "Somebody calls back from 08:00 to 20:00 (Asia/Shanghai).\n" == run("hours").stdout
    with sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00", hotline.DEFAULT: True}
    assert "These are the first hours, nobody has set them" in run("hours").stdout

    assert "Nobody is rung.\n" == run("duty").stdout
    run("duty", "set", "+8657455500100", "--from", "8:00", "--to", "20:00")
    assert "+8657455500100 is rung from 08:00 to 20:00 (Asia/Shanghai).\n" == run("duty").stdout
    assert "A claim lapses after 60 minutes without progress, an urgent one after 15.\n" == run("claims").stdout


def test_how_long_a_claim_lasts(run: Run, sessions: Sessions):
    """What is urgent never lasts longer than what is not."""

    def lapses() -> tuple[int, int]:
        with sessions.read() as db:
            row = hotline.settings(db)
            return row.claim_lapses_min, row.claim_lapses_urgent_min

    assert (60, 15) == lapses()
    done = run("claims", "lapse", "90", "--urgent", "20")
    assert "A claim lapses after 90 minutes without progress, an urgent one after 20.\n" == done.stdout
    assert (90, 20) == lapses()
    run("claims", "lapse", "10")
    assert (10, 10) == lapses()
    assert (2, (10, 10)) == (run("claims", "lapse", "0").exit_code, lapses())


@pytest.mark.parametrize(
    "args",
    [
        ("duty", "set", "12"),
        ("duty", "set", "12345"),
        ("duty", "set", "1380000701"),
        ("duty", "set", "138000070123"),
        ("duty", "set", "86557777"),
        ("duty", "set", "sip:somebody@example.org"),
        ("duty", "set", "+8657455500100", "--from", "8:00"),
        ("hours", "set", "8:00", "8:00"),
        ("hours", "set", "8", "25:00"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, sessions: Sessions, args: tuple[str, ...]):
    done = run(*args)

    assert (2, "") == (done.exit_code, done.stdout)
    assert (None, {}, {}) == kept(sessions)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("1380000701", "1 digit(s) are missing"),
        ("12345", "public service"),
        ("86557777", "the area code is missing"),
        ("05748655777", "there is no such number"),
        ("nobody", "this is no telephone number"),
    ],
)
def test_why_a_number_cannot_be_rung_is_said(run: Run, number: str, why: str):
    """A97, O3"""
    assert why in run("duty", "set", number).stderr
