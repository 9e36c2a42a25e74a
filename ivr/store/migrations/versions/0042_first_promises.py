"""The promise that a reopened ticket had first

Revision 0042, after 0041. A ticket that was opened again kept a promise whose time was long over. It gets a new one,
and figures still count the first. The release before this one does not read the column.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("first_due_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("tickets", "first_due_at")
