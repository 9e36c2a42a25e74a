"""Bulletins that were heard, and calls in a dialect

Revision 0026, after 0025. The release before this one does not count them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite minds no length
        for table in ("calls", "tickets"):
            op.alter_column(table, "language", type_=sa.String(32))
    op.create_table(
        "bulletin_hearings",
        sa.Column("bulletin", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("bulletin_hearings")
