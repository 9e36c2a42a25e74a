"""What members of staff are told about themselves

Revision 0037, after 0036. Nobody was told that their ringing was paused, or that a shift of theirs had moved. The
release before this one does not read the table.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("arisen_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("in_doubt", sa.Boolean, nullable=False),
        sa.Column("trouble", sa.String(16)),
        sa.UniqueConstraint("staff_id", "kind", "about", name="uq_staff_notices_told_once"),
    )
    op.create_index("staff_notices_by_state", "staff_notices", ["state", "next_try_at"])


def downgrade() -> None:
    op.drop_table("staff_notices")
