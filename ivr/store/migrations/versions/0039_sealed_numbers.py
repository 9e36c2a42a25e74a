"""Room for sealed numbers

Revision 0039, after 0038. With keys a number is kept sealed in a column of its own, and a keyed hash takes its place
where it is looked up; its last digits are a hash, too. What was there before is sealed by the worker, or by ``flask
keys seal``. Only adds: without keys the release before this one reads and writes as it did. Going back fails while
sealed numbers are there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

IMPOSSIBLE = "length(e164) < 9 OR e164 LIKE '%00000000%'"  # as the figures had it


def upgrade() -> None:
    op.add_column("phones", sa.Column("number", sa.Text))
    op.add_column("phones", sa.Column("tail_by", sa.String(16)))
    op.add_column("phones", sa.Column("impossible", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(f"UPDATE phones SET impossible = true WHERE {IMPOSSIBLE}")  # noqa: S608 - our own words
    op.create_index(op.f("ix_phones_tail_by"), "phones", ["tail_by"])


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM phones WHERE number IS NOT NULL LIMIT 1")).first():
        raise RuntimeError("sealed numbers are there, which the release before cannot read")
    op.drop_index(op.f("ix_phones_tail_by"), "phones")
    for name in ("impossible", "tail_by", "number"):
        op.drop_column("phones", name)
