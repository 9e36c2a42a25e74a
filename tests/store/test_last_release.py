"""A database as the last release keeps it is opened, migrated and served; so is what lay in its spool.

The rows are made by that release itself, see ``last_release/build.py``; its tables by its own migrations.
"""

import importlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Date, DateTime, MetaData, Table, create_engine, select, text

from ivr.app import App
from ivr.factory import create_app
from ivr.jobs.drain_spool import drain_spool
from ivr.settings import Settings
from ivr.store import schema
from ivr.store.facts.audit import Denied, Listened, LoggedIn, PrintedLog
from ivr.store.models import AuditLine, Call, HistoryLine, Ticket, Turn
from ivr.store.session import Sessions, make_engine
from routing.questions import About
from tests.desk.conftest import Visitor
from tests.voice.sender import CALL, Sender

RELEASE = "0006"  # the migration that 955269e ends with
FOLDER = Path(__file__).parent / "last_release"
ROWS: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "rows.json").read_text("utf-8"))


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    """The application on the last release's database, upgraded as ``flask db upgrade`` does it."""
    engine = create_engine(settings.database_url)
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        command.upgrade(config, RELEASE)
        fill(connection)
    schema.upgrade(engine)
    engine.dispose()
    spool = settings.data_dir / "spool"
    spool.mkdir(parents=True)
    shutil.copy(FOLDER / "spooled.json", spool / "00000000000000000001-00000000.json")
    app = create_app(settings)
    app.testing = True
    yield app
    app.sessions.engine.dispose()


def fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection, only=list(ROWS))
    for table in reversed(tables.sorted_tables):
        connection.execute(table.delete())
    for table in tables.sorted_tables:
        connection.execute(table.insert().values([typed(table, row) for row in ROWS[table.name]]))
        if connection.dialect.name == "postgresql" and "id" in table.c:
            serial = text("SELECT pg_get_serial_sequence(:table, 'id')").bindparams(table=table.name)
            if sequence := connection.scalar(serial):
                last = max(row["id"] for row in ROWS[table.name])
                connection.execute(text("SELECT setval(:sequence, :last)").bindparams(sequence=sequence, last=last))


def typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no times: they are texts there. What the database computes itself is left to it, as is what that
    release does not know."""
    known = (column.name for column in table.c if column.computed is None and column.name in row)
    values = {name: row[name] for name in known}
    for name, value in values.items():
        if value and isinstance(table.c[name].type, DateTime):
            values[name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
        elif value and isinstance(table.c[name].type, Date):
            values[name] = date.fromisoformat(value)
    return values


@pytest.fixture
def reader(app: App) -> Visitor:
    """A supervisor of that release, with the password of that time."""
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.log_in("supervisor")
    return visitor


def test_it_is_a_whole_hotline():
    """Nothing here holds of an empty table."""
    assert {"calls", "turns", "tickets", "ticket_history", "recordings", "audit", "caller_cards"} <= set(ROWS)
    assert "match" in {name for turn in ROWS["turns"] for name in turn["understood"]}


def test_no_row_is_lost_and_none_is_added(app: App):
    """F19"""
    with app.sessions.read() as db:
        for model in (Call, Turn, Ticket, HistoryLine):
            kept = db.scalars(select(model.id).order_by(model.id)).all()
            assert [row["id"] for row in ROWS[model.__tablename__]] == kept


def test_what_an_answer_was_about_and_what_a_call_understood_are_facts_now(app: App):
    with app.sessions.read() as db:
        about = {turn.asked: turn.about for turn in db.scalars(select(Turn))}
        calls = {call.id: (call.community_code, call.failed) for call in db.scalars(select(Call))}
    assert (None, About.NEED, About.COMMUNITY) == (about[None], about["need"], about["community"])
    kept = {row["id"]: (row["state"].get("community"), bool(row["state"].get("failed"))) for row in ROWS["calls"]}
    assert kept == calls
    assert {True, False} == {failed for _, failed in calls.values()}


def test_every_line_of_the_audit_is_read_but_one_that_nobody_can_read(app: App, reader: Visitor):
    with app.sessions.read() as db:
        lines = db.scalars(select(AuditLine).order_by(AuditLine.id)).all()[: len(ROWS["audit"])]
        deeds = [line.deed for line in lines]
    assert ["something that no release has said"] == [line.subject for line in lines if line.subject]
    assert 1 == deeds.count(None)
    for deed in (
        Listened(2),
        LoggedIn(),
        PrintedLog("2026-03-01", "2026-03-02", 1),
        Denied("claim", ticket=1),
        Denied("listen", recording=2),
        Denied(recording=999),
        Denied("type_ticket"),
        Denied("teach"),
    ):
        assert deed in deeds
    page = reader.get("/desk/audit").text
    for words in (
        "claim: Ticket 1001",
        "call log, 2026-03-01 to 2026-03-02, part 1",
        "accept community names",
        "something that no release has said",
    ):
        assert words in page


def test_the_inbox_and_every_ticket_are_served(reader: Visitor):
    assert "Food" in reader.get("/desk/").text
    for row in ROWS["tickets"]:
        page = reader.get(f"/desk/tickets/{row['id']}", follow_redirects=True)
        assert 200 == page.status_code
    page = reader.get("/desk/tickets/1").text
    for words in (
        "sounds like 银杏: 迎→银 ying/yin, 新→杏 xin/xing",
        "Call attempt: no answer",
        "晚点再打",
        "Handed over to second",
        "Returned to supervisor",
        "Resolved",
        "药店已送到",
        "The caller called again",
    ):
        assert words in page


def test_old_matches_are_told_in_the_language_of_the_page(reader: Visitor):
    reader.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    told = reader.get("/desk/tickets/1").text + reader.get("/desk/calls?from=2020-01-01").text
    assert "听着像“银杏”：迎→银 ying/yin、新→杏 xin/xing" in told
    assert [] == re.findall("sounds like|nothing in the directory|was named", told)


def test_the_log_shows_every_call(reader: Visitor):
    page = reader.get("/desk/calls?from=2020-01-01").text
    for words in ("迎新社区", "老鹰山后面", "nothing in the directory sounds like it", "only 新碶街道 was named"):
        assert words in page
    assert 200 == reader.get("/desk/paper/calls?from=2026-11-29&to=2026-11-29").status_code
    assert 200 == reader.get("/desk/aliases").status_code


def test_what_lay_in_the_spool_becomes_a_ticket(app: App):
    drain_spool(app)
    with app.sessions.read() as db:
        (call,) = db.scalars(select(Call).where(Call.sid == "CA" + "e" * 32))
        assert call.ticket is not None
    assert [] == list(app.spool.folder.glob("*.json"))


@pytest.mark.parametrize(
    ("text", "sounded"),
    [
        ("银杏 as written", {"name": "银杏", "unlike": []}),
        ("银杏 as written; in 新碶街道", {"name": "银杏", "unlike": [], "place": "新碶街道"}),
        (
            "sounds like 周隘陈: 周→周 zhou, 隘 not heard; in 大碶街道",
            {
                "name": "周隘陈",
                "unlike": [{"written": "周", "heard": "周", "said": "zhou", "meant": "zhou"}, {"written": "隘"}],
                "place": "大碶街道",
            },
        ),
        ("", None),
        ("迎→银 ying/yin", None),
        ("sounds like 银杏: magic", None),
    ],
)
def test_an_old_explanation_is_read_or_stays(text: str, sounded: dict[str, Any] | None):
    migration = importlib.import_module("ivr.store.migrations.versions.0011_matches")
    kept = migration.facts({"decision": "confirm", "reason": "100 % sure", "candidates": [{"code": "1", "why": text}]})

    said = {"sounded": sounded} if sounded else {"why": text} if text else {}
    assert {"decision": "confirm", "reason": "100 % sure", "candidates": [{"code": "1"} | said]} == kept


def test_the_last_releases_code_may_go_on_writing(settings: Settings):
    """F19: between an upgrade and the reload it writes the columns that it knows, into today's tables."""
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        fill(connection)
    with Sessions(engine).read() as db:
        assert [row["id"] for row in ROWS["tickets"]] == db.scalars(select(Ticket.id).order_by(Ticket.id)).all()


def test_an_upgrade_under_traffic_loses_no_call(settings: Settings):
    """F19: whoever rings while the tables are still old hears the apology and the beep; afterwards it is a call like
    any other, in its order."""
    engine = create_engine(settings.database_url)
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, RELEASE)
    app = create_app(settings)
    app.testing = True
    sender = Sender(app.test_client())
    calls = [CALL | {"CallSid": f"CA{n:032}", "From": f"+86138{n:08}"} for n in range(6)]

    def ring(call: dict[str, str]) -> None:
        for path, heard in (("incoming", {}), ("turn/1", {"Digits": "1"}), ("status", {"CallStatus": "completed"})):
            assert sender.post(f"/voice/{path}", call | heard).status_code in (200, 204)

    for call in calls[:3]:
        ring(call)
    schema.upgrade(engine)
    for call in calls[3:]:
        ring(call)
    drain_spool(app)
    with app.sessions.read() as db:
        kept = db.execute(select(Call.sid, Ticket.need).join(Ticket, Ticket.id == Call.ticket_id).order_by(Call.sid))
        assert [(call["CallSid"], "medicine") for call in calls] == [tuple(row) for row in kept]
    app.sessions.engine.dispose()
    engine.dispose()
