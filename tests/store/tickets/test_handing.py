"""From hand to hand: only to who may have it, back in time, and never into the void."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import handing
from ivr.store.tickets.verbs import BadValue, NotClaimed, NotOpen
from tests.builders import new_community, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
DUE = NOON + timedelta(hours=2)


def hand(db: Session, staff: Staff, ticket: Ticket, to: Staff | None, why: str = "下班了") -> Ticket:
    return handing.hand_on(db, staff, ticket.id, to and to.id, why, DUE, NOON)


def test_it_is_in_the_other_persons_hands_at_once(writing: Session, told):
    """With from whom, why and until when it may be given back; nobody is on the way any more."""
    giver, taker = new_staff(writing), new_staff(writing, "李四")
    ticket = new_ticket(writing, claimed_by=giver, on_the_way_at=NOON)
    hand(writing, giver, ticket, taker)

    assert ("claimed", taker, giver, DUE, NOON, None) == (
        ticket.status, ticket.claimed_by, ticket.handed_by, ticket.hand_due_at, ticket.progress_at, ticket.on_the_way_at
    )  # fmt: skip
    assert [("handed", {"to": taker.id, "why": "下班了", "due": DUE.isoformat()})] == told(writing, ticket)


def test_who_may_be_given_it(writing: Session):
    """Supervisors, this community's officers, volunteers of the hotline or of this community; nobody who has left."""
    new_community(writing, HERE)
    people = {
        name: new_staff(writing, name, role, communities, **fields)
        for name, role, communities, fields in [
            ("holder", "volunteer", [], {}),
            ("volunteer", "volunteer", [], {}),
            ("neighbour", "volunteer", [HERE], {}),
            ("stranger", "volunteer", [THERE], {}),
            ("officer", "officer", [HERE], {}),
            ("other officer", "officer", [THERE], {}),
            ("supervisor", "supervisor", [], {}),
            ("gone", "supervisor", [], {"disabled_at": NOON}),
            ("admin", "admin", [], {}),
        ]
    }
    ticket = new_ticket(writing, claimed_by=people["holder"])

    assert ["neighbour", "officer", "supervisor", "volunteer"] == [
        each.name for each in handing.takers(writing, ticket)
    ]
    for name in ("holder", "stranger", "other officer", "gone", "admin"):
        with pytest.raises(BadValue):
            hand(writing, people["supervisor"], ticket, people[name])
    assert people["holder"] is ticket.claimed_by


def test_what_nobody_placed_goes_to_the_hotlines_own_people(writing: Session):
    """An officer's communities do not have it, and a volunteer's neither."""
    new_staff(writing, "officer", "officer", [HERE])
    new_staff(writing, "neighbour", "volunteer", [HERE])
    new_staff(writing, "volunteer")

    assert ["volunteer"] == [each.name for each in handing.takers(writing, new_ticket(writing, community=None))]


def test_to_whoever_is_free(writing: Session, told):
    giver = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=giver)
    hand(writing, giver, ticket, None)

    assert ("new", None, None) == (ticket.status, ticket.claimed_by, ticket.claimed_at)
    assert [("freed", {"why": "下班了"})] == told(writing, ticket)


def test_it_goes_back_to_who_handed_it_on(writing: Session, told):
    giver, taker = new_staff(writing), new_staff(writing, "李四")
    ticket = new_ticket(writing, claimed_by=giver)
    hand(writing, giver, ticket, taker)
    handing.give_back(writing, taker, ticket.id, "不顺路", DUE)

    assert ("claimed", giver, None, None) == (
        ticket.status, ticket.claimed_by, ticket.handed_by, ticket.hand_due_at
    )  # fmt: skip
    assert ("returned", {"to": giver.id, "why": "不顺路"}) == told(writing, ticket)[-1]
    with pytest.raises(NotClaimed):
        handing.give_back(writing, giver, ticket.id, "again", DUE)


def test_too_late_to_give_it_back(writing: Session):
    giver, taker = new_staff(writing), new_staff(writing, "李四")
    ticket = new_ticket(writing, claimed_by=giver)
    hand(writing, giver, ticket, taker)

    with pytest.raises(handing.TooLate) as late:
        handing.give_back(writing, taker, ticket.id, "不顺路", DUE + timedelta(seconds=1))
    assert (DUE, taker) == (late.value.due_at, ticket.claimed_by)


@pytest.mark.parametrize("away", ["left", "moved"])
def test_it_goes_to_whoever_is_free_when_the_giver_cannot_have_it_any_more(writing: Session, away: str):
    giver = new_staff(writing, "officer", "officer", [HERE])
    taker = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=giver)
    hand(writing, giver, ticket, taker)
    if away == "left":
        giver.disabled_at = NOON
    else:
        ticket.community_code = new_community(writing, THERE).code
    handing.give_back(writing, taker, ticket.id, "不顺路", NOON)

    assert ("new", None) == (ticket.status, ticket.claimed_by)


def test_only_its_holder_hands_it_on_and_with_a_reason(writing: Session):
    giver, other = new_staff(writing), new_staff(writing, "李四")
    ticket = new_ticket(writing, claimed_by=giver)

    with pytest.raises(rules.Forbidden):
        hand(writing, other, ticket, other)
    with pytest.raises(BadValue):
        hand(writing, giver, ticket, other, why=" ")
    ticket.status = "resolved"
    with pytest.raises(NotOpen):
        hand(writing, giver, ticket, other)
