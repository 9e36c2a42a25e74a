"""Make a draft of what somebody recorded by telephone."""

from contextlib import suppress
from datetime import UTC, datetime

from ivr.app import App
from ivr.carrier import media
from ivr.carrier.account import Carrier, named
from ivr.carrier.errors import NotGiven
from ivr.sound.converting import NotUsable, Sound, for_telephone
from ivr.store.facts import line
from ivr.store.models import Take
from ivr.store.outbox import PATIENT
from ivr.store.outgoing import takes
from prompts.checks import recorded_limit_s

WAITS_S = (5, 15, 45, 120, 300)  # the carrier's file may appear seconds after its announcement; who waits sits there


def keep_take(app: App, outgoing_id: int, failures: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue, or the page tells why there is none."""
    with app.sessions.read() as db:
        take = db.get(Take, outgoing_id)
        if take is None or take.done or take.recording_sid is None:
            return
        sid, carrier, most_s = take.recording_sid, named(take.outgoing.carrier, app.carriers), _limit_s(take)
    try:
        sound = _fetch(carrier, sid, most_s, first=not failures)
    except NotUsable as refused:
        _failed(app, outgoing_id, refused.reason)
    except NotGiven as error:
        if failures == len(WAITS_S):
            _failed(app, outgoing_id, error.trouble)
            return
        with app.sessions.begin() as db:
            wait_s = WAITS_S[failures]
            app.later.enqueue(db, "keep_take", outgoing_id, failures + 1, delay_s=wait_s, lane=PATIENT)
    else:
        with app.sessions.begin() as db:
            takes.arrived(db, db.get_one(Take, outgoing_id), sound.data, sound.seconds, datetime.now(UTC))
        with suppress(NotGiven):  # it costs the operator a cent a year there
            if carrier:
                carrier.delete(f"Recordings/{sid}.json")


def _limit_s(take: Take) -> float:
    return recorded_limit_s(take.text, slow=line.recorded(take.key)[1])


def _fetch(carrier: Carrier | None, sid: str, most_s: float, *, first: bool) -> Sound:
    """Raises ``NotGiven`` or ``NotUsable``."""
    if carrier is None:
        raise NotUsable("none")
    return for_telephone(media.fetch(carrier, sid, first=first).data, most_s)


def _failed(app: App, outgoing_id: int, trouble: str) -> None:
    with app.sessions.begin() as db:
        takes.failed(db.get_one(Take, outgoing_id), trouble)
