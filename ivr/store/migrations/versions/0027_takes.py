"""Sentences that are recorded by telephone

Revision 0027, after 0026. The release before this one rings nobody for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "takes",
        sa.Column("outgoing_id", sa.Integer, sa.ForeignKey("outgoing.id"), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("recording_sid", sa.String(64)),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("trouble", sa.String(16)),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index(op.f("ix_takes_key"), "takes", ["key"])


def downgrade() -> None:
    op.drop_table("takes")
