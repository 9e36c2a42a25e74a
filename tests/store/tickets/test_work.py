"""What staff do with a ticket: each verb changes it, leaves its history line, or says what stood in its way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.models.ticket import NUMBERS, ids_of, number_of
from ivr.store.session import Sessions
from ivr.store.tickets import correcting, work
from ivr.store.tickets.verbs import take
from tests.builders import new_community, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def lines(db: Session, ticket: Ticket) -> list[tuple[str, dict]]:
    """The ticket's history without its opening."""
    told = db.scalars(select(HistoryLine).where(HistoryLine.ticket_id == ticket.id).order_by(HistoryLine.id))
    return [(line.kind, line.detail) for line in told][1:]


def test_a_claim_gives_the_ticket_to_one_person(writing: Session):
    volunteer, ticket = new_staff(writing), new_ticket(writing)

    work.claim(writing, volunteer, ticket.id, NOON)

    assert ("claimed", volunteer, NOON) == (ticket.status, ticket.claimed_by, ticket.claimed_at)
    assert [("claimed", {})] == lines(writing, ticket)


def test_fifty_people_claim_at_once_and_one_wins(sessions: Sessions):
    """F25, A91: The others are told who has it, and the history says it once."""
    with sessions.begin() as db:
        people = [new_staff(db, name=f"volunteer {n}") for n in range(50)]
        ticket = new_ticket(db)
    ready = Barrier(len(people), timeout=60)

    def press(person: Staff) -> str:
        ready.wait()
        try:
            with sessions.begin() as db:
                work.claim(db, person, ticket.id, NOON)
            return person.name
        except work.AlreadyClaimed as taken:
            return taken.holder

    with ThreadPoolExecutor(len(people)) as pool:
        told = set(pool.map(press, people))

    with sessions.read() as db:
        ticket = db.get_one(Ticket, ticket.id)
        assert {ticket.claimed_by.name} == told
        assert [("claimed", {})] == lines(db, ticket)


def test_a_second_press_on_claim_changes_nothing(writing: Session):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)

    work.claim(writing, volunteer, ticket.id, NOON)

    assert [] == lines(writing, ticket)


def test_a_resolved_ticket_cannot_be_claimed(writing: Session):
    """A91"""
    with pytest.raises(work.NotOpen):
        work.claim(writing, new_staff(writing), new_ticket(writing, status="resolved").id, NOON)


def test_another_communitys_ticket_cannot_be_claimed(writing: Session):
    officer = new_staff(writing, role="officer", communities=[HERE])
    ticket = new_ticket(writing, community=THERE)

    with pytest.raises(rules.NotFound):
        work.claim(writing, officer, ticket.id, NOON)
    assert ticket.status == "new"


def test_an_admin_claims_nothing(writing: Session):
    with pytest.raises(rules.Forbidden):
        work.claim(writing, new_staff(writing, role="admin"), new_ticket(writing).id, NOON)


def test_resolving_says_what_was_done(writing: Session):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)

    work.resolve(writing, volunteer, ticket.id, " 药送到了\x00 ", NOON)

    assert ("resolved", NOON) == (ticket.status, ticket.resolved_at)
    assert [("resolved", {"done": "药送到了"})] == lines(writing, ticket)


def test_a_ticket_is_resolved_once(writing: Session):
    """A91"""
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)
    work.resolve(writing, volunteer, ticket.id, "done", NOON)

    with pytest.raises(work.NotOpen):
        work.resolve(writing, volunteer, ticket.id, "done", NOON)


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "字" * 4001])
def test_nothing_and_far_too_much_are_no_note(writing: Session, text: str):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)

    with pytest.raises(work.BadValue) as refused:
        work.note(writing, volunteer, ticket.id, text, NOON)
    assert refused.value.field == "note"


@pytest.mark.parametrize("verb", [work.note, work.resolve, work.reopen])
def test_a_volunteer_leaves_anothers_ticket_alone(writing: Session, verb):
    """A90"""
    ticket = new_ticket(writing, claimed_by=new_staff(writing, name="李四"))

    with pytest.raises(rules.Forbidden):
        verb(writing, new_staff(writing), ticket.id, "text", NOON)
    assert [] == lines(writing, ticket)


