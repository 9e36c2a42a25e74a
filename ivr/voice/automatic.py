"""An automatic call as its carrier tells it: the resident picks up, or a machine does, and answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, g
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.flow import closing, overdue
from ivr.flow.automatic import Automatic
from ivr.flow.types import Bye, Reply, Say
from ivr.store import condition, hotline
from ivr.store.calls import intake, ratings
from ivr.store.models import AUTOMATIC, CLOSING, OVERDUE, AutomaticTalk, Outgoing, Ticket
from ivr.store.notices import due
from ivr.store.outgoing import automatic as calls
from ivr.store.outgoing import closings, course
from ivr.store.outgoing import overdue as overdue_calls
from ivr.voice import twiml
from ivr.voice.hearing import call_sid, hear, recording
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp
from ivr.voice.world import told_as, understood
from prompts import known
from routing.hours import Hours, Promise, promise
from routing.speech.meaning import Meaning

KINDS = f"<any({', '.join(AUTOMATIC)}):kind>"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of automatic call: its flow (``ivr.flow``), its state at the beginning, and what an answer comes to."""

    state: type[Automatic]
    first: Callable[[Session, Outgoing, datetime], Automatic]
    ask: Callable[[Any], Reply]
    advance: Callable[..., Automatic]
    answered: Callable[..., Ticket | None]
    learned: Callable[[Session, Outgoing, Any, Any, datetime], None]


@bp.post(f"/{KINDS}/<int:outgoing>")
def automatic(kind: str, outgoing: int) -> Response:
    """The telephone was picked up: who calls, and whether it is a good moment."""
    return automatic_turn(kind, outgoing, 0)


