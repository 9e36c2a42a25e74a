"""Recordings of what the line says

Revision 0023, after 0022. The release before this one says the sentences itself.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clips",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("sound", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("clips")
