"""``flask reconcile``: says what the carrier has, and what of it was news."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.app import App
from tests.fake_carrier import fake_carrier, listed_call, listed_recording

AT = datetime.now(UTC) - timedelta(hours=5)


def test_what_was_missed_is_counted(app: App) -> None:
    """F29: once; the second time there is nothing new, and status 0 all the same."""
    with fake_carrier() as carrier:
        app.carriers = {carrier.carrier.account_sid: carrier.carrier}
        carrier.lists = {
            "Calls": [listed_call("CA000001", AT)],
            "Recordings": [listed_recording("RE000001", "CA000001", AT)],
        }
        first, second = (app.test_cli_runner().invoke(args=["reconcile", "--since", "6h"]) for _ in range(2))
    assert (0, 0) == (first.exit_code, second.exit_code)
    assert "New here: 1 calls, 1 recordings" in first.stdout
    assert "The carrier has 1 calls and 1 recordings" in second.stdout
    assert "New here: 0 calls, 0 recordings" in second.stdout


def test_a_carrier_that_does_not_tell_is_one_line(app: App) -> None:
    with fake_carrier() as carrier:
        app.carriers = {carrier.carrier.account_sid: carrier.carrier}
        carrier.page = lambda resource, query: "no list"
        result = app.test_cli_runner().invoke(args=["reconcile"])
    assert (1, "Error: Not all of it could be compared (broken); it is tried again every ten minutes.\n") == (
        result.exit_code,
        result.stderr,
    )


@pytest.mark.parametrize("since", ["yesterday", "24", "2026-13-01", "9h9"])
def test_a_time_that_is_none_is_refused(app: App, since: str) -> None:
    result = app.test_cli_runner().invoke(args=["reconcile", "--since", since])
    assert 2 == result.exit_code
    assert "write it like" in result.stderr


def test_without_a_carrier_there_is_nobody_to_ask(app: App) -> None:
    app.carriers = {}
    assert "there is no carrier to ask" in app.test_cli_runner().invoke(args=["reconcile"]).stderr
