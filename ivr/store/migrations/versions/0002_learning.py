"""What staff's corrections teach

Revision 0002, after 0001. Only adds tables, so that the release before this one goes on working.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("heard", sa.String(length=120), nullable=False),
        sa.Column("community_code", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("alias", sa.String(length=120), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_alias_proposals_community_code_communities")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_alias_proposals_decided_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias_proposals")),
        sa.UniqueConstraint("heard", "community_code", name=op.f("uq_alias_proposals_heard_community_code")),
    )
    op.create_index(op.f("ix_alias_proposals_community_code"), "alias_proposals", ["community_code"])
    op.create_index("proposals_by_state", "alias_proposals", ["state", "decided_at"])
    op.create_table(
        "alias_hearings",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["alias_proposals.id"],
            name=op.f("fk_alias_hearings_proposal_id_alias_proposals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_alias_hearings_turn_id_turns")),
        sa.PrimaryKeyConstraint("proposal_id", "turn_id", name=op.f("pk_alias_hearings")),
    )
    op.create_index(op.f("ix_alias_hearings_turn_id"), "alias_hearings", ["turn_id"])


def downgrade() -> None:
    op.drop_table("alias_hearings")
    op.drop_table("alias_proposals")
