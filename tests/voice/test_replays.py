"""A carrier repeats itself, is late, and sends things in any order: one call, one ticket, one recording come of it."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from ivr.app import App
from ivr.carrier import media
from ivr.carrier.sound import measure
from ivr.jobs.drain_spool import drain_spool
from ivr.jobs.fetch_recording import fetch_recording
from ivr.phone.sound import tone
from ivr.store import hotline
from ivr.store.models import Call, HistoryLine, Recording, Ticket, Turn
from routing.needs import PROMISE_MIN_UNKNOWN
from tests.builders import CALLER, HOTLINE, new_phone, new_ticket
from tests.voice.sender import CALL, CALL_SID, ENDED, Sender, recorded

Requests = Sequence[tuple[str, dict[str, str]]]

DUTY = CALL | {"CallSid": "CA-of-the-duty-phone", "ParentCallSid": CALL_SID, "Digits": "1"}
HUNG_UP = recorded() | {"Digits": "hangup", "CallStatus": "completed"}
CALLBACK = ("/voice/recording", recorded() | {"RecordingStatus": "completed"})
STATUS = ("/voice/status", ENDED)


def without_numbers(form: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in form.items() if key not in ("From", "To")}


NAMELESS = ("/voice/recording", without_numbers(CALLBACK[1]))
MESSAGE: Requests = [
    ("/voice/incoming", CALL),
    ("/voice/turn/1", CALL | {"Digits": "1"}),
    ("/voice/turn/2", CALL | {"Digits": "101"}),
]
SILENT: Requests = [("/voice/incoming", CALL), ("/voice/turn/1", CALL), ("/voice/turn/2", CALL)]
GOODBYE: Requests = [("/voice/turn/3", recorded() | {"Digits": "#"}), ("/voice/turn/4", CALL)]


def of_call(requests: Requests, serial: int) -> Requests:
    """The same requests, of another call of another caller."""
    told = {CALL_SID: f"CA{serial:032}", CALL["From"]: f"+86138000000{serial:02}"}

    def renamed(value: str) -> str:
        return told.get(value, value.replace("RE00000000000000000000000000000001", f"RE{serial:032}"))

    return [
        (path.replace("/ring/", f"/{serial}/"), {name: renamed(value) for name, value in form.items()})
        for path, form in requests
    ]


def left(db: Session, serial: int) -> dict[str, object]:
    """All that is left of a call, but for ids and times."""
    db.expire_all()
    call = db.scalars(select(Call).where(Call.sid == f"CA{serial:032}")).one()
    ticket = call.ticket
    return {
        "call": (call.outcome, call.left_at, call.step, call.turn, call.ended_at is not None),
        "turns": [(turn.n, turn.asked, turn.heard, turn.understood) for turn in call.turns],
        "state": {name: value for name, value in call.state.items() if name != "open_ticket"},
        "ticket": ticket and (ticket.need, ticket.community_code, ticket.status, ticket.flags),
        "calls": ticket and len(ticket.calls),
        "recordings": ticket and [(each.seconds, each.state) for each in ticket.recordings],
        "history": ticket and Counter(line.kind for line in ticket.history if line.kind != "named"),
    }


def caller(db: Session, serial: int) -> tuple[str | None, str | None]:
    """Whose number the call has, and whose its ticket."""
    call = db.scalars(select(Call).where(Call.sid == f"CA{serial:032}")).one()
    return (call.caller and call.caller.e164, call.ticket and call.ticket.caller and call.ticket.caller.e164)


def send(carrier: Sender, requests: Requests) -> list[str]:
    answers = [carrier.post(path, form) for path, form in requests]
    assert {200, 204} >= {answer.status_code for answer in answers}
    return [answer.text for answer in answers]


# --- repeated


def test_each_request_twice_gets_the_same_answer(carrier: Sender, db: Session):
    """F2, F11: Whether the carrier missed our answer or is just being careful."""
    send(carrier, of_call([*MESSAGE, *GOODBYE, CALLBACK, STATUS], 1))
    for request in of_call([*MESSAGE, *GOODBYE, CALLBACK, STATUS], 2):
        once, again = send(carrier, [request, request])
        assert once == again
    assert left(db, 1) == left(db, 2)


def test_each_request_by_four_at_once_gets_one_answer(app: App, carrier: Sender, db: Session):
    """F11: A slow answer and an impatient carrier: the requests meet in the database."""
    send(carrier, of_call([*MESSAGE, *GOODBYE, CALLBACK, STATUS], 1))
    for request in of_call([*MESSAGE, *GOODBYE, CALLBACK, STATUS], 2):
        together = Barrier(4, timeout=60)

        def one(sender: Sender, request=request, together=together) -> str:
            together.wait()
            return send(sender, [request])[0]

        with ThreadPoolExecutor(4) as pool:
            answers = set(pool.map(one, [Sender(app.test_client()) for _ in range(4)]))
        assert 1 == len(answers), request
    assert left(db, 1) == left(db, 2)
    assert [] == list(app.spool.folder.glob("*.json"))


def test_the_recordings_fetch_is_queued_once(app: App, carrier: Sender):
    """However often it is announced."""
    send(carrier, [*MESSAGE, GOODBYE[0], GOODBYE[0], CALLBACK, CALLBACK])
    assert 1 == len(app.later.unfinished("fetch_recording"))


def test_an_old_turn_repeated_in_mid_call_does_not_turn_it_back(carrier: Sender, db: Session):
    """The answer of then; the call goes on where it stands."""
    then = send(carrier, MESSAGE)
    assert then == send(carrier, MESSAGE)
    assert 3 == db.scalars(select(Call.turn)).one()


def test_another_answer_to_an_old_turn_is_not_taken(carrier: Sender, db: Session):
    """The caller chose medicine; a replay with another key gets medicine's answer."""
    first = send(carrier, MESSAGE)[1]
    assert [first] == send(carrier, [("/voice/turn/1", CALL | {"Digits": "2"})])
    assert "medicine" == db.scalars(select(Ticket.need)).one()


