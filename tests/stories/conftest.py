"""A small town, its hotline, and a telephone: what every story is told with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.carrier.account import TWILIO, named
from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.store.directory import importing
from ivr.store.models import Call, Ticket
from routing.directory import Community
from tests.builders import new_staff
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.desk.conftest import Visitor
from tests.fake_carrier import FakeCarrier, fake_carrier
from tests.in_process import into

HOTLINE = "+8657455500100"
GINKGO_ONLY = "+8657455500101"  # a number that only the people of 银杏社区 ring
TOWN = (
    Community(
        "330206001001", "银杏社区", "新碶街道", "北仑区", keypad="101", dialled=GINKGO_ONLY, phone="+8657455500111"
    ),
    Community("330206001002", "牡丹社区", "新碶街道", "北仑区", keypad="102", phone="+8657455500112"),
    Community("330206001003", "玉兰社区", "新碶街道", "北仑区", keypad="103"),
    Community("330206002001", "太平村", "大榭街道", "北仑区", keypad="201"),
    Community("330206003001", "太平村", "白峰街道", "北仑区", keypad="301"),
    *(
        Community(f"33020600400{n}", "和平村", street, "北仑区", keypad=f"40{n}")
        for n, street in enumerate(("大碶街道", "柴桥街道", "春晓街道", "梅山街道", "小港街道"))
    ),
)
Ring = Callable[..., Handset]


@pytest.fixture
def ring(app: App) -> Ring:
    """A telephone to ring the hotline with: ``ring(caller=None)`` withholds the number."""
    with app.sessions.begin() as db:
        importing.put(db, TOWN, datetime.now(UTC), replace=False)
    line = Line("http://localhost", ACCOUNT_SID, AUTH_TOKEN, into(app.test_client()), number=HOTLINE)

    def telephone(**options: object) -> Handset:
        return Handset(line, **options)

    return telephone


@pytest.fixture
def phone(ring: Ring) -> Handset:
    return ring()


def only_ticket(db: Session) -> Ticket:
    """The one ticket there is."""
    db.expire_all()
    return db.scalars(select(Ticket)).one()


def only_call(db: Session) -> Call:
    db.expire_all()
    return db.scalars(select(Call)).one()


def newest_ticket(db: Session) -> Ticket:
    db.expire_all()
    return db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


def at_the_desk(app: App, name: str, role: str, communities: Iterable[str] = ()) -> Visitor:
    """Somebody who is logged in, and reads English."""
    with app.sessions.begin() as db:
        new_staff(db, name, role, communities)
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.log_in(name)
    return visitor


@pytest.fixture
def carrier(app: App) -> Iterator[FakeCarrier]:
    """Where calls are placed; its requests are signed like those of every other carrier."""
    with fake_carrier() as fake:
        ours = named(TWILIO, app.carriers)
        assert ours
        app.carriers = {ours.account_sid: replace(ours, api_base_url=fake.url)}
        yield fake
