"""Having a call placed: nobody is called twice at once, and whatever stands against it is said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.models import Outgoing
from ivr.store.outgoing import callbacks, course
from ivr.store.outgoing.ordering import NotCalled, Terms
from ivr.store.tickets.verbs import NotOpen
from routing.hours import Hours
from tests.builders import CALLER, new_call, new_helper, new_staff, new_ticket

NOW = datetime.now(UTC)
TERMS = Terms(("CN",), Hours(), ZoneInfo("Asia/Shanghai"), ("+8657455500100",), "twilio")
FIFTY = 50


def test_of_fifty_who_call_one_resident_at_once_one_does(app: App):
    """From two tickets of theirs, on every engine; afterwards they can be called again."""
    with app.sessions.begin() as db:
        tickets = [new_ticket(db).id, new_ticket(db, need="food").id]
        people = [new_staff(db, f"主管{n}", "supervisor") for n in range(FIFTY)]
        for n, staff in enumerate(people):
            new_helper(db, staff, f"+86139000001{n:02}")

    def press(n: int) -> str:
        try:
            with app.sessions.begin() as db:
                callbacks.call_back(db, app.later, people[n], tickets[n % 2], f"press:{n}", TERMS, NOW)
        except NotCalled as error:
            return error.why
        return "called"

    with ThreadPoolExecutor(16) as pool:
        became = list(pool.map(press, range(FIFTY)))
    assert {"called": 1, "being_called": FIFTY - 1} == {why: became.count(why) for why in became}
    with app.sessions.begin() as db:
        assert 1 == db.scalar(select(func.count(Outgoing.id)))
        course.end(db, db.scalars(select(Outgoing)).one(), "no_answer", NOW)
    assert "called" == press(FIFTY - 1)


def why_not(app: App, db: Session, terms: Terms = TERMS, number: str = CALLER, **ticket: object) -> NotCalled:
    staff = new_staff(db, "李主管", "supervisor")
    new_helper(db, staff)
    wanted = new_ticket(db, caller=number, **ticket)
    with pytest.raises(NotCalled) as error:
        callbacks.call_back(db, app.later, staff, wanted.id, "press:1", terms, NOW)
    return error.value


@pytest.mark.parametrize(
    ("number", "why"),
    [("+14158675310", "foreign"), ("+85291234567", "foreign"), ("+8616812345678", "premium"), (None, "no_number")],
)
def test_some_numbers_are_not_called(app: App, db: Session, number: str, why: str):
    """A98: Foreign numbers, dear ones, none at all: refused with the reason, before the carrier is asked."""
    assert why == why_not(app, db, number=number).why


def test_a_resident_who_is_calling_us_is_not_called(app: App, db: Session):
    new_call(db, started_at=NOW - timedelta(minutes=1), seconds=None)
    assert "on_the_line" == why_not(app, db).why


NIGHT = Hours.daily(time(8), time(8, 1))  # closed, but for a minute


@pytest.mark.parametrize("awake", ["", "urgent", "has just rung"])
def test_residents_sleep_at_night(app: App, db: Session, awake: str):
    """Urgent matters are called back all the same, and who has just rung us does not sleep."""
    night = Terms(("CN",), NIGHT, TERMS.zone, TERMS.numbers, "twilio")
    moment = datetime(2026, 3, 1, 3, tzinfo=TERMS.zone)
    staff = new_staff(db, "李主管", "supervisor")
    new_helper(db, staff)
    ticket = new_ticket(db, urgent=awake == "urgent")
    if awake == "has just rung":
        new_call(db, started_at=moment - timedelta(minutes=20))
    if awake:
        assert "waiting" == callbacks.call_back(db, app.later, staff, ticket.id, "press:1", night, moment).state
        return
    with pytest.raises(NotCalled) as error:
        callbacks.call_back(db, app.later, staff, ticket.id, "press:1", night, moment)
    assert ("hours", moment.replace(hour=8)) == (error.value.why, error.value.until)


@pytest.mark.parametrize("missing", ["proof", "freedom", "line", "ticket"])
def test_what_a_helper_needs(app: App, db: Session, missing: str):
    """A telephone that was proved, which does not ring already; a number of ours; a ticket that is open."""
    staff = new_staff(db, "李主管", "supervisor")
    helper, ticket, terms = new_helper(db, staff), new_ticket(db), TERMS
    match missing:
        case "proof":
            helper.proved_at = None
        case "freedom":
            helper.busy_until = NOW + timedelta(minutes=1)
        case "line":
            terms = Terms(("CN",), Hours(), TERMS.zone, (), "twilio")
        case "ticket":
            ticket.status = "resolved"
    with pytest.raises((NotCalled, NotOpen)) as error:
        callbacks.call_back(db, app.later, staff, ticket.id, "press:1", terms, NOW)
    why = {"proof": "unproved", "freedom": "engaged", "line": "no_line", "ticket": None}[missing]
    assert why == getattr(error.value, "why", None)
