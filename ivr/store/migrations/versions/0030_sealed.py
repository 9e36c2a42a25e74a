"""Room for what is sealed

Revision 0030, after 0029. With keys a card's fields are kept as envelopes, longer than what is in them. SQLite minds no
length. Set no key before every host runs this release: the one before would show envelopes. Going back fails while
sealed cards are there, and loses none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

LENGTHS = {"address": 200, "hearing": 200, "mobility": 200, "dialect": 64, "family_name": 64, "medicine": 200}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, length in LENGTHS.items():
            op.alter_column("caller_cards", name, type_=sa.Text(), existing_type=sa.String(length))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, length in LENGTHS.items():
            op.alter_column("caller_cards", name, type_=sa.String(length), existing_type=sa.Text())
