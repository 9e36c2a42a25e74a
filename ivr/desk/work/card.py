"""The caller's card: what the ticket shows of it, and the page where it is written."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell import places
from ivr.desk.shell.forms import last_given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.numbers import why_not
from ivr.store.access import audit, rules
from ivr.store.callers import cards
from ivr.store.callers.cards import FIELDS, BadCard, CardChanged, NoNumber
from ivr.store.facts.audit import CardRead
from ivr.store.models import CallerCard
from routing.directory import Community

Page = Response | tuple[str, int]

NEAR_DAYS = 7  # medicine that runs out within a week is somebody's next errand
WAS = "was_"  # beside each field: what it said when the form was opened
LABELS = {
    "name": _l("Name of the caller"),
    "community": _l("Community"),
    "address": _l("How to find the home"),
    "hearing": _l("Hearing"),
    "mobility": _l("Mobility"),
    "dialect": _l("Dialect"),
    "family_name": _l("Family: who"),
    "family_phone": _l("Family: telephone"),
    "medicine": _l("Usual medicine"),
    "medicine_until": _l("Runs out on"),
    "slow": _l("Slow lane"),
    "call_back": _l("May be called back after hanging up without speaking"),
}
HINTS = {
    "address": _l("e.g. the red door behind the market"),
    "hearing": _l("e.g. speak slowly, left ear"),
    "mobility": _l("e.g. cannot manage stairs"),
    "family_name": _l("e.g. daughter, comes on Sundays"),
}
TROUBLES = {
    "day": _l("Not a date. Write it like 2026-03-31."),
    "consent": _l("Ask the caller first. Without consent, only the slow lane can be saved."),
}


@bp.get(f"/tickets/<{ID}:ticket_id>/card")
@allow("see_number")
def show_card(ticket_id: int) -> Page:
    """The form. Who opened it is in the audit."""
    with app.sessions.begin() as db:
        rules.ticket(db, me(), ticket_id, "see_number")
        audit.append_once(db, me(), [CardRead(ticket_id)], now())
    return page(ticket_id)


@bp.post(f"/tickets/<{ID}:ticket_id>/card")
@allow("see_number")
def change_card(ticket_id: int) -> Page:
    version = request.form.get("version", type=int)
    if version is None:
        abort(400)
    with app.sessions.begin() as db:
        changed = cards.change(
            db,
            me(),
            ticket_id,
            _typed(),
            now(),
            version=version,
            consent=request.form.get("consent") == cards.ON,
            matcher=places.matcher(db),
            home=app.home(),
        )
    flash(_("Card saved.") if changed else _("The card is empty."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.post(f"/tickets/<{ID}:ticket_id>/card/erase")
@allow("see_number")
def erase_card(ticket_id: int) -> Page:
    with app.sessions.begin() as db:
        cards.erase(db, me(), ticket_id, now())
    flash(_("Card erased."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.errorhandler(BadCard)
def bad_card(error: BadCard) -> Page:
    return page((request.view_args or {})["ticket_id"], 422, trouble=_told(error), perhaps=error.perhaps)


@bp.errorhandler(CardChanged)
def card_changed(error: CardChanged) -> Page:
    return page((request.view_args or {})["ticket_id"], 409, overtaken=True)


@bp.errorhandler(NoNumber)
def no_number(error: NoNumber) -> Page:
    return page((request.view_args or {})["ticket_id"], 409)


def page(
    ticket_id: int,
    status: int = 200,
    *,
    trouble: Mapping[str, str] | None = None,
    overtaken: bool = False,
    perhaps: Sequence[Community] = (),
) -> Page:
    """The form as somebody has filled it in, or as the card is.

    *overtaken*: where others changed a field meanwhile their words stand beside it; the reader's own stay in it.
    """
    with app.sessions.read() as db:
        ticket = rules.ticket(db, me(), ticket_id, "see_number")
        card = cards.of_ticket(db, ticket)
        kept = cards.texts(card)
        shown, was = (_typed(), _typed(WAS)) if request.method == "POST" else (kept, kept)
        meanwhile = {field: kept[field] for field in FIELDS if overtaken and kept[field] != was[field]}
        for field in meanwhile:  # who left a field alone has nothing to say against what others wrote there
            if shown[field] == was[field]:
                shown[field] = kept[field]
        html = render_template(
            "desk/work/card.html",
            ticket=ticket,
            card=card,
            version=card.version if card and (overtaken or request.method == "GET") else _version(card),
            was=kept if overtaken else was,
            shown=shown,
            agreed=request.form.get("consent") == cards.ON,
            here=url_for("desk.show_card", ticket_id=ticket_id),
            labels=LABELS,
            hints=HINTS,
            trouble=trouble or {},
            perhaps=perhaps,
            overtaken=overtaken,
            meanwhile=meanwhile,
        )
    return html, status


@bp.app_template_filter()
def runs_out(day: date) -> str:
    """``runs out in 5 days``; the day itself is said in the hotline's zone."""
    left = (day - days.today()).days
    if left > 0:
        return ngettext("runs out in %(num)s day", "runs out in %(num)s days", left)
    return _("runs out today") if left == 0 else ngettext("ran out %(num)s day ago", "ran out %(num)s days ago", -left)


@bp.app_template_test()
def near(day: date) -> bool:
    """Whether somebody should see to it now."""
    return (day - days.today()).days <= NEAR_DAYS


def _typed(prefix: str = "") -> dict[str, str]:
    """The form's fields; one that is missing says nothing."""
    return {field: last_given(request.form, f"{prefix}{field}").strip() for field in FIELDS}


def _version(card: CallerCard | None) -> int:
    return request.form.get("version", 0, type=int) if request.method == "POST" else card.version if card else 0


def _told(error: BadCard) -> dict[str, str]:
    """The reasons as sentences, by field."""
    told = {}
    for field, reason in error.troubles.items():
        if reason == "long":
            told[field] = _("At most %(number)s characters.", number=cards.LONGEST[field])
        elif reason == "community" and error.perhaps:
            told[field] = places.which(error.perhaps)
        elif reason == "community":
            told[field] = places.unknown()
        elif reason == "phone":
            told[field] = why_not(_typed()[field])
        else:
            told[field] = str(TROUBLES[reason])
    return told
