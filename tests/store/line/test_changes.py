"""A change of the line: kept as who, when, before and after; in force at once; put back; the second of two is told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.access import audit
from ivr.store.access.rules import Forbidden, NotFound
from ivr.store.facts import line
from ivr.store.facts.audit import LineChanged
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import AuditLine, LineChange
from tests.builders import new_staff

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOURS = About(line.Hours)
EARLY, LATE = ({"from": opens, "to": "20:00"} for opens in ("08:00", "10:00"))


def test_a_change_is_kept_and_in_force(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    version = hotline.settings(writing).line_version
    change = changes.make(writing, supervisor, HOURS, line.Hours(EARLY), NOW, seen=0)

    assert EARLY == hotline.settings(writing).hours
    assert version + 1 == hotline.settings(writing).line_version
    assert (supervisor, NOW, line.Hours({}), line.Hours(EARLY)) == (change.staff, change.at, change.was, change.is_now)
    audit.write(writing)  # as the transaction's end does
    assert LineChanged(change.id) == writing.scalars(select(AuditLine)).one().deed


def test_what_is_so_already_is_no_change(writing: Session):
    """Pressed twice, or from two windows: the second time nothing happens, and nobody is told of a conflict."""
    supervisor = new_staff(writing, role="supervisor")
    changes.make(writing, supervisor, HOURS, line.Hours(EARLY), NOW, seen=0)
    assert None is changes.make(writing, supervisor, HOURS, line.Hours(EARLY), NOW, seen=0)
    assert 1 == len(writing.scalars(select(LineChange)).all())


def test_the_second_of_two_is_told_who_was_quicker(writing: Session):
    first, second = (new_staff(writing, name, "supervisor") for name in ("李四", "王五"))
    seen = changes.version(writing, HOURS)
    changes.make(writing, first, HOURS, line.Hours(EARLY), NOW, seen=seen)
    with pytest.raises(Overtaken) as quicker:
        changes.make(writing, second, HOURS, line.Hours(LATE), NOW, seen=seen)

    theirs = changes.latest(writing, quicker.value.about)
    assert ("李四", line.Hours(EARLY)) == (theirs.staff.name, theirs.is_now)
    assert EARLY == hotline.settings(writing).hours
    changes.make(writing, second, HOURS, line.Hours(LATE), NOW, seen=theirs.id)
    assert LATE == hotline.settings(writing).hours


def test_a_change_is_put_back_and_that_is_a_change_too(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    first = changes.make(writing, supervisor, HOURS, line.Hours(EARLY), NOW)
    second = changes.make(writing, supervisor, HOURS, line.Hours(LATE), NOW)
    back = changes.put_back(writing, supervisor, second.id, NOW, seen=second.id)
    assert EARLY == hotline.settings(writing).hours
    with pytest.raises(Overtaken):
        changes.put_back(writing, supervisor, first.id, NOW, seen=second.id)
    changes.put_back(writing, supervisor, first.id, NOW, seen=back.id)
    assert {} == hotline.settings(writing).hours

    kept, more = changes.page(writing, [line.Hours], limit=3)
    assert [line.Hours({}), line.Hours(EARLY), line.Hours(LATE)] == [change.is_now for change in kept]
    assert [True, False, False] == [change.current for change in kept]
    assert [first] == list(changes.page(writing, before=more)[0])


def test_a_command_changes_it_without_a_name(writing: Session):
    assert None is changes.make(writing, None, HOURS, line.Hours(EARLY), NOW).staff


@pytest.mark.parametrize("role", ["volunteer", "officer"])
def test_who_may_not_changes_nothing(writing: Session, role: str):
    with pytest.raises(Forbidden):
        changes.make(writing, new_staff(writing, role, role), HOURS, line.Hours(EARLY), NOW)
    assert [] == writing.scalars(select(LineChange)).all()


def test_what_never_was_cannot_be_put_back(writing: Session):
    with pytest.raises(NotFound):
        changes.put_back(writing, new_staff(writing, role="admin"), 7, NOW, seen=0)
