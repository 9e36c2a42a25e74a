"""The printed table of roles, run cell by cell: what it says in words is what Python and the database answer."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.access.table import BY_NAME, PERMISSIONS
from ivr.store.models import ROLES, Staff, Ticket
from tests.builders import new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
PRINTED = Path(__file__).parents[3] / "docs" / "roles.md"
ROWS = re.findall(
    r"^\| (?!may|---)(.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", PRINTED.read_text("utf-8"), re.MULTILINE
)

EVERY = {"here", "there", "nowhere", "urgent nowhere", "mine here", "mine there", "mine nowhere", "another's here"}
THEIRS = {"here", "mine here", "another's here"}
ANYWHERE = {"urgent nowhere"}  # it may be in anybody's community (C18)
CLAIMED = {"mine here", "mine there", "mine nowhere"}
# What a cell means for somebody of HERE, and for somebody without communities.
MEANING = {
    "no": (set(), set()),
    "yes": (EVERY, EVERY),
    "what they claimed": (CLAIMED, CLAIMED),
    "their communities'": (THEIRS | ANYWHERE, ANYWHERE),
    "every one; with communities of their own: theirs, and what they claimed": (THEIRS | CLAIMED, EVERY),
    "every one": (EVERY, EVERY),
}


def tickets_of(db: Session, person: Staff) -> dict[str, Ticket]:
    """A ticket of each kind that the table tells apart."""
    other = new_staff(db, name="another")
    return {
        "here": new_ticket(db, community=HERE),
        "there": new_ticket(db, community=THERE),
        "nowhere": new_ticket(db, community=None),
        "urgent nowhere": new_ticket(db, community=None, urgent=True),
        "mine here": new_ticket(db, community=HERE, claimed_by=person),
        "mine there": new_ticket(db, community=THERE, claimed_by=person),
        "mine nowhere": new_ticket(db, community=None, claimed_by=person),
        "another's here": new_ticket(db, community=HERE, claimed_by=other),
    }


@pytest.mark.parametrize("communities", [[HERE], []], ids=["of a community", "of the hotline"])
@pytest.mark.parametrize("role", ROLES)
def test_every_cell_says_what_is_so(writing: Session, role: str, communities: list[str]):
    """A87: For each permission: whether somebody may, and with which tickets, asked of Python and of the database."""
    person = new_staff(writing, role=role, communities=communities)
    tickets = tickets_of(writing, person)
    cells = {words: dict(zip(ROLES, row, strict=True))[role] for words, *row in ROWS if words in WORDS}
    assert WORDS.keys() == cells.keys(), "every line is printed"
    for words, cell in cells.items():
        name, meant = WORDS[words], MEANING[cell][0 if communities else 1]
        found = set(writing.scalars(select(Ticket).where(rules.granted(person, name))))
        assert (name, cell != "no") == (name, rules.may(person, name))
        assert (name, meant) == (name, {kind for kind, each in tickets.items() if rules.may(person, name, each)})
        assert (name, meant) == (name, {kind for kind, each in tickets.items() if each in found})


WORDS = {permission.words: permission.name for permission in PERMISSIONS}


def test_every_permission_has_its_own_words_and_somebody_who_has_it():
    assert len(PERMISSIONS) == len(WORDS) == len(BY_NAME)
    assert all(rules.roles_with(name) for name in BY_NAME)


def test_one_rule_is_read_three_ways(writing: Session):
    """Which tickets exist for whom: asked for a ticket, for a person, and for both."""
    people = [
        new_staff(writing, name=f"{role} {len(codes)}", role=role, communities=codes)
        for role in ROLES
        for codes in ([], [HERE], [HERE, THERE])
    ]
    for community in (HERE, THERE, None):
        for holder in (None, *people[:3]):
            new_ticket(writing, community=community, claimed_by=holder)
    every = writing.scalars(select(Ticket)).all()
    seen = {(person, ticket) for person in people for ticket in every if rules.sees(person, ticket)}

    assert seen == {(person, each) for person in people for each in writing.scalars(rules.visible_tickets(person))}
    assert seen == {
        (person, ticket) for ticket in every for person in writing.scalars(select(Staff).where(rules.who_see(ticket)))
    }


@pytest.mark.parametrize(
    ("role", "codes", "sees"),
    [("volunteer", [], True), ("volunteer", [HERE], False), ("officer", [HERE], False), ("supervisor", [HERE], True),
     ("admin", [], False)],
)  # fmt: skip
def test_who_sees_the_hotlines_own_queue(writing: Session, role: str, codes: list[str], sees: bool):
    person = new_staff(writing, role=role, communities=codes)
    assert sees is rules.sees_hotlines_own(person)
    assert sees is rules.sees(person, new_ticket(writing, community=None))


@pytest.mark.parametrize("role", ROLES)
def test_what_is_masked_is_what_is_not_shown(writing: Session, role: str):
    """For tickets that nobody has, too: there "not mine" must not come out as "who knows"."""
    person = new_staff(writing, role=role, communities=[HERE])
    tickets = tickets_of(writing, person)
    masked = set(writing.scalars(select(Ticket).where(rules.masked_for(person))))
    assert masked == {each for each in tickets.values() if not rules.may(person, "see_number", each)}
