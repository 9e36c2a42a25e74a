"""Who gets which page: every role, every route, every method, and nobody without a rule."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.desk.shell.guard import ANYONE, OPEN_ENDPOINTS, local_path, now
from ivr.store import hotline
from ivr.store.access.table import BY_NAME
from ivr.store.facts.audit import Denied
from ivr.store.facts.history import Need, PassedOn
from ivr.store.facts.line import lesson_key
from ivr.store.models import (
    ROLES,
    AliasProposal,
    ApiToken,
    AuditLine,
    Call,
    Channel,
    Clip,
    HistoryLine,
    LineChange,
    NoticeRule,
    Recording,
    Staff,
    Ticket,
)
from ivr.store.tickets import history
from tests.builders import new_call, new_rule, new_ticket, new_turn
from tests.desk.conftest import Visitor

# Endpoint: for whom it is, with a valid form, on the ticket of the officer's own community.
PAGES = {
    "show_inbox": {"volunteer", "officer", "supervisor", "admin"},
    "renew_inbox": {"volunteer", "officer", "supervisor"},
    "choose_filter": {"volunteer", "officer", "supervisor"},
    "show_next": {"volunteer", "officer", "supervisor"},
    "ask": {"volunteer", "officer", "supervisor"},
    "show_search": {"volunteer", "officer", "supervisor"},
    "show_ticket": {"volunteer", "officer", "supervisor"},
    "ticket_news": {"volunteer", "officer", "supervisor"},
    "claim": {"volunteer", "officer", "supervisor"},
    "note": {"officer", "supervisor"},
    "save_draft": {"volunteer", "officer", "supervisor"},
    "attempt": {"officer", "supervisor"},
    "call_back": {"officer", "supervisor"},
    "bring_in": {"volunteer", "officer", "supervisor"},
    "say_result": {"officer", "supervisor"},
    "on_the_way": {"officer", "supervisor"},
    "resolve": {"officer", "supervisor"},
    "close": {"officer", "supervisor"},
    "reopen": {"officer", "supervisor"},
    "hand_on": {"officer", "supervisor"},
    "give_back": {"officer", "supervisor"},
    "pass_on": {"officer", "supervisor"},
    "refer": {"officer", "supervisor"},
    "say_outcome": {"officer", "supervisor"},
    "merge": {"officer", "supervisor"},
    "split": {"officer", "supervisor"},
    "keep_confidential": {"officer", "supervisor"},
    "lift_confidence": {"officer", "supervisor"},
    "hold_ticket": {"supervisor"},
    "lift_hold": {"supervisor"},
    "show_withheld": {"supervisor"},
    "open_anyway": {"supervisor"},
    "correct_need": {"officer", "supervisor"},
    "correct_community": {"officer", "supervisor"},
    "show_card": {"officer", "supervisor"},
    "change_card": {"officer", "supervisor"},
    "erase_card": {"officer", "supervisor"},
    "type_ticket": {"volunteer", "officer", "supervisor"},
    "take_down": {"volunteer", "officer", "supervisor"},
    "listen": {"officer", "supervisor"},
    "show_line": {"volunteer", "officer", "supervisor"},
    "set_pin": {"volunteer", "officer", "supervisor"},
    "renew_line": {"volunteer", "officer", "supervisor"},
    "set_ready": {"volunteer", "officer", "supervisor"},
    "answer_swap": {"volunteer", "officer", "supervisor"},
    "hand_over": {"volunteer", "officer", "supervisor"},
    "show_roster": {"volunteer", "officer", "supervisor", "admin"},
    "add_rotation": {"supervisor", "admin"},
    "remove_rotation": {"supervisor", "admin"},
    "change_roster": {"supervisor", "admin"},
    "set_telephone": {"supervisor", "admin"},
    "set_counsels": {"supervisor", "admin"},
    "ask_swap": {"volunteer", "officer", "supervisor"},
    "make_feed": {"volunteer", "officer", "supervisor"},
    "show_home": {"supervisor", "admin"},
    "try_again": {"supervisor", "admin"},
    "do_again": {"supervisor", "admin"},
    "suggest_communities": {"volunteer", "officer", "supervisor", "admin"},
    "echo_community": {"volunteer", "officer", "supervisor"},
    "show_calls": {"volunteer", "officer", "supervisor", "admin"},
    "show_figures": {"volunteer", "officer", "supervisor", "admin"},
    "show_wall": {"volunteer", "officer", "supervisor", "admin"},
    "show_meaning": {"volunteer", "officer", "supervisor", "admin"},
    "list_tickets": {"volunteer", "officer", "supervisor"},
    "show_report": {"volunteer", "officer", "supervisor", "admin"},
    "report_workbook": {"volunteer", "officer", "supervisor"},
    "ask_why": {"volunteer", "officer", "supervisor"},
    "download": {"volunteer", "officer", "supervisor"},
    "ask_number": {"supervisor"},
    "show_number": {"supervisor"},
    "confirm_erasure": {"supervisor"},
    "erase_number": {"supervisor"},
    "show_aliases": {"supervisor", "admin"},
    "accept_alias": {"supervisor"},
    "decline_alias": {"supervisor"},
    "show_notices": {"supervisor", "admin"},
    "new_channel": {"supervisor", "admin"},
    "edit_channel": {"supervisor", "admin"},
    "add_channel": {"supervisor", "admin"},
    "change_channel": {"supervisor", "admin"},
    "try_channel": {"supervisor", "admin"},
    "remove_channel": {"supervisor", "admin"},
    "new_rule": {"supervisor"},
    "edit_rule": {"supervisor"},
    "add_rule": {"supervisor"},
    "change_rule": {"supervisor"},
    "remove_rule": {"supervisor"},
    "show_hours": {"supervisor", "admin"},
    "set_hours": {"supervisor", "admin"},
    "set_tonight": {"supervisor", "admin"},
    "set_duty": {"supervisor", "admin"},
    "set_place_duty": {"supervisor", "admin"},
    "show_directory": {"supervisor", "admin"},
    "show_place": {"supervisor", "admin"},
    "save_place": {"supervisor", "admin"},
    "set_status": {"supervisor", "admin"},
    "choose_list": {"supervisor", "admin"},
    "preview_list": {"supervisor", "admin"},
    "take_list": {"supervisor", "admin"},
    "download_list": {"supervisor", "admin"},
    "show_people": {"supervisor", "admin"},
    "new_person": {"supervisor", "admin"},
    "add_person": {"supervisor", "admin"},
    "show_person": {"supervisor", "admin"},
    "change_person": {"supervisor", "admin"},
    "make_link": {"supervisor", "admin"},
    "forget_factor": {"supervisor", "admin"},
    "show_tokens": {"admin"},
    "add_token": {"admin"},
    "revoke_token": {"admin"},
    "show_bulletins": {"supervisor", "admin"},
    "add_bulletin": {"supervisor", "admin"},
    "retire_bulletin": {"supervisor", "admin"},
    "show_needs": {"supervisor", "admin"},
    "show_need": {"supervisor", "admin"},
    "save_need": {"supervisor", "admin"},
    "order_needs": {"supervisor", "admin"},
    "show_partners": {"supervisor", "admin"},
    "show_partner": {"supervisor", "admin"},
    "save_partner": {"supervisor", "admin"},
    "show_emergency": {"supervisor", "admin"},
    "save_emergency": {"supervisor", "admin"},
    "show_lessons": {"supervisor"},
    "decide_lesson": {"supervisor"},
    "show_surge": {"supervisor", "admin"},
    "set_surge": {"supervisor", "admin"},
    "set_surge_rule": {"supervisor", "admin"},
    "show_nuisance": {"supervisor", "admin"},
    "add_nuisance": {"supervisor", "admin"},
    "change_nuisance": {"supervisor", "admin"},
    "bulletin_sound": {"supervisor", "admin"},
    "show_prompts": {"supervisor", "admin"},
    "edit_prompt": {"supervisor", "admin"},
    "save_prompt": {"supervisor", "admin"},
    "edit_recording": {"supervisor", "admin"},
    "save_recording": {"supervisor", "admin"},
    "ring_for_recording": {"supervisor", "admin"},
    "recording_sound": {"supervisor", "admin"},
    "show_parts": {"supervisor", "admin"},
    "show_dialects": {"supervisor", "admin"},
    "save_dialect": {"supervisor", "admin"},
    "show_changes": {"supervisor", "admin"},
    "put_back": {"supervisor", "admin"},
    "show_audit": {"volunteer", "officer", "supervisor", "admin"},
    "show_account": {"volunteer", "officer", "supervisor", "admin"},
    "change_password": {"volunteer", "officer", "supervisor", "admin"},
    "set_factor": {"volunteer", "officer", "supervisor", "admin"},
    "renew_codes": {"volunteer", "officer", "supervisor", "admin"},
    "remove_factor": {"volunteer", "officer", "supervisor", "admin"},
    "end_login": {"volunteer", "officer", "supervisor", "admin"},
    "show_help": {"volunteer", "officer", "supervisor", "admin"},
    "show_paper": {"volunteer", "officer", "supervisor", "admin"},
    "print_calls": {"volunteer", "officer", "supervisor"},
    "print_slips": {"volunteer", "officer", "supervisor"},
    "print_slip": {"volunteer", "officer", "supervisor"},
    "print_directory": {"volunteer", "officer", "supervisor", "admin"},
}
FORM = {
    "note": "n",
    "field": "note",
    "text": "n",
    "outcome": "busy",
    "tried": "",
    "press": "0" * 32,
    "result": "helped",
    "going": "yes",
    "confirmed": "",
    "to": "anybody",
    "due": "30",
    "hand_why": "w",
    "return_why": "w",
    "lift_why": "w",
    "hold_why": "w",
    "lift": "yes",
    "partner": "0123456789abcdef",
    "pass_note": "w",
    "reference": "HD-1",
    "came": "back",
    "partner_said": "w",
    "number": "1003",
    "call": "1",
    "done": "d",
    "why": "w",
    "need": "food",
    "community": "330206001001",
    "alias": "凤凰山庄",
    "shown": "proposed",
    "version": "0",
    "consent": "1",
    "kind": "wecom",
    "name": "群",
    "language": "zh",
    "url": "http://127.0.0.1:1/send?key=another",
    "occasion": "new",
    "first": "2",
    **{f"day{number}": "08:00-12:00" for number in range(7)},
    "days": "",
    "tonight": "",
    "sentence": "zh/greet",
    "part": "再见",
    "begins": "2026-01-01T08:00",
    "ends": "2999-01-01T08:00",
    "said": "您好，{hotline}。",
    "draft_version": "0",
    "rule_version": "0",
    "length": "2",
    "calls": "60",
    "role": "volunteer",
    "scopes": "tickets",
    "per_minute": "10",
    "code": "330206001001",
    "kept": "330206001001",
    "status_version": "0",
    "duty_version": "0",
    "state": "open",
    "communities": "330206001001",
    "ready": "yes",
    "reason": "the street office's month",
    "format": "csv",
}
RULE = {"to": ""}  # there it is an hour, elsewhere a person


def desk_routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every view of the desk, each with id 1."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]
    return [
        (rule.endpoint.removeprefix("desk."), method, str(rule.build(dict.fromkeys(rule.arguments, 1))[1]))
        for rule in rules
        if rule.endpoint not in OPEN_ENDPOINTS
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def test_every_view_names_a_rule_that_is_granted_to_somebody(app: App):
    known = {*BY_NAME, ANYONE}
    for endpoint, _method, _path in desk_routes(app):
        rule = getattr(app.view_functions[f"desk.{endpoint}"], "rule", ())
        assert rule, f"{endpoint} has no rule"
        assert known.issuperset(rule), f"{endpoint} names {rule}"


def test_the_table_above_leaves_no_page_out(app: App):
    ruled = {
        endpoint
        for endpoint, _method, _path in desk_routes(app)
        if ANYONE not in app.view_functions[f"desk.{endpoint}"].rule
    }
    assert set(PAGES) == ruled


def make_ready(db: Session, role: str, endpoint: str) -> None:
    """Ticket 1 in a state in which this could be done with it; to those who may not, it is nobody's."""
    ticket = db.get_one(Ticket, 1)
    ticket.status = {"reopen": "resolved", "close": "resolved"}.get(endpoint, "new")
    ticket.claimed_by_id = ticket.resolved_at = ticket.merged_into_id = None
    ticket.confidential, ticket.readers = endpoint == "open_anyway", []
    db.get_one(Call, 1).ticket_id = 1
    db.get_one(Recording, 1).ticket_id = 1
    person = db.scalars(select(Staff).where(Staff.name == role)).one()
    if endpoint in ("on_the_way", "give_back") and role in PAGES[endpoint]:
        ticket.status, ticket.claimed_by_id, ticket.handed_by_id = "claimed", person.id, person.id
        ticket.hand_due_at = now() + timedelta(minutes=5)
    if endpoint in ("pass_on", "refer", "say_outcome") and role in PAGES[endpoint]:
        ticket.status, ticket.claimed_by_id = "claimed", person.id
        db.execute(delete(HistoryLine))
    if endpoint in ("refer", "say_outcome"):
        history.note(db, ticket, PassedOn("0123456789abcdef", "w"), now(), by=person)
    if endpoint == "merge":
        other = new_ticket(db)
        FORM["number"] = other.number
    if endpoint == "split":
        new_call(db, ticket=ticket)
    db.get_one(AliasProposal, 1).state = "proposed"
    db.get_one(Channel, 1).removed_at = None
    if db.get(NoticeRule, 1) is None:
        new_rule(db, db.get_one(Channel, 2), id=1)
    db.execute(delete(LineChange))
    hotline.settings(db).hours = {}
    if endpoint == "revoke_token" and db.get(ApiToken, 1) is None:
        db.add(ApiToken(id=1, name="街道平台", sha256="0" * 64, created_at=now()))
    if endpoint == "recording_sound":
        db.merge(Clip(digest="1", seconds=1, kept_at=now(), sound=b"RIFF"))
    if endpoint == "decide_lesson":
        other = new_ticket(db, need="other")
        said = new_call(db, ticket=other)
        new_turn(db, said, heard={"kind": "speech", "text": "嚼谷"}, understood={"need": "other"})
        other.need = "food"
        history.note(db, other, Need("other", "food"), now(), by=person)
        FORM["lesson"] = lesson_key("zh", "嚼谷")
    if endpoint == "put_back":
        db.add(LineChange(id=1, kind="hours", key="", at=now(), before={"kept": {}}))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says(app: App, visitor: Visitor, role: str):
    """A87, A88: Every route in turn; what is refused is refused as 403 and changes nothing."""
    visitor.log_in(role)
    for endpoint, method, path in desk_routes(app):
        if endpoint not in PAGES:
            continue
        with app.sessions.begin() as db:
            make_ready(db, role, endpoint)
        answer = (
            visitor.get(path) if method == "GET" else visitor.post(path, **FORM | (RULE if "rule" in endpoint else {}))
        )
        opened = answer.status_code < 400 or answer.status_code == 422  # a field was filled in wrongly
        assert opened is (role in PAGES[endpoint]), (endpoint, method, answer.status)
        if role not in PAGES[endpoint]:
            assert 403 == answer.status_code, endpoint


