"""A community that somebody typed into a field: the one that is meant, or which ones it may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.store import hotline
from ivr.store.directory import lookup
from ivr.store.models import CommunityRow
from routing.directory import Community
from routing.matching import Matcher


@dataclass(frozen=True, slots=True)
class Place:
    """What a field says: ``row``; or else ``perhaps``, of which a page offers each with a button; or neither."""

    row: CommunityRow | None = None
    perhaps: Sequence[CommunityRow] = ()

    @property
    def trouble(self) -> str:
        """Why it is no community yet; empty when it is one."""
        return "" if self.row else which(self.perhaps) if self.perhaps else unknown()


def named(db: Session, typed: str) -> Place:
    """The place of this code, label, name or other name: of a filter, which is never guessed."""
    rows = lookup.named(db, typed)
    return Place(rows[0]) if len(rows) == 1 else Place(perhaps=rows)


def matcher(db: Session) -> Matcher:
    """What names are matched with, as the directory is now."""
    return app.matcher.at(hotline.settings(db).directory_version)


def which(rows: Sequence[CommunityRow | Community]) -> str:
    return _("There are %(number)s. Which one is it?", number=len(rows)) if len(rows) > 1 else _("Is it this one?")


def neither(place: Place) -> str:
    """Why it is neither a community nor a street, where both may be given."""
    return place.trouble if place.perhaps else _("No community or street has this name. Choose one of the suggestions.")


def unknown() -> str:
    return _("No community has this name. Choose one of the suggestions.")


def listed(db: Session, typed: str) -> tuple[list[str], str]:
    """The codes of the communities that were typed one a line, and what is wrong with the first that is none."""
    codes = set()
    for each in filter(None, map(str.strip, typed.splitlines())):
        place = named(db, each)
        if place.row is None:
            return [], f"“{each}”: {place.trouble}"
        codes.add(place.row.code)
    return sorted(codes), ""
