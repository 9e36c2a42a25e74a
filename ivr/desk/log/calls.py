"""The call log: every call with its path, filtered and counted."""

from collections.abc import Container
from datetime import date, timedelta

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell import places
from ivr.desk.shell.forms import last_given
from ivr.desk.shell.guard import allow, bp, id_in, me
from ivr.desk.shell.places import Place
from ivr.desk.words import OUTCOMES
from ivr.store.access import rules
from ivr.store.access.table import Scope
from ivr.store.calls import log
from ivr.store.calls.log import Filter
from ivr.store.directory import lookup
from routing import needs

SHOWN_DAYS = 7  # until somebody asks for more
FILTERS = ("from", "to", "outcome", "need", "community", "language", "test")

# Whose calls somebody reads: ``rules.visible_calls`` in words.
WHOSE = {
    Scope.CLAIMED: _l(
        "These are the calls whose tickets you claimed. No other call is lost: supervisors see every one, "
        "and open requests are in the inbox."
    ),
    Scope.COMMUNITIES: _l(
        "These are the calls from your communities. No other call is lost: supervisors see every one, "
        "including calls without a ticket."
    ),
    Scope.EVERY: _l("Every call to the hotline, including calls without a ticket."),
    Scope.NO: _l("Call figures for the whole hotline. Supervisors can read individual calls."),
}


@bp.get("/calls")
@allow("see_figures")
def show_calls() -> str:
    """A page of the log; whoever may only count calls sees the counts."""
    asked = request.args
    last = days.read(asked.get("to")) or days.today()
    first = days.read(asked.get("from")) or last - timedelta(days=SHOWN_DAYS - 1)
    with app.sessions.read() as db:
        wanted, community, place = filtered(db, first, last)
        calls, more = log.page(db, me(), wanted, id_in(asked.get("before")))
        return render_template(
            "desk/log/calls.html",
            calls=calls,
            more=more,
            counts=log.counts(db, me(), wanted),
            wanted=wanted,
            first=first,
            last=last,
            community=community,
            place=place,
            needs=needs.NEEDS,
            packs=app.packs,
            filters=filters(),
            reads=rules.may(me(), "see_calls"),
            whose=WHOSE[rules.scope(me(), "see_calls")],
        )


def filters() -> dict[str, str]:
    """The filters of this address, for a link that keeps them."""
    return {name: text for name in FILTERS if (text := last_given(request.args, name))}


def filtered(db: Session, first: date, last: date) -> tuple[Filter, str, Place | None]:
    """What the filters of this address ask of these days; the community as it is shown, and as it was read."""
    asked = request.args
    community = last_given(asked, "community").strip()
    place = places.named(db, community)
    wanted = Filter(
        since=days.begin(first),
        until=days.begin(last + timedelta(days=1)),
        outcome=_one_of(OUTCOMES, asked.get("outcome")),
        need=_one_of(needs.BY_KEY, asked.get("need")),
        community=place.row.code if place.row else community or None,  # a name that nobody has finds no call
        language=_one_of(app.packs, asked.get("language")),
        test={"yes": True, "no": False}.get(asked.get("test", "")),
    )
    return wanted, lookup.label(place.row) if place.row else community, place if community else None


def _one_of(known: Container[str], value: str | None) -> str | None:
    return value if value in known else None