# --- in any order


ENDINGS = {
    "a message": (MESSAGE, [("/voice/turn/3", HUNG_UP), CALLBACK, STATUS]),
    "a message of somebody silent till then": (SILENT, [("/voice/turn/3", HUNG_UP), CALLBACK, STATUS]),
    "an empty message": (MESSAGE, [("/voice/recording", recorded() | {"RecordingStatus": "absent"}), STATUS]),
    "nothing said": (SILENT[:1], [STATUS]),
    "talk with a person": (
        [MESSAGE[0], ("/voice/turn/1", CALL | {"Digits": "0"}), ("/voice/whisper/ring/answer", DUTY)],
        [("/voice/turn/2", CALL | {"DialCallStatus": "completed"}), STATUS],
    ),
    "a call of which we hear the end first": ([], [("/voice/incoming", CALL), STATUS]),
}  # fmt: skip


@pytest.mark.parametrize(("before", "last"), ENDINGS.values(), ids=ENDINGS)
def test_the_order_of_the_last_requests_changes_nothing(
    app: App, carrier: Sender, db: Session, before: Requests, last: Requests
):
    """F12: Action, recording callback and status, each twice, in every order: the same rows."""
    with app.sessions.begin() as writing:
        hotline.settings(writing).duty_phone = new_phone(writing, "+8613800000099")
    found = []
    for serial, order in enumerate(permutations(last), 1):
        send(carrier, of_call([*before, *order, *order], serial))
        found.append(left(db, serial))
    assert found[:1] * len(found) == found


def test_an_addition_joins_the_open_ticket_in_any_order(app: App, carrier: Sender, db: Session):
    """The caller waits for the beep, speaks and hangs up."""
    last, opened_at = [("/voice/turn/1", HUNG_UP), CALLBACK, STATUS], datetime.now(UTC)
    found = []
    for serial, order in enumerate(permutations(last), 1):
        with app.sessions.begin() as writing:
            new_ticket(writing, caller=f"+86138000000{serial:02}", opened_at=opened_at)
        send(carrier, of_call([("/voice/incoming", CALL), *order], serial))
        found.append(left(db, serial))
    assert found[:1] * 6 == found
    assert (1, [(7, "expected")]) == (found[0]["calls"], found[0]["recordings"])


