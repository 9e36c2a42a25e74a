"""The first hours of a fresh installation

Revision 0007h, after 0007 and before 0008. Until somebody says when they are there, nothing is promised for the night.
A hotline that is in use (it has staff, or calls) keeps the hours that it has, none among them.
"""

from alembic import op

revision = "0007h"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST = '{"from": "08:00", "to": "20:00", "default": true}'


def upgrade() -> None:
    unused = "NOT EXISTS (SELECT 1 FROM staff) AND NOT EXISTS (SELECT 1 FROM calls)"
    # our own words alone; the colons of a JSON text are no parameters to a driver's own SQL
    op.get_bind().exec_driver_sql(
        f"UPDATE hotline SET hours = '{FIRST}' WHERE CAST(hours AS VARCHAR(2)) = '{{}}' AND {unused}"  # noqa: S608
    )


def downgrade() -> None:
    op.get_bind().exec_driver_sql(f"UPDATE hotline SET hours = '{{}}' WHERE CAST(hours AS VARCHAR(60)) = '{FIRST}'")  # noqa: S608
