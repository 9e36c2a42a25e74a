"""Whose telephone rings, who has the call, and who is left in peace."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.answering import people, ringing, waiting
from ivr.store.models import Call, LinePerson, Ring, Wait
from ivr.store.session import Sessions
from routing.roster.selection import MISSES, Order, Wanted
from tests.builders import new_call, new_helper, new_staff, new_ticket

NOW = datetime.now(UTC)
WANTED = Wanted("zh")
FIFTY = 50


def look(
    db: Session,
    call: Call,
    wanted: Wanted = WANTED,
    duty: str | None = None,
    order: Order = Order.LONGEST_IDLE,
) -> ringing.Line:
    return ringing.look(db, call.id, wanted, duty, first=False, now=NOW, order=order)


def rung(db: Session, call: Call, n: int = 1, order: Order = Order.LONGEST_IDLE, duty: str | None = None) -> list[Ring]:
    return list(ringing.ring(db, call.id, n, look(db, call, duty=duty, order=order), NOW))


def settle(
    db: Session, call: Call, status: str = "no-answer", *, taken: bool = False, left: bool = False
) -> list[Ring]:
    return ringing.settle(db, call.id, status, taken=taken, left=left, now=NOW)


def test_who_was_idle_longest_is_rung_and_then_rings_for_nobody_else(db: Session):
    new_helper(db, new_staff(db, "甲"), "+8613900000001", idle_since=NOW - timedelta(minutes=5))
    idler = new_helper(db, new_staff(db, "乙"), "+8613900000002", idle_since=NOW - timedelta(minutes=50))
    first, second = new_call(db, seconds=None), new_call(db, seconds=None, caller="+8613800000002")

    assert [idler.staff_id] == [each.staff_id for each in rung(db, first)]
    assert [idler.staff_id] != [each.staff_id for each in rung(db, second)]
    third = look(db, new_call(db, seconds=None, caller="+8613800000003"))
    assert (False, True, 2) == (third.somebody, third.soon, len(third.at_it))


@pytest.mark.parametrize("missing", ["number", "proof", "shift", "role", "account"])
def test_nobody_is_rung_who_cannot_or_may_not_be(db: Session, missing: str):
    staff = new_staff(db, role="admin" if missing == "role" else "volunteer")
    helper = new_helper(db, staff)
    match missing:
        case "number":
            helper.phone_id = None
            helper.proved_at = None
        case "proof":
            people.set_phone(db, staff, "+8613900000009", NOW)
        case "shift":
            people.set_ready(db, helper, False, NOW)
        case "account":
            staff.disabled_at = NOW
    assert not look(db, new_call(db, seconds=None)).somebody


def test_a_helper_of_a_community_is_rung_for_it_and_while_none_is_known(db: Session):
    new_helper(db, new_staff(db, role="officer", communities=["330206001001"]))
    call = new_call(db, seconds=None)
    elsewhere = Wanted("zh", community="330206009009")
    assert [True, True, False] == [
        look(db, call, wanted).somebody for wanted in (WANTED, Wanted("zh", community="330206001001"), elsewhere)
    ]


def test_where_nobody_is_left_the_duty_number_rings_once(db: Session):
    """The roster first; nobody on it: the number that was always there."""
    call = new_call(db, seconds=None)
    (ring,) = rung(db, call, duty="+8657455500199")
    assert (None, "+8657455500199") == (ring.staff_id, ring.phone.e164)
    settle(db, call)
    assert not look(db, call, duty="+8657455500199").somebody


def test_of_fifty_who_pick_up_at_once_one_has_the_call(sessions: Sessions):
    """All at once, on every engine: the others hear that it is taken, and ring for others at once."""
    with sessions.begin() as db:
        for number in range(FIFTY):
            new_helper(db, new_staff(db, f"志愿者{number}"), f"+86139000001{number:02}")
        call = new_call(db, seconds=None)
        rings = [each.id for n in range(5) for each in rung(db, call, n, Order.ALL_AT_ONCE)]
    assert FIFTY == len(rings)

    def take(ring: int) -> bool:
        with sessions.begin() as db:
            return ringing.take(db, ring, call.sid, f"CA-leg-{ring}", datetime.now(UTC))

    with ThreadPoolExecutor(16) as pool:
        won = dict(zip(rings, pool.map(take, rings), strict=True))
    assert 1 == sum(won.values())
    with sessions.begin() as db:
        (winner,) = db.scalars(select(Ring).where(Ring.outcome == "taken"))
        assert won[winner.id]
        assert FIFTY - 1 == db.scalar(select(func.count(Ring.id)).where(Ring.outcome == "elsewhere"))
        busy = select(LinePerson.staff_id).where(LinePerson.busy_until > datetime.now(UTC))
        assert [winner.staff_id] == list(db.scalars(busy))
        assert ringing.take(db, winner.id, call.sid, "CA-leg", NOW), "pressed twice, it is still theirs"


def test_two_callers_at_once_never_ring_one_telephone(sessions: Sessions):
    """Twenty callers, ten helpers: ten ring, each at one caller."""
    with sessions.begin() as db:
        for number in range(10):
            new_helper(db, new_staff(db, f"志愿者{number}"), f"+86139000001{number:02}")
        calls = [new_call(db, seconds=None, caller=f"+86138000001{n:02}").id for n in range(20)]

    def ring(call_id: int) -> list[int | None]:
        with sessions.begin() as db:
            now = datetime.now(UTC)
            line = ringing.look(db, call_id, WANTED, None, first=False, now=now)
            return [each.staff_id for each in ringing.ring(db, call_id, 1, line, now)]

    with ThreadPoolExecutor(8) as pool:
        people_rung = [each for rung in pool.map(ring, calls) for each in rung]
    assert 10 == len(people_rung) == len(set(people_rung))


def test_many_whose_helper_was_busy_at_once_are_in_nobodys_way(sessions: Sessions):
    """Ten callers, ten helpers: each caller has three rung, and looks for the next with the last one locked."""
    with sessions.begin() as db:
        for number in range(10):
            new_helper(db, new_staff(db, f"志愿者{number}"), f"+86139000001{number:02}")
        calls = [new_call(db, seconds=None, caller=f"+86138000001{n:02}").id for n in range(10)]

    def thrice(call_id: int) -> None:
        for n in (1, 2, 3):
            with sessions.begin() as db:
                ringing.settle(db, call_id, "busy", taken=False, left=False, now=datetime.now(UTC))
                line = ringing.look(db, call_id, WANTED, None, first=False, now=datetime.now(UTC))
                ringing.ring(db, call_id, n, line, datetime.now(UTC))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(thrice, calls))
    with sessions.begin() as db:
        going_on = list(db.scalars(select(Ring.staff_id).where(Ring.ended_at.is_(None))))
        assert len(going_on) == len(set(going_on)) > 0


def test_a_ring_of_another_call_is_nobodys(db: Session):
    new_helper(db, new_staff(db))
    (ring,) = rung(db, new_call(db, seconds=None))
    other = new_call(db, seconds=None, caller="+8613800000002")
    assert ringing.find(db, ring.id, other.sid) is None
    assert not ringing.take(db, ring.id, other.sid, "CA-leg", NOW)
    assert not ringing.take(db, 10**6, other.sid, "CA-leg", NOW)


def test_who_picks_up_when_the_caller_has_gone_is_told_so(db: Session):
    new_helper(db, new_staff(db))
    call = new_call(db, seconds=None)
    (ring,) = rung(db, call)
    call.ended_at = NOW
    assert not ringing.take(db, ring.id, call.sid, "CA-leg", NOW)
    assert ("left", False) == (ring.outcome, bool(ring.call.taken_at))


def test_after_the_talk_there_is_time_to_write_it_down(db: Session):
    """Whoever says first that it is over; said again, nothing changes."""
    helper = new_helper(db, new_staff(db), misses=2)
    call = new_call(db, seconds=None)
    (ring,) = rung(db, call)
    ringing.take(db, ring.id, call.sid, "CA-leg", NOW)
    ringing.leg_ended(db, ring, "completed", NOW)
    wrap_until = helper.wrap_until
    settle(db, call, "completed", taken=True)
    assert (None, 0, True) == (helper.busy_until, helper.misses, wrap_until == helper.wrap_until > NOW)
    assert ringing.taken_by(db, call.id) == helper.staff


@pytest.mark.parametrize(
    ("status", "answered", "outcome", "misses"),
    [("no-answer", False, "no_answer", 1), ("busy", False, "busy", 0), ("failed", False, "failed", 1),
     ("completed", True, "declined", 1), ("", False, "no_answer", 1)],
)  # fmt: skip
def test_who_does_not_take_it_is_on_record(db: Session, status: str, answered: bool, outcome: str, misses: int):
    helper = new_helper(db, new_staff(db))
    call = new_call(db, seconds=None)
    (ring,) = rung(db, call)
    if answered:
        ringing.answered(ring, "CA-leg", NOW)
    assert [outcome] == [each.outcome for each in settle(db, call, status)]
    assert (misses, None) == (helper.misses, helper.busy_until)
    assert [] == settle(db, call, status), "told again, it is the same miss"


def test_after_three_misses_a_telephone_is_left_in_peace_until_they_say_that_they_are_back(db: Session):
    helper = new_helper(db, new_staff(db))
    for number in range(MISSES):
        call = new_call(db, seconds=None, caller=f"+861380000000{number + 2}")
        assert rung(db, call)
        settle(db, call)
    line = look(db, new_call(db, seconds=None, caller="+8613800000009"))
    assert (False, False) == (line.somebody, line.soon)
    people.set_ready(db, helper, True, NOW)
    assert look(db, new_call(db, seconds=None, caller="+8613800000008")).somebody


def test_a_caller_who_hangs_up_is_no_miss(db: Session):
    helper = new_helper(db, new_staff(db))
    call = new_call(db, seconds=None)
    (ring,) = rung(db, call)
    assert [] == settle(db, call, left=True)
    assert ("left", 0, None) == (ring.outcome, helper.misses, helper.busy_until)


def test_a_ringing_of_which_nobody_ever_tells_the_end_ends_by_itself(db: Session):
    """Every callback lost: a minute later the telephone rings for others."""
    new_helper(db, new_staff(db))
    rung(db, new_call(db, seconds=None))
    later = ringing.look(db, new_call(db, seconds=None).id, WANTED, None, first=False, now=NOW + timedelta(minutes=2))
    assert later.somebody


def test_who_waits_longest_is_next_and_the_slow_lane_before_them(db: Session):
    """One helper, two who wait: a third caller is told that two are ahead, and gets nobody."""
    new_helper(db, new_staff(db))
    first, old, new = (new_call(db, seconds=None, caller=f"+861380000000{n}") for n in (2, 3, 4))
    waiting.waits(db, first.id, first=False, now=NOW - timedelta(seconds=20))
    waiting.waits(db, old.id, first=True, now=NOW - timedelta(seconds=10))

    assert [1, 0, 2] == [
        ringing.look(db, call.id, WANTED, None, first=call is old, now=NOW).ahead for call in (first, old, new)
    ]
    assert [False, True, False] == [
        ringing.look(db, call.id, WANTED, None, first=call is old, now=NOW).somebody for call in (first, old, new)
    ]
    assert [old.id, first.id] == [call.id for _, call in waiting.now_waiting(db, NOW)]
    waiting.ends(db, old.id, "left", NOW)
    assert look(db, first).somebody
    assert ["left", None] == list(db.scalars(select(Wait.ended).order_by(Wait.first.desc())))


def test_a_caller_who_vanished_holds_nobody_up(db: Session):
    """No callback said that they hung up; they were not told to wait for two minutes."""
    new_helper(db, new_staff(db))
    gone, here = new_call(db, seconds=None), new_call(db, seconds=None, caller="+8613800000002")
    waiting.waits(db, gone.id, first=False, now=NOW - timedelta(minutes=2))
    assert look(db, here).somebody


def test_the_estimate_goes_by_what_calls_took(db: Session):
    new_helper(db, new_staff(db))
    call = new_call(db, seconds=120)
    (ring,) = rung(db, call)
    ring.outcome, ring.answered_at, ring.ended_at = "taken", NOW - timedelta(minutes=2), NOW
    new_ticket(db)
    assert (0, 2) == ringing.estimate(db, look(db, new_call(db, seconds=None, caller="+8613800000002")))
