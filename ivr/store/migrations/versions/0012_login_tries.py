"""Tries to log in

Revision 0012, after 0011. Wrong passwords were counted for accounts alone: anybody could lock one, a name that nobody
has never waited, and one password tried under many names cost nothing.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_tries",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wait_until", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_login_tries"),
    )


def downgrade() -> None:
    op.drop_table("login_tries")
