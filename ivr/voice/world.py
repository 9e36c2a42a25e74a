"""What a call may look up at this moment, gathered from the pack, the matcher and the hotline's settings."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ivr.app import App
from ivr.flow.types import Bulletin, World
from ivr.line import Line
from ivr.store import condition, hotline
from ivr.store.calls import recordings
from ivr.store.calls.now import CallNow
from ivr.store.hotline import Answering
from ivr.store.models.ticket import number_of
from ivr.voice import playback
from ivr.voice.people import People
from ivr.voice.staff import StaffLine
from ivr.voice.twiml import Hints
from prompts import Pack, known
from prompts.scripts import script
from routing.hours import Hours, Promise, promise, promised, somebody_there, told, without_time
from routing.matching import Match, Matcher
from routing.phone_numbers import area_of, dictated, with_extension
from routing.speech.meaning import Meaning
from routing.speech.normalise import HAN
from routing.speech.reading import Reader

WORD = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+")
FEWEST_WORDS = 3  # of a sentence in another language than the call's


def make_world(
    app: App,
    call: CallNow,
    matcher: Matcher,
    answering: Answering,
    people: People,
    staff: StaffLine,
    now: datetime,
    *,
    tries: bool,
) -> World:
    """The world of one turn of *call*. ``tries``: what callers are not offered yet can be tried in it."""
    hours, zone = Hours.of(answering.hours), app.settings.zone

    def match(text: str, refused: Collection[str]) -> Match:
        return matcher.match(text, without=refused)

    as_made = app.line.at(answering.line_version)
    languages = {pack.key: code for code, pack in as_made.spoken.items() if pack.offered or tries}

    def read(text: str) -> Meaning:
        return understood(text, as_made, call.language, languages.values(), app.settings.hotline_region)

    @cache
    def reached() -> bool:
        """Whether somebody hears of it at any hour: asked only when nobody is there."""
        return people.somebody_on or condition.tells(call.db)

    def kept(made: Promise) -> Promise:
        return told_as(made, answering.hours, zone, reached)

    def promise_for(need: str | None, urgent: bool) -> Promise:
        urgent = urgent or as_made.needs.is_urgent(need)
        anew = promise(as_made.needs.promise_min(need, urgent=urgent), hours, now, zone, urgent=urgent)
        return kept(told(call.ticket.promised_at if call.ticket else None, anew, now, zone))

    def number(dialled: str, community: str | None) -> str | None:
        """Local ones lie in the area of the community, else in that of the hotline's number."""
        place = matcher.directory.by_code.get(community or "")
        area = area_of(place.phone) if place and place.phone else ""
        called = call.whole().called
        home = app.home(called.e164 if called else None)
        return dictated(dialled, replace(home, area=area or home.area))

    def callback() -> str | None:
        """What the caller of a withheld number gave: read only when it is to be said."""
        ticket = call.whole().ticket if call.ticket and not call.caller_id else None
        return with_extension(ticket.caller.e164, ticket.extension) if ticket and ticket.caller else None

    def message() -> str | None:
        left = recordings.last_of(call.db, call.id)
        return playback.address(app, left) if left else None

    return World(
        directory=matcher.directory,
        match=match,
        read=read,
        languages=languages,
        needs=as_made.needs,
        promise=promise_for,
        promised=lambda due: kept(promised(datetime.fromisoformat(due), now, zone)),
        message=message,
        staffing=people.staffing,
        holder=people.holder,
        queue=people.queue,
        live=answering.ring_all_callers,
        rates=app.settings.hotline_rating,
        counselling=app.settings.hotline_counselling_number,
        number=number,
        callback=callback,
        staff=staff.known,
        worklist=staff.worklist,
        task=staff.task,
        ticket=number_of(call.ticket.id) if call.ticket else None,
        statuses=as_made.statuses,
        surge=as_made.surge(now) is not None,
        bulletins=[
            Bulletin(each.language, each.text, each.areas, key, each.asked) for key, each in as_made.bulletins(now)
        ],
        bases={code: pack.base for code, pack in as_made.spoken.items() if pack.base},
    )


def told_as(made: Promise, hours: Mapping[str, Any], zone: ZoneInfo, reached: Callable[[], bool]) -> Promise:
    """A promise as it may be told: without a time where nobody has said that they are there at that time, and nobody is
    *reached* then. ``hours`` as the hotline's row has them.
    """
    agreed = hotline.DEFAULT not in hours
    return made if agreed and (somebody_there(made.due_at, Hours.of(hours), zone) or reached()) else without_time(made)


def hints(pack: Pack, matcher: Matcher, candidates: Collection[str] = ()) -> Hints:
    """What the recogniser should expect, by the name a question gives to it.

    When all *candidates*, by their codes, lie in one street, its names come first: a large directory has more of them
    than a recogniser takes.
    """
    known = matcher.directory.by_code
    streets = {known[code].street for code in candidates if code in known}
    near = matcher.hints(street=streets.pop()) if len(streets) == 1 else ()
    return {
        "needs": (*pack.hints["needs"], *matcher.hints()),  # one sentence may name both
        "communities": tuple(dict.fromkeys((*pack.hints["yes_no"], *near, *matcher.hints()))),
        "review": tuple(pack.hints["review"]),
        "yes_no": tuple(pack.hints["yes_no"]),
    }


def understood(text: str, made: Line, language: str, offered: Collection[str], region: str) -> Meaning:
    """A sentence of a call in *language*: a dialect is understood as its base is, and asked for by its name.

    Who tells what they need in another language that is *offered* is understood in that one, and asks for it by that.
    """
    packs = made.spoken
    pack = packs[known(packs, language, made.roots[0].language)]
    root = pack.base or pack.language
    meaning = _read(text, made, root, region)
    if not meaning.tells_of_need:
        foreign = [each.language for each in made.roots if each.language in offered and each.language != root]
        told = (
            replace(_read(text, made, code, region), language=code) for code in foreign if _is_in(text, packs[code])
        )
        meaning = next((each for each in told if each.tells_of_need), meaning)
    if meaning.language or meaning.needs or len(made.roots) == len(packs):
        return meaning
    others = frozenset(packs[code] for code in offered if code != language)
    return replace(meaning, language=_asking(others).read(text).language)


def _read(text: str, made: Line, root: str, region: str) -> Meaning:
    """Who asks for a need that is offered no more wants something else."""
    meaning = made.reader(root, region).read(text)
    return replace(meaning, needs=made.needs.offered(meaning.needs), near=made.needs.offered(meaning.near))


def _is_in(text: str, pack: Pack) -> bool:
    """Whether it is more than a word or a name in the letters of this language: Chinese mixes in an OK or a taxi."""
    scripts = Counter(filter(None, map(script, text)))
    return len(WORD.findall(text)) >= FEWEST_WORDS and scripts.most_common(1)[0][0] == pack.voice["script"]


@lru_cache(maxsize=32)
def _asking(packs: Collection[Pack]) -> Reader:
    """Understands nothing but which of these languages is asked for."""
    return Reader.of({}, languages={pack.language: pack.asked_for for pack in packs})
