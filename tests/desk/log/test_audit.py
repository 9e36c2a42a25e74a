"""The audit's page: one's own lines for most, everybody's for supervisors and admins."""

import re

import pytest
from sqlalchemy import event, select

from ivr.app import App
from ivr.desk.log.audit import ACTIONS
from ivr.desk.shell.guard import now
from ivr.store.access import audit, subjects
from ivr.store.access.rules import GRANTED
from ivr.store.access.subjects import Subject
from ivr.store.models import ApiToken, Channel, Staff
from ivr.store.models.ticket import number_of
from tests.builders import new_call, new_proposal, new_recording, new_ticket, new_turn
from tests.desk.conftest import Visitor


@pytest.mark.parametrize(
    ("reader", "read"), [("volunteer", False), ("officer", False), ("supervisor", True), ("admin", True)]
)
def test_who_reads_what_others_did(app: App, visitor: Visitor, desk, reader: str, read: bool):
    listener = Visitor(app.test_client())
    listener.log_in("supervisor" if reader != "supervisor" else "officer")
    listener.get(f"/desk/recordings/{desk.recording}")
    visitor.log_in(reader)
    told = lines(visitor)

    assert f"{reader} · logged in" in told, "their own login"
    assert read is any(line.endswith(f"listened · message of ticket {number_of(desk.here)}") for line in told)


def lines(visitor: Visitor, path: str = "/desk/audit") -> list[str]:
    """The lines of the page as they are read, newest first, without the time."""
    rows = re.findall(r"<li>(.*?)</li>", visitor.get(path).text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", row).split()).split(" ", 1)[1] for row in rows]


def keep(app: App, who: str | None, *told: tuple[str, str]) -> None:
    """These lines of this person, as action and subject."""
    with app.sessions.begin() as db:
        person = db.scalars(select(Staff).where(Staff.name == who)).first()
        for action, subject in told:
            audit.append(db, person, action, subject, now())


@pytest.mark.parametrize(
    ("action", "subject", "told"),
    [
        ("printed", "ticket 1", "printed · Ticket 101"),
        ("denied", "hand ticket 2", "was denied access · hand over: Ticket 102"),
        ("denied", "listen to recording 2", "was denied access · listen to the message: message of ticket 102"),
        ("denied", "recording 999", "was denied access · a message"),
        ("denied", "type a ticket", "was denied access · create a ticket"),
        ("denied", "desk.show_aliases", "was denied access · accept community names"),
        ("printed", "call log 2026-03-01 2026-03-02 part 1", "printed · call log, 2026-03-01 to 2026-03-02, part 1"),
        ("alias_accepted", "alias 1", "accepted a community name · name “凤凰山庄”"),
        ("channel_set", "channel 1", "set up a channel · channel “无人用的群”"),
        ("channel_removed", "channel 77", "removed a channel · channel “77”"),
        ("rule_set", "rule 1", "changed a rule · rule 1"),
        ("logged_in", "staff 1", "logged in · volunteer"),
        ("denied", "something of years ago", "was denied access · something of years ago"),
        ("denied", "ticket 99999999999", "was denied access · ticket 99999999999"),
    ],
)
def test_a_line_names_things_as_staff_do(app: App, desk, visitor: Visitor, action: str, subject: str, told: str):
    keep(app, "supervisor", (action, subject))
    visitor.log_in("supervisor")

    assert f"supervisor · {told}" == lines(visitor)[1]


@pytest.mark.parametrize(("reader", "leads"), [("supervisor", True), ("officer", False), ("admin", False)])
def test_a_ticket_is_linked_for_those_who_may_open_it(app: App, desk, visitor: Visitor, reader: str, leads: bool):
    """The ticket there, its message, and one that nobody has."""
    keep(
        app,
        reader,
        ("denied", f"ticket {desk.there}"),
        ("denied", f"recording {desk.foreign}"),
        ("denied", "ticket 77"),
    )
    visitor.log_in(reader)
    page = visitor.get("/desk/audit").text

    assert (2 if leads else 0) == page.count(f'href="/desk/tickets/{desk.there}"')
    assert 'href="/desk/tickets/77"' not in page


def test_another_system_is_named(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        db.add(token := ApiToken(name="街道平台", sha256="0" * 64, created_at=now()))
        db.flush()
        subject = f"recording {desk.recording} token {token.id}"
    keep(app, None, ("listened", subject))
    visitor.log_in("admin")

    assert f"another system: 街道平台 · listened · message of ticket {number_of(desk.here)}" == lines(visitor)[1]


def test_what_a_reader_may_not_see_is_not_named_to_them(app: App, desk, visitor: Visitor):
    """A supervisor of yesterday reads their own lines, without the names of channels and callers' words."""
    keep(app, "volunteer", ("channel_set", "channel 1"), ("alias_declined", "alias 1"))
    visitor.log_in("volunteer")
    page = visitor.get("/desk/audit").text

    assert "channel “1”" in page
    assert "无人用的群" not in page
    assert "凤凰山庄" not in page


def test_another_communitys_message_and_none_at_all_read_the_same(app: App, desk, visitor: Visitor):
    keep(app, "officer", ("denied", f"recording {desk.foreign}"), ("denied", "recording 999"))
    visitor.log_in("officer")

    assert ["officer · was denied access · a message"] * 2 == lines(visitor)[1:]


def test_every_action_that_can_be_refused_has_its_words():
    assert set(ACTIONS) == set().union(*GRANTED.values())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ticket 12", Subject("ticket", 12)),
        ("claim ticket 12", Subject("ticket", 12, "claim")),
        ("listen to recording 7", Subject("recording", 7, "listen")),
        ("recording 7 token 2", Subject("recording", 7, token=2)),
        *((text, None) for text in ("", "ticket", "ticket x", "channel", "call log 2026-03-01 2026-03-01 part 1")),
    ],
)
def test_a_subject_is_read_back(text: str, read: Subject | None):
    assert read == subjects.read(text)


def test_the_page_asks_the_database_as_often_for_many_lines_as_for_few(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    asked: list[str] = []
    event.listen(app.sessions.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        with app.sessions.begin() as db:
            for n in range(5):
                ticket = new_ticket(db)
                call = new_call(db, ticket=ticket)
                message, proposal = (
                    new_recording(db, call),
                    new_proposal(db, new_turn(db, call), heard=f"{ticket.id} {n}"),
                )
                channel = db.scalars(select(Channel).limit(1)).one()
                for thing in (f"ticket {ticket.id}", f"recording {message.id}", f"alias {proposal.id}", "staff 2"):
                    audit.append(db, None, "denied", thing, now())
                audit.append(db, None, "denied", f"channel {channel.id}", now())
        asked.clear()
        visitor.get("/desk/audit")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_older_lines_are_behind_a_link(app: App, visitor: Visitor):
    keep(app, None, *(("denied", f"line {n}") for n in range(audit.PAGE_LINES)))
    visitor.log_in("admin")
    page = visitor.get("/desk/audit").text
    link = page[page.index("/desk/audit?before=") :].split('"')[0]

    assert "line 0<" not in page
    assert "line 0<" in visitor.get(link).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_there_is_no_way_to_change_a_line(visitor: Visitor, method: str):
    visitor.log_in("admin")

    assert 405 == getattr(visitor.client, method)("/desk/audit", data={"csrf_token": visitor.token}).status_code
