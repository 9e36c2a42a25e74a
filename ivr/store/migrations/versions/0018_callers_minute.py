"""What callers take back, and what they did not confirm

Revision 0018, after 0017. Only adds: when a caller took a ticket back, the extension behind the number to call back,
and whether the ticket's community is only presumed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TAKEN_BACK = sa.text("cancelled_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("extension", sa.String(length=8), server_default="", nullable=False))
    op.add_column("tickets", sa.Column("presumed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "tickets_cancelled",
        "tickets",
        ["cancelled_at"],
        sqlite_where=TAKEN_BACK,
        postgresql_where=TAKEN_BACK,
    )


def downgrade() -> None:
    op.drop_index("tickets_cancelled", table_name="tickets")
    for name in ("presumed", "extension", "cancelled_at"):
        op.drop_column("tickets", name)
