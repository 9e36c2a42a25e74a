"""Calls in which the hotline asks whether it was right

Revision 0029, after 0028. A matter that was resolved was settled only when somebody of the staff rang the resident once
more. The release before this one places no such calls, and reads none of these rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_talks",
        sa.Column("outgoing_id", sa.Integer, sa.ForeignKey("outgoing.id"), primary_key=True),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("closing_talks")
