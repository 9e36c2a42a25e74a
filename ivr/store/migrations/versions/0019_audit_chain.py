"""The audit is a chain, and only added to

Revision 0019, after 0018. Whoever could write to the database could change a line of the audit, or take one out, and
nothing told it. Where a request came from, and with which login, was not kept.
"""

import sqlalchemy as sa
from alembic import op

from ivr.store.models.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
    "CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit"
    " WHEN OLD.id > (SELECT coalesce(max(upto), 0) FROM audit_ends)"
    " BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'DELETE' AND OLD.id <= (SELECT coalesce(max(upto), 0) FROM audit_ends) THEN RETURN OLD; END IF;"
    " RAISE EXCEPTION 'the audit is only added to'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit"
    " FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()",
    "CREATE TRIGGER audit_no_emptying BEFORE TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()",
)


def upgrade() -> None:
    op.create_table(
        "audit_ends",
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("upto", name="pk_audit_ends"),
    )
    op.add_column("audit", sa.Column("address", sa.String(45), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("session", sa.String(16), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("count", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_removal")
        op.execute("DROP TRIGGER audit_no_change")
    else:
        op.execute("DROP FUNCTION audit_only_added_to CASCADE")
    for column in ("hash", "count", "session", "address"):
        op.drop_column("audit", column)
    op.drop_table("audit_ends")
