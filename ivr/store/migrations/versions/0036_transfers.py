"""A community's duty contact brought into a talk

Revision 0036, after 0035. A helper who spoke with a resident could bring nobody in. The release before this one does
not read the table.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False, index=True),
        sa.Column("carrier", sa.String(16), nullable=False),
        sa.Column("helper_sid", sa.String(64), nullable=False, unique=True),
        sa.Column("resident_sid", sa.String(64), nullable=False, unique=True),
        sa.Column("callback_id", sa.Integer, sa.ForeignKey("outgoing.id")),
        sa.Column("outgoing_id", sa.Integer, sa.ForeignKey("outgoing.id"), unique=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("unreached_at", UtcDateTime()),
        sa.Column("joined_at", UtcDateTime()),
        sa.Column("helper_left_at", UtcDateTime()),
        sa.Column("resident_left_at", UtcDateTime()),
    )


def downgrade() -> None:
    op.drop_table("transfers")
