"""Calls that we place

Revision 0023, after 0022. Only adds: the calls that the hotline places itself, and what whoever took a caller's call
says of it afterwards. The release before this one places none.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

GOING_ON = sa.text("ended_at IS NULL")


def _ref(name: str, to: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{to}.id"), nullable=nullable)


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("kind", 16, nullable=False),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        _ref("phone_id", "phones"),
        _ref("first_id", "phones"),
        _ref("caller_id", "phones", nullable=False),
        _ref("staff_id", "staff"),
        _ref("ticket_id", "tickets"),
        _ref("place_id", "calls"),
        _text("carrier", 16, nullable=False),
        _text("state", 16, nullable=False),
        _text("outcome", 16),
        _text("result", 16),
        _text("trouble", 16),
        sa.Column("code", sa.Integer),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("in_doubt", sa.Boolean, nullable=False, server_default=sa.false()),
        _at("next_try_at", nullable=False),
        sa.Column("sid", sa.String(64), unique=True),
        _text("second_sid", 64),
        _at("asked_at", nullable=False),
        _at("taken_at"),
        _at("answered_at"),
        _at("ended_at"),
        _at("erased_at"),
        _at("carrier_gone_at"),
    )
    for name, column in (("outgoing_to_phone", "phone_id"), ("outgoing_of_staff", "staff_id")):
        op.create_index(name, "outgoing", [column], unique=True, sqlite_where=GOING_ON, postgresql_where=GOING_ON)
    op.create_index("outgoing_by_phone", "outgoing", ["phone_id", "asked_at"])
    op.create_index("outgoing_by_ticket", "outgoing", ["ticket_id", "id"])
    op.create_index(op.f("ix_outgoing_place_id"), "outgoing", ["place_id"])
    op.add_column("rings", _text("result", 16))


def downgrade() -> None:
    op.drop_column("rings", "result")
    op.drop_table("outgoing")
