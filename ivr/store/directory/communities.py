"""The directory as it is kept: reading it whole, and changing it by an imported list."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.models import Alias, CommunityRow
from routing.directory import Community, Directory

UNIQUE = ("keypad", "dialled")
FIELDS = ("name", "street", "district", "phone", "keypad", "dialled")


def count(db: Session) -> int:
    """How many communities are in service."""
    return db.scalar(select(func.count()).where(CommunityRow.retired_at.is_(None))) or 0


def load(db: Session) -> Directory:
    """Every community that is in service; row by row, because a nation's would fill the memory as objects."""
    aliases: dict[str, list[str]] = {}
    for code, name in db.execute(select(Alias.community_code, Alias.name).order_by(Alias.name)):
        aliases.setdefault(code, []).append(name)
    columns = [getattr(CommunityRow, field) for field in ("code", *FIELDS)]
    listed = select(*columns).where(CommunityRow.retired_at.is_(None)).order_by(CommunityRow.code)
    rows = db.execute(listed, execution_options={"yield_per": 1000})
    return Directory(Community(**row._mapping, aliases=tuple(aliases.get(row.code, ()))) for row in rows)


def community(row: CommunityRow) -> Community:
    """A stored community as routing knows it."""
    aliases = tuple(alias.name for alias in row.aliases)
    return Community(row.code, aliases=aliases, **{field: getattr(row, field) for field in FIELDS})


def put(db: Session, listed: Iterable[Community], now: datetime, *, replace: bool) -> None:
    """Add or change the listed communities; with *replace*, retire those that are not listed.

    What the list does not say of a community stays as it is, unless it replaces everything. Aliases are only ever
    added: what staff taught is not unlearned.
    """
    known = {row.code: row for row in db.scalars(select(CommunityRow))}
    coming = {each.code: each for each in listed}
    for field in UNIQUE:  # free what moves from one listed community to another
        given = {getattr(each, field) for each in coming.values()}
        for row in known.values():
            if getattr(row, field) in given and (row.code in coming or replace):
                setattr(row, field, None)
    db.flush()
    for code, each in coming.items():
        row = known.get(code) or CommunityRow(code=code)
        for field in FIELDS:
            value = getattr(each, field)
            if value is not None or replace:
                setattr(row, field, value)
        row.retired_at = None
        row.aliases += [Alias(name=name) for name in each.aliases if name not in {alias.name for alias in row.aliases}]
        db.add(row)
    if replace:
        for code in known.keys() - coming.keys():
            known[code].retired_at = known[code].retired_at or now
    db.flush()
    hotline.directory_changed(db)
