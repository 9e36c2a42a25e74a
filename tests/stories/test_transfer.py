"""A duty contact is brought into a talk: the helper speaks with them first, then all three, or the two alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, exc, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.follow_calls import follow_calls
from ivr.jobs.move_leg import move_leg
from ivr.jobs.place_call import place_call
from ivr.phone.acts import Answered, Parted
from ivr.phone.handset import Handset
from ivr.phone.moved import Moved
from ivr.phone.rung import Rung
from ivr.phone.verbs import Dial, Gather
from ivr.store.answering import people
from ivr.store.callers import phones
from ivr.store.facts import history as entries
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Call, LinePerson, Outgoing, Staff, Transfer
from ivr.store.outgoing import callbacks, transfers
from ivr.store.outgoing.ordering import NotCalled
from tests.builders import CALLER, new_helper, new_staff
from tests.fake_carrier import Answer, FakeCarrier, listed_call
from tests.stories.conftest import Ring, only_ticket

HELPER, CONTACT = "+8613900000001", "+8657455500131"


class Town:
    """A helper, a contact, and a talk: ``helper`` and ``resident`` hold the telephones once it has been led away."""

    helper: Handset
    resident: Handset

    def __init__(self, app: App, ring: Ring, carrier: FakeCarrier, db: Session) -> None:
        self.app, self.ring, self.carrier, self.db = app, ring, carrier, db
        self.done: set[tuple[int, ...]] = set()
        with app.sessions.begin() as writing:
            self.staff = new_helper(writing, new_staff(writing, "李"), HELPER).staff_id
            chen = phones.keep(writing, CONTACT)
            duty = line.PlaceDuty("陈书记", chen.id, chen.tail, {})
            changes.make(writing, None, About(line.PlaceDuty, "330206001001"), duty, datetime.now(UTC))

    def resident_rings(self, **options: bool) -> None:
        """The resident asks for a person, and the helper takes the call; then one press asks for the contact."""
        phone = self.ring(**options).dial().press("1").press("101").press("0")
        phone.do(Answered("1", stays=True))
        self.press()
        self.helper, self.resident = Moved.out_of(phone, self.where_to()), phone

    def helper_calls_back(self) -> None:
        """The same in a call back: there the helper's leg has dialled the resident's."""
        self.ring().dial().press("1").press("101").leave_message().hang_up()
        with self.app.sessions.begin() as db:
            staff, ticket = db.get_one(Staff, self.staff), only_ticket(db)
            ticket.claimed_by_id, ticket.status, now = staff.id, "claimed", datetime.now(UTC)
            db.flush()
            callbacks.call_back(db, self.app.later, staff, ticket.id, "press:1", self.app.terms, now)
        self.work()
        phone = Rung(self.ring().line, self.carrier.placed[-1]).pick_up().press("1")
        phone.do(Answered("", stays=True))
        self.press()
        self.resident, self.helper = Moved.out_of(phone, self.where_to()), phone

    def press(self, key: str = "press:2") -> int:
        now = datetime.now(UTC)
        with self.app.sessions.begin() as db:
            staff, ticket = db.get_one(Staff, self.staff), only_ticket(db)
            contact = transfers.contact_of(db, self.app.line.line.duties, ticket, self.app.settings.zone, now)
            return transfers.ask(db, self.app.later, staff, ticket.id, contact is not None, key, now).id

    def work(self) -> None:
        """What the worker was given: legs to lead elsewhere, and calls to place."""
        for name, job in (("move_leg", move_leg), ("place_call", place_call)):
            for ids in sorted(self.app.later.unfinished(name) - self.done):
                self.done.add(ids)
                job(self.app, *ids)

    def where_to(self) -> str:
        """Where the carrier is told to lead the leg that was dialled."""
        self.work()
        return self.carrier.moved[-1][1]

    def contact(self, **options: bool) -> Rung:
        """The contact's telephone."""
        self.work()
        return Rung(self.ring().line, self.carrier.placed[-1], **options)

    def told(self) -> list[str]:
        self.db.expire_all()
        return [each.entry.how for each in only_ticket(self.db).history if isinstance(each.entry, entries.ContactAsked)]


@pytest.fixture
def town(app: App, ring: Ring, carrier: FakeCarrier, db: Session) -> Town:
    return Town(app, ring, carrier, db)


STARTS = pytest.mark.parametrize("start", [Town.resident_rings, Town.helper_calls_back], ids=["rings", "callback"])
Start = Callable[[Town], None]


def waits(phone: Handset) -> bool:
    """Whether it is kept waiting, and asks again."""
    return isinstance(phone.waiting, Gather)


def room(phone: Handset) -> str | None:
    """The room that it is in."""
    return phone.waiting.room.name if isinstance(phone.waiting, Dial) and phone.waiting.room else None


