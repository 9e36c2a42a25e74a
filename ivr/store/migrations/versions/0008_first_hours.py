"""The first hours of a fresh installation

Revision 0008, after 0007. Until somebody says when they are there, nothing is promised for the night. A hotline that is
in use (it has staff, or calls) keeps the hours that it has, none among them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST = {"from": "08:00", "to": "20:00", "default": True}
HOTLINE = sa.table("hotline", sa.column("hours", sa.JSON))


def upgrade() -> None:
    in_use = any(_one(table) for table in ("staff", "calls"))
    if not in_use:
        _replace({}, FIRST)


def downgrade() -> None:
    _replace(FIRST, {})


def _one(table: str) -> bool:
    return op.get_bind().execute(sa.select(sa.table(table, sa.column("id")).c.id).limit(1)).first() is not None


def _replace(hours: dict[str, object], by: dict[str, object]) -> None:
    if op.get_bind().scalar(sa.select(HOTLINE.c.hours)) == hours:
        op.execute(sa.update(HOTLINE).values(hours=by))
