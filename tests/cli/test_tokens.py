"""Making and revoking tokens from the command line."""

from ivr.store.people import tokens
from ivr.store.session import Sessions
from tests.cli.conftest import Run


def test_stdout_holds_the_token_alone(run: Run, sessions: Sessions):
    """A script may say TOKEN=$(flask token add reports)."""
    done = run("token", "add", "reports")

    assert "" == done.stderr
    with sessions.read() as db:
        found = tokens.find(db, done.stdout.removesuffix("\n"))
    assert found
    assert "reports" == found.name


def test_a_revoked_token_opens_nothing(run: Run, sessions: Sessions):
    token = run("token", "add", "reports").stdout.strip()

    assert 0 == run("token", "revoke", "reports").exit_code
    with sessions.read() as db:
        assert tokens.find(db, token) is None


def test_a_name_that_is_taken_or_unknown_is_told(run: Run):
    run("token", "add", "reports")

    for args in (("add", "reports"), ("revoke", "figures")):
        done = run("token", *args)
        assert (1, "") == (done.exit_code, done.stdout)
        assert args[1] in done.stderr
