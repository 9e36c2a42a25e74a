"""A call back as its carrier tells it: the helper picks up, presses 1, the resident is rung, the two talk and part."""

from datetime import UTC, datetime

from flask import Response, abort, g
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.flow.types import Say
from ivr.store.models import Outgoing, Staff
from ivr.store.outgoing import course, results, transfers
from ivr.voice import callback_twiml as twiml
from ivr.voice import transfer_twiml
from ivr.voice.callback_twiml import Voice
from ivr.voice.hearing import FINAL, call_sid, parent_sid
from ivr.voice.people import known_of_ticket
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp
from routing.transfer import Party

RESULT_KEYS = dict(zip("1234", results.RESULTS, strict=True))
UNREACHED = {"no_answer": "calling.no_answer", "busy": "calling.busy", "failed": "calling.no_answer"}


@bp.post("/callback/<int:outgoing>")
def callback(outgoing: int) -> Response:
    """The helper's telephone was picked up: by them, or by its mailbox?"""
    with app.sessions.begin() as db:
        return xml(_whisper(of_first_leg(db, outgoing)))


def _whisper(row: Outgoing) -> str:
    """Whom they are to call, as far as the ticket tells; of a call that is over, that it is."""
    voice, ticket = _to_helper(row.staff, row.id), row.ticket
    if row.ended_at:
        return twiml.last_words(voice, Say("calling.gone"))
    known = known_of_ticket(ticket) if ticket else []
    if ticket and ticket.attempts:
        known.append(Say("calling.tries", {"count": str(ticket.attempts)}))
    return twiml.whisper(voice, known)


@bp.post("/callback/<int:outgoing>/answer")
def callback_answer(outgoing: int) -> Response:
    """1 rings the resident; any other key is a slip, and they are asked once more."""
    with app.sessions.begin() as db:
        row = of_first_leg(db, outgoing)
        if g.form.get("Digits") != "1":
            return xml(_whisper(row))
        voice = _to_helper(row.staff, outgoing)
        if row.phone is None or not course.take(db, row, datetime.now(UTC)):
            return xml(twiml.last_words(voice, Say("calling.gone")))
        to, caller = row.phone.e164, row.caller.e164
        extension = row.ticket.extension if row.ticket else ""
    detect = app.settings.hotline_detect_machines
    return xml(twiml.connect(voice, to, extension, caller, detect_machines=detect))


@bp.post("/callback/<int:outgoing>/resident")
def callback_resident(outgoing: int) -> Response:
    """The resident has picked up, or a mailbox of theirs."""
    with app.sessions.begin() as db:
        row = _of_second_leg(db, outgoing)
        course.picked_up(row, call_sid(g.form) or "", datetime.now(UTC))
        language = row.ticket.language if row.ticket else app.settings.hotline_language
    return xml(twiml.greeting(_voice(language, outgoing)))


@bp.post("/callback/<int:outgoing>/leg")
def callback_leg(outgoing: int) -> Response:
    """How the resident's leg ended."""
    if (status := g.form.get("CallStatus", "")) in FINAL:
        with app.sessions.begin() as db:
            row = _of_second_leg(db, outgoing)
            course.parted(db, row, status, status == "completed", now := datetime.now(UTC))
            transfers.left(db, app.later, call_sid(g.form) or "", now)
    return nothing()


@bp.post("/callback/<int:outgoing>/machine")
def callback_machine(outgoing: int) -> Response:
    """Whether the carrier takes who picked up for a machine. https://www.twilio.com/docs/voice/answering-machine-detection"""
    if g.form.get("AnsweredBy", "").startswith(("machine", "fax")):
        with app.sessions.begin() as db:
            row = _hold(db, outgoing)
            if row.second_sid not in (None, call_sid(g.form)):  # it may be quicker than the leg's own first request
                abort(403)
            course.is_machine(db, row, datetime.now(UTC))
    return nothing()


@bp.post("/callback/<int:outgoing>/parted")
def callback_parted(outgoing: int) -> Response:
    """The resident has hung up, or was not reached: the helper is still there, and says what came of it."""
    with app.sessions.begin() as db:
        row = of_first_leg(db, outgoing)
        if row.second_sid and (moved := transfers.of_leg(db, row.sid or "")) and row.result is None:
            return xml(transfer_twiml.next_document(app, db, moved, Party.HELPER, datetime.now(UTC)))
        status, bridged = g.form.get("DialCallStatus", ""), g.form.get("DialBridged")
        talked = bridged == "true" if bridged else status in ("completed", "answered")
        outcome = course.parted(db, row, status, talked, datetime.now(UTC))
        voice = _to_helper(row.staff, outgoing)
        said = row.result is not None
    if outcome in UNREACHED:
        return xml(twiml.last_words(voice, Say(UNREACHED[outcome])))
    return xml(twiml.last_words(voice, Say("calling.noted")) if said else twiml.ask_result(voice))


@bp.post("/callback/<int:outgoing>/result")
def callback_result(outgoing: int) -> Response:
    """One key says it; any other leaves it to the page."""
    result = RESULT_KEYS.get(g.form.get("Digits", ""))
    with app.sessions.begin() as db:
        row = of_first_leg(db, outgoing)
        voice = _to_helper(row.staff, outgoing)
        if result and row.staff:
            results.say(db, row.staff, row, result, datetime.now(UTC))
    return xml(twiml.last_words(voice, Say("calling.noted" if result else "calling.later")))


@bp.post("/placed/<int:outgoing>")
def placed(outgoing: int) -> Response:
    """How the first leg of a call that we placed ended; in any order with what is told of the other."""
    if g.form.get("CallStatus") in FINAL:
        with app.sessions.begin() as db:
            row = _hold(db, outgoing)
            if course.belongs(row, call_sid(g.form) or ""):
                course.first_leg_ended(db, row, g.form["CallStatus"], now := datetime.now(UTC))
                transfers.left(db, app.later, row.sid or "", now)
    return nothing()


@bp.post("/placed/<int:outgoing>/fallback")
def placed_fallback(outgoing: int) -> Response:
    """We did not answer: whoever was rung hears so. Needs no database."""
    return sorry(outgoing)


def sorry(outgoing: int) -> Response:
    return xml(twiml.last_words(_voice(app.settings.hotline_language, outgoing), Say("calling.sorry")))


def of_first_leg(db: Session, outgoing: int) -> Outgoing:
    """The call that the form is about; 403 where it is another. A second one that was placed for it is over at once."""
    row = _hold(db, outgoing)
    if not course.belongs(row, call_sid(g.form) or ""):
        abort(403)
    return row


def _of_second_leg(db: Session, outgoing: int) -> Outgoing:
    row = _hold(db, outgoing)
    if row.sid is None or parent_sid(g.form) != row.sid:
        abort(403)
    return row


def _hold(db: Session, outgoing: int) -> Outgoing:
    """Locked; 403 where we placed no such call at this carrier."""
    row = course.hold(db, outgoing)
    if row is None or row.carrier != g.carrier.name:
        abort(403)
    return row


def _to_helper(staff: Staff | None, outgoing: int) -> Voice:
    return _voice(staff.language if staff else None, outgoing)


def _voice(language: str | None, outgoing: int) -> Voice:
    """In this language, where there is a pack of it."""
    packs = app.line.line.packs
    code = language if language and language in packs else app.settings.hotline_language
    return Voice(packs, code, Urls(app.settings.base_url), outgoing)
