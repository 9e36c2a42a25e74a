"""The search, the inbox's indexes and its filters

Revision 0004, after 0003. Only adds. Words of old history lines are indexed by the worker afterwards, in small steps:
a migration that did it would keep the calls waiting (see ``ivr.jobs.index_words``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = "status IN ('new', 'claimed') AND merged_into_id IS NULL"
PRESSING = ("urgent", "due_at", "id")
WAITING_INDEXES = {
    "tickets_waiting": (PRESSING, WAITING),
    "tickets_waiting_there": (("community_code", *PRESSING), WAITING),
    "tickets_free": (PRESSING, "status = 'new' AND merged_into_id IS NULL"),
    "tickets_held": (("claimed_by_id", *PRESSING), WAITING),
    "tickets_late": (("due_at", "id"), WAITING),
    "tickets_asking": (PRESSING, f"{WAITING} AND wants_person_at IS NOT NULL AND talked_at IS NULL"),
    "tickets_silent": (PRESSING, f"{WAITING} AND silent"),
    "tickets_raised": (PRESSING, f"{WAITING} AND raised_at IS NOT NULL"),
}
WORDS = {"history_words": "ticket_history", "card_words": "caller_cards"}
KEYS = {"ticket_history": "id", "caller_cards": "phone_id"}


def upgrade() -> None:
    op.add_column("tickets", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    sound = "SELECT 1 FROM recordings WHERE ticket_id = tickets.id"
    op.execute(  # put together from our own words alone
        f"UPDATE tickets SET silent = true WHERE id IN (SELECT ticket_id FROM recordings WHERE state <> 'fetched') "  # noqa: S608
        f"AND NOT EXISTS ({sound} AND state IN ('expected', 'fetched') AND seconds > 0)"
    )
    # SQLite adds no stored column to a table, PostgreSQL indexes no virtual one.
    tail = sa.Computed("substr(e164, length(e164) - 3)", persisted=op.get_bind().dialect.name != "sqlite" or None)
    op.add_column("phones", sa.Column("tail", sa.String(length=4), tail, nullable=False))
    op.create_index(op.f("ix_phones_tail"), "phones", ["tail"])
    op.create_index("tickets_of_community", "tickets", ["community_code", "id"])
    for name, (columns, only) in WAITING_INDEXES.items():
        op.create_index(name, "tickets", list(columns), sqlite_where=sa.text(only), postgresql_where=sa.text(only))
    none = sa.text("ticket_id IS NULL")
    op.create_index("calls_without_ticket", "calls", ["started_at"], sqlite_where=none, postgresql_where=none)
    op.create_table(
        "indexed_up_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indexed_up_to")),
    )
    op.execute("INSERT INTO indexed_up_to (id, line_id) VALUES (1, 0)")
    op.create_table(
        "inbox_filters",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_inbox_filters_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_inbox_filters")),
    )
    for name, table in WORDS.items():
        if op.get_bind().dialect.name == "sqlite":
            # Words alone: no copy of the text, no positions. ASCII: everything else belongs to a word, as it is cut.
            options = "content='', contentless_delete=1, detail=none, tokenize='ascii'"
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(tokens, {options})")
        else:
            key = f"id integer PRIMARY KEY REFERENCES {table} ({KEYS[table]}) ON DELETE CASCADE"
            op.execute(f"CREATE TABLE {name} ({key}, tokens tsvector NOT NULL)")
            op.execute(f"CREATE INDEX {name}_by_token ON {name} USING gin (tokens)")


def downgrade() -> None:
    for name in WORDS:
        op.execute(f"DROP TABLE {name}")
    op.drop_table("inbox_filters")
    op.drop_table("indexed_up_to")
    op.drop_index("calls_without_ticket", "calls")
    for name in (*WAITING_INDEXES, "tickets_of_community"):
        op.drop_index(name, "tickets")
    op.drop_index(op.f("ix_phones_tail"), "phones")
    op.drop_column("phones", "tail")
    op.drop_column("tickets", "silent")
