"""What the carrier has and we never heard of becomes what it would have become: calls, tickets, recordings."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs import reconcile as job
from ivr.jobs.ask_carrier import ask_carrier
from ivr.jobs.fetch_recording import fetch_recording
from ivr.jobs.reconcile import Found, reconcile
from ivr.store.calls import reconciling
from ivr.store.models import Call, CarrierCheck, Recording, Ticket
from tests.builders import CALLER, HOTLINE, new_call, new_recording, new_ticket
from tests.fake_carrier import FakeCarrier, listed_call, listed_recording
from tests.voice.sender import recorded

EARLIER = (datetime.now(UTC) - timedelta(hours=4)).replace(microsecond=0)
SID, MESSAGE = f"CA{1:032x}", f"RE{1:032x}"
NOTHING = Found()
STATE = {"step": "message", "language": "zh"}


def with_message(carrier: FakeCarrier, n: int, at: datetime = EARLIER, caller: str = CALLER) -> None:
    """A call whose caller left a message, as the carrier remembers it."""
    assert carrier.lists is not None
    carrier.lists.setdefault("Calls", []).append(listed_call(f"CA{n:032x}", at, caller))
    message = listed_recording(f"RE{n:032x}", f"CA{n:032x}", at + timedelta(seconds=20))
    carrier.lists.setdefault("Recordings", []).append(message)


def test_we_were_off_for_an_hour(app: App, carrier: FakeCarrier, db: Session) -> None:
    """B3, F1, F14, F29: fifty calls at the carrier, fifty tickets with caller, time and sound; a second look finds
    nothing."""
    callers = [f"+86138{n:08d}" for n in range(1, 51)]
    for n, caller in enumerate(callers, start=1):
        with_message(carrier, n, EARLIER + timedelta(minutes=n), caller)
    carrier.page_rows = 20

    found = reconcile(app, since=EARLIER)
    with app.sessions.read() as reading:
        announced = reading.scalars(select(Recording.id)).all()
    for recording_id in announced:
        fetch_recording(app, recording_id)

    tickets = db.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert callers == [ticket.caller and ticket.caller.e164 for ticket in tickets]
    assert [EARLIER + timedelta(minutes=n) for n in range(1, 51)] == [ticket.opened_at for ticket in tickets]
    assert {("fetched", 12)} == {(each.state, each.seconds) for ticket in tickets for each in ticket.recordings}
    calls = [call for ticket in tickets for call in ticket.calls]
    assert {("message", HOTLINE, 40.0)} == {
        (call.outcome, call.called and call.called.e164, (call.ended_at - call.started_at).total_seconds())
        for call in calls
        if call.ended_at
    }
    assert Found(50, 50, new_calls=50, new_recordings=50) == found
    assert Found(50, 50) == reconcile(app, since=EARLIER)


def test_a_lost_callback_is_made_up_for(app: App, carrier: FakeCarrier, db: Session) -> None:
    """F4: the call is known, its message and its end are not."""
    with_message(carrier, 1)
    with app.sessions.begin() as writing:
        new_call(writing, SID, started_at=EARLIER, seconds=None, ticket=new_ticket(writing), state=STATE)

    assert Found(1, 1, completed_calls=1, new_recordings=1) == reconcile(app)
    call = db.scalars(select(Call)).one()
    assert (1, "message", EARLIER + timedelta(seconds=40)) == (len(call.recordings), call.outcome, call.ended_at)
    assert call.ticket
    assert [MESSAGE] == [recording.sid for recording in call.ticket.recordings]


def test_a_ticket_whose_caller_nobody_told_gets_one(app: App, carrier: FakeCarrier, db: Session) -> None:
    """B3: its only news was a recording's callback, which names no number."""
    with_message(carrier, 1)
    with app.sessions.begin() as writing:
        call = new_call(
            writing, SID, caller=None, started_at=EARLIER, ticket=new_ticket(writing, caller=None), state=STATE
        )
        new_recording(writing, call, sid=MESSAGE)

    assert 1 == reconcile(app).completed_calls
    ticket = db.scalars(select(Ticket)).one()
    assert (CALLER, 1) == (ticket.caller and ticket.caller.e164, len(ticket.recordings))


def test_who_withheld_the_number_is_no_news_for_ever(app: App, carrier: FakeCarrier, db: Session) -> None:
    """The carrier does not know them either."""
    with_message(carrier, 1, caller="anonymous")
    assert 1 == reconcile(app).new_calls
    assert 0 == reconcile(app).news
    assert db.scalars(select(Ticket)).one().caller is None


