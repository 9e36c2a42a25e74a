"""The inbox: what needs doing, by views and filters; it renews itself."""

import hashlib
import time
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel.units import format_unit
from flask import make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell import places, renewal
from ivr.desk.shell.forms import last_given
from ivr.desk.shell.guard import allow, bp, id_in, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.shell.places import Place
from ivr.desk.shell.renewal import Budget, OpenPages
from ivr.desk.shell.tables import Table, sorting
from ivr.desk.work import rows
from ivr.store import condition, readiness
from ivr.store.access import rules
from ivr.store.directory import lookup
from ivr.store.inbox import contents as inbox
from ivr.store.inbox import filters, news
from ivr.store.inbox import hung_up as silent_calls
from ivr.store.inbox import rows as row_data
from ivr.store.inbox.contents import Contents
from ivr.store.inbox.filters import Filter
from ivr.store.inbox.hung_up import HungUp
from ivr.store.inbox.views import DONE, HUNG_UP, MAX_COUNTED, ORDERS, Reading, views_for
from ivr.store.models import CommunityRow
from ivr.store.notices import troubles
from ivr.store.people import tables
from ivr.store.tickets import confidence

Page = Response | tuple[str, int] | str

VIEWS = {
    "next": _l("Next up"),
    "urgent": _l("Urgent"),
    "overdue": _l("Overdue"),
    "mine": _l("Mine"),
    "nobodys": _l("Unclaimed"),
    "communities": _l("My communities"),
    "person": _l("Asked for a person"),
    HUNG_UP: _l("Hung up without speaking"),
    "silent": _l("No audio"),
    "raised": _l("Needs a supervisor"),
    "all": _l("All open"),
    DONE: _l("Done today"),
}
FIRST = "next"

# What a line of the table shows beside its need and number.
COLUMNS = {
    "due": _l("Promised"),
    "opened": _l("Opened"),
    "community": _l("Community"),
    "street": _l("Street"),
    "caller": _l("Caller"),
    "message": _l("Message"),
    "holder": _l("Claimed by"),
    "marks": _l("Marks"),
    "words": _l("Words"),
}
TABLE = Table("inbox", COLUMNS, frozenset(COLUMNS) - {"words"})

HOUR_MIN, DAY_MIN = 60, 24 * 60


open_pages, budget = OpenPages(), Budget()  # of this process


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows, and the ETag of exactly that."""

    reading: Reading
    contents: Contents
    columns: frozenset[str]  # none: as cards
    hung_up: list[tuple[HungUp, int]]  # with the version of the caller's card
    untold: bool  # some notice could not be sent, and the reader can do something about it
    etag: str


@bp.get("/")
@allow("see_inbox", "see_health")
def show_inbox() -> Page:
    """The inbox; whoever has none begins at the overview."""
    return page() if rules.may(me(), "see_inbox") else redirect(url_for("desk.show_home"))


@bp.get("/next")
@allow("see_inbox")
def show_next() -> Response:
    """On to the first ticket that waits for the reader, but for the one they come from; else to the inbox."""
    with app.sessions.read() as db:
        reading = Reading(me(), FIRST, filters.chosen(db, me()), now(), days.begin(days.today()))
        rows = inbox.contents(db, reading, None).rows
    onward = next((row.id for row in rows if row.id != request.args.get("after", type=int)), None)
    return redirect(url_for("desk.show_ticket", ticket_id=onward) if onward else url_for("desk.show_inbox"))


@bp.before_app_request
def put_off() -> Response | None:
    """While calls press, a page of a login that we have just served is answered before we look for that again."""
    if request.endpoint == "desk.renew_inbox" and budget.calls_first() and open_pages.can_wait(asked(known())):
        return _later(known())
    return None


@bp.get("/inbox")
@allow("see_inbox")
def renew_inbox() -> Response:
    """The tabs and rows alone, for the open page: 304 while nothing in them has changed, or while it has to wait."""
    etag = known()
    if etag and budget.calls_first() and open_pages.admit(asked(etag)):
        return _later(etag)
    with app.sessions.read() as db:
        newest = news.anything_new(db)  # before the comparison: what comes in between is compared the next time
        if etag and open_pages.still(asked(etag), newest):
            return _told("", etag)
        with budget.spending():
            seen = see(db, filters.chosen(db, me()))
            html = "" if seen.etag == etag else render_template("desk/work/_sections.html", **shown(db, seen))
    open_pages.keep(asked(seen.etag), newest)
    return _told(html, seen.etag)


def known() -> str:
    """The ETag of what the open page shows."""
    return next(iter(request.if_none_match.as_set()), "")


def asked(etag: str) -> Hashable:
    """All that the answer depends on, but what happens: whose page it is, in which language, which, and how old."""
    language = request.headers.get("Accept-Language")
    return request.headers.get("Cookie"), language, request.full_path, etag


@bp.get("/filter")
@allow("see_inbox")
def choose_filter() -> Page:
    """Narrow the inbox; it stays so until it is cleared. A place that nobody knows is asked for again."""
    asked = request.args
    typed = last_given(asked, "place").strip()
    with app.sessions.begin() as db:
        place = places.named(db, typed)
        street = None if place.row else filters.street(db, typed)
        wanted = Filter(
            need=asked["need"] if asked.get("need") in the_line().every_need else None,
            community=place.row.code if place.row else None,
            street=street,
            language=asked["language"] if asked.get("language") in app.packs else None,
            urgent=asked.get("urgent") == "yes",
        )
        known = not typed or place.row or street
        if known:
            filters.choose(db, me(), wanted)
        if asked.get("as") in ("cards", "table"):
            columns = (TABLE.asked() or TABLE.usual) if asked["as"] == "table" else ()
            tables.choose(db, me(), TABLE.name, columns)
    if known:
        return redirect(url_for("desk.show_inbox", view=_view()))
    return page(wanted, typed=typed, which=place)


def page(wanted: Filter | None = None, typed: str = "", which: Place | None = None) -> Page:
    """The whole page; with a filter that could not be taken, what was *typed* and *which* places it may mean."""
    trouble = places.neither(which) if which else ""
    with app.sessions.read() as db:
        chosen = filters.chosen(db, me())
        seen = see(db, chosen)
        community = db.get(CommunityRow, chosen.community) if chosen.community else None
        lacking = _lacking(db)
        html = render_template(
            "desk/work/inbox.html",
            wanted=wanted or chosen,
            which_place=which,
            place=typed or (lookup.label(community) if community else chosen.street or ""),
            trouble=trouble,
            withheld=confidence.waiting_withheld(db, me()) if rules.may(me(), "open_confidential") else 0,
            unheard="told" in lacking and rules.may(me(), "set_rules"),
            unwell=bool(lacking & {*condition.PRESSING, "spool", "file"}),
            needs=the_line().every_need,
            **shown(db, seen),
        )
    return (html, 422) if trouble else html


def _lacking(db: Session) -> set[str]:
    """What is wrong with the hotline, for those who see to it; ``spool``: requests lie on the disk; ``file``: the
    database's is damaged. The last two ask the disk and not the database."""
    if not rules.may(me(), "see_health"):
        return set()
    lacking = set(condition.lacking(db, now()))
    if any(readiness.left_lying(app.spool, time.time())):
        lacking.add("spool")
    if any(readiness.damage(app.sessions.engine, app.settings.data_dir)):
        lacking.add("file")
    return lacking


