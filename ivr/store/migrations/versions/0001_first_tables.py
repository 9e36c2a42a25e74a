"""The first tables

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("name", name=op.f("uq_api_tokens_name")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_tokens_sha256")),
    )
    op.create_table(
        "communities",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("district", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("keypad", sa.String(length=3), nullable=True),
        sa.Column("dialled", sa.String(length=16), nullable=True),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communities")),
        sa.UniqueConstraint("dialled", name=op.f("uq_communities_dialled")),
        sa.UniqueConstraint("keypad", name=op.f("uq_communities_keypad")),
    )
    op.create_table(
        "phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phones")),
        sa.UniqueConstraint("e164", name=op.f("uq_phones_e164")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "workers",
        sa.Column("executor_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_workers")),
    )
    op.create_table(
        "aliases",
        sa.Column("community_code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["communities.code"],
            name=op.f("fk_aliases_community_code_communities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_code", "name", name=op.f("pk_aliases")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_by_time", ["at"], unique=False)

    op.create_table(
        "hotline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("duty_phone_id", sa.Integer(), nullable=True),
        sa.Column("duty_hours", sa.JSON(), nullable=False),
        sa.Column("directory_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["duty_phone_id"], ["phones.id"], name=op.f("fk_hotline_duty_phone_id_phones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline")),
    )
    op.create_table(
        "login_sessions",
        sa.Column("id_sha256", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id_sha256", name=op.f("pk_login_sessions")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_communities",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("community_code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_staff_communities_community_code_communities")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_communities_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "community_code", name=op.f("pk_staff_communities")),
    )
    with op.batch_alter_table("staff_communities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_communities_community_code"), ["community_code"], unique=False)

    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("need", sa.String(length=32), nullable=True),
        sa.Column("community_code", sa.String(length=32), nullable=True),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("for_another", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wants_person_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("talked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["caller_id"], ["phones.id"], name=op.f("fk_tickets_caller_id_phones")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["staff.id"], name=op.f("fk_tickets_claimed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_tickets_community_code_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("tickets_by_caller", ["caller_id", "opened_at"], unique=False)
        batch_op.create_index("tickets_by_queue", ["status", "community_code", "opened_at"], unique=False)
        batch_op.create_index("tickets_by_resolution", ["resolved_at"], unique=False)
        batch_op.create_index("tickets_by_time", ["opened_at", "id"], unique=False)

    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("carrier", sa.String(length=16), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("called_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("left_at", sa.String(length=32), nullable=True),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["called_id"], ["phones.id"], name=op.f("fk_calls_called_id_phones")),
        sa.ForeignKeyConstraint(["caller_id"], ["phones.id"], name=op.f("fk_calls_caller_id_phones")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_calls_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("sid", name=op.f("uq_calls_sid")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("calls_by_caller", ["caller_id", "started_at"], unique=False)
        batch_op.create_index("calls_by_time", ["started_at", "id"], unique=False)
        batch_op.create_index("calls_still_open", ["ended_at", "started_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_calls_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_history_staff_id_staff")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_history_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_history")),
    )
    with op.batch_alter_table("ticket_history", schema=None) as batch_op:
        batch_op.create_index("history_of_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("announced_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_recordings_call_id_calls")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_recordings_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("sid", name=op.f("uq_recordings_sid")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recordings_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recordings_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index("recordings_by_state", ["state", "announced_at"], unique=False)

    op.create_table(
        "turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(length=32), nullable=True),
        sa.Column("heard", sa.JSON(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_turns_call_id_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("call_id", "n", name=op.f("uq_turns_call_id_n")),
    )
    op.execute("INSERT INTO hotline (id, hours, duty_hours, directory_version) VALUES (1, '{}', '{}', 0)")


def downgrade() -> None:
    op.drop_table("turns")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index("recordings_by_state")
        batch_op.drop_index(batch_op.f("ix_recordings_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_recordings_call_id"))

    op.drop_table("recordings")
    with op.batch_alter_table("ticket_history", schema=None) as batch_op:
        batch_op.drop_index("history_of_ticket")

    op.drop_table("ticket_history")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calls_ticket_id"))
        batch_op.drop_index("calls_still_open")
        batch_op.drop_index("calls_by_time")
        batch_op.drop_index("calls_by_caller")

    op.drop_table("calls")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("tickets_by_time")
        batch_op.drop_index("tickets_by_resolution")
        batch_op.drop_index("tickets_by_queue")
        batch_op.drop_index("tickets_by_caller")

    op.drop_table("tickets")
    with op.batch_alter_table("staff_communities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_communities_community_code"))

    op.drop_table("staff_communities")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_staff_id"))

    op.drop_table("login_sessions")
    op.drop_table("hotline")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("audit_by_time")

    op.drop_table("audit")
    op.drop_table("aliases")
    op.drop_table("workers")
    op.drop_table("staff")
    op.drop_table("phones")
    op.drop_table("communities")
    op.drop_table("api_tokens")
