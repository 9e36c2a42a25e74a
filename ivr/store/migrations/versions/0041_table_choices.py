"""Which columns somebody chose for a list

Revision 0041, after 0040. The call log's columns lived in a browser's cookie. The release before this one does not
read the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_choices",
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("columns", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("table_choices")
