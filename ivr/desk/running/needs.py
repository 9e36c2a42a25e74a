"""What callers are offered: which key, what it is called, what they say who mean it, by when somebody calls back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import emergencies, told
from ivr.desk.running.own_words import listed, refused, written
from ivr.desk.running.prompts import WRONG
from ivr.desk.running.saying import line_now
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.words import need_label
from ivr.line import Line
from ivr.store.facts import line
from ivr.store.line import changes, needs
from ivr.store.line.changes import Overtaken
from ivr.store.models import LineChange
from prompts import Pack
from prompts.checks import free_faults, seconds, tidy
from routing.needs import NEWS_DIGIT, OTHER, PERSON_DIGIT, PROMISE_MIN_UNKNOWN, SHIPPED, STAFF_DIGIT

Page = Response | tuple[str, int]

KEY = re.compile(r"[a-z][a-z_]{1,30}")
DIGITS = "123456789"
SHORTEST_MIN, LONGEST_MIN = 5, 2 * 24 * 60
LABEL_S = 3  # as long as a label may take: it stands in the menu, and old ears hold four of them
MENU_S = 13  # with a longer menu, whoever is silent waits more than half a minute for the beep


@dataclass(frozen=True, slots=True)
class Shown:
    """A need on the page: its ``labels``, by language, and the words that were added, in the order of the languages."""

    key: str
    need: line.Need
    labels: Mapping[str, str]
    words: Sequence[str]
    change: LineChange | None


@bp.get("/needs")
@allow("run_line")
def show_needs() -> str:
    with app.sessions.read() as db:
        made = line_now(db)
        found = changes.latest_of(db, line.Need)
        every = [_shown(made, key, found.get(key)) for key in made.every_need]
        return render_template(
            "desk/running/needs.html",
            offered=[each for each in every if each.key in made.needs.by_key],
            retired=[each for each in every if each.key not in made.needs.by_key],
            dangers=list(emergencies.shown(made)),
            order=changes.version(db, needs.ORDER),
            menus=[(pack.name, round(took := menu_s(made, pack)), took > MENU_S) for pack in _languages(made)],
        )


@bp.post("/needs/order")
@allow("run_line")
def order_needs() -> Page:
    """Have the menu read a need out one place earlier. Who was overtaken finds the order that the other one made; a
    need that is not offered any more has no place in it.
    """
    key = request.form.get("key", "")
    try:
        with app.sessions.begin() as db:
            keys = list(line_now(db).needs.by_key)
            if key not in keys:
                return redirect(url_for("desk.show_needs"))
            place = max(keys.index(key), 1)
            keys[place - 1 : place + 1] = reversed(keys[place - 1 : place + 1])
            changes.make(db, me(), needs.ORDER, line.NeedOrder(keys), now(), seen=seen())
    except Overtaken as quicker:
        flash(overtaken(quicker))
        return redirect(url_for("desk.show_needs"))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_needs"))


@bp.get("/needs/one")
@allow("run_line")
def show_need() -> Page:
    """One that is known, or a new one."""
    key, made = request.args.get("key", ""), the_line()
    if key and key not in made.every_need:
        raise NotFound
    return _page(key, _values(_now(made, key)) if key else {"promise": str(PROMISE_MIN_UNKNOWN)})


@bp.post("/needs/one")
@allow("run_line")
def save_need() -> Page:
    """Add it, change it, retire it or take it back. The line is held meanwhile, so that no key comes to mean two."""
    known = request.form.get("known", "")
    try:
        with app.sessions.begin() as db:
            changes.hold(db)
            key, need, wrong = _read(line_now(db), known)
            if not wrong:
                changes.make(db, me(), needs.about(key), need, now(), seen=seen())
    except Overtaken as quicker:
        return _page(known, request.form.to_dict(), conflict=overtaken(quicker))
    if wrong:
        return _page(known, request.form.to_dict(), wrong)
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_needs"))


def _shown(made: Line, key: str, change: LineChange | None) -> Shown:
    need, languages = _now(made, key), [pack.language for pack in made.roots]
    labels = {language: need.labels[language] for language in languages if language in need.labels}
    return Shown(key, need, labels, [word for each in languages for word in need.said.get(each, ())], change)


def menu_s(made: Line, pack: Pack) -> float:
    """About how long the menu takes in a language, in seconds."""
    choice = pack.say["menu.choice"]
    labels = ((pack.needs[each.key], each.digit) for each in made.needs.rows)
    choices = (choice.replace("{need}", label).replace("{digit}", digit) for label, digit in labels)
    return sum(map(seconds, (pack.say["need.ask"], *choices, pack.say["menu.person"])))


def _read(made: Line, known: str) -> tuple[str, line.Need, dict[str, str]]:
    """The need as it was typed, under which key, and why a field is wrong. To retire one changes nothing else of it."""
    if known and known not in made.every_need:
        raise NotFound
    if known and request.form.get("does") == "retire":
        alone = {"retired": _("Whatever has no need of its own is this one: it stays.")} if known == OTHER else {}
        return known, replace(_now(made, known), retired=True), alone
    wrong: dict[str, str] = {}
    key = known or request.form.get("key", "").strip()
    if not KEY.fullmatch(key):
        wrong["key"] = _("Two to thirty small letters, such as heating.")
    elif not known and key in (*made.every_need, "unknown"):
        wrong["key"] = _("There is one already.")
    digit = request.form.get("digit", "").strip()
    if trouble := _taken(made, digit, key):
        wrong["digit"] = trouble
    minutes = _minutes(request.form.get("promise", "").strip())
    if minutes is None:
        wrong["promise"] = _("A number from %(fewest)s to %(most)s.", fewest=SHORTEST_MIN, most=LONGEST_MIN)
    labels, words = {}, {}
    for pack in _languages(made):
        labels[pack.language], trouble = _label(made, pack, key)
        words[pack.language] = listed(request.form.get(f"words_{pack.language}", ""))
        if trouble:
            wrong[f"label_{pack.language}"] = trouble
        if trouble := refused(made, pack.language, words[pack.language], f"needs.{key}."):
            wrong[f"words_{pack.language}"] = trouble
    return key, line.Need(digit, minutes or 0, labels, words, request.form.get("urgent") == "1"), wrong


def _taken(made: Line, digit: str, key: str) -> str:
    """Why the need of this key cannot be on that key of the telephone; empty: it can."""
    if len(digit) != 1 or digit not in DIGITS + PERSON_DIGIT:
        return _("One digit, from 1 to 9.")
    meaning = dict(_meanings(made, key)).get(digit)
    return _("Key %(digit)s already means: %(meaning)s.", digit=digit, meaning=meaning) if meaning else ""


def _meanings(made: Line, but: str) -> Iterator[tuple[str, str]]:
    """What each key means in the first menu, besides the need of the key *but*."""
    yield PERSON_DIGIT, _("a person")
    yield NEWS_DIGIT, _("bulletins")
    yield STAFF_DIGIT, _("staff and their PIN")
    yield from ((pack.key, pack.name) for pack in made.spoken.values())
    yield from ((each.digit, need_label(each.key)) for each in made.needs.rows if each.key != but)


def _label(made: Line, pack: Pack, key: str) -> tuple[str, str]:
    """What it shall be called in a language, and what is wrong with that."""
    text = tidy(request.form.get(f"label_{pack.language}", ""))
    if faults := free_faults(pack, text, LABEL_S):
        return text, " ".join(str(WRONG[each.kind]) % {"what": each.what} for each in faults)
    others = (pack.needs[other] for other in made.needs.by_key if other != key)
    taken = text.casefold() in (label.casefold() for label in others)
    return text, _("Another need is called so.") if taken else ""


def _minutes(typed: str) -> int | None:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(LONGEST_MIN))):
        return None
    return int(typed) if SHORTEST_MIN <= int(typed) <= LONGEST_MIN else None


def _now(made: Line, key: str) -> line.Need:
    """The need as it is; one that nobody has changed, as it comes."""
    if changed := made.known_needs.get(key):
        return changed
    comes, languages = SHIPPED.by_key[key], _languages(made)
    labels = {pack.language: pack.needs[key] for pack in languages}
    return line.Need(comes.digit, comes.promise_min, labels, {pack.language: [] for pack in languages}, comes.urgent)


def _values(need: line.Need) -> dict[str, str]:
    """What stands in the form."""
    labels = {f"label_{language}": label for language, label in need.labels.items()}
    words = {f"words_{language}": written(said) for language, said in need.said.items()}
    kept = {"digit": need.digit, "promise": str(need.promise_min), "urgent": "1" if need.urgent else ""}
    return kept | labels | words


def _page(key: str, values: Mapping[str, str], wrong: Mapping[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        made = line_now(db)
        taken = dict(_meanings(made, key))
        html = render_template(
            "desk/running/need.html",
            key=key,
            need=_now(made, key) if key else None,
            values=values,
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, needs.about(key)) if key else 0,
            packs=_languages(made),
            free=", ".join(digit for digit in DIGITS if digit not in taken),
            may_retire=key not in ("", OTHER) and key in made.needs.by_key,
            versions=changes.history(db, needs.about(key)) if key else [],
            values_of=told.values,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _languages(made: Line) -> Sequence[Pack]:
    """Those that are no dialects, with the needs as they are called now."""
    return [made.spoken[pack.language] for pack in made.roots]
