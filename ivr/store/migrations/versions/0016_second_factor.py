"""Second factors, one-time links, and where somebody is logged in

Revision 0016, after 0015. A password was all that a supervisor's login asked for, a forgotten one was replaced by
somebody who then knew it, and nobody saw where they are logged in.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_codes_staff_id_staff"),
        sa.PrimaryKeyConstraint("sha256", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"])
    op.create_table(
        "one_time_links",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_one_time_links_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_one_time_links"),
        sa.UniqueConstraint("sha256", name="uq_one_time_links_sha256"),
    )
    op.add_column("staff", sa.Column("factor_sealed", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("factor_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("staff", sa.Column("password_printed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("login_sessions", sa.Column("address", sa.String(45), nullable=False, server_default=""))
    op.add_column("login_sessions", sa.Column("agent", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("agent", "address"):
        op.drop_column("login_sessions", column)
    for column in ("password_printed", "factor_step", "factor_sealed"):
        op.drop_column("staff", column)
    op.drop_table("one_time_links")
    op.drop_table("recovery_codes")
