"""A sentence that somebody records by telephone: they are rung, speak, hear themselves, and keep it by a key."""

from math import ceil

from flask import Response, abort, g
from sqlalchemy.orm import Session
from twilio.twiml.voice_response import VoiceResponse

from ivr.app import app
from ivr.flow.types import Say
from ivr.store.facts import line
from ivr.store.models import Take
from ivr.store.outgoing import course, takes
from ivr.voice import playback, twiml
from ivr.voice.hearing import call_sid, recording
from ivr.voice.replies import xml
from ivr.voice.speaking import speak
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp
from prompts.checks import recorded_limit_s

SILENCE_S = 3  # ends what is spoken


@bp.post("/take/<int:outgoing>")
def take(outgoing: int) -> Response:
    """The telephone was picked up: what to say, and the beep."""
    with app.sessions.begin() as db:
        return xml(_ask(_of(db, outgoing)))


@bp.post("/take/<int:outgoing>/heard")
def take_heard(outgoing: int) -> Response:
    """They have spoken, and hear it; who said nothing is asked once more."""
    with app.sessions.begin() as db:
        row, news = _of(db, outgoing), recording(g.form)
        if news is None or news.absent:
            return xml(_ask(row, Say("message.empty")))
        row.recording_sid = news.sid
        return xml(_play(row))


@bp.post("/take/<int:outgoing>/answer")
def take_answer(outgoing: int) -> Response:
    """1 keeps it, 2 asks for another; any other key is a slip."""
    with app.sessions.begin() as db:
        row = _of(db, outgoing)
        match g.form.get("Digits"):
            case "1" if row.recording_sid:
                takes.keep(db, app.later, row)
                return xml(_last_words("take.kept"))
            case "2":
                return xml(_ask(row))
        return xml(_play(row) if row.recording_sid else _ask(row))


def _of(db: Session, outgoing: int) -> Take:
    """What the form is about; 403 where we placed no such call at this carrier."""
    row = course.hold(db, outgoing)
    found = db.get(Take, outgoing)
    if row is None or found is None or row.carrier != g.carrier.name or not course.belongs(row, call_sid(g.form) or ""):
        abort(403)
    return found


def _ask(row: Take, *says: Say) -> str:
    """What is to be said, and the beep; after too many tries they are let go."""
    row.tries += 1
    if row.tries > takes.MOST_TRIES:
        return _last_words("calling.gone")
    response, urls = VoiceResponse(), Urls(app.settings.base_url)
    packs, language = app.line.line.packs, app.settings.hotline_language
    speak(response, (*says, Say("take.ask", {"text": row.text})), packs, language, urls)
    heard = urls.take(row.outgoing_id, "heard")
    most_s = ceil(recorded_limit_s(row.text, slow=line.recorded(row.key)[1])) + SILENCE_S
    response.record(action=heard, finish_on_key="#", timeout=SILENCE_S, max_length=most_s)
    response.redirect(heard)  # an empty recording never calls its action
    return str(response)


def _play(row: Take) -> str:
    response, urls = VoiceResponse(), Urls(app.settings.base_url)
    packs, language = app.line.line.packs, app.settings.hotline_language
    address = playback.take_address(app, row.outgoing_id)
    says = (Say("take.heard", {"message": address}),)
    twiml.press_one(response, says, urls.take(row.outgoing_id, "answer"), packs, language, urls)
    response.hangup()  # nothing pressed: nothing is kept
    return str(response)


def _last_words(key: str) -> str:
    return twiml.last_words(key, app.line.line.packs, app.settings.hotline_language, Urls(app.settings.base_url))
