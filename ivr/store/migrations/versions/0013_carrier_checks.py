"""How far the carrier's lists were compared with ours

Revision 0013, after 0012. Only adds a table, so that the release before this one goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carrier_checks",
        sa.Column("carrier", sa.String(length=16), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("carrier", name="pk_carrier_checks"),
    )


def downgrade() -> None:
    op.drop_table("carrier_checks")
