"""Making and revoking tokens from the command line."""

from datetime import UTC, datetime

from ivr.cli.demo import SAMPLE
from ivr.store.people import tokens
from ivr.store.session import Sessions
from tests.cli.conftest import Run

NOW = datetime.now(UTC)


def test_stdout_holds_the_token_alone(run: Run, sessions: Sessions):
    """A script may say TOKEN=$(flask token add reports)."""
    done = run("token", "add", "reports")

    assert "" == done.stderr
    with sessions.read() as db:
        found = tokens.find(db, done.stdout.removesuffix("\n"), NOW)
    assert found
    assert "reports" == found.name


def test_a_revoked_token_opens_nothing(run: Run, sessions: Sessions):
    token = run("token", "add", "reports").stdout.strip()

    assert 0 == run("token", "revoke", "reports").exit_code
    with sessions.read() as db:
        assert tokens.find(db, token, NOW) is None


def test_a_name_that_is_taken_or_unknown_is_told(run: Run):
    run("token", "add", "reports")

    for args in (("add", "reports"), ("revoke", "figures")):
        done = run("token", *args)
        assert (1, "") == (done.exit_code, done.stdout)
        assert args[1] in done.stderr


def test_a_token_says_what_it_is_for_and_until_when(run: Run):
    """A84"""
    run("directory", "import", SAMPLE)
    run("token", "add", "reports")
    run("token", "add", "map", "--scope", "calls", "--community", "330206002003", "--days", "1", "--per-minute", "5")
    run("token", "revoke", "reports")

    first, second = run("token", "list").stdout.splitlines()
    assert ["map", "calls", "330206002003", "5/min"] == first.split("  ")[:4]
    assert first.endswith("never used")
    assert ["reports", "tickets,calls,recordings,numbers", "every community", "600/min", "ended"] == second.split("  ")[
        :5
    ]


def test_a_community_that_is_none_is_told(run: Run):
    done = run("token", "add", "map", "--community", "9")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "no such community: 9" in done.stderr
