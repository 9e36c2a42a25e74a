"""How far everything has been sealed under the newest key

Revision 0035, after 0034. Only adds. Another key took effect on what was there when somebody gave a command; the worker
now does it by itself, and this is where it goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resealing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("keys", sa.String(16)),
        sa.Column("place", sa.Text, nullable=False, server_default=""),
        sa.Column("after", sa.JSON),
        sa.Column("troubles", sa.Integer, nullable=False, server_default="0"),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
    )
    op.execute("INSERT INTO resealing (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("resealing")
