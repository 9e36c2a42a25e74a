"""The ticket's page: what it shows, what can be done there, and what a press that came too late is told."""

import pytest
from markupsafe import escape
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import attempts as contact
from ivr.store.tickets import handing, listening, matters
from routing.timetable import every_day
from tests.asked import asked
from tests.builders import new_call, new_phone, new_recording, new_staff, new_ticket, new_turn
from tests.desk.conftest import HERE, THERE, Visitor

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} {% raw %} ${7*7} %s%n %(name)s",
    "' OR 1=1--",
    "\u202egnol\u202c",
]


def ticket(app: App, ticket_id: int) -> Ticket:
    with app.sessions.read() as db:
        found = db.get_one(Ticket, ticket_id)
        assert found.history
        return found


def test_the_path_tells_which_words_said_so(app: App, desk, visitor: Visitor):
    """Folded, as `flask flow listen` explains it: what they stand for, and what became of each."""
    read = [
        {"words": "降压药", "stands_for": "need.medicine", "fate": "counts"},
        {"words": "人工", "stands_for": "wish.person", "fate": "denied"},
        {"words": "摔倒", "stands_for": "emergency.of_next_year", "fate": "dreamt"},
    ]
    with app.sessions.begin() as db:
        heard = {"kind": "speech", "text": "不要人工，要降压药"}
        new_turn(db, db.get_one(Ticket, desk.here).calls[0], "need", heard, {"need": "medicine", "read": read})
    visitor.log_in("volunteer")
    page = visitor.get(f"/desk/tickets/{desk.here}").text
    assert "“降压药”: Medicine, counts" in page
    assert "“人工”: wants a person, denied" in page
    assert "“摔倒”: emergency.of_next_year, dreamt" in page


def test_claim_note_resolve_reopen(app: App, desk, visitor: Visitor):
    """The whole of a volunteer's work on one ticket, as its history tells it."""
    visitor.log_in("volunteer")
    path = f"/desk/tickets/{desk.here}"
    assert "<audio" not in visitor.get(path).text
    for verb, form in [
        ("claim", {}),
        ("note", {"note": "rings at\nsix"}),
        ("need", {"need": "food"}),
        ("community", {"community": "高塘社区 · 小港街道"}),
        ("resolve", {"done": "soup brought"}),
        ("reopen", {"why": "rang again"}),
    ]:
        assert path == visitor.post(f"{path}/{verb}", **form).location.partition("#")[0], verb

    found = ticket(app, desk.here)
    assert ("claimed", "food", THERE) == (found.status, found.need, found.community_code)
    page = visitor.get(path).text
    told = [
        "Claimed",
        "rings at\nsix",
        "Need: Medicine → Food",
        "Community: 银杏社区 → 高塘社区",
        "soup brought",
        "rang again",
    ]
    assert sorted(told, key=page.index) == told
    assert "tel:+8613800000001" in page
    assert f"/desk/recordings/{desk.recording}" in page


def test_the_second_claimer_is_told_who_has_it(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    visitor.post(f"/desk/tickets/{desk.here}/claim")
    late = Visitor(app.test_client())
    late.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    late.log_in("volunteer")
    answer = late.post(f"/desk/tickets/{desk.here}/claim")

    assert 409 == answer.status_code
    assert "supervisor 已经接了这一单。" in answer.text


def test_words_typed_for_a_ticket_that_was_resolved_meanwhile_are_not_lost(desk, visitor: Visitor):
    visitor.log_in("supervisor")
    path = f"/desk/tickets/{desk.here}"
    visitor.post(f"{path}/resolve", done="one way")
    answer = visitor.post(f"{path}/resolve", done="another way")

    assert 409 == answer.status_code
    assert "It has been resolved in the meantime." in answer.text
    assert ">another way</textarea>" in answer.text


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("note", {"note": "  "}),
        ("note", {"note": "x" * 4001}),
        ("resolve", {"done": ""}),
        ("need", {"need": "gold"}),
        ("community", {"community": "no such place"}),
    ],
)
def test_a_wrong_value_is_named_and_nothing_changes(app: App, desk, visitor: Visitor, verb: str, form: dict[str, str]):
    visitor.log_in("supervisor")

    assert 422 == visitor.post(f"/desk/tickets/{desk.here}/{verb}", **form).status_code
    assert ("new", "medicine", HERE) == (
        (found := ticket(app, desk.here)).status,
        found.need,
        found.community_code,
    )


@pytest.mark.parametrize("verb", ["note", "resolve", "reopen", "need", "community"])
def test_a_form_without_its_field_is_a_bad_request(desk, visitor: Visitor, verb: str):
    visitor.log_in("supervisor")

    assert 400 == visitor.post(f"/desk/tickets/{desk.here}/{verb}", status="closed", claimed_by_id="1").status_code


def test_an_officers_ticket_that_moves_away_leads_back_to_the_inbox(desk, visitor: Visitor):
    visitor.log_in("officer")

    assert "/desk/" == visitor.post(f"/desk/tickets/{desk.here}/community", community=THERE).location
    assert "1001 now belongs to 高塘社区." in visitor.get("/desk/").text
    assert 404 == visitor.get(f"/desk/tickets/{desk.here}").status_code