def see(db: Session, chosen: Filter) -> Seen:
    """What the reader would see now."""
    by = sorting(ORDERS, "")
    reading = Reading(me(), _view(), chosen, now(), days.begin(days.today()), by.order, bool(by.order) and by.falling)
    contents = inbox.contents(db, reading, _after())
    columns = TABLE.chosen(db)
    hung_up: list[tuple[HungUp, int]] = []
    if reading.view == HUNG_UP:
        found = silent_calls.callers(db, reading)
        cards = row_data.cards(db, [row.caller_id for row in found])
        hung_up = [(row, cards[row.caller_id].version if row.caller_id in cards else -1) for row in found]
    untold = rules.may(me(), "set_rules") and troubles.any_in_trouble(db, now())
    how = _view(), _after(), by, sorted(columns)
    told = repr((me().id, how, chosen, contents, hung_up, untold, days.today(), str(get_locale())))
    return Seen(reading, contents, columns, hung_up, untold, hashlib.sha256(told.encode()).hexdigest()[:32])


def shown(db: Session, seen: Seen) -> dict[str, Any]:
    """What the templates need to show it."""
    callers = [row.caller_id for row, _version in seen.hung_up]
    chosen = seen.reading.filter
    return {
        "view": seen.reading.view,
        "views": [(key, VIEWS[key], seen.contents.counts[key]) for key in views_for(me())],
        "most": MAX_COUNTED - 1,
        "contents": seen.contents,
        "rows": rows.written(db, seen.contents.rows, seen.columns),
        "columns": seen.columns,
        "table": TABLE,
        "sorting": sorting(ORDERS, ""),
        "order": _order(),
        "untold": seen.untold,
        "hung_up": [row for row, _version in seen.hung_up],
        "phones": row_data.phones(db, callers),
        "cards": row_data.cards(db, callers) if callers else {},
        "chosen": chosen,
        "chosen_community": db.get(CommunityRow, chosen.community) if chosen.community else None,
        "packs": app.packs,
        "etag": seen.etag,
        "after": _after(),
    }


def span(minutes: float) -> str:
    """``23 min``, ``1 hr 20 min``, ``3 days``: as long as one can hold in mind. live.js says it in the same words."""
    whole = abs(round(minutes))
    if whole < HOUR_MIN:
        parts = [(whole, "minute")]
    elif whole < 10 * HOUR_MIN:
        parts = [(whole // HOUR_MIN, "hour"), (whole % HOUR_MIN, "minute")]
    elif whole < 2 * DAY_MIN:
        parts = [(round(whole / HOUR_MIN), "hour")]
    else:
        parts = [(round(whole / DAY_MIN), "day")]
    said = [_counted(number, unit, str(get_locale())) for number, unit in parts if number]
    return " ".join(said) or _counted(0, "minute", str(get_locale()))


@lru_cache(maxsize=2000)  # every row of the inbox says it, and there are not many lengths
def _counted(number: int, unit: str, locale: str) -> str:
    return str(format_unit(number, f"duration-{unit}", "short", locale=locale))


@bp.app_template_filter()
def promise(due_at: datetime) -> str:
    """What is left of a promise, or by how much it is broken."""
    minutes = (due_at - now()).total_seconds() / 60
    return _("%(time)s left", time=span(minutes)) if minutes > 0 else _("%(time)s late", time=span(minutes))


def _view() -> str:
    view = request.args.get("view", FIRST)
    return view if view in views_for(me()) else FIRST


def _order() -> dict[str, str]:
    """How this address sorts, for a link that keeps it."""
    by = sorting(ORDERS, "")
    return {"order": by.order, "first": "most" if by.falling else "least"} if by.order else {}


def _after() -> int | None:
    return id_in(request.args.get("after"))


def _later(etag: str) -> Response:
    answer = _told("", etag)
    answer.retry_after = renewal.AGAIN_S
    return answer


def _told(html: str, etag: str) -> Response:
    answer = make_response(html, 200 if html else 304)
    answer.set_etag(etag)
    return answer
