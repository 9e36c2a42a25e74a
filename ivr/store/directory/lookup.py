"""Finding a community by what somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ivr.store.derived import places
from ivr.store.models import Alias, CommunityRow
from routing.directory import Community, Directory
from routing.directory.nearest import nearest
from routing.matching import Decision, Matcher
from routing.speech.names import parse
from routing.speech.normalise import normal

MAX_SUGGESTIONS = 12
MAX_FOUND = 1000  # looked at when a word is a common one
LONGEST = 120  # characters of a name; what is longer names no community
BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text means: the one ``row``, or else those it may mean: at most three that sound like it, or all that
    bear the name (``MAX_SUGGESTIONS`` of them); or nothing that we know."""

    row: CommunityRow | None = None
    perhaps: Sequence[CommunityRow] = ()


def label(row: CommunityRow | Community) -> str:
    """A community as it is suggested and typed: its name and its street."""
    return f"{row.name}{BETWEEN}{row.street}"


def search(db: Session, typed: str, limit: int = MAX_SUGGESTIONS) -> Sequence[CommunityRow]:
    """Communities in service whose name, other name, street or keypad number contains what was typed.

    In Chinese characters of either kind or in pinyin, whole or its first letters; nothing typed means any of them.
    """
    query = select(CommunityRow).where(CommunityRow.retired_at.is_(None))
    if typed.strip():
        found = places.matching(db, normal(typed), MAX_FOUND)
        if found is None:
            return []
        query = query.where(CommunityRow.code.in_(found))
    return db.scalars(query.order_by(CommunityRow.name, CommunityRow.code).limit(limit)).all()


def suggest(db: Session, directory: Directory, typed: str) -> list[str]:
    """Labels for what was typed: the communities that contain it; when there are none, those that look most like it."""
    if rows := search(db, typed):
        return [label(row) for row in rows]
    return [label(each) for each in nearest(typed, directory, MAX_SUGGESTIONS)]


def named(db: Session, typed: str) -> Sequence[CommunityRow]:
    """Those in service that this code, label, name or other name means, ``MAX_SUGGESTIONS`` at most."""
    name, _, street = (part.strip() for part in typed.partition(BETWEEN))
    written = {name, normal(name), normal(name).upper()}  # full width, traditional, with marks that nobody sees
    other = select(Alias.community_code).where(Alias.name.in_(written))
    bears = or_(CommunityRow.name.in_(written), CommunityRow.code.in_(other))
    meant = or_(CommunityRow.code == typed, and_(bears, CommunityRow.street == street) if street else bears)
    query = select(CommunityRow).where(CommunityRow.retired_at.is_(None), meant)
    return db.scalars(query.order_by(CommunityRow.street, CommunityRow.code).limit(MAX_SUGGESTIONS)).all()


def find(db: Session, typed: str) -> CommunityRow | None:
    """The one community in service that this code, label or name means; None when none or several do."""
    rows = named(db, typed)
    return rows[0] if len(rows) == 1 else None


def says(typed: str, row: CommunityRow) -> bool:
    """Whether the community's own name stands in what was typed, so that nobody need be told which one it is."""
    return normal(parse(row.name).core or row.name) in normal(typed)


def meant(db: Session, matcher: Matcher, typed: str) -> Meant:
    """The community that somebody means who types as people talk: a name, a keypad number, or what it sounds like."""
    if rows := named(db, typed):
        return Meant(rows[0]) if len(rows) == 1 else Meant(perhaps=rows)
    if keyed := matcher.directory.by_keypad.get(typed):
        return Meant(db.get_one(CommunityRow, keyed.code))
    found = matcher.match(typed)
    rows = [db.get_one(CommunityRow, candidate.community.code) for candidate in found.candidates]
    match found.decision:
        case Decision.ACCEPT:
            return Meant(rows[0])
        case Decision.CONFIRM | Decision.NARROW:
            return Meant(perhaps=rows)
    return Meant()
