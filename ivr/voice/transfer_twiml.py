"""What the three hear while a community's duty contact is brought into a talk."""

from datetime import datetime

from sqlalchemy.orm import Session
from twilio.twiml.voice_response import VoiceResponse

from ivr.app import App
from ivr.flow.transfer import MOST_HOLDS, Hold, Over, Room, next_for
from ivr.flow.types import Say
from ivr.store.models import Outgoing, Transfer
from ivr.store.outgoing import transfers
from ivr.voice import callback_twiml, twiml
from ivr.voice.callback_twiml import Voice
from ivr.voice.people import known_of_ticket
from ivr.voice.speaking import speak
from ivr.voice.urls import Urls
from routing.transfer import Party

ASKS_AFTER_S = 4  # whoever waits
SAYS_EVERY = 5  # of those, it is said again that they wait


def next_document(app: App, db: Session, row: Transfer, party: Party, now: datetime, asked: int = 0) -> str:
    """What this party does next; whoever asks first has the contact rung."""
    contact = transfers.contact_of(db, app.line.line.duties, row.ticket, app.settings.zone, now)
    transfers.ring(db, app.later, row, contact, app.terms, now)
    response, urls, language = VoiceResponse(), Urls(app.settings.base_url), language_of(app, row, party)
    said = (app.line.line.packs, language, urls)
    match next_for(party, transfers.standing(row), asked):
        case Hold(say):
            onward = urls.transfer(row.id, party, asked + 1)
            gather = response.gather(input="dtmf", num_digits=1, timeout=ASKS_AFTER_S, action=onward)  # any key asks
            if asked % SAYS_EVERY == 0:
                speak(gather, (say,), *said)
            response.redirect(onward)
        case Room(say, star, ends):
            speak(response, (say,), *said)
            dial = response.dial(action=urls.left_room(row.id, party), hangup_on_star=star or None)
            dial.conference(
                f"transfer-{row.id}",
                beep="false",
                start_conference_on_enter=True,
                end_conference_on_exit=ends,
                wait_url=urls.room_wait(language),
            )
        case Over(say):
            if party is Party.HELPER and row.callback_id and row.callback and row.callback.result is None:
                return callback_twiml.ask_result(Voice(*said, row.callback_id), say)
            speak(response, (say,), *said)
            response.hangup()
    return str(response)


def whisper(app: App, call: Outgoing) -> str:
    """The contact's telephone was picked up: what it is about. A mailbox presses nothing, and the helper is told so."""
    response, urls = VoiceResponse(), Urls(app.settings.base_url)
    said = (app.line.line.packs, app.settings.hotline_language, urls)
    known = known_of_ticket(call.ticket) if call.ticket else []
    says = (Say("transfer.contact"), *known, Say("calling.press"))
    twiml.press_one(response, says, urls.contact_answer(call.id), *said)
    response.hangup()
    return str(response)


def last_words(app: App, key: str) -> str:
    return twiml.last_words(key, app.line.line.packs, app.settings.hotline_language, Urls(app.settings.base_url))


def wait(app: App, language: str) -> str:
    """What one alone in the room hears, until somebody else comes."""
    response, urls = VoiceResponse(), Urls(app.settings.base_url)
    speak(response, (Say("transfer.wait"),), app.line.line.packs, language, urls)
    response.pause(length=ASKS_AFTER_S)
    response.redirect(urls.room_wait(language))
    return str(response)


def again(app: App, transfer: int, party: Party, asked: int) -> str:
    """To be asked once more in a moment; who has waited for too long is let go."""
    if asked >= MOST_HOLDS:
        return last_words(app, "calling.sorry")
    response, urls = VoiceResponse(), Urls(app.settings.base_url)
    speak(response, (Say("transfer.wait"),), app.line.line.packs, app.settings.hotline_language, urls)
    response.pause(length=ASKS_AFTER_S)
    response.redirect(urls.transfer(transfer, party, asked + 1))
    return str(response)


def language_of(app: App, row: Transfer, party: Party) -> str:
    """In which this party is spoken to, where there is a pack of it."""
    wished = {Party.HELPER: row.staff.language, Party.RESIDENT: row.ticket.language}.get(party)
    return wished if wished and wished in app.line.line.packs else app.settings.hotline_language
