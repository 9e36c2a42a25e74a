"""The directory as it is kept, read whole."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.models import Alias, CommunityRow
from routing.directory import Community, Directory

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