def test_who_reopens_their_own_ticket_keeps_it(writing: Session):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer, status="resolved", resolved_at=NOON)

    work.reopen(writing, volunteer, ticket.id, "药不对", NOON + timedelta(hours=1))

    assert ("claimed", volunteer, None) == (ticket.status, ticket.claimed_by, ticket.resolved_at)
    assert [("reopened", {"why": "药不对"})] == lines(writing, ticket)
    with pytest.raises(work.NotResolved):
        work.reopen(writing, volunteer, ticket.id, "药不对", NOON)


def test_a_ticket_that_a_supervisor_reopens_is_new_for_everybody(writing: Session):
    ticket = new_ticket(writing, claimed_by=new_staff(writing), status="resolved", resolved_at=NOON)

    work.reopen(writing, new_staff(writing, name="李四", role="supervisor"), ticket.id, "rang again", NOON)

    assert ("new", None) == (ticket.status, ticket.claimed_by)


def test_a_closed_ticket_can_be_opened_again(writing: Session):
    """Dated, and the count of tries begins anew."""
    supervisor = new_staff(writing, role="supervisor")
    ticket = new_ticket(writing, status="closed", closed_at=NOON, resolved_at=NOON, attempts=3, first_attempt_at=NOON)

    work.reopen(writing, supervisor, ticket.id, "the wrong medicine", NOON)

    assert ("new", None, None, NOON) == (ticket.status, ticket.resolved_at, ticket.closed_at, ticket.reopened_at)
    assert (0, None) == (ticket.attempts, ticket.first_attempt_at)


def test_what_the_resident_confirmed_is_closed(writing: Session):
    """With who asked; once, and only after it was resolved."""
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)
    with pytest.raises(work.NotResolved):
        work.close(writing, volunteer, ticket.id, "", NOON)
    work.resolve(writing, volunteer, ticket.id, "药送到了", NOON)
    work.close(writing, volunteer, ticket.id, "谢谢你们", NOON)

    assert ("closed", NOON) == (ticket.status, ticket.closed_at)
    assert ("closed", {"text": "谢谢你们"}) == lines(writing, ticket)[-1]
    with pytest.raises(work.NotResolved):
        work.close(writing, volunteer, ticket.id, "", NOON)


def test_on_the_way_is_said_once_and_can_be_taken_back(writing: Session):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)
    for going in (True, True, False, False):
        work.on_the_way(writing, volunteer, ticket.id, going, NOON)
        assert (NOON if going else None) == ticket.on_the_way_at

    assert ["on_the_way", "not_on_the_way"] == [kind for kind, _ in lines(writing, ticket)]


@pytest.mark.parametrize(("status", "late"), [("new", work.NotClaimed), ("resolved", work.NotOpen)])
def test_nobody_is_on_the_way_for_what_nobody_has(writing: Session, status: str, late: type[Exception]):
    with pytest.raises(late):
        work.on_the_way(
            writing, new_staff(writing, role="supervisor"), new_ticket(writing, status=status).id, True, NOON
        )


@pytest.mark.parametrize(("attempts", "days", "missing"), [(0, 0, 3), (2, 6, 1), (3, 0, 0), (1, 7, 0)])
def test_nobody_gives_up_before_three_tries_or_seven_days(writing: Session, attempts: int, days: int, missing: int):
    """What is missing is named; nothing need be written."""
    volunteer = new_staff(writing)
    first_at = NOON - timedelta(days=days) if attempts else None
    ticket = new_ticket(writing, claimed_by=volunteer, attempts=attempts, first_attempt_at=first_at)

    if missing:
        with pytest.raises(work.TriesMissing) as early:
            work.resolve(writing, volunteer, ticket.id, "", NOON, result="not_reached")
        assert (missing, "claimed", []) == (early.value.missing, ticket.status, lines(writing, ticket))
    else:
        work.resolve(writing, volunteer, ticket.id, "", NOON, result="not_reached")
        assert [("resolved", {"result": "not_reached"})] == lines(writing, ticket)


@pytest.mark.parametrize("verb", ["note", "resolve", "contact", "hand", "correct"])
def test_what_was_merged_leads_on_and_takes_nothing(writing: Session, verb: str):
    supervisor, into = new_staff(writing, role="supervisor"), new_ticket(writing)
    gone = new_ticket(writing, status="closed", merged_into_id=into.id)

    with pytest.raises(work.Merged):
        take(writing, supervisor, gone.id, verb)