def test_an_addition_joins_the_open_ticket_wherever_a_request_without_numbers_comes_in(
    app: App, carrier: Sender, db: Session
):
    """C13: A recording's callback tells neither who rings nor whom, and may be the first that we hear of the call."""
    said, opened_at = [("/voice/incoming", CALL), ("/voice/turn/1", HUNG_UP), STATUS], datetime.now(UTC)
    found = []
    for place in range(len(said) + 1):
        with app.sessions.begin() as writing:
            new_ticket(writing, caller=f"+86138000000{place + 1:02}", opened_at=opened_at)
        send(carrier, of_call([*said[:place], NAMELESS, *said[place:]], place + 1))
        found.append(left(db, place + 1) | {"history": None})  # a ticket that was opened too early is absorbed

    assert found[:1] * len(found) == found
    assert (1, [(7, "expected")]) == (found[0]["calls"], found[0]["recordings"])


def test_a_call_is_the_same_whichever_of_its_requests_knows_the_caller(app: App, carrier: Sender, db: Session):
    """C13: We were away when it came in, so that it waits in the spool, while its news come as ever."""
    away = [("/voice/fallback", CALL), ("/voice/fallback/message", recorded())]
    news = [NAMELESS, ("/voice/status", {key: ENDED[key] for key in ("CallSid", "AccountSid", "CallStatus")})]
    found = []
    for serial, order in enumerate(permutations([*news, "drained"]), 1):
        send(carrier, of_call(away, serial))
        for request in order:
            if isinstance(request, str):
                drain_spool(app)
            else:
                send(carrier, of_call([request], serial))
        found.append(left(db, serial) | {"caller": caller(db, serial)})

    numbers = [each.pop("caller") for each in found]
    assert [(number, number) for number in (f"+86138000000{serial:02}" for serial in range(1, 7))] == numbers
    assert found[:1] * 6 == found
    assert ("message", [(7, "expected")]) == (found[0]["call"][0], found[0]["recordings"])


def test_a_caller_who_is_known_late_has_the_ticket_that_they_had(app: App, carrier: Sender, db: Session):
    """What was understood meanwhile is the same matter: it joins. What was not is linked."""
    with app.sessions.begin() as writing:
        theirs = new_ticket(writing, caller="+8613800000001", need="medicine").id
        new_ticket(writing, caller="+8613800000002", need="food")
    nameless = [("/voice/incoming", without_numbers(CALL)), ("/voice/turn/1", without_numbers(CALL | {"Digits": "1"}))]
    for serial in (1, 2):
        send(carrier, of_call([*nameless, ("/voice/turn/2", CALL)], serial))
    same, other = (db.scalars(select(Ticket).join(Ticket.calls).where(Call.sid == f"CA{n:032}")).one() for n in (1, 2))

    assert other.linked_to
    assert (theirs, "food", "medicine") == (same.id, other.linked_to.need, other.need)
    assert "named" in {line.kind for line in other.history}


def test_a_call_began_when_the_earliest_of_its_requests_came(
    app: App, carrier: Sender, db: Session, time_machine: TimeMachineFixture
):
    """C13: And its ticket and the promise with it, though the spool is emptied later."""
    begun = datetime(2026, 3, 1, 4, tzinfo=UTC)
    time_machine.move_to(begun, tick=False)
    send(carrier, [("/voice/fallback", CALL)])
    time_machine.move_to(begun + timedelta(minutes=2), tick=False)
    send(carrier, [NAMELESS])
    drain_spool(app)

    times = select(Call.started_at, Ticket.opened_at, Ticket.due_at).join(Ticket)
    assert [(begun, begun, begun + timedelta(minutes=PROMISE_MIN_UNKNOWN))] == db.execute(times).all()


def test_a_recording_that_was_said_to_be_absent_is_asked_for_all_the_same(
    app: App, carrier: Sender, db: Session, monkeypatch: pytest.MonkeyPatch
):
    """C13: The carrier has it, whatever it said first and last: it is heard, and the call left a message."""
    spoken = media.Sound(tone(7), measure(tone(7)))
    monkeypatch.setattr(media, "fetch", lambda carrier, sid, first: spoken)
    action, absent = ("/voice/turn/3", recorded() | {"Digits": "#"}), CALLBACK[1] | {"RecordingStatus": "absent"}
    found = []
    for serial, order in enumerate(permutations([action, CALLBACK, ("/voice/recording", absent), STATUS]), 1):
        send(carrier, of_call([*MESSAGE, *order], serial))
        for job in sorted(app.later.unfinished("fetch_recording")):
            fetch_recording(app, *job)
        found.append(left(db, serial))

    wholes = [each | {"history": None} for each in found]
    assert wholes[:1] * 24 == wholes
    assert [(7, "fetched")] == found[0]["recordings"]


