"""The inbox by better indexes

Revision 0006, after 0005. ``tickets_by_queue`` held every ticket ever; SQLite took it for the small indexes of open
tickets. Officers ask for what was settled today in their communities.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("tickets_by_queue", "tickets")
    op.create_index("tickets_resolved_there", "tickets", ["community_code", "resolved_at"])


def downgrade() -> None:
    op.drop_index("tickets_resolved_there", "tickets")
    op.create_index("tickets_by_queue", "tickets", ["status", "community_code", "opened_at"])
