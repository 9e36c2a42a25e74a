"""A ticket's history as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.desk.words import need_label
from ivr.store.models import CommunityRow, HistoryLine, Ticket


@dataclass(frozen=True, slots=True)
class Told:
    """One line: ``who`` is a name of staff, or empty; ``words`` is what somebody wrote, or empty."""

    at: datetime
    who: str
    what: str
    words: str = ""


def tell(db: Session, ticket: Ticket) -> list[Told]:
    """The history, oldest first; a correction tells both names."""
    codes = {line.detail.get(end) for line in ticket.history if line.kind == "community" for end in ("from", "to")}
    rows = db.execute(select(CommunityRow.code, CommunityRow.name).where(CommunityRow.code.in_(codes - {None})))
    names: dict[str, str] = dict(rows.all())
    return [_line(line, names) for line in ticket.history]


def _line(line: HistoryLine, names: Mapping[str, str]) -> Told:
    detail = line.detail
    words = detail.get("text") or detail.get("done") or detail.get("why") or ""
    return Told(line.at, line.staff.name if line.staff else "", _what(line, names), words)


def _what(line: HistoryLine, names: Mapping[str, str]) -> str:
    before, after = line.detail.get("from"), line.detail.get("to")
    match line.kind:
        case "community":
            place = {code: names.get(code, code) for code in (before, after) if code}
            return _change(_("Community"), place.get(before or ""), place.get(after or ""))
        case "need":
            return _change(_("Need"), need_label(before) if before else None, need_label(after) if after else None)
        case "typed" if line.detail.get("place"):
            return _("Taken down by hand; community in their words: %(place)s", place=line.detail["place"])
    sentences = {
        "opened": _("The caller rang"),
        "call": _("The caller rang again"),
        "urgent": _("An emergency word was heard: urgent"),
        "wants_person": _("Asked for a person"),
        "talked": _("Talked to the person on duty"),
        "callback": _("Gave a number to call back"),
        "message": _("Left a message"),
        "audio": _("The recording has arrived"),
        "audio_missing": _("The recording could not be fetched"),
        "claimed": _("Claimed"),
        "note": _("Note"),
        "resolved": _("Resolved"),
        "reopened": _("Reopened"),
        "typed": _("Taken down by hand"),
        "card": _("Changed the caller's card"),
        "card_erased": _("The caller took their consent back: card erased"),
        "slow": _("Not understood in two calls: slow lane from now on"),
    }
    return sentences.get(line.kind, line.kind)


def _change(what: str, before: str | None, after: str | None) -> str:
    """``Need: food``, ``Community: A → B``, ``Community: A → not known``."""
    unknown = _("not known")
    if before is None:
        return _("%(what)s: %(value)s", what=what, value=after or unknown)
    return _("%(what)s: %(before)s → %(after)s", what=what, before=before, after=after or unknown)
