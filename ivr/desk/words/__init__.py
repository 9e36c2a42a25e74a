"""How the desk names things: needs, flags, questions, what was heard, how long ago."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

import phonenumbers
from babel.dates import format_skeleton, format_timedelta
from flask import Flask, g
from flask_babel import get_locale, to_user_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.app import app
from ivr.desk.shell import reading
from ivr.desk.shell.guard import me, now
from ivr.desk.shell.language import pack
from ivr.desk.shell.line import the_line
from ivr.store.access import rules
from ivr.store.calls.log import GOING_ON
from ivr.store.facts.turns import Heard, HeardKind
from ivr.store.line import partners
from ivr.store.models import Turn
from ivr.words import kept_reason, kept_why
from routing.phone_numbers import EXTENSION
from routing.questions import About

FLAGS = {
    "incomplete": _l("hung up before leaving a message"),
    "wants_person": _l("asked for a person"),
    "community_unknown": _l("community unknown"),
    "community_presumed": _l("community not confirmed"),
    "no_audio": _l("no audio"),
    "number_withheld": _l("number withheld"),
    "cancelled": _l("caller no longer needs it"),
    "test": _l("test call"),
}
STATUSES = {
    "new": _l("new"),
    "claimed": _l("claimed"),
    "resolved": _l("resolved"),
    "closed": _l("closed"),
}
ROLES = {
    "volunteer": _l("volunteer"),
    "officer": _l("community officer"),
    "supervisor": _l("supervisor"),
    "admin": _l("administrator"),
}
OUTCOMES = {
    "message": _l("left a message"),
    "person": _l("spoke to a person"),
    "goodbye": _l("completed"),
    "hung_up": _l("hung up"),
    "staff": _l("staff, by keys"),
    "lost_track": _l("ending unknown"),
    GOING_ON: _l("still on the line"),
}
HEARD: dict[str, str] = {
    HeardKind.ARRIVED: _l("call started"),
    HeardKind.SILENCE: _l("silence"),
    HeardKind.RECORDED: _l("a message"),
    HeardKind.RANG: _l("duty phone rang"),
}
DECISIONS = {
    "accept": _l("sure"),
    "confirm": _l("confirmed by question"),
    "narrow": _l("asked for the street"),
    "reject": _l("not understood"),
}
PLACE_STATES = {"open": _l("open as usual"), "restricted": _l("restricted"), "closed": _l("closed off")}
ATTEMPTS = {
    "reached": _l("reached"),
    "no_answer": _l("no answer"),
    "busy": _l("busy"),
    "wrong_number": _l("wrong number"),
    "machine": _l("an answering machine"),
}
RINGS = {  # the outcomes of a ring, see ivr.store.models.answering
    "taken": _l("taken"),
    "declined": _l("answered, and pressed nothing"),
    "no_answer": _l("no answer"),
    "busy": _l("busy"),
    "failed": _l("cannot be reached"),
    "elsewhere": _l("somebody else was quicker"),
    "left": _l("the caller hung up"),
}

CALLING = {  # the states of an outgoing call, see ivr.store.models.outgoing
    "waiting": _l("your telephone is about to ring"),
    "placing": _l("your telephone is about to ring"),
    "ringing": _l("your telephone rings: press 1 there"),
    "calling": _l("the resident's telephone rings"),
    "talking": _l("you are connected"),
}
CALLED = {  # and how it ended
    "not_placed": _l("the call was not placed"),
    "not_taken": _l("nobody pressed 1 on your telephone"),
    "no_answer": _l("no answer"),
    "busy": _l("busy"),
    "failed": _l("cannot be reached"),
    "machine": _l("an answering machine"),
    "talked": _l("you were connected"),
    "lost": _l("nobody could tell how it ended"),
}
CONTACT_ASKED = {  # what came of bringing a community's duty contact into a talk
    "together": _l("all three spoke together"),
    "handed_over": _l("the talk was left to them"),
    "unreached": _l("not reached"),
}
ASKED_AFTER = {  # how a call of the hotline's own ended in which nobody answered what it asked
    "opted_out": _l("wants no such calls"),
    "later": _l("not a good moment"),
    "nobody": _l("picked up, but gave no answer"),
    "hung_up": _l("picked up and hung up"),
    "no_answer": _l("no answer"),
    "busy": _l("busy"),
    "failed": _l("cannot be reached"),
    "machine": _l("an answering machine"),
    "not_placed": _l("the call was not placed"),
    "lost": _l("nobody could tell how it ended"),
}
CARRIER_TROUBLES = {
    "refused": _l("The carrier refuses our credentials: an administrator must check them (TWILIO_AUTH_TOKEN)."),
    "broken": _l("The carrier does not answer. Try again in a few minutes, or call from another telephone."),
    "crowded": _l("The carrier takes no more calls just now. Try again in a minute."),
    "rejected": _l("The carrier does not place this call."),
    "late": _l("It could not be placed in time: the background worker is not running, or has too much to do."),
}
CARRIER_CODES = {  # https://www.twilio.com/docs/api/errors
    21210: _l("Our number does not belong to this account at the carrier: check HOTLINE_NUMBER."),
    21211: _l("The carrier does not take this for a telephone number."),
    21215: _l("The account may not call this country: allow it in the carrier's console, under Geo Permissions."),
    21216: _l("The carrier has blocked this number."),
}
RESULTS = {
    "helped": _l("Helped"),
    "not_reached": _l("Not reached"),
    "again": _l("Call again"),
    "closed": _l("Settled: close"),
}


def question_label(step: str) -> str:
    return pack().steps.get(step, step)


def need_label(key: str | None) -> str:
    label = pack().needs.get(key, key) if key else _("need unknown")
    return label[:1].upper() + label[1:]


def partner_name(key: str) -> str:
    """What a partner line is called in the reader's language; one that is not offered any more, too."""
    partner = partners.known(the_line().decided).get(key)
    return partner.names.get(get_locale().language, "") or key if partner else key