@STARTS
def test_the_helper_speaks_with_the_contact_first_then_all_three(town: Town, start: Start) -> None:
    """One press; the resident hears a kind word, the contact what it is about; the star brings the resident in."""
    start(town)
    assert (True, True) == (waits(town.resident), waits(town.helper))
    assert "请稍等" in town.resident.said
    contact = town.contact().pick_up()
    assert (CONTACT, town.carrier.placed[-1].caller) == (contact.target, contact.origin)
    assert "想请您帮忙。买药。银杏社区。接通请按1。" in contact.said.replace(" ", "")
    contact.press("1")
    town.helper.silent()
    town.resident.silent()
    assert room(town.helper) == room(contact) == "transfer-1"
    assert waits(town.resident), "the briefing is private"
    town.helper.press("*")
    town.resident.silent()
    assert {room(each) for each in (town.helper, town.resident, contact)} == {"transfer-1"}
    assert "社区的人在线上" in town.resident.said
    assert ["together"] == town.told()


@STARTS
def test_who_hangs_up_after_the_briefing_leaves_the_two_to_talk(town: Town, start: Start) -> None:
    start(town)
    contact = town.contact().pick_up().press("1")
    town.helper.silent()
    town.helper.hang_up()
    town.resident.silent()
    assert room(contact) == room(town.resident) == "transfer-1"
    assert ["handed_over"] == town.told()
    contact.hang_up()
    town.work()
    assert town.carrier.moved[-1][0] == town.resident.sid, "alone in the room, they are asked what is next"
    town.resident.do(Parted())
    assert "通话结束了" in town.resident.said
    assert town.resident.ended


@STARTS
@pytest.mark.parametrize("how", ["no-answer", "busy", "mailbox", "refused"])
def test_a_contact_who_is_not_reached_gives_the_resident_back(town: Town, start: Start, how: str) -> None:
    start(town)
    if how == "refused":
        town.carrier.places = [Answer(400, b'{"code": 21211}', "application/json")]
        town.work()
    elif how == "mailbox":
        town.contact().pick_up().silent()
    else:
        town.contact().does_not_answer(how)
    town.helper.silent()
    town.resident.silent()
    assert "没有联系上社区的人" in town.helper.said
    assert room(town.helper) == room(town.resident) == "transfer-1"
    assert ["unreached"] == town.told()


@STARTS
def test_a_resident_who_hangs_up_meanwhile_is_told_of(town: Town, start: Start) -> None:
    start(town)
    town.resident.hang_up()
    town.helper.silent()
    assert "居民已经挂机了" in town.helper.said
    contact = town.contact().pick_up()
    town.helper.hang_up() if town.helper.waiting else None
    assert "不用打了" in contact.press("1").said
    assert contact.ended


@STARTS
def test_nobody_is_left_when_both_others_are_gone(town: Town, start: Start) -> None:
    """The helper hangs up before the contact is there, and the contact does not come: a goodbye."""
    start(town)
    contact = town.contact()
    town.helper.hang_up()
    town.resident.silent()
    assert waits(town.resident)
    contact.does_not_answer()
    town.resident.silent()
    assert "会给您回电话" in town.resident.said
    assert town.resident.ended


@STARTS
def test_every_request_repeated_is_one_transfer(town: Town, db: Session, start: Start) -> None:
    start(town)
    town.press()
    contact = town.contact(repeats=True).pick_up().press("1")
    for phone in (town.helper, town.resident):
        phone.repeats = True
        phone.silent()
    town.helper.press("*")
    assert ["together"] == town.told()
    assert ([], [], []) == (town.helper.differing, town.resident.differing, contact.differing)
    calls = [each.kind for each in db.scalars(select(Outgoing)) if each.kind == "contact"]
    assert (["contact"], 1) == (calls, len(db.scalars(select(Transfer)).all()))


@STARTS
def test_asked_once_more_after_nobody_came_the_same_two_wait_again(town: Town, start: Start) -> None:
    start(town)
    town.contact().does_not_answer()
    town.helper.silent()
    town.resident.silent()
    town.press("press:3")
    town.work()
    assert {town.helper.sid, town.resident.sid} == {sid for sid, _ in town.carrier.moved[-2:]}
    for phone in (town.helper, town.resident):
        phone.do(Parted())
        assert waits(phone)
    contact = town.contact().pick_up().press("1")
    town.helper.silent()
    assert room(town.helper) == room(contact)
    assert ["unreached"] == town.told()


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_carrier_that_moves_nothing_changes_nothing(town: Town, status: int) -> None:
    """The two talk on; the ticket says that nobody was reached, at once or after the last try."""
    phone = town.ring().dial().press("1").press("101").press("0")
    phone.do(Answered("1", stays=True))
    town.carrier.moves = [Answer(status, b'{"code": 1}', "application/json") for _ in range(9)]
    town.press()
    for _ in range(9):
        town.work()
    assert ["unreached"] == town.told()
    assert [] == town.carrier.placed
    phone.hang_up()
    assert "person" == town.db.scalars(select(Call)).one().outcome


