"""The audit's page: one's own lines for most, everybody's for supervisors and admins."""

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import event, select

from ivr.app import App
from ivr.desk.log.audit import ACTIONS, DONE, tell
from ivr.desk.shell.guard import now
from ivr.store.access import audit
from ivr.store.access.subjects import Known
from ivr.store.access.table import BY_NAME
from ivr.store.facts.audit import (
    EXAMPLES,
    AliasAccepted,
    AliasDeclined,
    ChannelRemoved,
    ChannelSet,
    Deed,
    Denied,
    Listened,
    LoggedIn,
    PrintedLog,
    PrintedTicket,
    RuleSet,
)
from ivr.store.models import ApiToken, AuditLine, Channel, Staff
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
    told = [" ".join(re.sub(r"<[^>]+>", "", row).split()).split(" ", 1)[1] for row in rows]
    return [line.removesuffix(" 127.0.0.1") for line in told]


def keep(app: App, who: str | None, *done: Deed) -> None:
    """Lines of this person."""
    with app.sessions.begin() as db:
        person = db.scalars(select(Staff).where(Staff.name == who)).first()
        for deed in done:
            audit.append(db, person, deed, now())


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (PrintedTicket(1), "printed · Ticket 1001"),
        (Denied("hand", ticket=2), "was denied access · hand over: Ticket 1002"),
        (Denied("listen", recording=2), "was denied access · listen to the message: message of ticket 1002"),
        (Denied(recording=999), "was denied access · a message"),
        (Denied("type_ticket"), "was denied access · create a ticket"),
        (Denied("teach"), "was denied access · accept community names"),
        (PrintedLog("2026-03-01", "2026-03-02", 1), "printed · call log, 2026-03-01 to 2026-03-02, part 1"),
        (AliasAccepted(1), "accepted a community name · name “凤凰山庄”"),
        (ChannelSet(1), "set up a channel · channel “无人用的群”"),
        (ChannelRemoved(77), "removed a channel · channel “77”"),
        (RuleSet(1), "changed a rule · rule 1"),
        (LoggedIn(), "logged in"),
    ],
)
def test_a_line_names_things_as_staff_do(app: App, desk, visitor: Visitor, deed: Deed, told: str):
    keep(app, "supervisor", deed)
    visitor.log_in("supervisor")

    assert f"supervisor · {told}" == lines(visitor)[1]


@pytest.mark.parametrize("kind", ["denied", "a kind of years ago"])
def test_a_line_that_nobody_can_read_any_more_is_shown_as_it_was_kept(app: App, visitor: Visitor, kind: str):
    with app.sessions.begin() as db:
        db.add(AuditLine(at=now(), kind=kind, subject="something of years ago"))
    visitor.log_in("supervisor")

    assert f"{'was denied access' if kind == 'denied' else kind} · something of years ago" == lines(visitor)[1]


def test_every_kind_has_its_words():
    assert set(Deed.KINDS.values()) == set(DONE)


@pytest.mark.parametrize("deed", EXAMPLES, ids=lambda deed: deed.kind)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_told_in_each_language(app: App, deed: Deed, language: str):
    line = AuditLine(at=now(), kind=deed.kind, detail=deed.detail())
    with app.test_request_context(), force_locale(language):
        told = tell(line, Known())

    for words in (told.what, told.subject) if deed.detail() else (told.what,):
        assert (language == "zh") is bool(re.search("[\u4e00-\u9fff]", words)), words


@pytest.mark.parametrize(("reader", "leads"), [("supervisor", True), ("officer", False), ("admin", False)])
def test_a_ticket_is_linked_for_those_who_may_open_it(app: App, desk, visitor: Visitor, reader: str, leads: bool):
    """The ticket there, its message, and one that nobody has."""
    keep(app, reader, *(Denied(ticket=desk.there), Denied(recording=desk.foreign), Denied(ticket=77)))
    visitor.log_in(reader)
    page = visitor.get("/desk/audit").text

    assert (2 if leads else 0) == page.count(f'href="/desk/tickets/{desk.there}"')
    assert 'href="/desk/tickets/77"' not in page


def test_another_system_is_named(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        db.add(token := ApiToken(name="街道平台", sha256="0" * 64, created_at=now()))
        db.flush()
        heard = Listened(desk.recording, token=token.id)
    keep(app, None, heard)
    visitor.log_in("admin")

    assert f"another system: 街道平台 · listened · message of ticket {number_of(desk.here)}" == lines(visitor)[1]


def test_what_a_reader_may_not_see_is_not_named_to_them(app: App, desk, visitor: Visitor):
    """A supervisor of yesterday reads their own lines, without the names of channels and callers' words."""
    keep(app, "volunteer", ChannelSet(1), AliasDeclined(1))
    visitor.log_in("volunteer")
    page = visitor.get("/desk/audit").text

    assert "channel “1”" in page
    assert "无人用的群" not in page
    assert "凤凰山庄" not in page


def test_another_communitys_message_and_none_at_all_read_the_same(app: App, desk, visitor: Visitor):
    keep(app, "officer", Denied(recording=desk.foreign), Denied(recording=999))
    visitor.log_in("officer")

    assert ["officer · was denied access · a message"] * 2 == lines(visitor)[1:]


def test_every_action_that_can_be_refused_has_its_words():
    assert set(ACTIONS) == set(BY_NAME)


def test_the_page_asks_the_database_as_often_for_many_lines_as_for_few(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    asked: list[str] = []
    event.listen(app.sessions.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    visitor.get("/desk/audit")  # reads what a process reads once, and keeps
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
                for deed in (
                    Denied(ticket=ticket.id),
                    Denied(recording=message.id),
                    AliasAccepted(proposal.id),
                    ChannelSet(channel.id),
                ):
                    audit.append(db, None, deed, now())
        asked.clear()
        visitor.get("/desk/audit")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_older_lines_are_behind_a_link(app: App, visitor: Visitor):
    keep(app, None, *(RuleSet(rule=7_000 + n) for n in range(audit.PAGE_LINES)))
    visitor.log_in("admin")
    page = visitor.get("/desk/audit").text
    link = page[page.index("/desk/audit?before=") :].split('"')[0]

    assert "rule 7000<" not in page
    assert "rule 7000<" in visitor.get(link).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_there_is_no_way_to_change_a_line(visitor: Visitor, method: str):
    """A89"""
    visitor.log_in("admin")

    assert 405 == getattr(visitor.client, method)("/desk/audit", data={"csrf_token": visitor.token}).status_code
