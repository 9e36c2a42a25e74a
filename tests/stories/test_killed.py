"""The web process is killed (SIGKILL) while people are on the line: its successor goes on where it was."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.carrier.account import TWILIO, named
from ivr.jobs.reconcile import reconcile
from ivr.phone.acts import Answered
from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.phone.transport import over_http
from ivr.settings import Settings
from ivr.store.directory import importing
from ivr.store.models import Call, LinePerson, Ticket, Wait
from ivr.store.models import Ring as RingRow
from tests.builders import new_helper, new_staff
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_carrier import FakeCarrier, fake_carrier, listed_call
from tests.stories.conftest import HOTLINE, TOWN
from tests.web_process import WebProcess

HELPER = "+8613900000001"
CALLERS = tuple(f"+861370000000{n}" for n in range(4))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The address at which the web process answers, once it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return settings.model_copy(update={"public_base_url": f"http://127.0.0.1:{free.getsockname()[1]}"})


@pytest.fixture
def web(app: App, settings: Settings, tmp_path: Path) -> Iterator[WebProcess]:
    """The small town's hotline, answering; the database is this test's."""
    with app.sessions.begin() as db:
        importing.put(db, TOWN, datetime.now(UTC), replace=False)
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "HOTLINE_DATA_DIR": str(tmp_path / "web"),
        "HOTLINE_LOG_LEVEL": "ERROR",
        "PUBLIC_BASE_URL": settings.public_base_url,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }
    process = WebProcess(int(settings.public_base_url.rpartition(":")[2]), environment)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def ring(web: WebProcess, settings: Settings) -> Callable[..., Handset]:
    """A telephone that reaches the web process over a socket."""
    line = Line(settings.public_base_url, ACCOUNT_SID, AUTH_TOKEN, over_http(), number=HOTLINE)

    def telephone(**options: object) -> Handset:
        return Handset(line, **options)

    return telephone


@pytest.fixture
def carrier(app: App) -> Iterator[FakeCarrier]:
    """What the carrier has written down of the calls itself."""
    with fake_carrier() as fake:
        ours = named(TWILIO, app.carriers)
        assert ours
        app.carriers = {ours.account_sid: replace(ours, api_base_url=fake.url)}
        fake.lists = {}
        yield fake


@pytest.fixture
def helper(app: App) -> int:
    with app.sessions.begin() as db:
        return new_helper(db, new_staff(db, "李"), HELPER).staff_id


def busy(app: App, helper: int, until: datetime | None) -> None:
    with app.sessions.begin() as db:
        db.get_one(LinePerson, helper).busy_until = until


def the_call(db: Session, phone: Handset) -> Call:
    db.expire_all()
    return db.scalars(select(Call).where(Call.sid == phone.sid)).one()


def over(carrier: FakeCarrier, phone: Handset) -> None:
    """The carrier lists the call as one that is over."""
    assert carrier.lists is not None
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    carrier.lists.setdefault("Calls", []).append(listed_call(phone.sid, at, phone.origin, HOTLINE))


def test_killed_while_four_wait_in_the_queue(
    app: App, web: WebProcess, ring: Callable[..., Handset], carrier: FakeCarrier, helper: int, db: Session
) -> None:
    """F31: one gets a person, one leaves a message, one goes on waiting; one asked while nobody answered."""
    busy(app, helper, datetime.now(UTC) + timedelta(hours=1))
    first, second, third, unlucky = (ring(caller=each).dial().press("0") for each in CALLERS)
    assert "下一位就是您" in first.said
    assert "前面还有3位" in unlucky.said.replace(" ", "")

    web.kill()
    assert "error" == unlucky.silent().ended
    web.start()

    assert "还在帮您等" in second.silent().said
    second.press("2").leave_message().hang_up()
    assert "还在帮您等" in third.silent().said
    busy(app, helper, None)
    first.silent().duty_answers("1")
    third.hang_up()
    over(carrier, unlucky)
    reconcile(app)

    calls = [the_call(db, phone) for phone in (first, second, third, unlucky)]
    assert ["person", "message", "hung_up", "hung_up"] == [call.outcome for call in calls]
    assert all(call.ended_at for call in calls)
    waits = [db.get_one(Wait, call.id).ended for call in calls]
    assert ["rung", "message", "left", "left"] == waits
    assert 4 == len([ticket for ticket in db.scalars(select(Ticket)) if ticket.wants_person_at])


@pytest.mark.parametrize(
    "during",
    [(WebProcess.restart,), (WebProcess.kill, WebProcess.start), (WebProcess.kill,)],
    ids=["back before they part", "the news of the leg is lost", "all news is lost"],
)
def test_killed_while_two_talk(
    app: App,
    web: WebProcess,
    ring: Callable[..., Handset],
    carrier: FakeCarrier,
    helper: int,
    db: Session,
    during: tuple[Callable[[WebProcess], None], ...],
) -> None:
    """F32: the caller hears a goodbye, or is at least in the log as who talked; the helper is free for others.

    What happens to the process happens before the next requests of the call: its leg's end, then the end of the Dial.
    """
    happens = iter(during)

    def pace(clock_s: float) -> None:
        if phone.together_at_s is not None and (what := next(happens, None)):
            what(web)

    phone = ring(caller=CALLERS[0], pace=pace)
    phone.dial().press("0")
    is_gone = len(during) == 1 and during[0] is WebProcess.kill  # until long after the call
    phone.do(Answered("1", caller_ends=is_gone))
    if is_gone:
        web.start()
        over(carrier, phone)
        reconcile(app)
    else:
        assert phone.said
        assert "line" == phone.ended

    call = the_call(db, phone)
    assert ("person", True) == (call.outcome, call.ended_at is not None)
    rung, person = db.scalars(select(RingRow)).one(), db.get_one(LinePerson, helper)
    assert ("taken", True) == (rung.outcome, rung.ended_at is not None)
    assert (None, True, 0) == (person.busy_until, person.wrap_until is not None, person.misses)
    ticket = db.scalars(select(Ticket)).one()
    assert ("claimed", helper) == (ticket.status, ticket.claimed_by_id)
