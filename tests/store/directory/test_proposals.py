"""A corrected community teaches what was said instead; a supervisor decides whether it is a name."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.access import audit, rules
from ivr.store.directory import communities, review
from ivr.store.facts.audit import AliasAccepted
from ivr.store.models import Alias, AliasProposal, AuditLine, Staff, Ticket
from ivr.store.tickets import correcting
from routing.matching import Matcher
from routing.matching.teachable import Doubt
from tests.builders import new_call, new_community, new_staff, new_ticket, new_turn

GINKGO, PEONY = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def writing(writing: Session) -> Session:
    new_community(writing, GINKGO)
    new_community(writing, PEONY, "牡丹社区")
    return writing


@pytest.fixture
def supervisor(writing: Session) -> Staff:
    return new_staff(writing, role="supervisor")


def heard(db: Session, *said: tuple[str, str, str | None], community: str | None = PEONY, **fields) -> Ticket:
    """A ticket of one call: (question, words, code taken for it; None: not understood) a turn."""
    ticket = new_ticket(db, community=community, **fields)
    call = new_call(db, ticket=ticket)
    for asked, text, code in said:
        candidates = [{"code": code, "name": "", "street": "", "score": 80, "why": ""}] if code else []
        match = {"decision": "accept" if code else "reject", "reason": "", "candidates": candidates}
        new_turn(db, call, asked, {"kind": "speech", "text": text}, {"match": match})
    return ticket


def proposals(db: Session) -> list[tuple[str, str, int]]:
    """Phrase, community, in how many calls."""
    return [(each.proposal.heard, each.proposal.community_code, each.times) for each in review.listed(db, "proposed")]


def correct(db: Session, staff: Staff, ticket: Ticket, code: str = GINKGO) -> None:
    correcting.correct_community(db, staff, ticket.id, code, NOON)


def test_what_was_taken_for_another_community_is_proposed(writing: Session, supervisor: Staff):
    """Without talk, street and ending."""
    correct(writing, supervisor, heard(writing, ("community", "我住在新碶街道那个凤凰山庄", PEONY)))

    assert [("凤凰山庄", GINKGO, 1)] == proposals(writing)


def test_a_ticket_that_had_no_community_teaches_too(writing: Session, supervisor: Staff):
    ticket = heard(writing, ("community", "凤凰山庄", None), ("community", "就是凤凰山庄呀", None), community=None)
    correct(writing, supervisor, ticket)

    assert [("凤凰山庄", GINKGO, 1)] == proposals(writing), "one call, though it was said twice"


def test_a_phrase_heard_again_counts_up(writing: Session, supervisor: Staff):
    for _ in range(3):
        correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None), community=None))

    assert [("凤凰山庄", GINKGO, 3)] == proposals(writing)


@pytest.mark.parametrize(
    ("asked", "text", "code"),
    [
        ("need", "我想买点降压药", None),
        ("message", "凤凰山庄", None),
        ("community", "凤凰山庄", GINKGO),
        ("community", "银杏社区", None),
        ("community", "后面有一座很高很高山坡和一座大院子", None),
        ("community", "13800000001", None),
    ],
)
def test_what_teaches_nothing(writing: Session, supervisor: Staff, asked: str, text: str, code: str | None):
    """Another matter, what was understood rightly, the community's own name, a whole story, a number."""
    correct(writing, supervisor, heard(writing, (asked, text, code)))

    assert [] == proposals(writing)


def test_an_offer_that_held_the_right_one_was_no_mistake(writing: Session, supervisor: Staff):
    """The caller was asked, and chose otherwise."""
    ticket = heard(writing, ("community", "凤凰山庄", PEONY))
    turn = ticket.calls[0].turns[0]
    turn.understood = {"match": {"decision": "confirm", "candidates": [{"code": PEONY}, {"code": GINKGO}]}}
    writing.flush()
    correct(writing, supervisor, ticket)

    assert [] == proposals(writing)


