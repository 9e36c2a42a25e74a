"""Room for sealed names, and the keys of the hashes that sealed words are found by

Revision 0033, after 0032. With keys a caller's name, and what staff wrote into a ticket's history, are kept as
envelopes, and the search's index has hashes for words. What was there before is hashed by the worker, and
sealed and hashed by ``flask keys seal``. The release before this one would show the envelopes. Going back fails while
sealed names are there, and loses none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("caller_cards", "name", type_=sa.Text(), existing_type=sa.String(64))


def downgrade() -> None:
    op.drop_table("index_keys")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("caller_cards", "name", type_=sa.String(64), existing_type=sa.Text())
