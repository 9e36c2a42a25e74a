"""A closing call as its carrier tells it: the resident picks up, or a machine does, and says whether it was right."""

from datetime import UTC, datetime

from flask import Response, abort, g
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.flow import closing as flow
from ivr.flow.closing import Closing
from ivr.flow.types import Bye, Reply, Say
from ivr.store.calls import intake, ratings
from ivr.store.models import CLOSING, ClosingTalk, Outgoing
from ivr.store.notices import due
from ivr.store.outgoing import closings, course
from ivr.voice import twiml
from ivr.voice.hearing import call_sid, hear, recording
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp
from ivr.voice.world import understood
from prompts import known
from routing.speech.meaning import Meaning


@bp.post("/closing/<int:outgoing>")
def closing(outgoing: int) -> Response:
    """The telephone was picked up: who calls, and whether it is a good moment."""
    return closing_turn(outgoing, 0)


@bp.post("/closing/<int:outgoing>/turn/<int:n>")
def closing_turn(outgoing: int, n: int) -> Response:
    """One thing the resident did, and what they hear next. A turn that comes again is answered again, and no more."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        row = _of(db, outgoing)
        talk = closings.talk(db, row)
        state = _state(db, row, talk)
        _attach(db, row, now)
        if row.outcome == "machine" and "Digits" not in g.form:
            return xml(twiml.last_words("goodbye.end", app.line.line.packs, _language(row), _urls(row)))
        if n == talk.turn:
            state = _moved_on(db, row, talk, state, now)
        document = _document(db, row, flow.ask(state), talk.turn)
    return xml(document)


@bp.post("/closing/<int:outgoing>/recording")
def closing_recording(outgoing: int) -> Response:
    """What the resident said at the beep is there, or is not after all; at any time, more than once."""
    if recording(g.form) is None:
        abort(400)
    with app.sessions.begin() as db:
        _attach(db, _of(db, outgoing), datetime.now(UTC))
    return nothing()


@bp.post("/closing/<int:outgoing>/machine")
def closing_machine(outgoing: int) -> Response:
    """Whether the carrier takes who picked up for a machine: then it is told nothing more."""
    if g.form.get("AnsweredBy", "").startswith(("machine", "fax")):
        with app.sessions.begin() as db:
            course.is_machine(db, _of(db, outgoing), datetime.now(UTC))
    return nothing()


@bp.post("/closing/<int:outgoing>/fallback")
def closing_fallback(outgoing: int) -> Response:
    """We did not answer: whoever was rung hears so. Needs no database."""
    return sorry(None)


def sorry(danger: Say | None) -> Response:
    """Something went wrong here; whoever is in *danger* hears what to do about that."""
    packs, language = app.line.line.packs, app.settings.hotline_language
    line = twiml.Line(packs, language, Urls(app.settings.base_url), {})
    return xml(twiml.render(Bye((danger or Say("closing.fault"), Say("goodbye.end"))), 0, line))


def _of(db: Session, outgoing: int) -> Outgoing:
    """The call that the form is about, held; 403 where we placed no such call at this carrier."""
    row = course.hold(db, outgoing)
    ours = row is not None and row.kind == CLOSING and row.carrier == g.carrier.name
    if row is None or not ours or not course.belongs(row, call_sid(g.form) or ""):
        abort(403)
    return row


def _state(db: Session, row: Outgoing, talk: ClosingTalk) -> Closing:
    """As it was kept; before the first turn it knows the matter."""
    if talk.state:
        return Closing.from_json(talk.state)
    ticket = closings.ticket_of(db, row)
    return Closing(
        need=ticket.need if ticket else None,
        records=closings.call_of(db, row) is not None,
        rates=app.settings.hotline_rating,
    )


def _moved_on(db: Session, row: Outgoing, talk: ClosingTalk, before: Closing, now: datetime) -> Closing:
    """What was heard has led on; an answer is on the ticket with the same commit, and whoever must know is told."""
    after = before
    if talk.turn == 0:
        course.picked_up(row, call_sid(g.form) or "", now)
    else:
        after = flow.advance(before, hear(g.form, taken=False), lambda text: _read(text, row))
    talk.turn, talk.state = talk.turn + 1, after.to_json()
    if after.answer and not before.answer:
        ticket = closings.answered(db, row, after.answer, now, danger=bool(after.danger))
        if ticket:
            db.flush()
            due.write_due(db, app.later, app.settings.zone, now, ticket.id)
    if after.rated and not before.rated:
        ticket = closings.ticket_of(db, row)
        ratings.of_outgoing(db, row.id, ticket.claimed_by_id if ticket else None, now, good=after.rated == "good")
    return after


def _read(text: str, row: Outgoing) -> Meaning:
    return understood(text, app.line.now(), _language(row), (), app.settings.hotline_region)


def _attach(db: Session, row: Outgoing, now: datetime) -> None:
    """Keep the recording that the form speaks of, if it does, with the resident's last call about the matter."""
    news = recording(g.form)
    call = closings.call_of(db, row) if news else None
    if news is None or call is None:
        return
    if news.absent:
        intake.mark_absent(db, app.later, call, news.sid, now)
    else:
        intake.attach_recording(db, app.later, call, news.sid, news.seconds, now)


def _document(db: Session, row: Outgoing, reply: Reply, n: int) -> str:
    """As every other call: in the resident's language, slowly for who is in the slow lane."""
    packs, language = app.line.line.packs, _language(row)
    if closings.slow(db, row):
        packs = {code: pack.slowly for code, pack in packs.items()}
    hints = {"yes_no": tuple(packs[language].hints["yes_no"])}
    return twiml.render(reply, n, twiml.Line(packs, language, _urls(row), hints))


def _language(row: Outgoing) -> str:
    spoken = row.ticket.language if row.ticket else app.settings.hotline_language
    return known(app.line.line.packs, spoken, app.settings.hotline_language)


def _urls(row: Outgoing) -> Urls:
    return Urls(app.settings.base_url).closing(row.id)