def test_who_hung_up_without_a_word_is_in_the_log(app: App, carrier: FakeCarrier, db: Session) -> None:
    """No ticket; and what goes on at this moment is left to its own requests."""
    going_on = listed_call(f"CA{2:032x}", EARLIER, status="in-progress", end_time=None)
    carrier.lists["Calls"] = [listed_call(SID, EARLIER, seconds=2), going_on]
    reconcile(app)
    assert (SID, "hung_up", None) == db.execute(select(Call.sid, Call.outcome, Call.ticket_id)).one()


def test_calls_to_other_numbers_of_the_account_are_none_of_ours(app: App, carrier: FakeCarrier, db: Session) -> None:
    """A27: the account has a number for something else; and calls that it made itself."""
    other = "+8657455500200"
    carrier.lists["IncomingPhoneNumbers"] = [
        {"sid": "PN1", "phone_number": HOTLINE, "voice_url": "http://localhost/voice/incoming#rc=2"},
        {"sid": "PN2", "phone_number": other, "voice_url": "https://elsewhere.example/"},
    ]
    with_message(carrier, 1)
    carrier.lists["Calls"] += [
        listed_call(f"CA{2:032x}", EARLIER, called=other),
        listed_call(f"CA{3:032x}", EARLIER, direction="outbound-dial", parent_call_sid=SID),
    ]
    carrier.lists["Recordings"] += [
        listed_recording(f"RE{2:032x}", f"CA{2:032x}", EARLIER),
        listed_recording(f"RE{3:032x}", SID, EARLIER, source="DialVerb"),
    ]
    assert Found(3, 3, new_calls=1, new_recordings=1) == reconcile(app)
    assert [MESSAGE] == db.scalars(select(Recording.sid)).all()


def test_while_every_number_leads_to_the_carriers_own_document_all_are_ours(
    app: App, carrier: FakeCarrier, db: Session
) -> None:
    """We were off, and somebody set the voice URL to a page that records."""
    carrier.lists["IncomingPhoneNumbers"] = [
        {"sid": "PN1", "phone_number": HOTLINE, "voice_url": "https://handler.twilio.com/twiml/EH1"}
    ]
    with_message(carrier, 1)
    assert 1 == reconcile(app).new_calls


def test_the_message_of_a_call_before_the_window_finds_it(app: App, carrier: FakeCarrier, db: Session) -> None:
    """The call is asked for by its name; one that the carrier has forgotten is nobody's."""
    began = datetime.now(UTC) - timedelta(days=1, minutes=1)
    carrier.lists["Calls"] = [listed_call(SID, began, seconds=120)]
    carrier.lists["Recordings"] = [
        listed_recording(MESSAGE, SID, began + timedelta(seconds=100)),
        listed_recording(f"RE{2:032x}", f"CA{2:032x}", EARLIER),
    ]
    assert Found(0, 2, new_calls=1, new_recordings=1) == reconcile(app)


def test_our_own_requests_afterwards_change_nothing_twice(app: App, carrier: FakeCarrier, db: Session) -> None:
    """What comes late finds the call that the list made: one call, one ticket, one recording."""
    with_message(carrier, 1)
    reconcile(app)
    form = recorded(MESSAGE) | {"CallSid": SID, "AccountSid": carrier.carrier.account_sid}
    app.spool.append(form | {"CallStatus": "completed"}, "failed", 4)
    reconcile(app)
    assert (1, 1, 1) == tuple(db.scalar(select(func.count(model.id))) for model in (Call, Ticket, Recording))


def test_what_was_read_is_not_read_again_but_for_an_overlap(app: App, carrier: FakeCarrier) -> None:
    """A day at the first time; then from three hours before the last; after an absence, day by day."""

    def windows() -> list[str]:
        return [query["StartTime>"] for resource, query in carrier.asked if resource == "Calls"]

    reconcile(app)
    reconcile(app)
    first, second = map(datetime.fromisoformat, windows())
    assert timedelta(hours=20.9) < second - first < timedelta(hours=21.1)
    with app.sessions.begin() as db:
        db.get_one(CarrierCheck, "twilio").read_until = datetime.now(UTC) - timedelta(days=2)
    reconcile(app)
    assert 5 == len(windows())


