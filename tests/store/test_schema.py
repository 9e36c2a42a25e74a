"""Migrations: they make what the models say, on both databases, and lose no row that was there before."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select

from ivr.store import schema
from ivr.store.models import Base, Call, Ticket
from ivr.store.session import Sessions
from tests.builders import new_call, new_staff, new_ticket


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
