"""A ticket's history as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.desk.words import ASKED_AFTER, ATTEMPTS, CALLED, CONTACT_ASKED, RINGS, clock, need_label, partner_name
from ivr.store.facts import history as entries
from ivr.store.facts.history import Entry
from ivr.store.models import CommunityRow, HistoryLine, Staff
from ivr.store.models.ticket import number_of

SENTENCES: dict[type[Entry], str] = {
    entries.Opened: _l("The caller called"),
    entries.Typed: _l("Entered by hand"),
    entries.CalledAgain: _l("The caller called again"),
    entries.Urgent: _l("Emergency words heard: marked urgent"),
    entries.WantsPerson: _l("Asked for a person"),
    entries.Talked: _l("Spoke to the person on duty"),
    entries.Cancelled: _l("The caller no longer needs it: cancelled"),
    entries.Callback: _l("Gave a callback number"),
    entries.Named: _l("The caller's number became known"),
    entries.Message: _l("Left a message"),
    entries.Audio: _l("The recording has arrived"),
    entries.AudioMissing: _l("The recording could not be fetched"),
    entries.Card: _l("Changed the caller's card"),
    entries.CardErased: _l("The caller withdrew consent: card erased"),
    entries.Slow: _l("Not understood in two calls: moved to the slow lane"),
    entries.Claimed: _l("Claimed"),
    entries.Note: _l("Note"),
    entries.Confirmed: _l("Asked by an automatic call: it was right"),
    entries.NotRight: _l("Asked by an automatic call: it was not right"),
    entries.StillNeeded: _l("Automatic call: the resident still needs it"),
    entries.Listened: _l("Listened to the message"),
    entries.OnTheWay: _l("On the way"),
    entries.NotOnTheWay: _l("Not on the way after all"),
    entries.Freed: _l("Handed over to anyone available"),
    entries.Resolved: _l("Resolved"),
    entries.Closed: _l("Closed: confirmed by the resident"),
    entries.Reopened: _l("Reopened"),
    entries.NotConfidential: _l("No longer confidential"),
    entries.OpenedAnyway: _l("Opened although confidential"),
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
    people: set[int] = set()
    for line in lines:
        match line.entry:
            case entries.Community(from_=before, to=after):
                codes |= {before, after}
            case entries.Handed(to=person) | entries.Returned(to=person) | entries.Lapsed(holder=person):
                people.add(person)
            case entries.Confidential(people=named):
                people.update(named)
            case entries.Talked(staff=int(person)) | entries.Missed(staff=int(person)):
                people.add(person)
    codes.discard(None)
    places = select(CommunityRow.code, CommunityRow.name).where(CommunityRow.code.in_(codes))
    staff = select(Staff.id, Staff.name).where(Staff.id.in_(people))
    asked = [query for query, wanted in ((places, codes), (staff, people)) if wanted]
    names: dict[str | int, str] = {key: name for query in asked for key, name in db.execute(query)}
    return [_line(line, names) for line in lines]


def _line(line: HistoryLine, names: Mapping[str | int, str]) -> Told:
    who, entry = line.staff.name if line.staff else "", line.entry
    if entry is None:
        return Told(line.at, who, line.kind)
    return Told(line.at, who, what(entry, names), words(entry))


def words(entry: Entry) -> str:
    """What somebody wrote, but for what the sentence says already."""
    match entry:
        case entries.Typed(text=text):
            return text
        case entries.PassedOn(text=text):
            return text
        case entries.FromPartner() | entries.PartnerReference():
            return ""
    return " ".join(entry.written())


def what(entry: Entry, names: Mapping[str | int, str]) -> str:
    """The sentence. ``names`` are those of communities by code, and of people by id."""
    match entry:
        case entries.Community(from_=old, to=new):
            before, after = (names.get(code, code) if code else None for code in (old, new))
            return _change(_("Community"), before, after)
        case entries.Need(from_=old, to=new):
            before, after = (need_label(need) if need else None for need in (old, new))
            return _change(_("Need"), before, after)
        case entries.Attempt(outcome=outcome):
            return _("Call attempt: %(outcome)s", outcome=ATTEMPTS.get(outcome, outcome))
        case entries.CalledBack(how=how):
            return _("Call back: %(outcome)s", outcome=CALLED.get(how, how))
        case entries.ContactAsked(how=how):
            return _("The community's duty contact: %(outcome)s", outcome=CONTACT_ASKED.get(how, how))
        case entries.AskedAfter(how=how):
            return _("Automatic call to ask whether it was right: %(outcome)s", outcome=ASKED_AFTER.get(how, how))
        case entries.NotTold(how=how):
            return _("Automatic call to apologise: %(outcome)s", outcome=ASKED_AFTER.get(how, how))
        case entries.Apologised(due=due):
            time = clock(datetime.fromisoformat(due))
            return _("Automatic call: apologised for the late callback; promised again by %(time)s", time=time)
        case entries.Handed(to=person):
            return _("Handed over to %(name)s", name=names.get(person, "?"))
        case entries.Returned(to=person):
            return _("Returned to %(name)s", name=names.get(person, "?"))
        case entries.PassedOn(partner=partner, reference=reference):
            return _with_reference(_("Passed to %(name)s", name=partner_name(partner)), reference)
        case entries.PartnerReference(partner=partner, reference=reference):
            return _with_reference(partner_name(partner), reference)
        case entries.FromPartner(partner=partner, reference=reference):
            return _with_reference(_("Taken from %(name)s", name=partner_name(partner)), reference)
        case entries.PartnerAnswered(partner=partner):
            return _("%(name)s has answered", name=partner_name(partner))
        case entries.CameBack(partner=partner):
            return _("Came back from %(name)s", name=partner_name(partner))
        case entries.Talked(staff=int(person)):
            return _("Spoke to %(name)s", name=names.get(person, "?"))
        case entries.Missed(how=how, staff=person):
            rung = names.get(person, "?") if person else _("the duty phone")
            return _("Rang %(name)s: %(outcome)s", name=rung, outcome=RINGS.get(how, how))
        case entries.Lapsed(holder=person):
            holder = names.get(person, "?")
            return _("Released: %(name)s had claimed it, but nothing happened", name=holder)
        case entries.Confidential(people=people):
            shown = ", ".join(str(names.get(person, "?")) for person in people)
            return _("Confidential: only for %(names)s", names=shown)
        case entries.Raised(calls=calls):
            return _("Call %(calls)s within a day: needs a supervisor", calls=calls)
        case entries.Merged(into=ticket):
            return _("Merged into ticket %(number)s", number=number_of(ticket))
        case entries.Absorbed(absorbed=[ticket, *_others]):
            return _("Ticket %(number)s was merged into this one", number=number_of(ticket))
        case entries.Split(to=ticket):
            return _("One call was split off as ticket %(number)s", number=number_of(ticket))
        case entries.Opened(split_from=int(ticket)):
            return _("Split off from ticket %(number)s", number=number_of(ticket))
        case entries.Resolved(result="not_reached"):
            return _("Resolved: the caller could not be reached")
        case entries.Typed(place=place) if place:
            return _("Entered by hand; community in their words: %(place)s", place=place)
    return str(SENTENCES[type(entry)])


def _with_reference(what: str, reference: str) -> str:
    return _("%(what)s; their reference: %(reference)s", what=what, reference=reference) if reference else what


def _change(what: str, before: str | None, after: str | None) -> str:
    """``Need: food``, ``Community: A → B``, ``Community: A → not known``."""
    unknown = _("not known")
    if before is None:
        return _("%(what)s: %(value)s", what=what, value=after or unknown)
    return _("%(what)s: %(before)s → %(after)s", what=what, before=before, after=after or unknown)