@pytest.mark.parametrize(
    "page",
    [
        lambda resource, query: {"calls": [], "recordings": "none", "incoming_phone_numbers": 7},
        lambda resource, query: [],
        lambda resource, query: {},
    ],
    ids=["no-rows", "no-object", "empty"],
)
def test_what_is_no_list_is_trouble_and_no_end_of_time(
    app: App, carrier: FakeCarrier, page: object, db: Session
) -> None:
    """It is said, and the same time is read again."""
    carrier.page = page
    assert NOTHING == reconcile(app)
    check = reconciling.check(db, "twilio")
    assert check
    assert ("broken", None) == (check.trouble, check.read_until)


def test_a_list_that_never_ends_is_left(
    app: App, carrier: FakeCarrier, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New rows on every page for ever: those that were read are taken in, and the rest is not taken for read."""
    monkeypatch.setattr(job.listing, "MAX_PAGES", 5)
    serial = count(1)

    def endless(resource: str, query: Mapping[str, str]) -> object:
        n = next(serial)
        rows = {"calls": [listed_call(f"CA{n:032x}", EARLIER)], "recordings": [], "incoming_phone_numbers": []}
        return {**rows, "next_page_uri": f"https://evil.example/x?Page={n}&PageToken=PA{n}"}

    carrier.page = endless
    assert 5 == reconcile(app).new_calls
    check = reconciling.check(db, "twilio")
    assert check
    assert ("endless", None) == (check.trouble, check.read_until)


def test_a_list_that_repeats_itself_ends(app: App, carrier: FakeCarrier) -> None:
    """The same page for ever, and one row twice on it: two pages are asked for, each thing is kept once."""

    def again(resource: str, query: Mapping[str, str]) -> object:
        rows = {"calls": [listed_call(SID, EARLIER)] * 2, "recordings": [listed_recording(MESSAGE, SID, EARLIER)] * 2}
        return {"incoming_phone_numbers": [], **rows, "next_page_uri": "/2010-04-01/x?PageToken=PA1"}

    carrier.page = again
    assert Found(1, 1, new_calls=1, new_recordings=1) == reconcile(app)
    assert 2 == sum(resource == "Calls" for resource, _ in carrier.asked)


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": "-1"},
        {"duration": "999999999999"},
        {"duration": None},
        {"date_created": "yesterday", "start_time": (EARLIER + timedelta(seconds=9)).isoformat()},
        {"date_created": "Fri, 01 Jan 2999 00:00:00 +0000"},
        {"source": 7},
    ],
)
def test_a_recording_of_which_nonsense_is_told_is_a_recording(
    app: App, carrier: FakeCarrier, db: Session, fields: dict[str, object]
) -> None:
    """Its length is unknown, its time at worst that of its call."""
    with_message(carrier, 1)
    carrier.lists["Recordings"][0] |= fields
    reconcile(app)
    recording = db.scalars(select(Recording)).one()
    assert recording.seconds in (None, 12)
    assert EARLIER <= recording.announced_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"sid": None},
        {"sid": "../../etc/passwd"},
        {"sid": "CA", "start_time": "Thu, 99 Foo", "date_created": 7},
        {"sid": [1], "start_time": {}},
        None,
        "CA1",
    ],
)
def test_a_call_of_which_nonsense_is_told_is_passed_over(app: App, carrier: FakeCarrier, row: object) -> None:
    """The one beside it is taken in."""
    with_message(carrier, 1)
    carrier.page = lambda resource, query: {
        "incoming_phone_numbers": [],
        "calls": [
            {**listed_call(SID, EARLIER), **row} if isinstance(row, dict) and row else row,
            *carrier.lists["Calls"],
        ],
        "recordings": carrier.lists["Recordings"],
        "next_page_uri": 7,
    }
    assert (1, 1) == ((found := reconcile(app)).new_calls, found.new_recordings)


def test_a_carrier_that_refuses_us_is_told(app: App, carrier: FakeCarrier, db: Session) -> None:
    """In the log, and where readiness and desk look; what was read before stays read."""
    reconcile(app)
    with app.sessions.begin() as writing:
        row = writing.get_one(CarrierCheck, "twilio")
        before = row.read_until
    carrier.page = lambda resource, query: "no"
    reconcile(app)
    check = reconciling.check(db, "twilio")
    assert check
    assert ("broken", before) == (check.trouble, check.read_until)


def test_workers_that_start_together_ask_once(app: App) -> None:
    """As a job, so that no other round waits for a slow carrier."""
    ask_carrier(app)
    ask_carrier(app)
    assert 1 <= len(app.later.unfinished("reconcile")) <= 2  # the minute may have turned between them