def test_a_corrected_community_is_told_with_both_codes(writing: Session):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)
    new_community(writing, THERE)

    correcting.correct_community(writing, volunteer, ticket.id, THERE, NOON)

    assert (THERE, volunteer) == (ticket.community_code, ticket.claimed_by)
    assert [("community", {"from": HERE, "to": THERE})] == lines(writing, ticket)


def test_an_officers_ticket_that_moves_out_of_their_reach_is_new_there(writing: Session):
    officer = new_staff(writing, role="officer", communities=[HERE])
    ticket = new_ticket(writing, claimed_by=officer)
    new_community(writing, THERE)

    correcting.correct_community(writing, officer, ticket.id, THERE, NOON)

    assert ("new", None) == (ticket.status, ticket.claimed_by)


@pytest.mark.parametrize("code", ["", "nowhere", "330206001009"])
def test_a_ticket_moves_only_to_a_community_in_service(writing: Session, code: str):
    supervisor, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)
    new_community(writing, "330206001009", retired_at=NOON)

    with pytest.raises(work.BadValue):
        correcting.correct_community(writing, supervisor, ticket.id, code, NOON)


def test_a_corrected_need_is_told_and_the_same_need_is_no_news(writing: Session):
    supervisor, ticket = new_staff(writing, role="supervisor"), new_ticket(writing)

    correcting.correct_need(writing, supervisor, ticket.id, "food", NOON)
    correcting.correct_need(writing, supervisor, ticket.id, "food", NOON)

    assert [("need", {"from": "medicine", "to": "food"})] == lines(writing, ticket)
    with pytest.raises(work.BadValue):
        correcting.correct_need(writing, supervisor, ticket.id, "gold", NOON)


def test_a_ticket_corrected_to_an_urgent_need_is_urgent_by_the_nearer_promise(writing: Session):
    supervisor, ticket = new_staff(writing, role="supervisor"), new_ticket(writing, opened_at=NOON)
    first = ticket.due_at
    correcting.correct_need(writing, supervisor, ticket.id, "food", NOON, urgent_by=NOON + timedelta(minutes=15))
    assert (True, NOON + timedelta(minutes=15)) == (ticket.urgent, ticket.due_at)
    correcting.correct_need(writing, supervisor, ticket.id, "medicine", NOON)
    assert ticket.urgent, "who said so once is not put behind others by a correction"
    correcting.correct_need(writing, supervisor, ticket.id, "food", NOON, urgent_by=first + timedelta(hours=9))
    assert NOON + timedelta(minutes=15) == ticket.due_at


def test_what_is_opened_again_has_a_new_promise_and_figures_the_first(writing: Session):
    """Whichever time it is opened again."""
    supervisor = new_staff(writing, role="supervisor")
    ticket = new_ticket(writing, opened_at=NOON - timedelta(hours=9), status="resolved", resolved_at=NOON)
    first = ticket.due_at
    for hours in (2, 3):
        ticket.due_again_at = NOON
        work.reopen(writing, supervisor, ticket.id, "药不对", NOON, due_at=NOON + timedelta(hours=hours))
        work.resolve(writing, supervisor, ticket.id, "药送到了", NOON)
    assert (NOON + timedelta(hours=3), first, None) == (ticket.due_at, ticket.first_due_at, ticket.due_again_at)


def test_no_ticket_has_three_digits_as_emergencies_and_leaflets_have():
    """C17: nobody takes 110 or a community's 203 for it; each number is given once before they begin anew."""
    given = [number_of(ticket_id) for ticket_id in range(1, NUMBERS + 1)]

    assert (NUMBERS, "1001", "99999") == (len(set(given)), given[0], given[-1])
    assert {4, 5} == {len(number) for number in given}
    assert "1001" == number_of(NUMBERS + 1)


@pytest.mark.parametrize("ticket_id", [1, 9, 10, 20, 803, NUMBERS])
def test_a_number_leads_to_its_tickets(ticket_id: int):
    assert [ticket_id, ticket_id + NUMBERS] == list(ids_of(number_of(ticket_id), 2 * NUMBERS))


@pytest.mark.parametrize("number", ["", "203", "110", "1000", "100000", "1e3", "-1001", "٢٠٠١", "1001.0"])
def test_what_is_no_number_of_ours_leads_nowhere(number: str):
    assert [] == list(ids_of(number, NUMBERS))
