"""What people decided about the line, as pages say it: which setting it is, and each of its values in a line."""

from collections.abc import Iterator, Mapping, Sequence

from babel.dates import get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.desk.words import PLACE_STATES, ROLES, need_label, partner_name, stamp
from ivr.store.facts import line
from ivr.store.facts.line import Setting
from ivr.store.models import LineChange
from routing.hours import ALL_DAY, DAYS, Day, Hours
from routing.timetable import read_specials, runs, written

KINDS: dict[type[Setting], str] = {
    line.Hours: _l("Hours"),
    line.Person: _l("Person"),
    line.Sentence: _l("Sentence"),
    line.Draft: _l("Draft"),
    line.Bulletin: _l("Bulletin"),
    line.Recording: _l("Recording"),
    line.RecordingDraft: _l("Draft of a recording"),
    line.Dialect: _l("Dialect"),
    line.Place: _l("Community"),
    line.Duty: _l("Duty number"),
    line.PlaceDuty: _l("Duty contact of a community"),
    line.Status: _l("Status of a community"),
    line.Surge: _l("Surge"),
    line.SurgeRule: _l("Surge by itself"),
    line.Nuisance: _l("Nuisance list"),
    line.Need: _l("Need"),
    line.NeedOrder: _l("Order of the menu"),
    line.Emergency: _l("Emergency"),
    line.Lesson: _l("What callers mean"),
    line.Partner: _l("Partner line"),
}
EMERGENCIES = {
    "medical": _l("Ambulance"),
    "fire": _l("Fire"),
    "rescue": _l("Rescue"),
    "police": _l("Police"),
}


def emergency(kind: str) -> str:
    """What a kind of emergency is called."""
    return str(EMERGENCIES.get(kind, kind))


def name(change: LineChange) -> str:
    """Which setting was changed."""
    kind = Setting.KINDS.get(change.kind)
    kind_name = str(KINDS[kind]) if kind in KINDS else change.kind
    decided = change.is_now or change.was
    if isinstance(decided, line.Bulletin):
        return kind_name
    if isinstance(decided, line.Recording | line.RecordingDraft):
        return f"{kind_name} {change.key.partition('/')[0]}"
    if isinstance(decided, line.Need):
        return f"{kind_name} {need_label(change.key)}"
    if isinstance(decided, line.Emergency):
        return f"{kind_name} {emergency(change.key)}"
    if isinstance(decided, line.Partner):
        return f"{kind_name} {partner_name(change.key)}"
    if isinstance(decided, line.Nuisance):
        return f"{kind_name} •••• {decided.tail}"
    if isinstance(decided, line.Lesson):
        return f"{kind_name} {need_label(decided.need)}"
    named = decided.name if isinstance(decided, line.Person | line.Place | line.Dialect) else change.key
    return f"{kind_name} {named}".rstrip()


def values(setting: Setting | None) -> Sequence[str]:
    """What was decided, in lines; none: it is as the hotline comes."""
    match setting:
        case line.Hours(kept):
            return [*week(kept), *_specials(kept)]
        case line.Sentence(text) | line.Draft(text):
            return [text]
        case line.Duty(_, tail, kept):
            return [f"•••• {tail}", *week(kept)]
        case line.PlaceDuty(name, _, tail, kept):
            return [f"{name} •••• {tail}".lstrip(), *week(kept)]
        case line.Place():
            return list(_place(setting))
        case line.Bulletin(text):
            return [text, _lasts(setting)]
        case line.Surge():
            return [_lasts(setting)]
        case line.SurgeRule(calls):
            return [ngettext("at %(num)s call in an hour", "at %(num)s calls in an hour", calls)]
        case line.Nuisance(reason):
            return [reason, _("until %(time)s", time=stamp(setting.ends_at))]
        case line.Recording(text, _sound, seconds) | line.RecordingDraft(text, _sound, seconds):
            return [text, _("%(seconds)s s", seconds=seconds)]
        case line.Dialect(name, base, digit, offered):
            return [f"{name} → {base}, {digit}", _("offered to callers") if offered else _("not offered yet")]
        case line.Need():
            return list(_need(setting))
        case line.NeedOrder(keys):
            return [" · ".join(map(need_label, keys))]
        case line.Lesson(_for, _language, said):
            return [said or _("nothing to learn")]
        case line.Emergency(said, number):
            return [*filter(None, (number, *_said(said)))]
        case line.Partner():
            return list(_partner(setting))
        case line.Status(state, note):
            return [str(PLACE_STATES[state]), *([note] if note else [])]
        case line.Person(_, role, communities, stopped):
            return [str(ROLES[role]), *communities, *([_("stopped")] if stopped else [])]
    return []


def _lasts(setting: line.Between) -> str:
    return f"{stamp(setting.begins_at)} – {stamp(setting.ends_at)}"


def week(kept: dict[str, object]) -> list[str]:
    """Hours without the days that differ."""
    days = Hours.of(kept).week or DAYS * (ALL_DAY,)
    return [_("%(days)s: %(hours)s", days=_span(first, last), hours=open_on(day)) for first, last, day in runs(days)]


def weekday(number: int) -> str:
    """Monday is 0."""
    return str(get_day_names("abbreviated", locale=get_locale())[number])


def open_on(day: Day) -> str:
    """``08:00-12:00 13:00-18:00``, ``day and night``, ``closed``."""
    return (_("day and night") if day == ALL_DAY else written(day)) if day else _("nobody there")


def _place(place: line.Place) -> Iterator[str]:
    yield " · ".join(filter(None, (place.name, place.street, place.district)))
    yield from place.aliases
    yield from filter(None, (place.phone, place.keypad, place.dialled, _("retired") if place.retired else ""))


def _need(need: line.Need) -> Iterator[str]:
    yield _("Key %(digit)s", digit=need.digit)
    yield from need.labels.values()
    yield from _said(need.said)
    yield _within(need.promise_min)
    yield from filter(None, (_("urgent") if need.urgent else "", _("retired") if need.retired else ""))


def _partner(partner: line.Partner) -> Iterator[str]:
    yield " / ".join(dict.fromkeys(partner.names.values()))
    yield partner.number
    yield from week(partner.kept)
    yield from filter(None, (partner.purpose, _("retired") if partner.retired else ""))


def _said(said: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Words, a line for each language that has some."""
    return (", ".join(words) for words in said.values() if words)


def _within(minutes: int) -> str:
    return ngettext("called back within %(num)s minute", "called back within %(num)s minutes", minutes)


def _specials(kept: dict[str, object]) -> Iterator[str]:
    for day, special in sorted(read_specials(kept).items()):
        named = f"{day.isoformat()} {special.name}".rstrip()
        yield _("%(days)s: %(hours)s", days=named, hours=open_on(special.open))


def _span(first: int, last: int) -> str:
    if last - first == DAYS - 1:
        return _("every day")
    return weekday(first) if first == last else f"{weekday(first)}–{weekday(last)}"
