"""Who is trained to listen to people in despair

Revision 0038, after 0037. Their telephone rings first for such callers. The release before this one rings whoever has
been idle longest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_people", sa.Column("counsels", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("line_people", "counsels")
