"""The line as its people change it

Revision 0014, after 0013. Only adds a table and a column, so that the release before this one goes on working. Until
now hours were overwritten by a command, and nobody knew by whom or what they had been.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_line_changes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_changes")),
    )
    op.create_index("line_changes_of_kind", "line_changes", ["kind", "id"])
    op.create_index(
        "line_changes_current",
        "line_changes",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.add_column("hotline", sa.Column("line_version", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("hotline", "line_version")
    op.drop_table("line_changes")