@pytest.mark.parametrize("path", ["/desk/tickets/1/note", "/desk/aliases/1/accept"])
def test_who_is_refused_is_told_whom_to_ask(app: App, visitor: Visitor, path: str):
    """Supervisors by name, and nobody else."""
    visitor.log_in("volunteer")
    page = visitor.post(path, **FORM)

    assert 403 == page.status_code
    assert "<bdi>supervisor</bdi>" in page.text
    assert "<bdi>officer</bdi>" not in page.text


def test_nobody_gets_in_without_logging_in(app: App, visitor: Visitor):
    """A50: A page leads to the login; a form and a sound file are refused."""
    for endpoint, method, path in desk_routes(app):
        if endpoint in PAGES:
            answer = visitor.get(path) if method == "GET" else visitor.post(path, **FORM)
            assert answer.status_code == 401 or answer.location.startswith("/desk/login?next="), endpoint
            assert visitor.head(path).status_code in (302, 401, 405)
            assert visitor.options(path).status_code in (302, 401)
    with app.sessions.read() as db:
        assert {"new"} == set(db.scalars(select(Ticket.status)))


def test_a_view_without_a_rule_is_refused_to_everybody(app: App, visitor: Visitor):
    """A87"""
    app.add_url_rule("/desk/forgotten", "desk.forgotten", lambda: "secret")
    visitor.log_in("supervisor")

    assert 403 == visitor.get("/desk/forgotten").status_code


