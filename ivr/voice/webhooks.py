"""What the carrier calls: decode, decide, commit, answer, once each and in that order."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, g, request
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.carrier.account import SIMULATOR
from ivr.metrics import counted
from ivr.store.answering import ringing
from ivr.store.models import MAX_ID, Ring
from ivr.store.outgoing import transfers
from ivr.voice import twiml
from ivr.voice.conversation import Conversation
from ivr.voice.hearing import FINAL, Form, call_sid, clean, parent_sid, recording
from ivr.voice.people import known_of
from ivr.voice.replies import nothing, xml
from ivr.voice.signature import carrier_of, form_of
from ivr.voice.urls import Urls
from routing.phone_numbers import caller_id

bp = Blueprint("voice", __name__, url_prefix="/voice")

MAX_BODY_BYTES = 2 * 2**20  # a carrier's longest form is a few kB; this much can still be checked and answered
CALLERS = frozenset({"voice.incoming", "voice.turn", "voice.status", "voice.fallback"})


@bp.before_request
def begin_to_count() -> None:
    g.began_s = time.perf_counter()


@bp.after_request
def count(response: Response) -> Response:
    """What became of it; that it was spooled is said by whoever kept it."""
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        outcome = "failed"
    elif response.status_code >= HTTPStatus.BAD_REQUEST:
        outcome = "refused"
    else:
        outcome = g.get("outcome", "answered")
    counted.webhook((request.endpoint or "").removeprefix("voice."), outcome, time.perf_counter() - g.began_s)
    return response


@bp.before_request
def only_carriers() -> None:
    """Refuse whatever no carrier signed (403), and what names no call (400)."""
    request.max_content_length = MAX_BODY_BYTES
    g.form = form_of(request)
    g.carrier = carrier_of(request, g.form, app.settings.base_url, app.carriers)
    if g.carrier is None:
        app.refusals.note(app.sessions, "signature", datetime.now(UTC))
        abort(403)
    ids = [value for name, value in (request.view_args or {}).items() if isinstance(value, int) and name != "n"]
    if any(value > MAX_ID for value in ids):  # a turn, n, is only compared: one that is ahead is asked its question
        abort(403)  # a database that looked for it would fail, and the caller be told that something is broken
    if is_elsewhere(g.form):
        app.refusals.note(app.sessions, "number", datetime.now(UTC))
        abort(403)
    if call_sid(g.form) is None:
        abort(400)


def is_elsewhere(form: Form) -> bool:
    """Whether somebody rang a number that is not ours; the leg to a person's own telephone is our doing."""
    ours = {caller_id(number, app.home()) for number in app.settings.numbers}
    if ours and app.settings.hotline_news_number:
        ours.add(caller_id(app.settings.hotline_news_number, app.home()))
    rang = request.endpoint in CALLERS and not form.get("Direction", "inbound").startswith("outbound")
    called = clean(form.get("To", ""))
    return bool(ours and rang and called and g.carrier.name != SIMULATOR and caller_id(called, app.home()) not in ours)


@contextmanager
def conversation() -> Iterator[Conversation]:
    """The call that this request is about, in a transaction of its own."""
    with (
        app.sessions.begin() as db,
        Conversation(app, db, g.form, g.carrier, datetime.now(UTC)) as call,
    ):
        yield call


@bp.post("/incoming")
def incoming() -> Response:
    """A call arrives: the first question."""
    return turn(0)


@bp.post("/turn/<int:n>")
def turn(n: int) -> Response:
    """One thing the caller did, and what they hear next."""
    with conversation() as call:
        answer = call.answer(n)
    return xml(answer)


@bp.post("/status")
def status() -> Response:
    """The call's own progress: only its end matters here."""
    if g.form.get("CallStatus") in FINAL:
        with conversation() as call:
            call.attach()
            call.hang_up()
    return nothing()


@bp.post("/recording")
def recording_status() -> Response:
    """A recording is there, or is not after all. Comes at any time, in any order, more than once."""
    if recording(g.form) is None:
        abort(400)
    with conversation() as call:
        call.attach()
    return nothing()


@bp.post("/whisper/<int:ring>")
def whisper(ring: int) -> Response:
    """A telephone that was rung has been answered: by a person, or by its mailbox?"""
    packs, language = app.line.line.packs, app.settings.hotline_language
    with app.sessions.begin() as db:
        rung = _rung(db, ring)
        ringing.answered(rung, call_sid(g.form) or "", now := datetime.now(UTC))
        known = known_of(app, db, rung.call, now)
        if rung.staff and rung.staff.language and rung.staff.language in packs:
            language = rung.staff.language
    return xml(twiml.whisper(ring, known, packs, language, Urls(app.settings.base_url)))


@bp.post("/whisper/<int:ring>/answer")
def whisper_answer(ring: int) -> Response:
    """1 takes the call; the first who presses it has it."""
    packs, language = app.line.line.packs, app.settings.hotline_language
    accepted = g.form.get("Digits") == "1"
    if accepted:
        parent, leg = parent_sid(g.form) or "", call_sid(g.form) or ""
        with app.sessions.begin() as db:
            accepted = ringing.take(db, ring, parent, leg, datetime.now(UTC))
    return xml(twiml.whisper_answer(accepted, packs, language, Urls(app.settings.base_url)))


@bp.post("/rung/<int:ring>")
def rung_status(ring: int) -> Response:
    """How the leg to a telephone that was rung ended."""
    if g.form.get("CallStatus") in FINAL:
        with app.sessions.begin() as db:
            ringing.leg_ended(db, rung := _rung(db, ring), g.form["CallStatus"], now := datetime.now(UTC))
            if rung.outcome == "taken":
                transfers.left(db, app.later, call_sid(g.form) or "", now)
    return nothing()


def _rung(db: Session, ring: int) -> Ring:
    """The ring that the form is about; 403 where it is another call's."""
    found = ringing.find(db, ring, parent_sid(g.form) or "")
    if found is None:
        abort(403)
    return found
