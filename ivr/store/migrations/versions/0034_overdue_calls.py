"""A new promise, made when one was broken

Revision 0034, after 0033. What was promised first stays, so that figures count it as broken. The
release before this one makes no such promise, and tells the first.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("due_again_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("tickets", "due_again_at")
