"""Recordings of what the line says

Revision 0025, after 0024. The release before this one says the sentences itself.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clips",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("sound", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("clips")
