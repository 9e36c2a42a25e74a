"""Words that are typed and not yet sent: kept, theirs alone, gone once sent."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import Draft
from ivr.store.tickets import drafts
from ivr.store.tickets.verbs import BadValue
from tests.builders import new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_the_last_words_of_each_field_are_kept(writing: Session):
    person, ticket = new_staff(writing), new_ticket(writing)
    for field, text in (("note", "six"), ("note", "six o'clock"), ("done", "soup")):
        drafts.save(writing, person, ticket.id, field, text, NOON)

    assert {"note": "six o'clock", "done": "soup"} == drafts.of(writing, person, ticket.id)
    drafts.clear(writing, person, ticket.id, "note")
    drafts.save(writing, person, ticket.id, "done", " \n", NOON)
    assert {} == drafts.of(writing, person, ticket.id)


def test_nobody_sees_anothers(writing: Session):
    person, other, ticket = new_staff(writing), new_staff(writing, "李四", "supervisor"), new_ticket(writing)
    drafts.save(writing, person, ticket.id, "note", "mine", NOON)

    assert {} == drafts.of(writing, other, ticket.id)


@pytest.mark.parametrize(("field", "text"), [("status", "x"), ("note", "字" * 4001)])
def test_only_our_fields_and_only_so_much(writing: Session, field: str, text: str):
    with pytest.raises(BadValue):
        drafts.save(writing, new_staff(writing), new_ticket(writing).id, field, text, NOON)
    assert 0 == writing.scalar(select(func.count()).select_from(Draft))


def test_a_ticket_out_of_sight_takes_no_draft(writing: Session):
    officer = new_staff(writing, role="officer", communities=["330206001002"])
    with pytest.raises(rules.NotFound):
        drafts.save(writing, officer, new_ticket(writing).id, "note", "x", NOON)


def test_drafts_follow_a_ticket_that_is_merged(writing: Session):
    """Behind what the same person had typed there; also those saved after that."""
    person, other = new_staff(writing), new_staff(writing, "李四")
    gone, into = new_ticket(writing), new_ticket(writing)
    for who, ticket, text in ((person, gone, "b"), (person, into, "a"), (other, gone, "c")):
        drafts.save(writing, who, ticket.id, "note", text, NOON)
    drafts.move(writing, gone.id, into.id)
    gone.merged_into_id = into.id
    drafts.save(writing, person, gone.id, "done", "d", NOON)

    assert ({"note": "a\nb", "done": "d"}, {"note": "c"}) == (
        drafts.of(writing, person, into.id), drafts.of(writing, other, into.id)
    )  # fmt: skip
