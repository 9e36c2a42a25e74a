"""Staff by telephone

Revision 0028, after 0027. A member of staff had to be at a page to claim a ticket or to say that they are there. The
release before this one knows no PIN, and takes such a call for one of somebody who said nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_people", sa.Column("pin_hash", sa.String(64), nullable=True))
    refers = sa.ForeignKey("staff.id", name=op.f("fk_calls_staff_id_staff"))
    # Inline, as in 0003: SQLite adds no constraint later.
    op.add_column("calls", sa.Column("staff_id", sa.Integer(), refers, nullable=True), inline_references=True)


def downgrade() -> None:
    op.drop_column("calls", "staff_id")
    op.drop_column("line_people", "pin_hash")
