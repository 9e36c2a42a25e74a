"""Adding people from the command line."""

from datetime import UTC, datetime

import pytest

from ivr.cli.demo import SAMPLE
from ivr.store.models import Ticket
from ivr.store.people import links, passwords, staff
from ivr.store.session import Sessions
from tests.builders import PASSWORD, new_ticket
from tests.cli.conftest import Run


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_who_was_added_can_log_in(run: Run, sessions: Sessions, end: str):
    """The password is the first line of standard input, whatever ends it."""
    done = run("staff", "add", "Wang Fang", "--role", "supervisor", "--password-stdin", typed=PASSWORD + end)

    assert "wang fang can log in.\n" == done.stdout
    assert "supervisor" == passwords.authenticate(sessions, "Wang Fang", PASSWORD, datetime.now(UTC)).role


def test_an_officer_gets_their_communities(run: Run, sessions: Sessions):
    run("directory", "import", SAMPLE)

    codes = ["330206002003", "330206002004"]
    run("staff", "add", "li", "--role", "officer", "--password-stdin", "--community", codes[1], "--community", codes[0],
        typed=PASSWORD)  # fmt: skip

    assert codes == passwords.authenticate(sessions, "li", PASSWORD, datetime.now(UTC)).community_codes


@pytest.mark.parametrize(
    ("typed", "more", "reason"),
    [
        ("short\n", (), "a password has 15 characters or more"),
        (b"\xff\xfe-and-twelve-more\n", (), "'utf-8' codec can't decode"),
        (PASSWORD, ("--community", "9"), "no such community: 9"),
    ],
)
def test_a_refusal_says_why(run: Run, typed: str | bytes, more: tuple[str, ...], reason: str):
    done = run("staff", "add", "li", "--role", "officer", "--password-stdin", *more, typed=typed)

    assert 1 == done.exit_code
    assert "" == done.stdout
    assert f"li was not added: {reason}" in done.stderr


def test_nothing_is_ever_asked(run: Run):
    """Without a password on standard input the command ends instead of waiting for one."""
    assert 2 == run("staff", "add", "li", "--role", "officer").exit_code


def test_a_link_lets_somebody_set_a_password_that_nobody_else_reads(run: Run, sessions: Sessions):
    """A83: for a new account, and for a forgotten password; its code stands behind the #."""
    address, code = run("staff", "add", "li", "--role", "volunteer", "--link").stdout.strip().split("#")
    assert "http://localhost/desk/new-password" == address
    with sessions.begin() as db:
        assert "li" == links.whose(db, code, datetime.now(UTC)).name
    newer = run("staff", "link", "Li").stdout.strip().split("#")[1]
    with sessions.begin() as db:
        assert "li" == links.whose(db, newer, datetime.now(UTC)).name
        with pytest.raises(links.DeadLink):
            links.whose(db, code, datetime.now(UTC))


def test_a_lost_telephone_is_forgotten(run: Run, sessions: Sessions):
    run("staff", "add", "li", "--role", "volunteer", "--password-stdin", typed=PASSWORD)
    with sessions.begin() as db:
        staff.named(db, "li").factor_sealed = "sealed"

    assert "li has no second factor.\n" == run("staff", "forget-factor", "li").stdout
    with sessions.read() as db:
        assert staff.named(db, "li").factor_sealed is None


def test_an_officer_without_a_community_would_see_nothing(run: Run):
    done = run("staff", "add", "li", "--role", "officer", "--password-stdin", typed=PASSWORD)

    assert 1 == done.exit_code
    assert "name one" in done.stderr


def test_a_forgotten_password_is_replaced(run: Run, sessions: Sessions):
    run("staff", "add", "li", "--role", "volunteer", "--password-stdin", typed=PASSWORD)
    done = run("staff", "password", "Li", "--password-stdin", typed="another-phrase-of-words")

    assert "li has a new password.\n" == done.stdout
    assert passwords.authenticate(sessions, "li", "another-phrase-of-words", datetime.now(UTC))


def test_a_role_and_its_communities_change_together(run: Run):
    run("directory", "import", SAMPLE)
    run("staff", "add", "li", "--role", "volunteer", "--password-stdin", typed=PASSWORD)
    run("staff", "role", "li", "officer", "--community", "330206002003")

    assert "li  officer  330206002003\n" == run("staff", "list").stdout


def test_whoever_stops_is_listed_no_more_and_leaves_no_ticket_behind(run: Run, sessions: Sessions):
    run("staff", "add", "li", "--role", "volunteer", "--password-stdin", typed=PASSWORD)
    with sessions.begin() as db:
        ticket = new_ticket(db, claimed_by=staff.named(db, "li"), community=None).id
    run("staff", "stop", "li")

    assert "" == run("staff", "list").stdout
    with sessions.read() as db:
        assert ("new", None) == (db.get_one(Ticket, ticket).status, db.get_one(Ticket, ticket).claimed_by_id)


@pytest.mark.parametrize(
    "command", [["password", "nobody", "--password-stdin"], ["role", "nobody", "admin"], ["stop", "nobody"]]
)
def test_who_is_not_there_cannot_be_changed(run: Run, command: list[str]):
    done = run("staff", *command, typed=PASSWORD)

    assert 1 == done.exit_code
    assert "nobody was not changed: nobody of this name can log in" in done.stderr