@bp.post(f"/{KINDS}/<int:outgoing>/turn/<int:n>")
def automatic_turn(kind: str, outgoing: int, n: int) -> Response:
    """One thing the resident did, and what they hear next. A turn that comes again is answered again, and no more."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        row = _of(db, kind, outgoing)
        talk = calls.talk(db, row)
        state = FLOWS[kind].state.from_json(talk.state) if talk.state else FLOWS[kind].first(db, row, now)
        _attach(db, row, now)
        if row.outcome == "machine" and "Digits" not in g.form:
            return xml(twiml.last_words("goodbye.end", app.line.line.packs, _language(row), _urls(row)))
        if n == talk.turn:
            state = _moved_on(db, row, talk, state, now)
        document = _document(db, row, FLOWS[kind].ask(state), talk.turn)
    return xml(document)


@bp.post(f"/{KINDS}/<int:outgoing>/recording")
def automatic_recording(kind: str, outgoing: int) -> Response:
    """What the resident said at the beep is there, or is not after all; at any time, more than once."""
    if recording(g.form) is None:
        abort(400)
    with app.sessions.begin() as db:
        _attach(db, _of(db, kind, outgoing), datetime.now(UTC))
    return nothing()


@bp.post(f"/{KINDS}/<int:outgoing>/machine")
def automatic_machine(kind: str, outgoing: int) -> Response:
    """Whether the carrier takes who picked up for a machine: then it is told nothing more."""
    if g.form.get("AnsweredBy", "").startswith(("machine", "fax")):
        with app.sessions.begin() as db:
            course.is_machine(db, _of(db, kind, outgoing), datetime.now(UTC))
    return nothing()


@bp.post(f"/{KINDS}/<int:outgoing>/fallback")
def automatic_fallback(kind: str, outgoing: int) -> Response:
    """We did not answer: whoever was rung hears so. Needs no database."""
    return sorry(None)


def sorry(danger: Say | None) -> Response:
    """Something went wrong here; whoever is in *danger* hears what to do about that."""
    packs, language = app.line.line.packs, app.settings.hotline_language
    line = twiml.Line(packs, language, Urls(app.settings.base_url), {})
    return xml(twiml.render(Bye((danger or Say("automatic.fault"), Say("goodbye.end"))), 0, line))


def _of(db: Session, kind: str, outgoing: int) -> Outgoing:
    """The call that the form is about, held; 403 where we placed no such call at this carrier."""
    row = course.hold(db, outgoing)
    ours = row is not None and row.kind == kind and row.carrier == g.carrier.name
    if row is None or not ours or not course.belongs(row, call_sid(g.form) or ""):
        abort(403)
    return row


def _closing(db: Session, row: Outgoing, _now: datetime) -> closing.Closing:
    ticket = calls.ticket_of(db, row)
    return closing.Closing(
        need=ticket.need if ticket else None,
        records=calls.call_of(db, row) is not None,
        rates=app.settings.hotline_rating,
    )


def _overdue(db: Session, row: Outgoing, now: datetime) -> overdue.Overdue:
    """With the promise that is made now, as it would be to a caller."""
    ticket = calls.ticket_of(db, row)
    need, holder = (ticket.need, ticket.claimed_by) if ticket else (None, None)
    made = _made(db, row, now)
    told = told_as(made, hotline.settings(db).hours, app.settings.zone, lambda: condition.tells(db))
    return overdue.Overdue(
        need=need,
        records=calls.call_of(db, row) is not None,
        holder=holder.role if holder else "",
        due=made.due_at.isoformat(),
        promise=told.key,
        when=dict(told.values),
    )


def _made(db: Session, row: Outgoing, now: datetime) -> Promise:
    """The promise of a call back that is made now, as it would be to a caller with that need."""
    ticket, needs = calls.ticket_of(db, row), app.line.line.needs
    need = ticket.need if ticket else None
    hours, zone = Hours.of(hotline.settings(db).hours), app.settings.zone
    return promise(needs.promise_min(need, urgent=False), hours, now, zone, urgent=needs.is_urgent(need))


def _rated(db: Session, row: Outgoing, before: closing.Closing, after: closing.Closing, now: datetime) -> None:
    if after.rated and not before.rated:
        ticket = calls.ticket_of(db, row)
        ratings.of_outgoing(db, row.id, ticket.claimed_by_id if ticket else None, now, good=after.rated == "good")


def _promised(db: Session, row: Outgoing, before: overdue.Overdue, after: overdue.Overdue, now: datetime) -> None:
    if after.told and not before.told:
        overdue_calls.promised(db, row, datetime.fromisoformat(after.due), now)


FLOWS = {
    CLOSING: Kind(closing.Closing, _closing, closing.ask, closing.advance, closings.answered, _rated),
    OVERDUE: Kind(overdue.Overdue, _overdue, overdue.ask, overdue.advance, overdue_calls.answered, _promised),
}


def _moved_on(db: Session, row: Outgoing, talk: AutomaticTalk, before: Automatic, now: datetime) -> Automatic:
    """What was heard has led on; an answer is on the ticket with the same commit, and whoever must know is told."""
    kind, after = FLOWS[row.kind], before
    if talk.turn == 0:
        course.picked_up(row, call_sid(g.form) or "", now)
    else:
        after = kind.advance(before, hear(g.form, taken=False), lambda text: _read(text, row))
    talk.turn, talk.state = talk.turn + 1, after.to_json()
    kind.learned(db, row, before, after, now)
    if after.answer and not before.answer:
        ticket = kind.answered(db, row, after.answer, now, due_at=_made(db, row, now).due_at, danger=bool(after.danger))
        if ticket:
            db.flush()
            due.write_due(db, app.later, app.settings.zone, now, ticket.id)
    return after


def _read(text: str, row: Outgoing) -> Meaning:
    return understood(text, app.line.now(), _language(row), (), app.settings.hotline_region)


def _attach(db: Session, row: Outgoing, now: datetime) -> None:
    news = recording(g.form)
    call = calls.call_of(db, row) if news else None
    if news is None or call is None:
        return
    if news.absent:
        intake.mark_absent(db, app.later, call, news.sid, now)
    else:
        intake.attach_recording(db, app.later, call, news.sid, news.seconds, now)


def _document(db: Session, row: Outgoing, reply: Reply, n: int) -> str:
    """As every other call: in the resident's language, slowly for who is in the slow lane."""
    packs, language = app.line.line.packs, _language(row)
    if calls.slow(db, row):
        packs = {code: pack.slowly for code, pack in packs.items()}
    hints = {"yes_no": tuple(packs[language].hints["yes_no"])}
    return twiml.render(reply, n, twiml.Line(packs, language, _urls(row), hints))


def _language(row: Outgoing) -> str:
    spoken = row.ticket.language if row.ticket else app.settings.hotline_language
    return known(app.line.line.packs, spoken, app.settings.hotline_language)


def _urls(row: Outgoing) -> Urls:
    return Urls(app.settings.base_url).automatic(row.kind, row.id)
