"""Migrations: they make what the models say, on both databases, and lose no row that was there before."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, select

from ivr.store import hotline, schema
from ivr.store.models import Alias, Base, Call, Ticket
from ivr.store.session import Sessions, make_engine
from routing import needs
from routing.hours import Hours, promise
from tests.builders import new_call, new_community, new_staff, new_ticket


def test_the_migrations_make_what_the_models_say(sessions: Sessions) -> None:
    """Compared but for constraints' names, which SQLite does not keep for columns added later."""
    with sessions.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: kind != "table" or name in Base.metadata.tables,
                "compare_type": True,
            },
        )
        assert [] == compare_metadata(context, Base.metadata)


def test_a_database_in_use_is_upgraded(sessions: Sessions) -> None:
    """Back to the first release's tables and forth again, with a ticket, its call and its holder in them."""
    with sessions.begin() as db:
        new_call(db, "CA1", ticket=new_ticket(db, claimed_by=new_staff(db)))
    config = schema._config()
    with sessions.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        command.upgrade(config, "head")

    with sessions.read() as db:
        assert schema.is_current(db.connection())
        assert [("CA1", "张三")] == [
            (call.sid, call.ticket.claimed_by.name) for call in db.scalars(select(Call).join(Ticket))
        ]


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def fail_at(engine: Engine, statement: int) -> Callable[[], None]:
    """Have the engine's so many-th statement fail, as if the process had been killed there; how to stop that."""
    left = count(statement, -1)

    def interrupt(*_: object) -> None:
        if next(left) == 0:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", interrupt)
    return lambda: event.remove(engine, "before_cursor_execute", interrupt)


@pytest.mark.parametrize("statement", [3, 10, 25, 40, 60, 90])
def test_an_upgrade_that_is_interrupted_leaves_nothing_and_is_repeated(tmp_path: Path, statement: int) -> None:
    """O10: on SQLite, where "duplicate column name" stood in the way for ever."""
    engine = make_engine(f"sqlite+pysqlite:///{tmp_path}/hotline.db")
    go_on = fail_at(engine, statement)
    with pytest.raises(KeyboardInterrupt):
        schema.upgrade(engine)
    go_on()
    assert set() == tables(engine)

    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)
        assert 1 == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    engine.dispose()


def test_an_upgrade_of_a_database_in_use_is_all_or_nothing(sessions: Sessions) -> None:
    """F19, O10: nothing that was there is lost, at whichever statement it stops; other names stay where they were."""
    if sessions.engine.dialect.name == "sqlite":
        with sessions.begin() as db:
            new_community(db, aliases=["老街"])
            new_ticket(db, claimed_by=new_staff(db))
        config = schema._config()
        with sessions.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0002")
        before = tables(sessions.engine)
        for statement in (8, 20, 40):
            go_on = fail_at(sessions.engine, statement)
            with pytest.raises(KeyboardInterrupt):
                schema.upgrade(sessions.engine)
            go_on()
            assert before == tables(sessions.engine)
    schema.upgrade(sessions.engine)
    with sessions.read() as db:
        assert schema.is_current(db.connection())
        if sessions.engine.dialect.name == "sqlite":
            assert ["老街"] == list(db.scalars(select(Alias.name)))
            assert "claimed" == db.scalars(select(Ticket)).one().status


def test_of_two_upgrades_at_once_one_waits(sessions: Sessions, tmp_path: Path) -> None:
    """O10: both end well."""
    url = sessions.engine.url
    if sessions.engine.dialect.name == "sqlite":
        url = make_engine(f"sqlite+pysqlite:///{tmp_path}/hotline.db").url
    engines = [make_engine(url.render_as_string(hide_password=False)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(schema.upgrade, engines))
    with engines[0].connect() as connection:
        assert schema.is_current(connection)
    for engine in engines:
        engine.dispose()


def test_a_fresh_installation_promises_nothing_for_the_night(tmp_path: Path) -> None:
    """O18: until somebody sets the hours; one that is in use keeps what it has."""
    engine = make_engine(f"sqlite+pysqlite:///{tmp_path}/hotline.db")
    schema.upgrade(engine)
    sessions = Sessions(engine)
    with sessions.begin() as db:
        assert {"from": "08:00", "to": "20:00", hotline.DEFAULT: True} == hotline.settings(db).hours
        minutes, night = needs.SHIPPED.promise_min("medicine", urgent=False), datetime(2026, 3, 1, 18, tzinfo=UTC)
        made = promise(minutes, Hours.of(hotline.settings(db).hours), night, ZoneInfo("Asia/Shanghai"))
        assert made.due_at > datetime(2026, 3, 2, 0, tzinfo=UTC)
        new_staff(db)
        hotline.settings(db).hours = {}
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    schema.upgrade(engine)
    with sessions.read() as db:
        assert {} == hotline.settings(db).hours
    engine.dispose()