@pytest.mark.parametrize("path", ["/desk/tickets/{there}", "/desk/tickets/{there}/news", "/desk/recordings/{foreign}"])
def test_another_communitys_things_are_not_found_and_the_attempt_is_kept(app: App, desk, visitor: Visitor, path: str):
    """A51"""
    visitor.log_in("officer")

    assert 404 == visitor.get(path.format(**vars(desk))).status_code
    with app.sessions.read() as db:
        denied = db.scalars(select(AuditLine).where(AuditLine.kind == Denied.kind)).one()
        assert "officer" == denied.staff.name
        assert denied.deed in (Denied(ticket=desk.there), Denied(recording=desk.foreign))


@pytest.mark.parametrize(
    "verb",
    [
        *("claim", "note", "drafts", "attempt", "callback", "contact", "result", "way", "resolve", "close", "reopen"),
        *("need", "community", "hand", "return", "merge", "split", "partner", "partner/reference", "partner/outcome"),
    ],
)
@pytest.mark.parametrize("form", [FORM, dict.fromkeys(FORM, "¿")], ids=["right", "wrong"])
def test_another_communitys_ticket_cannot_be_changed(desk, visitor: Visitor, verb: str, form: dict[str, str]):
    """A51: Nor is it known that there is one, whatever the form says."""
    visitor.log_in("officer")
    refused = {400, 404} if verb in ("drafts", "callback", "contact", "result") else {404}

    assert visitor.post(f"/desk/tickets/{desk.there}/{verb}", **form).status_code in refused