def test_a_call_that_is_over_is_not_moved(town: Town) -> None:
    phone = town.ring().dial().press("1").press("101").press("0")
    phone.do(Answered("1", stays=True))
    town.carrier.moves = [Answer(400, b'{"code": 21220}', "application/json")]
    town.press()
    town.work()
    assert [] == town.carrier.placed
    phone.do(Parted())
    assert phone.waiting or phone.ended


@STARTS
def test_nobody_sees_anothers_number(town: Town, start: Start) -> None:
    start(town)
    contact = town.contact().pick_up().press("1")
    assert not {CALLER, HELPER} & {each.form.get("From") for each in contact.exchanges}
    for phone in (town.helper, town.resident, contact):
        told = [text for text in phone.documents if "/voice/transfer/" in text]
        assert not any(number in text for text in told for number in (CALLER, HELPER, CONTACT))


def test_who_is_in_no_talk_and_whose_community_has_no_contact_hears_so(town: Town) -> None:
    phone = town.ring().dial().press("1").press("102").press("0")
    phone.do(Answered("1", stays=True))
    with pytest.raises(NotCalled, match="no_contact"):
        town.press()
    phone.hang_up()
    with pytest.raises(NotCalled, match="not_talking"):
        town.press()


def test_another_telephone_cannot_ask_for_them(town: Town) -> None:
    town.resident_rings()
    form = town.resident.form()
    assert 403 == town.ring().line.request("http://localhost/voice/transfer/1/helper/0", form).answer.status
    assert 403 == town.ring().line.request("http://localhost/voice/transfer/99/helper/0", form).answer.status


def test_the_helper_is_free_again_once_they_have_left(town: Town, db: Session) -> None:
    town.resident_rings()
    town.contact().pick_up().press("1")
    town.helper.silent().hang_up()
    db.expire_all()
    person = db.get_one(LinePerson, town.staff)
    assert (None, True) == (person.busy_until, person.wrap_until is not None)
    assert people.at_hand(db, person.staff) is None


@STARTS
@pytest.mark.parametrize("first", ["helper", "contact"])
def test_whoever_speaks_on_with_the_contact_is_not_rung_for_others(
    town: Town, db: Session, start: Start, first: str
) -> None:
    """The resident hangs up in the briefing: the helper is busy until they have put down, too."""
    start(town)
    contact = town.contact().pick_up().press("1")
    town.helper.silent()
    town.resident.hang_up()
    db.expire_all()
    person = db.get_one(LinePerson, town.staff)
    assert "talking" == people.doing(person, datetime.now(UTC))
    if first == "contact":
        contact.hang_up()
    town.helper.hang_up()
    db.expire_all()
    assert (None, "wrap_up") == (person.busy_until, people.doing(person, datetime.now(UTC)))


@STARTS
def test_a_leg_whose_end_nobody_told_us_is_asked_for(town: Town, start: Start) -> None:
    """The resident is gone and the carrier's word of it is lost: the helper hears of it two minutes later."""
    start(town)
    calls = town.carrier.lists = {"Calls": [listed_call(town.resident.sid, datetime.now(UTC), status="in-progress")]}
    with town.app.sessions.begin() as writing:
        writing.scalars(select(Transfer)).one().asked_at -= timedelta(minutes=3)
    follow_calls(town.app)
    assert waits(town.helper.silent())
    calls["Calls"][0]["status"] = "completed"
    follow_calls(town.app)
    assert "居民已经挂机了" in town.helper.silent().said


@STARTS
def test_while_the_database_is_away_the_talk_waits_and_then_goes_on(town: Town, start: Start) -> None:
    """F8: Whoever asks what is next is told to wait a moment, and asks again; nobody is hung up on."""
    times = 0

    def away(*_: object) -> None:
        nonlocal times
        if times:
            times -= 1
            raise exc.OperationalError("BEGIN", None, Exception("away"))

    start(town)
    contact = town.contact().pick_up().press("1")
    event.listen(town.app.sessions.engine, "checkout", away)
    for phone in (town.helper, town.resident):
        times = 3
        assert "请稍等" in phone.silent().said
        assert 0 == times
    assert (room(contact), True) == (room(town.helper), waits(town.resident))
    times = 3
    assert "星号" in town.helper.press("*").said, "the key was lost; they are told of it again"
    town.helper.press("*")
    town.resident.silent()
    assert {room(each) for each in (town.helper, town.resident, contact)} == {"transfer-1"}
