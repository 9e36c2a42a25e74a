"""What figures are asked of

Revision 0015, after 0014. Only adds, so that the release before this one goes on working. When a caller asked for a
person stood on the ticket alone, once for all of its calls; of the calls of before it is read from there, as far as
it was said in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BY_HAND = sa.text("staff_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("calls", sa.Column("wants_person_at", sa.DateTime(timezone=True), nullable=True))
    moments = ("started_at", "ended_at", "wants_person_at")
    calls = sa.table(
        "calls", sa.column("ticket_id"), *(sa.column(name, sa.DateTime(timezone=True)) for name in moments)
    )
    tickets = sa.table("tickets", sa.column("id"), sa.column("wants_person_at", sa.DateTime(timezone=True)))
    wish = (
        sa.select(tickets.c.wants_person_at)
        .where(
            tickets.c.id == calls.c.ticket_id,
            tickets.c.wants_person_at >= calls.c.started_at,
            tickets.c.wants_person_at <= sa.func.coalesce(calls.c.ended_at, tickets.c.wants_person_at),
        )
        .scalar_subquery()
    )
    op.execute(sa.update(calls).where(calls.c.ticket_id.is_not(None)).values(wants_person_at=wish))
    op.create_index("history_firsts", "ticket_history", ["ticket_id", "kind", "at"])
    op.create_index(
        "history_by_hand", "ticket_history", ["at", "staff_id"], sqlite_where=BY_HAND, postgresql_where=BY_HAND
    )


def downgrade() -> None:
    op.drop_index("history_by_hand", "ticket_history")
    op.drop_index("history_firsts", "ticket_history")
    op.drop_column("calls", "wants_person_at")
