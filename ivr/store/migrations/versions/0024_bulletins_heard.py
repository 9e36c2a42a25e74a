"""Bulletins that were heard

Revision 0024, after 0023. The release before this one does not count them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin_hearings",
        sa.Column("bulletin", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("bulletin_hearings")
