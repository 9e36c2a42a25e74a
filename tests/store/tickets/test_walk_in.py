"""A ticket by hand: opened, or added to the caller's open one, by whoever takes the call."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.facts.audit import Typed
from ivr.store.models import AuditLine, CommunityRow, HistoryLine, Ticket
from ivr.store.tickets import merging, walk_in
from ivr.store.tickets.matters import JOINS_WITHIN
from ivr.store.tickets.walk_in import Slip
from tests.builders import CALLER, new_community, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
DUE = NOON + timedelta(hours=2)
HERE = "330206001001"


@pytest.fixture
def writing(writing: Session) -> Session:
    new_community(writing, HERE)
    return writing


def slip(
    phone: str | None = CALLER, community: CommunityRow | None = None, need: str = "food", **fields: object
) -> Slip:
    return Slip(
        phone, community, **{"place": "", "need": need, "urgent": False, "words": "要米", "language": "zh"} | fields
    )


def lines(db: Session, ticket: Ticket) -> list[tuple[str, dict[str, str]]]:
    found = db.scalars(select(HistoryLine).filter_by(ticket_id=ticket.id).order_by(HistoryLine.id))
    return [(line.kind, line.detail) for line in found]


def test_a_slip_becomes_a_ticket(writing: Session):
    """Whose it is, where, by when; its one history line says who wrote it down and what the caller said."""
    staff, here = new_staff(writing), writing.get_one(CommunityRow, HERE)
    ticket = walk_in.open_ticket(writing, staff, slip(community=here, urgent=True), DUE, NOON)

    assert ("new", "food", HERE, True, staff) == (
        ticket.status,
        ticket.need,
        ticket.community_code,
        ticket.urgent,
        ticket.typed_by,
    )
    assert (CALLER, NOON, DUE) == (ticket.caller and ticket.caller.e164, ticket.opened_at, ticket.due_at)
    assert [("typed", {"text": "要米"})] == lines(writing, ticket)
    assert [] == ticket.flags, "nobody hung up before leaving a message"


def test_a_walk_in_without_a_number_from_an_unknown_place(writing: Session):
    """It waits in the hotline's own queue, with the place as they called it."""
    ticket = walk_in.open_ticket(writing, new_staff(writing), slip(phone=None, place="老鹰山", words=""), DUE, NOON)

    assert ["community_unknown", "number_withheld"] == ticket.flags
    assert [("typed", {"place": "老鹰山"})] == lines(writing, ticket)


@pytest.mark.parametrize(
    ("need", "status", "age", "found"),
    [
        ("food", "new", timedelta(0), True),
        ("food", "claimed", JOINS_WITHIN, True),
        ("food", "new", JOINS_WITHIN + timedelta(seconds=1), False),
        ("food", "resolved", timedelta(0), False),
        ("medicine", "new", timedelta(0), False),
    ],
)
def test_the_same_matter_is_the_same_need_while_it_is_open_within_three_days(
    writing: Session, need: str, status: str, age: timedelta, found: bool
):
    ticket = new_ticket(writing, need=need, status=status, opened_at=NOON - age)
    new_ticket(writing, need="food", caller="+8613800000055", opened_at=NOON)
    assert (ticket if found else None) is walk_in.open_matter(writing, new_staff(writing), CALLER, NOON, "food")


@pytest.mark.parametrize(("role", "asked"), [("supervisor", True), ("volunteer", False), ("officer", False)])
def test_another_communitys_matter_is_nobodys_to_learn_of(writing: Session, role: str, asked: bool):
    """G4: whoever types the number of its resident is told nothing, and writes nothing there: a new one is opened.

    It is linked, for those who see both; and the audit has a line as for every other typed ticket.
    """
    staff = new_staff(writing, role=role, communities=[HERE])
    foreign = new_ticket(writing, need="food", community="330206001002", opened_at=NOON, due_at=DUE)
    assert (foreign if asked else None) is walk_in.open_matter(writing, staff, CALLER, NOON, "food")
    if asked:
        return

    here = writing.get_one(CommunityRow, HERE)
    ticket = walk_in.open_ticket(writing, staff, slip(need="food", community=here, urgent=True), DUE, NOON)
    assert (False, ["opened"]) == (foreign.urgent, [kind for kind, _ in lines(writing, foreign)])
    assert [] == merging.others_of_caller(writing, staff, ticket)
    supervisor = new_staff(writing, "主管", role="supervisor")
    assert [foreign] == merging.others_of_caller(writing, supervisor, ticket)
    audit.write(writing)
    assert [Typed(ticket=ticket.id)] == [line.deed for line in writing.scalars(select(AuditLine))]
    with pytest.raises(rules.Forbidden):
        walk_in.join(writing, staff, foreign, slip(), DUE, NOON)


def test_joining_only_ever_enriches(writing: Session):
    """Urgent, sooner, and placed when it was not; what was known stays."""
    staff, here = new_staff(writing), writing.get_one(CommunityRow, HERE)
    unplaced = new_ticket(writing, community=None, opened_at=NOON, due_at=DUE)
    placed = new_ticket(writing, community="330206001002", opened_at=NOON, due_at=DUE)
    sooner, later = DUE - timedelta(hours=1), DUE + timedelta(hours=1)
    walk_in.join(writing, staff, unplaced, slip(community=here, urgent=True), sooner, NOON)
    walk_in.join(writing, staff, placed, slip(community=here), later, NOON)

    assert (HERE, True, sooner) == (unplaced.community_code, unplaced.urgent, unplaced.due_at)
    assert ("330206001002", False, DUE) == (placed.community_code, placed.urgent, placed.due_at)
    assert ["opened", "typed"] == [kind for kind, _ in lines(writing, placed)]


def test_another_matter_is_linked_to_the_open_one(writing: Session):
    open_one = new_ticket(writing, need="medicine", opened_at=NOON)
    assert open_one is walk_in.open_ticket(writing, new_staff(writing), slip(), DUE, NOON).linked_to


def test_whoever_takes_it_has_it_unless_somebody_else_does(writing: Session):
    mine, other = new_staff(writing), new_staff(writing, "李四")
    ticket = walk_in.open_ticket(writing, mine, slip(), DUE, NOON)
    assert walk_in.take(writing, mine, ticket, NOON) is None
    assert mine is ticket.claimed_by
    assert "李四" == walk_in.take(writing, mine, new_ticket(writing, claimed_by=other), NOON)


def test_an_admin_takes_nothing_down(writing: Session):
    """Nor adds to what others took down."""
    admin, ticket = new_staff(writing, role="admin"), new_ticket(writing)
    with pytest.raises(rules.Forbidden):
        walk_in.open_ticket(writing, admin, slip(), DUE, NOON)
    with pytest.raises(rules.Forbidden):
        walk_in.join(writing, admin, ticket, slip(), DUE, NOON)
    assert 1 == writing.scalar(select(func.count()).select_from(Ticket))


def test_a_slip_is_shown_again_to_whoever_wrote_it(writing: Session):
    mine, other = new_staff(writing), new_staff(writing, "李四")
    ticket = walk_in.open_ticket(writing, mine, slip(), DUE, NOON)
    assert ticket is walk_in.taken_down_by(writing, mine, ticket.id)
    assert walk_in.taken_down_by(writing, other, ticket.id) is None
