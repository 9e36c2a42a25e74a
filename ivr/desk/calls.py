"""The call log: every call with its path, filtered and counted."""

from collections.abc import Container
from datetime import timedelta

from flask import render_template, request
from flask_babel import gettext as _

from ivr.app import app
from ivr.desk import days
from ivr.desk.guard import MAX_ID, allow, bp, me
from ivr.desk.words import OUTCOMES
from ivr.store import access, call_log, places
from ivr.store.call_log import Wanted
from routing import needs

SHOWN_DAYS = 7  # until somebody asks for more


@bp.get("/calls")
@allow("see_calls", "see_call_counts")
def show_calls() -> str:
    """A page of the log; whoever may only count calls sees the counts."""
    asked = request.args
    last = days.read(asked.get("to")) or days.today()
    first = days.read(asked.get("from")) or last - timedelta(days=SHOWN_DAYS - 1)
    community = asked.get("community", "").strip()
    with app.sessions.read() as db:
        place = places.find(db, community)
        wanted = Wanted(
            since=days.begin(first),
            until=days.begin(last + timedelta(days=1)),
            outcome=_one_of(OUTCOMES, asked.get("outcome")),
            need=_one_of(needs.BY_KEY, asked.get("need")),
            community=place.code if place else community or None,  # a name that nobody has finds no call
            language=_one_of(app.packs, asked.get("language")),
            test={"yes": True, "no": False}.get(asked.get("test", "")),
        )
        before = asked.get("before", type=int)
        calls, more = call_log.page(db, me(), wanted, before if before and before <= MAX_ID else None)
        return render_template(
            "desk/calls.html",
            calls=calls,
            more=more,
            counts=call_log.counts(db, me(), wanted),
            wanted=wanted,
            first=first,
            last=last,
            community=places.label(place) if place else community,
            trouble=_("No community has this name. Choose one of the suggestions.") if community and not place else "",
            needs=needs.NEEDS,
            packs=app.packs,
            filters={name: value for name, value in asked.items() if value and name != "before"},
            reads=access.may(me(), "see_calls"),
        )


def _one_of(known: Container[str], value: str | None) -> str | None:
    return value if value in known else None
