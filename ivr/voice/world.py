"""What a call may look up at this moment, gathered from the pack, the matcher and the hotline's settings."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from ivr.app import App
from ivr.flow.types import World
from ivr.store.models import Call, Hotline
from ivr.voice.twiml import Hints
from prompts import Pack
from routing import needs
from routing.hours import Hours, Promise, promise
from routing.matching import Match, Matcher
from routing.phone_numbers import area_of, dictated
from routing.speech.intents import Vocabulary
from routing.speech.reading import read


def make_world(app: App, call: Call, matcher: Matcher, hotline: Hotline, now: datetime) -> World:
    """The world of one turn of *call*."""
    hours, zone = Hours.of(hotline.hours), app.settings.zone
    on_duty = hotline.duty_phone is not None and Hours.of(hotline.duty_hours).is_open(now.astimezone(zone))

    def match(text: str, refused: Collection[str]) -> Match:
        return matcher.match(text, without=refused)

    def promised(need: str | None, urgent: bool) -> Promise:
        return promise(needs.promise_min(need, urgent=urgent), hours, now, zone, urgent=urgent)

    def number(dialled: str, community: str | None) -> str | None:
        """Local ones lie in the area of the community, else in that of the hotline's number."""
        place = matcher.directory.by_code.get(community or "")
        area = area_of(place.phone) if place and place.phone else ""
        home = app.home(call.called.e164 if call.called else None)
        return dictated(dialled, replace(home, area=area or home.area))

    def callback() -> str | None:
        """What the caller of a withheld number gave: read only when it is to be said."""
        return call.ticket.caller.e164 if call.ticket and call.ticket.caller and not call.caller_id else None

    return World(
        directory=matcher.directory,
        match=match,
        read=partial(read, words=vocabulary(app.packs[call.language], app.packs.values())),
        languages={pack.key: code for code, pack in app.packs.items()},
        promise=promised,
        duty=on_duty,
        number=number,
        callback=callback,
        ticket=call.ticket.number if call.ticket else None,
    )


def hints(pack: Pack, matcher: Matcher, candidates: Collection[str] = ()) -> Hints:
    """What the recogniser should expect, by the name a question gives to it.

    When all *candidates*, by their codes, lie in one street, its names come first: a large directory has more of them
    than a recogniser takes.
    """
    known = matcher.directory.by_code
    streets = {known[code].street for code in candidates if code in known}
    near = matcher.hints(street=streets.pop()) if len(streets) == 1 else ()
    heard = pack.words["heard"]
    yes_no = (*heard["yes"], *heard["no"])
    needed = (word for words in pack.words["needs"].values() for word in words)
    return {
        "needs": (*needed, *matcher.hints()),  # one sentence may name both
        "communities": tuple(dict.fromkeys((*yes_no, *near, *matcher.hints()))),
        "review": tuple(heard["redo"]),
    }


def vocabulary(pack: Pack, packs: Collection[Pack]) -> Vocabulary:
    """A pack's words as routing looks for them; another language may be asked for in its own words."""
    heard = {meaning: tuple(words) for meaning, words in pack.words["heard"].items()}
    ordinals = tuple(heard.pop(ordinal) for ordinal in ("first", "second", "third"))
    return Vocabulary(
        emergency={number: tuple(words) for number, words in pack.words["emergency"].items()},
        needs={need: tuple(words) for need, words in pack.words["needs"].items()},
        languages={
            code: tuple(words)
            for each in packs
            for code, words in each.words["languages"].items()
            if code != pack.language
        },
        ordinals=ordinals,
        **heard,
    )