def test_the_end_first_then_the_call(carrier: Sender, db: Session):
    """F12: A status of a call that nobody has heard of is its row; what follows belongs to it."""
    send(carrier, [STATUS])
    assert ("hung_up", True) == (db.scalars(select(Call.outcome)).one(), bool(db.scalars(select(Call.ended_at)).one()))

    send(carrier, [*MESSAGE, ("/voice/turn/3", HUNG_UP)])
    db.expire_all()
    assert ("message", 1) == (db.scalars(select(Call.outcome)).one(), db.scalar(select(func.count(Ticket.id))))


# --- missing


def test_a_message_whose_own_request_never_comes_is_a_ticket(carrier: Sender, db: Session):
    """F4: Only the recording's callback and the end arrive, of somebody who had said nothing before."""
    send(carrier, [*SILENT, CALLBACK, STATUS])

    ticket = db.scalars(select(Ticket)).one()
    assert (["message"], [7]) == ([call.outcome for call in ticket.calls], [each.seconds for each in ticket.recordings])


def test_a_message_is_known_without_its_callback(carrier: Sender, db: Session):
    """The action alone is enough."""
    send(carrier, [*MESSAGE, ("/voice/turn/3", HUNG_UP)])
    assert [7] == [each.seconds for each in db.scalars(select(Ticket)).one().recordings]


def test_a_call_without_an_end_stays_open(carrier: Sender, db: Session):
    """Until a sweep closes it."""
    send(carrier, MESSAGE)
    assert (None, None) == (db.scalars(select(Call.ended_at)).one(), db.scalars(select(Call.outcome)).one())


# --- late


@pytest.mark.parametrize("later", [timedelta(hours=5), timedelta(days=40)])
def test_a_message_that_comes_long_after_the_end_is_attached(
    app: App, carrier: Sender, db: Session, time_machine, later: timedelta
):
    """F13: With its own time; a ticket that staff resolved meanwhile stays resolved, and its history tells."""
    begun = datetime(2026, 3, 1, 4, tzinfo=UTC)
    time_machine.move_to(begun, tick=False)
    send(carrier, [*MESSAGE, STATUS])
    with app.sessions.begin() as writing:
        writing.scalars(select(Ticket)).one().status = "resolved"

    time_machine.move_to(begun + later, tick=False)
    send(carrier, [("/voice/turn/3", HUNG_UP), CALLBACK])

    recording, line = db.scalars(select(Recording)).one(), db.scalars(select(HistoryLine).order_by(HistoryLine.id))
    assert ("resolved", begun + later) == (recording.ticket and recording.ticket.status, recording.announced_at)
    assert "message" == list(line)[-1].kind
    assert "message" == db.scalars(select(Call.outcome)).one()


def test_two_messages_of_one_call_are_two_recordings(carrier: Sender, db: Session):
    """Recorded, heard the review, recorded again."""
    second = recorded("RE00000000000000000000000000000002", "9")
    send(carrier, [*MESSAGE, ("/voice/turn/3", recorded()), ("/voice/turn/4", CALL | {"Digits": "2"}),
                   ("/voice/turn/5", second), CALLBACK, ("/voice/recording", second)])  # fmt: skip
    assert [7, 9] == [each.seconds for each in db.scalars(select(Ticket)).one().recordings]


def test_turns_are_numbered_without_a_gap(carrier: Sender, db: Session):
    """Whatever was repeated in between."""
    send(carrier, [request for request in [*MESSAGE, *GOODBYE] for _ in range(3)])
    assert [0, 1, 2, 3, 4] == list(db.scalars(select(Turn.n).order_by(Turn.id)))


def test_a_caller_who_was_not_named_at_first_is_named_later(app: App, carrier: Sender, db: Session) -> None:
    """C13: a recording's callback has no numbers; the next request has, and call and ticket get their caller."""
    nameless = {key: value for key, value in recorded().items() if key not in ("From", "To", "CallStatus")}
    carrier.post("/voice/recording", nameless)
    assert db.scalars(select(Ticket)).one().caller_id is None
    db.rollback()

    carrier.post("/voice/turn/3", recorded())
    call, ticket = db.scalars(select(Call)).one(), db.scalars(select(Ticket)).one()
    assert (CALLER, CALLER, HOTLINE) == tuple(
        phone and phone.e164 for phone in (call.caller, ticket.caller, call.called)
    )
