"""Everything about one number: shown and erased by a supervisor, and kept from everybody else."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import PersonErased, PersonShown
from ivr.store.keeping import holds
from ivr.store.models import AuditLine, CallerCard, HistoryLine, Phone, Staff, Ticket
from ivr.store.outbox import UNFINISHED
from ivr.store.tickets import confidence
from tests.builders import new_call, new_staff, new_ticket, new_turn
from tests.desk.conftest import HERE, Visitor

NUMBER = "13912345678"
WHY = "her letter of 3 May"
ASKED = {"number": NUMBER, "reason": WHY}


@pytest.fixture
def caller(app: App, desk: object) -> int:
    """Somebody with a closed ticket, words and a card: the ticket's id."""
    at = datetime.now(UTC)
    with app.sessions.begin() as db:
        ticket = new_ticket(db, caller=f"+86{NUMBER}", status="closed", resolved_at=at, closed_at=at)
        new_turn(db, new_call(db, ticket=ticket, caller=f"+86{NUMBER}"), heard={"kind": "speech", "text": "我要买秘方"})
        db.add(HistoryLine(ticket_id=ticket.id, at=at, kind="note", detail={"text": "红门后第三户"}))
        db.add(CallerCard(phone_id=ticket.caller_id, name="王阿姨", medicine="降压药", updated_at=at))
        return ticket.id


@pytest.fixture
def supervisor(visitor: Visitor, caller: int) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def deeds(app: App) -> list[object]:
    with app.sessions.read() as db:
        return [line.deed for line in db.scalars(select(AuditLine).order_by(AuditLine.id))]


def test_all_of_it_is_shown_with_a_reason_and_the_number_stands_in_no_address(app: App, supervisor: Visitor):
    """A109, A112"""
    page = supervisor.post("/desk/number", **ASKED)
    for words in ("王阿姨", "降压药", "红门后第三户", "我要买秘方"):
        assert words in page.text
    assert "/number" == page.request.path.removeprefix("/desk")
    assert not [link for link in page.text.split('"') if link.startswith("/") and NUMBER in link]
    assert PersonShown(1, 1, WHY) == deeds(app)[-1]
    assert NUMBER not in str([line.detail() for line in deeds(app)])


def test_it_is_given_as_a_file(supervisor: Visitor):
    answer = supervisor.post("/desk/number", **ASKED, **{"as": "file"})
    assert "attachment" in answer.headers["Content-Disposition"]
    assert NUMBER not in answer.headers["Content-Disposition"]
    assert {"name": "王阿姨", "medicine": "降压药"} == json.loads(answer.data)["card"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"number": "139"}, "8 digits are missing"),
        ({"number": "13900000000"}, "Nothing is held"),
        ({"reason": " "}, "Say in a few words"),
        ({"reason": "asked by 139 1234 5678"}, "Write no telephone number here"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(supervisor: Visitor, form: dict[str, str], said: str):
    answer = supervisor.post("/desk/number", **ASKED | form)
    assert 422 == answer.status_code
    assert said in answer.text


def test_it_is_erased_after_a_second_confirmation_with_a_certificate(app: App, supervisor: Visitor, caller: int):
    """A112: the carrier is asked at once, and the audit's line is the proof."""
    assert "Erase everything about 139 1234 5678?" in supervisor.post("/desk/number/erase", **ASKED).text
    assert 422 == supervisor.post("/desk/number/erased", **ASKED, tail="0000").status_code
    with app.sessions.read() as db:
        assert db.get_one(Ticket, caller).caller
    page = supervisor.post("/desk/number/erased", **ASKED, tail=NUMBER[-4:])
    with app.sessions.read() as db:
        assert db.get_one(Ticket, caller).caller is None
        assert not db.scalars(select(Phone).where(Phone.e164 == f"+86{NUMBER}")).all()
        line = db.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1)).one()
    assert PersonErased(1, 1, 0, 2, 1, WHY) == line.deed
    assert f"flask audit verify --last {line.id} --hash {line.hash}" in page.text
    assert 1 == len(app.later.client.list_workflows(name="erase_at_carrier", status=UNFINISHED))
    assert 422 == supervisor.post("/desk/number/erased", **ASKED, tail=NUMBER[-4:]).status_code


def test_nothing_of_what_is_held_by_law_is_erased(app: App, supervisor: Visitor, caller: int):
    """A113: and the page says which ticket it is."""
    with app.sessions.begin() as db:
        ticket = db.get_one(Ticket, caller)
        holds.hold(db, ticket, "a court's letter", datetime.now(UTC))
    for path, more in (("erase", {}), ("erased", {"tail": NUMBER[-4:]})):
        page = supervisor.post(f"/desk/number/{path}", **ASKED, **more).text
        assert f"Nothing can be erased while a ticket is open or held: {ticket.number}." in page
    with app.sessions.read() as db:
        assert db.get_one(Ticket, caller).caller


def test_of_confidential_tickets_it_says_only_that_they_are_there(app: App, supervisor: Visitor, caller: int):
    """A87: the card of somebody with no other ticket is withheld too; erasing takes it all the same."""
    with app.sessions.begin() as db:
        named = new_staff(db, "named", "officer", communities=[HERE])
        confidence.keep(db, db.get_one(Staff, named.id), caller, [], datetime.now(UTC))
    page = supervisor.post("/desk/number", **ASKED).text
    assert "One ticket of this number is confidential" in page
    assert not [words for words in ("王阿姨", "降压药", "红门后第三户", "我要买秘方") if words in page]
    assert "Certificate of deletion" in supervisor.post("/desk/number/erased", **ASKED, tail=NUMBER[-4:]).text
