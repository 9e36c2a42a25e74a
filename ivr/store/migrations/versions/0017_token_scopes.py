"""What a token may read, of which communities, until when

Revision 0017, after 0016. Every token read every number and word of the hotline, for ever, as often as it liked. Those
that are there keep all that they had.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ALL = '["tickets", "calls", "recordings", "numbers"]'


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("expires_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("api_tokens", sa.Column("used_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("api_tokens", sa.Column("per_minute", sa.Integer(), nullable=False, server_default="600"))
    op.add_column("api_tokens", sa.Column("scopes", sa.JSON(), nullable=False, server_default=ALL))
    op.add_column("api_tokens", sa.Column("communities", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for column in ("communities", "scopes", "per_minute", "used_at", "expires_at"):
        op.drop_column("api_tokens", column)
