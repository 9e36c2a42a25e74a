"""Confidential tickets

Revision 0024, after 0023. Which tickets are for named people alone, and for whom. The release before this one knows
nothing of it and would show them: make the first one confidential when every process runs this release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("confidential", sa.Boolean, nullable=False, server_default=sa.false()))
    only = sa.text("confidential")
    op.create_index("tickets_confidential", "tickets", ["due_at", "id"], sqlite_where=only, postgresql_where=only)
    op.create_table(
        "ticket_readers",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), primary_key=True),
        sa.Index("confidential_to", "staff_id", "ticket_id"),
    )


def downgrade() -> None:
    op.drop_table("ticket_readers")
    op.drop_index("tickets_confidential", "tickets")
    op.drop_column("tickets", "confidential")