def test_a_test_call_teaches_nothing(writing: Session, supervisor: Staff):
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None), test=True))

    assert [] == proposals(writing)


def test_a_correction_that_is_corrected_takes_its_lesson_back(writing: Session, supervisor: Staff):
    """The phrase moves to the community that was right in the end."""
    ticket = heard(writing, ("community", "凤凰山庄", None), community=None)
    correct(writing, supervisor, ticket, PEONY)
    correct(writing, supervisor, ticket, GINKGO)

    assert [("凤凰山庄", GINKGO, 1)] == proposals(writing)


def test_what_is_accepted_is_matched_from_the_next_call_on(writing: Session, supervisor: Staff):
    """The directory has a new version, the audit a line, and the proposal who decided."""
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None)))
    version = hotline.settings(writing).directory_version
    proposal = accept(writing, supervisor)

    assert ("accepted", "凤凰山庄", supervisor) == (proposal.state, proposal.alias, proposal.decided_by)
    assert version + 1 == hotline.settings(writing).directory_version
    writing.expire_all()
    match = Matcher(communities.load(writing)).match("我家在凤凰山庄")
    assert ("accept", GINKGO) == (match.decision, match.candidates[0].community.code)
    audit.write(writing)
    assert [AliasAccepted(1)] == [line.deed for line in writing.scalars(select(AuditLine))]


def accept(db: Session, staff: Staff, name: str = "凤凰山庄", shown: str = "proposed") -> AliasProposal:
    proposal = db.scalars(select(AliasProposal)).one()
    matcher = Matcher(communities.load(db))
    review.accept(db, staff, proposal.id, name, matcher, NOON + timedelta(hours=1), shown=shown)
    return proposal


def test_a_supervisor_may_mend_the_phrase(writing: Session, supervisor: Staff):
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄后面", None)))
    accept(writing, supervisor, "凤凰山庄小区")

    assert ["凤凰山庄小区"] == writing.scalars(select(Alias.name)).all()


def test_another_communitys_name_is_not_taught(writing: Session, supervisor: Staff):
    """The caller said the one and lives in the other: nothing to learn."""
    correct(writing, supervisor, heard(writing, ("community", "牡丹社区", PEONY)))

    with pytest.raises(review.NotTeachable) as refused:
        accept(writing, supervisor, "牡丹")
    assert Doubt.TAKEN == refused.value.objection.doubt
    assert [] == writing.scalars(select(Alias)).all()


def test_what_was_declined_counts_on_but_is_not_proposed_again(writing: Session, supervisor: Staff):
    for _ in range(2):
        correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None)))
        if proposals(writing):
            review.decline(writing, supervisor, 1, NOON, shown="proposed")

    assert [] == proposals(writing)
    assert [2] == [each.times for each in review.listed(writing, "declined")]


def test_what_was_accepted_can_be_taken_back(writing: Session, supervisor: Staff):
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None)))
    accept(writing, supervisor)
    version = hotline.settings(writing).directory_version
    review.decline(writing, supervisor, 1, NOON, shown="accepted")

    assert [] == writing.scalars(select(Alias)).all()
    assert version + 1 == hotline.settings(writing).directory_version


def test_who_comes_second_is_told(writing: Session, supervisor: Staff):
    """Their page still showed it as proposed."""
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None)))
    accept(writing, supervisor)

    with pytest.raises(review.Overtaken):
        review.decline(writing, supervisor, 1, NOON, shown="proposed")
    with pytest.raises(review.Overtaken):
        accept(writing, supervisor, shown="accepted")


@pytest.mark.parametrize("role", ["volunteer", "officer", "admin"])
def test_only_supervisors_decide(writing: Session, supervisor: Staff, role: str):
    correct(writing, supervisor, heard(writing, ("community", "凤凰山庄", None)))

    with pytest.raises(rules.Forbidden):
        accept(writing, new_staff(writing, "李四", role))
    with pytest.raises(rules.NotFound):
        review.decline(writing, supervisor, 99, NOON, shown="proposed")
