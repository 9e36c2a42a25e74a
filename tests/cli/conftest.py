"""The ``flask`` commands, run as an operator does."""

from collections.abc import Callable

import pytest
from click.testing import Result

from ivr.app import App

Run = Callable[..., Result]


@pytest.fixture
def run(app: App) -> Run:
    """``run("token", "add", "reports")``: one command to its end; ``typed`` stands on its standard input."""
    runner = app.test_cli_runner()
    return lambda *args, typed="": runner.invoke(args=[str(arg) for arg in args], input=typed)
