"""Matches in kinds and details

Revision 0011, after 0010. Why a match was decided so, and what of a name was heard as what, were English sentences that
pages read back; from now on they are values, below names of their own: the release before this one goes on working, and
leaves them out. What was kept before is read here, once; what cannot be read stays a sentence.

A hundred thousand turns with a match took 7 s of one core on SQLite; what callers say meanwhile waits in the spool.
"""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH_TURNS = 2_000
REASONS = {
    "the directory is empty": "empty_directory",
    "nothing was said": "nothing_said",
    "nothing in the directory sounds like it": "nothing_like_it",
    "heard twice": "heard_twice",
}
PLACE_ONLY = re.compile(r"only (.+) was named")
WHY = re.compile(r"(?:sounds like (?P<like>.+?): (?P<parts>.+?)|(?P<written>.+?) as written)(?:; in (?P<place>.+))?")
NOT_HEARD = re.compile(r"(.+) not heard")
HEARD = re.compile(r"(.+)→(.) ([a-zü?]+)(?:/([a-zü?]+))?")

TURNS = sa.table("turns", sa.column("id", sa.Integer), sa.column("understood", sa.JSON))


def upgrade() -> None:
    connection = op.get_bind()
    matched = sa.select(TURNS).where(TURNS.c.understood["match"]["decision"].as_string().is_not(None))
    last = 0
    while turns := connection.execute(matched.where(TURNS.c.id > last).order_by(TURNS.c.id).limit(BATCH_TURNS)).all():
        last = turns[-1].id
        changed = sa.update(TURNS).where(TURNS.c.id == sa.bindparam("turn"))
        changed = changed.values(understood=sa.bindparam("facts", type_=sa.JSON))
        connection.execute(
            changed,
            [
                {"turn": turn.id, "facts": {**turn.understood, "match": facts(turn.understood["match"])}}
                for turn in turns
            ],
        )


def facts(match: dict[str, Any]) -> dict[str, Any]:
    """A match without its sentences, as far as they can be read."""
    kept = {name: value for name, value in match.items() if name != "reason"}
    text = match.get("reason") or ""
    if text in REASONS:
        kept["because"] = REASONS[text]
    elif named := PLACE_ONLY.fullmatch(text):
        kept |= {"because": "place_only", "place": named[1]}
    elif text:
        kept["reason"] = text
    kept["candidates"] = [_candidate(each) for each in match.get("candidates", ())]
    return kept


def _candidate(candidate: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in candidate.items() if name != "why"}
    text = candidate.get("why") or ""
    if sounded := _sounded(text):
        kept["sounded"] = sounded
    elif text:
        kept["why"] = text
    return kept


def _sounded(text: str) -> dict[str, Any] | None:
    """What of a name was heard as what: "sounds like 银杏: 迎→银 ying/yin, 杏 not heard; in 新碶街道"."""
    found = WHY.fullmatch(text)
    if not found:
        return None
    unlike: list[dict[str, str]] = []
    for part in found["parts"].split(", ") if found["parts"] else ():
        if missing := NOT_HEARD.fullmatch(part):
            unlike.append({"written": missing[1]})
        elif heard := HEARD.fullmatch(part):
            unlike.append({"written": heard[2], "heard": heard[1], "said": heard[3], "meant": heard[4] or heard[3]})
        else:
            return None
    place = {"place": found["place"]} if found["place"] else {}
    return {"name": found["like"] or found["written"], "unlike": unlike} | place


def downgrade() -> None:
    """The sentences do not come back: the release before leaves them out."""