@pytest.mark.parametrize("ticket_id", ["0", "999", "2147483647", "2147483648", "9" * 30, "-1", "1%00", "abc"])
def test_an_id_that_cannot_be_is_not_found(visitor: Visitor, ticket_id: str):
    visitor.log_in("supervisor")

    assert 404 == visitor.get(f"/desk/tickets/{ticket_id}").status_code


@pytest.mark.parametrize(
    "target",
    [
        *(None, "", "desk", "https://evil.example/desk", "https:evil.example", "javascript:alert(1)"),
        *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"),
        "/desk\r\nSet-Cookie: a=b",
    ],
)
def test_a_way_back_is_never_another_host(target: str | None):
    """A79"""
    assert local_path(target) is None


@pytest.mark.parametrize("target", ["/desk/", "/desk/tickets/1", "/desk/calls?from=2026-03-01&community=银杏"])
def test_a_way_back_to_a_page_of_ours_is_taken(target: str):
    assert target == local_path(target)


@pytest.mark.parametrize("path", ["/desk/communities?q=%00", "/desk/calls?community=a%00b", "/desk/login?next=%00"])
def test_a_nul_is_no_text(visitor: Visitor, path: str):
    visitor.log_in("supervisor")

    assert 400 == visitor.get(path).status_code
    assert 400 == visitor.post("/desk/login", name="\0", password="\0").status_code


@pytest.mark.parametrize("role", ["volunteer", None])
def test_other_methods_are_judged_by_the_same_rules(app: App, visitor: Visitor, role: str | None):
    """A93: HEAD and OPTIONS open no page that GET does not; a header that names another method changes nothing."""
    if role:
        visitor.log_in(role)
    closed = [path for endpoint, _method, path in desk_routes(app) if role not in PAGES.get(endpoint, {role})]
    assert len(closed) > 50
    for path in closed:
        for method in ("HEAD", "OPTIONS"):
            answer = visitor.client.open(path, method=method)
            refused = answer.status_code in ((403, 405) if role else (302, 401, 405))
            assert refused or (role and method == "OPTIONS" and not answer.data), (method, path)
    named = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    assert visitor.get("/desk/tickets/1/claim?_method=POST", headers=named).status_code in (302, 405)
    assert 405 == visitor.client.open("/desk/tickets/1", method="TRACE").status_code
    with app.sessions.read() as db:
        assert "new" == db.get_one(Ticket, 1).status
