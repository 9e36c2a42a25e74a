"""``flask audit verify``."""

from datetime import UTC, datetime

from sqlalchemy import text

from ivr.store.access import audit
from ivr.store.facts.audit import LoggedIn
from ivr.store.session import Sessions
from tests.cli.conftest import Run


def test_the_whole_audit_is_gone_through(run: Run, sessions: Sessions):
    """A114: what is printed is noted elsewhere, and proves later that nothing before it was changed."""
    for _ in range(2):
        with sessions.begin() as db:
            audit.append(db, None, LoggedIn(), datetime.now(UTC))
    done = run("audit", "verify")
    assert done.stdout.startswith("2 lines hold together. The last: 2 ")
    noted = done.stdout.split()[-1]
    assert 0 == run("audit", "verify", "--last", 2, "--hash", noted).exit_code
    assert "is not what was noted" in run("audit", "verify", "--last", 2, "--hash", "0" * 64).stderr

    with sessions.begin() as db:
        if sessions.engine.dialect.name == "sqlite":
            db.execute(text("DROP TRIGGER audit_no_change"))
        else:
            db.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        db.execute(text("UPDATE audit SET action = 'logged_out' WHERE id = 1"))
    done = run("audit", "verify")
    assert (1, "Error: Line 1 was changed, or one before it is missing.\n") == (done.exit_code, done.stderr)
