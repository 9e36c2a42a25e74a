"""The index of places

Revision 0007, after 0006. Only adds. The worker fills it afterwards, in small steps, and writes callers' names into
their index anew, with how they are typed in Latin letters: a migration that did it would keep the calls waiting.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["communities.code"],
            name=op.f("fk_place_keys_community_code_communities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_keys")),
        sa.UniqueConstraint("community_code", name=op.f("uq_place_keys_community_code")),
    )
    if op.get_bind().dialect.name == "sqlite":
        options = "content='', contentless_delete=1, detail=none, tokenize='ascii'"  # as the other indexes of words
        op.execute(f"CREATE VIRTUAL TABLE place_words USING fts5(tokens, {options})")
    else:
        key = "id integer PRIMARY KEY REFERENCES place_keys (id) ON DELETE CASCADE"
        op.execute(f"CREATE TABLE place_words ({key}, tokens tsvector NOT NULL)")
        op.execute("CREATE INDEX place_words_by_token ON place_words USING gin (tokens)")
    op.execute("INSERT INTO indexed_up_to (id, line_id) VALUES (2, 0)")


def downgrade() -> None:
    op.execute("DELETE FROM indexed_up_to WHERE id = 2")
    op.execute("DROP TABLE place_words")
    op.drop_table("place_keys")
