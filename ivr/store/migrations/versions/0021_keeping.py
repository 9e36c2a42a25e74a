"""How long things are kept

Revision 0021, after 0020. Sounds, words and numbers were kept for ever, here and at the carrier, and nobody could keep
a ticket that somebody may still ask for.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENTS = (("recordings", "carrier_gone_at"), ("calls", "erased_at"), ("calls", "carrier_gone_at"))


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_legal_holds_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_legal_holds"),
    )
    for table, column in MOMENTS:
        op.add_column(table, sa.Column(column, UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table, column in reversed(MOMENTS):
        op.drop_column(table, column)
    op.drop_table("legal_holds")
