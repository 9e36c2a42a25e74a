"""Who may see and do what: the table of roles, cell by cell."""

import pytest
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import ROLES
from tests.builders import new_call, new_community, new_recording, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"


@pytest.mark.parametrize(
    ("role", "communities", "seen"),
    [
        ("volunteer", [], {"here", "there", "nowhere", "mine there"}),
        ("volunteer", [HERE], {"here", "mine there"}),
        ("officer", [HERE], {"here"}),
        ("officer", [], set()),
        ("supervisor", [], {"here", "there", "nowhere", "mine there"}),
        ("supervisor", [HERE], {"here", "there", "nowhere", "mine there"}),
        ("admin", [HERE], set()),
    ],
)
def test_which_tickets_exist_for_whom(writing: Session, role: str, communities: list[str], seen: set[str]):
    """Volunteers see the hotline or their communities, officers their communities, supervisors all, admins none."""
    person = new_staff(writing, role=role, communities=communities)
    new_community(writing, HERE)
    tickets = {
        "here": new_ticket(writing, community=HERE),
        "there": new_ticket(writing, community=THERE),
        "nowhere": new_ticket(writing, community=None),
        "mine there": new_ticket(writing, community=THERE, claimed_by=person),
    }
    found = set(writing.scalars(rules.visible_tickets(person)))

    assert seen == {name for name, ticket in tickets.items() if ticket in found}
    assert seen == {name for name, ticket in tickets.items() if rules.sees(person, ticket)}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_granted_is_refused(writing: Session, role: str):
    """An action that nobody thought of is nobody's."""
    assert not rules.may(new_staff(writing, role=role), "fly", new_ticket(writing))
    assert not rules.may(new_staff(writing, name="nobody", role="janitor"), "see_inbox")


def test_another_communitys_ticket_is_not_found(writing: Session):
    """Guessing an id tells an officer nothing, not even that there is such a ticket."""
    officer = new_staff(writing, role="officer", communities=[HERE])
    ticket = new_ticket(writing, community=THERE)
    recording = new_recording(writing, new_call(writing, ticket=ticket))

    for query in (rules.ticket, rules.recording):
        with pytest.raises(rules.NotFound):
            query(writing, officer, ticket.id if query is rules.ticket else recording.id)


def test_a_volunteer_listens_to_what_they_claimed(writing: Session):
    """Before the claim the message is somebody's private words; afterwards it is their work."""
    volunteer = new_staff(writing)
    ticket = new_ticket(writing)
    recording = new_recording(writing, new_call(writing, ticket=ticket))

    with pytest.raises(rules.Forbidden):
        rules.recording(writing, volunteer, recording.id)
    ticket.claimed_by_id = volunteer.id
    assert recording is rules.recording(writing, volunteer, recording.id)


@pytest.mark.parametrize(
    ("role", "claimed", "shown"),
    [
        ("volunteer", False, "•••• 0001"),
        ("volunteer", True, "+8613800000001"),
        ("officer", False, "+8613800000001"),
        ("supervisor", False, "+8613800000001"),
    ],
)
def test_a_number_is_masked_for_a_volunteer_until_claimed(writing: Session, role: str, claimed: bool, shown: str):
    person = new_staff(writing, role=role, communities=[HERE])
    ticket = new_ticket(writing, claimed_by=person if claimed else None)

    assert shown == rules.number_shown(person, ticket)


def test_a_withheld_number_is_nobodys(writing: Session):
    assert rules.number_shown(new_staff(writing, role="supervisor"), new_ticket(writing, caller=None)) is None


@pytest.mark.parametrize(
    ("role", "logged"),
    [
        ("volunteer", {"mine"}),
        ("officer", {"mine", "here"}),
        ("supervisor", {"mine", "here", "there", "ticketless"}),
        ("admin", set()),
    ],
)
def test_which_calls_are_in_whose_log(writing: Session, role: str, logged: set[str]):
    """A volunteer's own, an officer's communities, all for a supervisor; an admin reads none and counts them."""
    person = new_staff(writing, role=role, communities=[HERE])
    calls = {
        "mine": new_call(writing, ticket=new_ticket(writing, claimed_by=person)),
        "here": new_call(writing, ticket=new_ticket(writing)),
        "there": new_call(writing, ticket=new_ticket(writing, community=THERE)),
        "ticketless": new_call(writing),
    }
    found = set(writing.scalars(rules.visible_calls(person)))

    assert logged == {name for name, call in calls.items() if call in found}


def test_an_officers_call_log_has_no_numbers(writing: Session):
    call = new_call(writing)

    assert rules.number_in_log(new_staff(writing, role="officer"), call) == "•••• 0001"
    assert rules.number_in_log(new_staff(writing, name="li", role="supervisor"), call) == "+8613800000001"
