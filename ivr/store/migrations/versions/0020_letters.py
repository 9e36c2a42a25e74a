"""The letters of the morning

Revision 0020, after 0019. A table of its own: a notice is about a ticket, and how a day went is about none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_report_letters_channel_id_channels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_letters")),
        sa.UniqueConstraint("day", "channel_id", name="uq_report_letters_told_once"),
    )
    op.create_index("report_letters_by_state", "report_letters", ["state", "next_try_at"])


def downgrade() -> None:
    op.drop_table("report_letters")
