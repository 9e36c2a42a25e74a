"""People who answer

Revision 0022, after 0021. Whose telephone can ring, rotations and changes of the roster, who was rung for which call,
who waited. The release before this one rings the duty number and knows nothing of these.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _ref(name: str, to: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{to}.id"), **options)


def _at(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _flag(name: str, default: sa.ColumnElement[bool] | None = None) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def upgrade() -> None:
    op.create_table(
        "line_people",
        _ref("staff_id", "staff", primary_key=True),
        _ref("phone_id", "phones"),
        _at("proved_at"),
        _list("languages"),
        _list("needs"),
        _flag("ready", sa.true()),
        _at("since", nullable=False),
        _at("idle_since", nullable=False),
        _at("busy_until"),
        _ref("busy_call_id", "calls"),
        _at("wrap_until"),
        _at("paused_until"),
        sa.Column("misses", sa.Integer, nullable=False, server_default="0"),
        sa.Column("feed_sha256", sa.String(64), unique=True),
    )
    op.create_table(
        "rotations",
        _id(),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date),
        sa.Column("zone", sa.String(64), nullable=False),
        _list("weekdays"),
        sa.Column("turn_days", sa.Integer, nullable=False),
        _list("languages"),
        _list("needs"),
        _list("areas"),
        _at("made_at", nullable=False),
        _at("removed_at"),
    )
    op.create_table(
        "rotation_people",
        _ref("rotation_id", "rotations", primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        _ref("staff_id", "staff", nullable=False),
    )
    op.create_table(
        "roster_changes",
        _id(),
        _ref("staff_id", "staff", nullable=False),
        _at("starts_at", nullable=False),
        _at("ends_at", nullable=False),
        _flag("on"),
        _at("made_at", nullable=False),
        _ref("made_by_id", "staff"),
        sa.Index("roster_changes_by_end", "ends_at"),
    )
    op.create_table(
        "shift_swaps",
        _id(),
        _ref("giver_id", "staff", nullable=False),
        _ref("taker_id", "staff", nullable=False, index=True),
        _at("starts_at", nullable=False),
        _at("ends_at", nullable=False),
        _at("asked_at", nullable=False),
        _at("answered_at"),
        _flag("agreed", sa.false()),
    )
    op.create_table(
        "rings",
        _id(),
        _ref("call_id", "calls", nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        _ref("staff_id", "staff"),
        _ref("phone_id", "phones", nullable=False),
        _at("rung_at", nullable=False),
        sa.Column("leg_sid", sa.String(64)),
        _at("answered_at"),
        _at("ended_at"),
        sa.Column("outcome", sa.String(16)),
        sa.UniqueConstraint("call_id", "n", "staff_id"),
        sa.Index("rings_of_staff", "staff_id", "rung_at"),
        sa.Index("rings_by_time", "rung_at"),
    )
    op.create_table(
        "waits",
        _ref("call_id", "calls", primary_key=True),
        _at("since", nullable=False),
        _flag("first", sa.false()),
        _at("seen_at", nullable=False),
        _at("ended_at"),
        sa.Column("ended", sa.String(16)),
        _at("done_at"),
        sa.Index("waits_open", "ended", "since"),
    )
    with op.batch_alter_table("hotline") as table:
        table.add_column(sa.Column("ring_order", sa.String(16), nullable=False, server_default="longest_idle"))
        table.add_column(_flag("ring_all_callers", sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("hotline") as table:
        table.drop_column("ring_all_callers")
        table.drop_column("ring_order")
    for name in (
        "waits",
        "rings",
        "shift_swaps",
        "roster_changes",
        "rotation_people",
        "rotations",
        "line_people",
    ):
        op.drop_table(name)
