"""What happens to a ticket in people's hands, the caller's card, drafts

Revision 0003, after 0002. Only adds, so that the release before this one goes on working.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENTS = (
    "raised_at",
    "progress_at",
    "hand_due_at",
    "first_attempt_at",
    "last_attempt_at",
    "on_the_way_at",
    "reopened_at",
    "closed_at",
)
OTHERS = {"typed_by_id": "staff", "linked_to_id": "tickets", "merged_into_id": "tickets", "handed_by_id": "staff"}


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("tickets", sa.Column(name, UtcDateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    for name, target in OTHERS.items():
        refers = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_tickets_{name}_{target}"))
        # Inline: SQLite adds no constraint later, and copying a table that others refer to would break them.
        op.add_column("tickets", sa.Column(name, sa.Integer(), refers, nullable=True), inline_references=True)
    for name, minutes in (("claim_lapses_min", "60"), ("claim_lapses_urgent_min", "15")):
        op.add_column("hotline", sa.Column(name, sa.Integer(), nullable=False, server_default=minutes))
    op.create_table(
        "caller_cards",
        sa.Column("phone_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("community_code", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("hearing", sa.String(length=200), nullable=True),
        sa.Column("mobility", sa.String(length=200), nullable=True),
        sa.Column("dialect", sa.String(length=64), nullable=True),
        sa.Column("family_name", sa.String(length=64), nullable=True),
        sa.Column("family_phone_id", sa.Integer(), nullable=True),
        sa.Column("medicine", sa.String(length=200), nullable=True),
        sa.Column("medicine_until", sa.Date(), nullable=True),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("call_back", sa.Boolean(), nullable=False),
        sa.Column("consent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("consent_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_caller_cards_phone_id_phones")),
        sa.ForeignKeyConstraint(
            ["family_phone_id"], ["phones.id"], name=op.f("fk_caller_cards_family_phone_id_phones")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_caller_cards_community_code_communities")
        ),
        sa.ForeignKeyConstraint(["consent_by_id"], ["staff.id"], name=op.f("fk_caller_cards_consent_by_id_staff")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["staff.id"], name=op.f("fk_caller_cards_updated_by_id_staff")),
        sa.PrimaryKeyConstraint("phone_id", name=op.f("pk_caller_cards")),
    )
    op.create_table(
        "drafts",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_drafts_staff_id_staff")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_drafts_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("staff_id", "ticket_id", "field", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_ticket_id"), "drafts", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_table("caller_cards")
    for name in ("claim_lapses_urgent_min", "claim_lapses_min"):
        op.drop_column("hotline", name)
    for name in (*OTHERS, "attempts", *MOMENTS):
        op.drop_column("tickets", name)