def heard_label(heard: Heard) -> str:
    """What a caller did, in a few words: keys in brackets, words in quotation marks."""
    match heard["kind"]:
        case HeardKind.KEYS:
            return _("key %(keys)s", keys=heard.get("text"))
        case HeardKind.SPEECH:
            return _("“%(words)s”", words=heard.get("text"))
        case HeardKind.RECORDED if seconds := heard.get("seconds"):
            return f"{HEARD[HeardKind.RECORDED]} {spoken_length(seconds)}"
        case kind:
            return str(HEARD.get(kind, kind))


def said_of_need(turns: Iterable[Turn]) -> list[str]:
    """What the caller was heard to say of their need, and whatever was taken for an emergency."""
    asked = (turn for turn in turns if turn.about == About.NEED or turn.understood.get("urgent"))
    return [turn.words for turn in asked if turn.words]


def clock(moment: datetime) -> str:
    """``15:20`` today, ``03-01 15:20`` on another day, in the hotline's zone."""
    there = to_user_timezone(moment)
    if "today" not in g:  # a page has forty of these
        g.today = to_user_timezone(now()).date()
    return there.strftime("%H:%M" if there.date() == g.today else "%m-%d %H:%M")


def day(moment: datetime) -> str:
    """``03-01``, in the hotline's zone."""
    return str(to_user_timezone(moment).strftime("%m-%d"))


def weekday_and_date(when: date) -> str:
    """``Sun, Nov 29``, ``11月29日周日``."""
    return str(format_skeleton("MMMEd", when, locale=get_locale()))


def stamp(moment: datetime) -> str:
    """``2026-03-01 15:20``, in the hotline's zone: what is printed is read on other days too."""
    return str(to_user_timezone(moment).strftime("%Y-%m-%d %H:%M"))


def ago(moment: datetime) -> str:
    """``12 minutes ago``, ``in 2 hours``. The page's script keeps it true while the page is open."""
    minutes = (moment - now()).total_seconds() / 60
    return _ago(round(minutes) or (1 if minutes > 0 else -1), str(get_locale()))


@lru_cache(maxsize=5000)  # as _counted in inbox.py
def _ago(minutes: int, locale: str) -> str:
    span = timedelta(minutes=minutes)
    return format_timedelta(span, granularity="minute", add_direction=True, threshold=1.2, locale=locale)


def spoken_length(seconds: float) -> str:
    """``0:07``, ``1:52``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def readable_number(number: str | None) -> str:
    """A number in groups, as people read it out; a masked one as it is."""
    if number is None:
        return _("number withheld")
    if not number.startswith("+"):
        return number
    number, behind, extension = number.partition(EXTENSION)
    grouped = _grouped(number, app.settings.hotline_region)
    return _("%(number)s ext. %(extension)s", number=grouped, extension=extension) if behind else grouped


@lru_cache(maxsize=2000)  # a row of the inbox is written in less time than this takes
def _grouped(number: str, region: str) -> str:
    parsed = phonenumbers.parse(number)
    home = parsed.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def register(flask: Flask) -> None:
    """Let the templates speak in these words."""
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    for word in (
        need_label,
        partner_name,
        heard_label,
        kept_reason,
        kept_why,
        clock,
        day,
        weekday_and_date,
        stamp,
        ago,
        spoken_length,
        readable_number,
    ):
        flask.jinja_env.filters[word.__name__] = word
    flask.jinja_env.globals.update(
        FLAGS=FLAGS,
        STATUSES=STATUSES,
        ROLES=ROLES,
        OUTCOMES=OUTCOMES,
        question_label=question_label,
        DECISIONS=DECISIONS,
        ATTEMPTS=ATTEMPTS,
        CALLED=CALLED,
        CALLING=CALLING,
        CARRIER_CODES=CARRIER_CODES,
        CARRIER_TROUBLES=CARRIER_TROUBLES,
        RESULTS=RESULTS,
        may=lambda action, ticket=None: rules.may(me(), action, ticket),
        number_shown=reading.number_shown,
        number_in_log=reading.number_in_log,
        me=me,
        now=now,
    )
