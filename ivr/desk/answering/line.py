"""On the line: ready or on a break, who is ringing and what for; for supervisors, who waits and who talks."""

import hashlib
from datetime import datetime

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.numbers import names_number
from ivr.store.access import rules
from ivr.store.answering import handover, people, presence, roster, waiting
from ivr.store.answering.presence import Presence
from ivr.store.callers import cards
from ivr.store.models import LinePerson
from ivr.store.tickets import merging
from ivr.store.tickets.verbs import MAX_TEXT_CHARS, BadValue, perhaps_written

DOING = {
    "ready": _l("ready"),
    "ringing": _l("ringing"),
    "talking": _l("talking"),
    "wrap_up": _l("writing up"),
    "paused": _l("missed three calls: left in peace"),
    "break": _l("on a break"),
    "unproved": _l("no number that was proved to ring"),
}
Page = Response | tuple[str, int] | str

PRESENCE = {"yes": Presence.READY, "no": Presence.BREAK, "off": Presence.OFF}


@bp.get("/line")
@allow("take_calls")
def show_line() -> str:
    return _page()


def _page(words: str = "", wrong: str = "") -> str:
    """One's own telephone, and the call at hand with all that is known; the line of everybody for who may see it."""
    moment = now()
    with app.sessions.read() as db:
        html = _now(db, moment)
        swaps = roster.asked_of(db, me(), moment)
        return render_template(
            "desk/answering/line.html",
            now_html=html,
            etag=_etag(html),
            swaps=swaps,
            words=words,
            wrong=wrong,
            MAX_TEXT_CHARS=MAX_TEXT_CHARS,
        )


@bp.get("/line/now")
@allow("take_calls")
def renew_line() -> Response:
    """What has changed of it: 304 when nothing has."""
    with app.sessions.read() as db:
        html = _now(db, now())
    unchanged = request.if_none_match.contains(_etag(html))
    answer = make_response("" if unchanged else html, 304 if unchanged else 200)
    answer.set_etag(_etag(html))
    return answer


def _now(db: Session, moment: datetime) -> str:
    """Who rings, before they are picked up: their card, their tickets, what they have said so far."""
    on = {shift.person for shift in roster.on(db, moment)}
    notes = handover.left(db, moment)
    sees_all, ring = rules.may(me(), "see_line"), people.at_hand(db, me())
    ticket = ring.call.ticket if ring else None
    return render_template(
        "desk/answering/_now.html",
        mine=db.get(LinePerson, me().id),
        on=on,
        ring=ring,
        ticket=ticket,
        card=cards.shown_to(db, me(), ticket) if ticket else None,
        others=merging.others_of_caller(db, me(), ticket) if ticket else [],
        people=[(each, people.doing(each, moment)) for each in people.on_the_line(db)] if sees_all else [],
        waiting=waiting.now_waiting(db, moment) if sees_all else [],
        sees_all=sees_all,
        notes=notes,
        held=handover.still_held(db, me(), notes),
        doing=lambda row: people.doing(row, moment),
        DOING=DOING,
    )


def _etag(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:16]


@bp.post("/line")
@allow("take_calls")
def set_ready() -> Response:
    """Ready, a break, or off for the rest of the shift: said here or by keys, it is the same."""
    wish = request.form.get("ready")
    if wish not in PRESENCE:
        abort(400)
    with app.sessions.begin() as db:
        presence.say(db, me(), PRESENCE[wish], now())
    return redirect(url_for("desk.show_line"))


@bp.post("/line/handover")
@allow("take_calls")
def hand_over() -> Page:
    """What the next shift is to know. No telephone number: it would be found by nobody who has to erase it."""
    words = request.form.get("words", "")
    if names_number(words):
        return _page(words, _("Write the ticket's number, no telephone number.")), 422
    try:
        text = perhaps_written(words, "words")
    except BadValue:
        return _page(words, _("Too long.")), 422
    with app.sessions.begin() as db:
        handover.leave(db, me(), text, now())
    flash(_("Saved."))
    return redirect(url_for("desk.show_line"))


@bp.post(f"/line/swaps/<{ID}:swap_id>")
@allow("take_calls")
def answer_swap(swap_id: int) -> Response:
    """The time changes hands when its taker agrees, and not before."""
    with app.sessions.begin() as db:
        agreed = roster.answer_swap(db, me(), swap_id, request.form.get("agree") == "yes", now())
    flash(_("It is your shift now.") if agreed else _("It stays as it is."))
    return redirect(url_for("desk.show_line"))