def test_the_communities_that_were_nearly_understood_are_one_press_away(app: App, visitor: Visitor):
    """With what was heard and why it was taken for that."""
    with app.sessions.begin() as db:
        unsure = new_ticket(db)
        call = new_call(db, ticket=unsure)
        candidates = [
            {"code": HERE, "name": "银杏社区", "street": "新碶街道", "score": 90, "why": "迎→银 in/ing"},
            {"code": THERE, "name": "高塘社区", "street": "小港街道", "score": 71, "why": ""},
        ]
        match = {"decision": "confirm", "reason": "", "candidates": candidates}
        new_turn(db, call, asked="community", heard={"kind": "speech", "text": "迎新社区"}, understood={"match": match})
    visitor.log_in("supervisor")
    page = visitor.get(f"/desk/tickets/{unsure.id}").text

    assert f'name="community" value="{THERE}"' in page
    assert f'name="community" value="{HERE}"' not in page, "it is there already"
    for told in ("Which community?", "“迎新社区”", "confirmed by question", "迎→银 in/ing"):
        assert told in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_callers_and_staff_say_is_text(app: App, visitor: Visitor, payload: str):
    """A58: On the ticket, in the inbox and in the call log."""
    with app.sessions.begin() as db:
        holder = new_staff(db, payload[:64], "supervisor")
        marked = new_ticket(db, claimed_by=holder)
        call = new_call(db, ticket=marked)
        match = {"decision": payload, "reason": payload, "candidates": [
            {"code": payload, "name": payload, "street": payload, "score": 1, "why": payload}]}  # fmt: skip
        new_turn(db, call, heard={"kind": "speech", "text": payload}, understood={"need": payload, "match": match})
        new_turn(db, call, asked=payload[:32], heard={"kind": payload, "text": None}, understood={})
    visitor.log_in("supervisor")
    visitor.post(f"/desk/tickets/{marked.id}/note", note=payload)
    for path in (f"/desk/tickets/{marked.id}", "/desk/?view=all", "/desk/calls"):
        page = visitor.get(path)
        assert 200 == page.status_code
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert str(escape(payload)) in page.text, "word for word: no template, no format string was evaluated"


def test_an_open_page_is_told_of_a_new_history_line(desk, visitor: Visitor):
    visitor.log_in("supervisor")
    path = f"/desk/tickets/{desk.here}"
    etag = visitor.get(f"{path}/news").headers["ETag"]
    assert 304 == visitor.get(f"{path}/news", headers={"If-None-Match": etag}).status_code

    visitor.post(f"{path}/note", note="news")
    assert 200 == visitor.get(f"{path}/news", headers={"If-None-Match": etag}).status_code


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("银", ["银杏社区 · 新碶街道"]),
        ("小港 高", ["高塘社区 · 小港街道"]),
        ("", ["银杏社区 · 新碶街道", "高塘社区 · 小港街道"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("' OR 1=1--", []),
    ],
)
def test_communities_are_suggested_while_somebody_types(visitor: Visitor, typed: str, suggested: list[str]):
    visitor.log_in("supervisor")

    assert sorted(suggested) == sorted(visitor.get("/desk/communities", query_string={"q": typed}).json)


def test_a_ticket_with_a_long_story_costs_as_many_queries_as_a_short_one(app: App, desk, visitor: Visitor):
    """Whatever happened to it, however many calls and other tickets the caller has."""
    visitor.log_in("supervisor")
    visitor.get(f"/desk/tickets/{desk.here}")  # how the line was made is read once a process
    counts = []
    for _ in range(2):
        with app.sessions.begin() as db:
            long = db.get_one(Ticket, desk.here)
            supervisor = db.scalars(select(Staff).where(Staff.name == "supervisor")).one()
            for n in range(4):
                recording = new_recording(db, new_call(db, ticket=long))
                new_turn(db, recording.call)
                listening.heard(db, supervisor, recording, now())
                contact.attempt(db, supervisor, long.id, "busy", "", now())
                taker = new_staff(db, f"volunteer {long.attempts} {n}")
                handing.hand_on(db, supervisor, long.id, taker.id, "please", now(), now())
                matters.merge(db, new_ticket(db), long, now())
                new_ticket(db)
        with asked(app.sessions.engine) as statements:
            assert 200 == visitor.get(f"/desk/tickets/{desk.here}").status_code
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 24


def test_the_communitys_duty_contact_stands_on_the_ticket(app: App, visitor: Visitor, desk):
    """Name and hours for everybody; their number for whoever may ring the caller."""
    with app.sessions.begin() as db:
        chen = new_phone(db, "+8657455500131")
        contact = line.PlaceDuty("陈书记", chen.id, chen.tail, every_day("8-12"))
        changes.make(db, None, About(line.PlaceDuty, HERE), contact, now())
    visitor.log_in("volunteer")
    page = visitor.get(f"/desk/tickets/{desk.here}").text
    assert ("陈书记" in page, "08:00-12:00" in page, "•••• 0131" in page) == (True, True, True)
    assert "+8657455500131" not in page
    visitor.post(f"/desk/tickets/{desk.here}/claim")
    assert 'href="tel:+8657455500131"' in visitor.get(f"/desk/tickets/{desk.here}").text
    visitor.post("/desk/logout")
    visitor.log_in("supervisor")
    assert "陈书记" not in visitor.get(f"/desk/tickets/{desk.there}").text
