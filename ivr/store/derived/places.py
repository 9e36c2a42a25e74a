"""The index of places: what a community is found by, its names and its street, as they are written and in pinyin.

A community has a key of its own there (``PlaceKey``): the databases index words by a number, and its code is a text.
One without a key is indexed by the worker's next round, so that nothing is missing for long after an upgrade.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.store.derived import words
from ivr.store.models import Alias, CommunityRow, PlaceKey
from routing.speech import romanised

INDEX = "place_words"
BATCH = 400  # codes in one question to the database


def keep_up(session: Session, _context: Any = None) -> None:
    """After every flush of ours: index the communities that it brought or changed."""
    changed = {each.code for each in (*session.new, *session.dirty) if isinstance(each, CommunityRow)}
    changed |= {each.community_code for each in (*session.new, *session.deleted) if isinstance(each, Alias)}
    index(session, changed)


def index(db: Session, codes: Collection[str]) -> None:
    """Have these communities be found by what they are called now. Whoever writes past the ORM says so here."""
    every = sorted(codes)
    for some in (every[at : at + BATCH] for at in range(0, len(every), BATCH)):
        dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
        keys = [{"community_code": code} for code in some]
        db.execute(dialect.insert(PlaceKey).values(keys).on_conflict_do_nothing())
        words.write(db, INDEX, _read(db, some))


def matching(db: Session, typed: str, limit: int) -> Select[Any] | None:
    """The codes of at most *limit* communities whose names and street contain this; None when it is no words."""
    keys = words.matching(db, INDEX, romanised.typed(typed), limit=limit, beginnings=True)
    if keys is None:
        return None
    found = keys.subquery()
    return select(PlaceKey.community_code).join(found, found.c.id == PlaceKey.id)


def catch_up(db: Session) -> bool:
    """Index some of the communities that nobody has: those of before there was an index. Whether there may be more."""
    missing = select(CommunityRow.code).where(CommunityRow.code.not_in(select(PlaceKey.community_code))).limit(BATCH)
    codes = db.scalars(missing).all()
    index(db, codes)
    return len(codes) == BATCH


def _read(db: Session, codes: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The key of each community, and the words it is found by."""
    named: dict[str, list[str]] = {}
    for code, name in db.execute(select(Alias.community_code, Alias.name).where(Alias.community_code.in_(codes))):
        named.setdefault(code, []).append(name)
    columns = (CommunityRow.code, CommunityRow.name, CommunityRow.street, CommunityRow.keypad)
    listed = select(PlaceKey.id, *columns).join(PlaceKey, PlaceKey.community_code == CommunityRow.code)
    for key, code, name, street, keypad in db.execute(listed.where(CommunityRow.code.in_(codes))).all():
        called = (name, *named.get(code, ()), street)
        yield key, " ".join((*called, keypad or "", *(each for text in called for each in romanised.spellings(text))))


event.listen(Session, "after_flush", keep_up)
