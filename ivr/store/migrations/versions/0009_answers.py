"""What an answer was about, and what a call understood

Revision 0009, after 0008. Only adds columns, so that the release before this one goes on working. Until now the names
of steps and the flow's own memory were read instead; what they say is written into the columns here, once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The steps of the releases before this one, by what their questions were about.
ABOUT = {
    "need": "need",
    "community": "community",
    "confirm": "community",
    "choose": "community",
    "street": "community",
    "known": "remembered",
    "returning": "addition",
    "callback": "number",
    "number": "number",
    "message": "message",
    "review": "message",
}


def upgrade() -> None:
    op.add_column("turns", sa.Column("about", sa.String(length=16), nullable=True))
    op.add_column("calls", sa.Column("community_code", sa.String(length=32), nullable=True))
    op.add_column("calls", sa.Column("failed", sa.Boolean(), server_default=sa.false(), nullable=False))
    turns = sa.table("turns", sa.column("asked", sa.String), sa.column("about", sa.String))
    op.execute(sa.update(turns).values(about=sa.case(ABOUT, value=turns.c.asked)))
    calls = sa.table(
        "calls",
        sa.column("state", sa.JSON),
        sa.column("community_code", sa.String),
        sa.column("failed", sa.Boolean),
    )
    known = sa.update(calls).values(
        community_code=calls.c.state["community"].as_string(),
        failed=sa.func.coalesce(calls.c.state["failed"].as_boolean(), sa.false()),
    )
    op.execute(known)


def downgrade() -> None:
    op.drop_column("calls", "failed")
    op.drop_column("calls", "community_code")
    op.drop_column("turns", "about")
