"""Who holds a ticket

Revision 0040, after 0039. A legal hold could be set on the command line alone, by nobody in particular. The release
before this one does not read who set it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    refers = sa.ForeignKey("staff.id", name=op.f("fk_legal_holds_by_id_staff"))
    # Inline, as in 0003: SQLite adds no constraint later.
    op.add_column("legal_holds", sa.Column("by_id", sa.Integer(), refers, nullable=True), inline_references=True)


def downgrade() -> None:
    op.drop_column("legal_holds", "by_id")
