"""How a match is told to people: in the language of the page, in English on the command line and to other systems."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.store.facts import turns
from routing.matching.explain import Reason, Syllable, Why

REASONS: dict[str, str] = {
    Reason.EMPTY: _l("the directory is empty"),
    Reason.SILENT: _l("nothing was said"),
    Reason.PLACE_ONLY: _l("only %(place)s was named"),
    Reason.UNLIKE: _l("nothing in the directory sounds like it"),
    Reason.TWICE: _l("heard twice"),
}


def reason(because: str | None, place: str = "") -> str:
    """Why a match was decided so; nothing when that needs no words."""
    return str(REASONS[because]) % {"place": place} if because in REASONS else ""


def why(found: Why | None) -> str:
    """What of a candidate's name was heard as what."""
    if found is None:
        return ""
    told = [_syllable(each) for each in found.unlike]
    words = (
        _("sounds like %(name)s: %(parts)s", name=found.name, parts=_(", ").join(told))
        if told
        else _("%(name)s as written", name=found.name)
    )
    return str(_("%(found)s; in %(place)s", found=words, place=found.place) if found.place else words)


def kept_reason(match: Mapping[str, Any]) -> str:
    """The reason of a match that was kept; in the words of before when nobody can read it any more."""
    return match.get("reason") or reason(match.get("because"), match.get("place", ""))


def kept_why(candidate: Mapping[str, Any]) -> str:
    """The same of what speaks for a candidate."""
    return candidate.get("why") or why(turns.why(candidate))


def _syllable(unlike: Syllable) -> str:
    if not unlike.heard:
        return str(_("%(syllable)s not heard", syllable=unlike.written))
    sounds = unlike.said if unlike.said == unlike.meant else f"{unlike.said}/{unlike.meant}"
    return f"{unlike.heard}→{unlike.written} {sounds}"
