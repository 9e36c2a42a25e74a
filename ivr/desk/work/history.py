"""A ticket's history as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.desk.words import ATTEMPTS, need_label
from ivr.store.models import CommunityRow, HistoryLine, Staff
from ivr.store.models.ticket import number_of

HANDED = frozenset({"handed", "returned", "lapsed"})
SENTENCES = {
    "opened": _l("The caller called"),
    "typed": _l("Entered by hand"),
    "call": _l("The caller called again"),
    "urgent": _l("Emergency words heard: marked urgent"),
    "wants_person": _l("Asked for a person"),
    "talked": _l("Spoke to the person on duty"),
    "callback": _l("Gave a callback number"),
    "message": _l("Left a message"),
    "audio": _l("The recording has arrived"),
    "audio_missing": _l("The recording could not be fetched"),
    "card": _l("Changed the caller's card"),
    "card_erased": _l("The caller withdrew consent: card erased"),
    "slow": _l("Not understood in two calls: moved to the slow lane"),
    "claimed": _l("Claimed"),
    "note": _l("Note"),
    "listened": _l("Listened to the message"),
    "on_the_way": _l("On the way"),
    "not_on_the_way": _l("Not on the way after all"),
    "freed": _l("Handed over to anyone available"),
    "resolved": _l("Resolved"),
    "closed": _l("Closed: confirmed by the resident"),
    "reopened": _l("Reopened"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line: ``who`` is a name of staff, or empty; ``words`` is what somebody wrote, or empty."""

    at: datetime
    who: str
    what: str
    words: str = ""


def tell(db: Session, lines: Sequence[HistoryLine]) -> list[Told]:
    """These lines, in their order; with the names of the communities and people that they speak of."""
    codes: set[str | None] = set()
    people: set[int | None] = set()
    for line in lines:
        if line.kind == "community":
            codes |= {line.detail["from"], line.detail["to"]}
        elif line.kind in HANDED:
            people |= {line.detail.get("to"), line.detail.get("holder")}
    places = select(CommunityRow.code, CommunityRow.name).where(CommunityRow.code.in_(codes - {None}))
    staff = select(Staff.id, Staff.name).where(Staff.id.in_(people - {None}))
    names: dict[str | int, str] = {key: name for query in (places, staff) for key, name in db.execute(query)}
    return [_line(line, names) for line in lines]


def _line(line: HistoryLine, names: Mapping[str | int, str]) -> Told:
    detail = line.detail
    words = detail.get("text") or detail.get("done") or detail.get("why") or ""
    return Told(line.at, line.staff.name if line.staff else "", _what(line, names), words)


def _what(line: HistoryLine, names: Mapping[str | int, str]) -> str:
    detail = line.detail
    match line.kind:
        case "community":
            before, after = (names.get(detail[end], detail[end]) if detail[end] else None for end in ("from", "to"))
            return _change(_("Community"), before, after)
        case "need":
            before, after = (need_label(detail[end]) if detail[end] else None for end in ("from", "to"))
            return _change(_("Need"), before, after)
        case "attempt":
            return _("Call attempt: %(outcome)s", outcome=ATTEMPTS.get(detail["outcome"], detail["outcome"]))
        case "handed":
            return _("Handed over to %(name)s", name=names.get(detail["to"], "?"))
        case "returned":
            return _("Returned to %(name)s", name=names.get(detail["to"], "?"))
        case "lapsed":
            holder = names.get(detail["holder"], "?")
            return _("Released: %(name)s had claimed it, but nothing happened", name=holder)
        case "raised":
            return _("Call %(calls)s within a day: needs a supervisor", calls=detail["calls"])
        case "merged":
            return _("Merged into ticket %(number)s", number=number_of(detail["into"]))
        case "absorbed":
            return _("Ticket %(number)s was merged into this one", number=number_of(detail["absorbed"][0]))
        case "split":
            return _("One call was split off as ticket %(number)s", number=number_of(detail["to"]))
        case "opened" if "split_from" in detail:
            return _("Split off from ticket %(number)s", number=number_of(detail["split_from"]))
        case "resolved" if detail.get("result") == "not_reached":
            return _("Resolved: the caller could not be reached")
        case "typed" if detail.get("place"):
            return _("Entered by hand; community in their words: %(place)s", place=detail["place"])
    return str(SENTENCES.get(line.kind, line.kind))


def _change(what: str, before: str | None, after: str | None) -> str:
    """``Need: food``, ``Community: A → B``, ``Community: A → not known``."""
    unknown = _("not known")
    if before is None:
        return _("%(what)s: %(value)s", what=what, value=after or unknown)
    return _("%(what)s: %(before)s → %(after)s", what=what, before=before, after=after or unknown)
