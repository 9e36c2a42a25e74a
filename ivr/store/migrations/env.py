"""How Alembic reaches the database: the connection is handed over by ``ivr.store.schema``."""

from typing import Any

from alembic import context

from ivr.store.models import Base

OURS = set(Base.metadata.tables)


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """DBOS keeps its tables beside ours on SQLite; they are not ours to compare."""
    return kind != "table" or name in OURS


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    include_name=include_name,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
