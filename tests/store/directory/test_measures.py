"""The weekly figures: each call counts once, by how its community came out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from ivr.store.directory import review
from ivr.store.directory.measures import Week, by_week
from ivr.store.models import AliasProposal, Call
from ivr.store.tickets import correcting
from routing.matching import Matcher
from tests.builders import new_call, new_community, new_proposal, new_staff, new_ticket, new_turn
from tests.routing.builders import new_directory

GINKGO, PEONY = "330206001001", "330206001002"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS = [MONDAY - timedelta(weeks=1), MONDAY]
NOON = MONDAY + timedelta(hours=12)
Exchange = tuple[str, str, str]  # question, words, decision


@pytest.fixture
def writing(writing: Session) -> Session:
    new_community(writing, GINKGO)
    new_community(writing, PEONY, "牡丹社区")
    return writing


def called(
    db: Session, *exchanges: Exchange, community: str | None = GINKGO, at: datetime = NOON, **fields: Any
) -> Call:
    """A call that ended with this community, which its last exchange settled."""
    ticket = new_ticket(db, community=community)
    call = new_call(db, ticket=ticket, started_at=at, community_code=community, **fields)
    for n, (asked, text, decision) in enumerate(exchanges, 1):
        settled = {"community": community} if n == len(exchanges) and community else {}
        understood = {"match": {"decision": decision, "candidates": []}, **settled}
        new_turn(db, call, asked, {"kind": "speech", "text": text}, understood)
    return call


def this_week(db: Session) -> dict[str, int]:
    return {verdict: number for verdict, number in by_week(db, WEEKS)[-1].calls.items() if number}


@pytest.mark.parametrize(
    "exchanges",
    [
        [("community", "银杏社区", "accept")],
        [("need", "我要买药", "reject"), ("community", "银杏社区", "accept")],
        [("need", "我在银杏社区，要买药", "accept")],
        [("known", "不是，是银杏社区", "accept")],
    ],
)
def test_a_name_that_was_taken_at_once_is_right_at_once(writing: Session, exchanges: list[Exchange]):
    """Also beside the need; a sentence about something else is no try."""
    called(writing, *exchanges)

    assert {"first": 1} == this_week(writing)


@pytest.mark.parametrize("second", ["confirm", "choose", "street", "community"])
def test_a_name_that_had_to_be_asked_about_is_right_after_asking(writing: Session, second: str):
    called(writing, ("community", "迎新社区", "confirm"), (second, "对的", "reject"))

    assert {"asked": 1} == this_week(writing)


def test_a_name_that_led_nowhere_was_not_understood(writing: Session):
    called(writing, ("community", "凤凰山庄", "reject"), community=None)

    assert {"missed": 1} == this_week(writing)


def test_what_staff_put_elsewhere_is_corrected(writing: Session):
    """Whether the line had been sure or had not understood."""
    supervisor = new_staff(writing, role="supervisor")
    for community in (GINKGO, None):
        call = called(writing, ("community", "凤凰山庄", "accept"), community=community)
        correcting.correct_community(writing, supervisor, call.ticket_id, PEONY, NOON)

    assert {"corrected": 2} == this_week(writing)


def test_what_does_not_count(writing: Session):
    """Tests, calls that go on, calls without a named community, calls of another time."""
    named = ("community", "银杏社区", "accept")
    called(writing, named, test=True)
    called(writing, named, seconds=None)
    called(writing, ("need", "我要买药", "reject"))
    called(writing, ("known", "对的", "reject"))
    called(writing)
    called(writing, named, at=WEEKS[0] - timedelta(seconds=1))

    assert [0, 0] == [week.total for week in by_week(writing, WEEKS)]


def test_a_week_begins_on_its_monday(writing: Session):
    """The moment itself belongs to the new week."""
    for at in (MONDAY - timedelta(seconds=1), MONDAY):
        called(writing, ("community", "银杏社区", "accept"), at=at)

    assert [1, 1] == [week.total for week in by_week(writing, WEEKS)]


def teach(db: Session, at: datetime, name: str = "凤凰山庄") -> AliasProposal:
    call = called(db, ("community", "凤凰山庄后面", "reject"), community=None, at=at)
    proposal = new_proposal(db, call.turns[0], heard="凤凰山庄后面", community=GINKGO)
    supervisor = new_staff(db, role="supervisor")
    matcher = Matcher(new_directory("银杏社区"))
    review.accept(db, supervisor, proposal.id, name, matcher, at, shown="proposed")
    return proposal


def test_a_taught_name_that_is_said_again_and_understood_was_won_back(writing: Session):
    """As it was taught, or as it was heard; not before, not for another community, not by another name."""
    teach(writing, NOON)
    later = NOON + timedelta(hours=1)
    called(writing, ("community", "我家在凤凰山庄", "accept"), at=later)
    called(writing, ("community", "凤凰山庄后面那个", "accept"), at=later)
    called(writing, ("community", "凤凰山庄", "accept"), at=NOON - timedelta(hours=1))
    called(writing, ("community", "凤凰山庄", "accept"), at=later, community=PEONY)
    called(writing, ("community", "银杏社区", "accept"), at=later)
    called(writing, ("community", "凤凰山庄", "accept"), at=later, test=True)

    assert [0, 2] == [week.won_back for week in by_week(writing, WEEKS)]


def test_what_was_taken_back_wins_nothing(writing: Session):
    proposal = teach(writing, NOON)
    called(writing, ("community", "凤凰山庄", "accept"), at=NOON + timedelta(hours=1))
    review.decline(writing, proposal.decided_by, proposal.id, NOON, shown="accepted")

    assert 0 == by_week(writing, WEEKS)[-1].won_back


def test_the_number_of_queries_is_constant(writing: Session):
    """However many calls and weeks there are."""

    def queries() -> int:
        asked: list[str] = []
        connection = writing.connection()
        count = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", count)
        by_week(writing, WEEKS)
        event.remove(connection, "before_cursor_execute", count)
        return len(asked)

    teach(writing, NOON)
    few = queries()
    for _ in range(20):
        called(writing, ("community", "凤凰山庄", "accept"), at=NOON + timedelta(hours=1))
    assert few == queries() == 3


def test_weeks_without_calls_are_there_all_the_same(writing: Session):
    assert [Week(begin, dict.fromkeys(("first", "asked", "corrected", "missed"), 0), 0) for begin in WEEKS] == by_week(
        writing, WEEKS
    )
