"""Bringing a duty contact into a talk, as its carrier tells it: each of the three telephones asks what is next."""

from datetime import UTC, datetime

from flask import Response, abort, g

from ivr.app import app
from ivr.store.models import CONTACT
from ivr.store.outgoing import transfers
from ivr.voice import transfer_twiml as twiml
from ivr.voice.callback import of_first_leg
from ivr.voice.hearing import call_sid
from ivr.voice.replies import xml
from ivr.voice.webhooks import bp
from routing.transfer import Party

PARTY = f"<any({', '.join(Party)}):party>"


@bp.post(f"/{CONTACT}/<int:outgoing>")
def contact(outgoing: int) -> Response:
    """The contact's telephone was picked up: by them, or by its mailbox?"""
    with app.sessions.begin() as db:
        return xml(twiml.whisper(app, of_first_leg(db, outgoing)))


@bp.post(f"/{CONTACT}/<int:outgoing>/answer")
def contact_answer(outgoing: int) -> Response:
    """1 takes it; any other key is a slip, and they are asked once more."""
    with app.sessions.begin() as db:
        row, now = of_first_leg(db, outgoing), datetime.now(UTC)
        if g.form.get("Digits") != "1":
            return xml(twiml.whisper(app, row))
        transfer = transfers.of_leg(db, row.sid or "")
        if transfer is None or not transfers.took(row, now):
            return xml(twiml.last_words(app, "calling.gone"))
        return xml(twiml.next_document(app, db, transfer, Party.CONTACT, now))


@bp.post(f"/transfer/<int:transfer>/{PARTY}/<int:asked>")
def transfer_next(transfer: int, party: str, asked: int) -> Response:
    """What this party does next."""
    return _next(transfer, Party(party), asked)


@bp.post(f"/transfer/<int:transfer>/{PARTY}/left")
def transfer_left(transfer: int, party: str) -> Response:
    """They have left the room, or it has ended. The helper's star means: all three together now."""
    return _next(transfer, Party(party), joins=party == Party.HELPER)


@bp.post("/transfer/wait/<language>")
def transfer_wait(language: str) -> Response:
    """One is alone in the room for a moment. Needs no database."""
    packs = app.line.line.packs
    return xml(twiml.wait(app, language if language in packs else app.settings.hotline_language))


def again(transfer: int, party: str, asked: int) -> Response:
    """We did not answer: whoever it was waits and asks again. Needs no database."""
    return xml(twiml.again(app, transfer, Party(party), asked))


def _next(transfer: int, party: Party, asked: int = 0, *, joins: bool = False) -> Response:
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        row = transfers.hold(db, transfer)
        if row is None or row.carrier != g.carrier.name or transfers.sid_of(row, party) != call_sid(g.form):
            abort(403)
        if joins:
            transfers.join(db, row, now)
        return xml(twiml.next_document(app, db, row, party, now, asked))
