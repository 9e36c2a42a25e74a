"""What another system reads of tickets."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.store.session import Sessions
from ivr.store.tickets import merging
from tests.asked import asked
from tests.builders import CALLER, new_call, new_community, new_recording, new_staff, new_ticket, new_turn

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def test_a_ticket_tells_what_staff_need_to_know(api: FlaskClient, sessions: Sessions) -> None:
    """Everything the contract names, in its words."""
    with sessions.begin() as db:
        ticket = new_ticket(db, need="medicine", opened_at=AT)
        call = new_call(db, sid="CA1", ticket=ticket, started_at=AT)
        new_turn(db, call, asked=None, heard={"kind": "silence"}, understood={})
        new_turn(db, call, asked="need", heard={"kind": "keys", "text": "1"}, understood={"need": "medicine"})
        said = {"kind": "speech", "text": "银杏社区"}
        new_turn(db, call, asked="community", heard=said, understood={"decision": "accept"})
        new_call(db, sid="CA2", ticket=ticket, started_at=AT + timedelta(hours=1))
        new_recording(db, call, sid="RE1", seconds=12)
        new_recording(db, call, sid="RE2", seconds=None, state="expected")

    assert [
        {
            "number": "1001",
            "status": "new",
            "need": "medicine",
            "community": {"code": "330206001001", "name": "银杏社区", "street": "新碶街道"},
            "caller": CALLER,
            "language": "zh",
            "urgent": False,
            "flags": [],
            "call_sid": "CA1",
            "call_sids": ["CA1", "CA2"],
            "opened_at": "2026-03-01T08:30:00Z",
            "attempts": 0,
            "last_attempt_at": None,
            "on_the_way_at": None,
            "raised_at": None,
            "resolved_at": None,
            "reopened_at": None,
            "closed_at": None,
            "linked_to": None,
            "recordings": [
                {
                    "sid": "RE1",
                    "seconds": 12,
                    "state": "fetched",
                    "url": "http://localhost/api/v1/recordings/RE1",
                },
                {"sid": "RE2", "seconds": None, "state": "expected", "url": None},
            ],
            "heard": {
                "need": {"kind": "keys", "text": "1", "understood": {"need": "medicine"}},
                "community": said | {"understood": {"decision": "accept"}},
            },
        }
    ] == api.get("/api/v1/tickets").json["items"]


def test_a_ticket_of_which_little_is_known_says_so(api: FlaskClient, sessions: Sessions) -> None:
    """What was not understood is null, never missing or empty."""
    with sessions.begin() as db:
        new_ticket(db, need=None, community=None, caller=None)

    (ticket,) = api.get("/api/v1/tickets").json["items"]
    assert [None] * 4 == [ticket[name] for name in ("need", "community", "caller", "call_sid")]
    assert ["incomplete", "community_unknown", "number_withheld"] == ticket["flags"]


def test_what_happened_in_peoples_hands_is_dated(api: FlaskClient, sessions: Sessions) -> None:
    """The status stays one of four; everything else is a fact with its time."""
    with sessions.begin() as db:
        first = new_ticket(db)
        facts = dict.fromkeys(("last_attempt_at", "on_the_way_at", "raised_at", "reopened_at"), AT)
        new_ticket(db, need="food", claimed_by=new_staff(db), attempts=2, linked_to_id=first.id, **facts)

    ticket = api.get("/api/v1/tickets").json["items"][0]
    assert dict.fromkeys(facts, "2026-03-01T08:30:00Z") == {name: ticket[name] for name in facts}
    assert ("claimed", 2, "1001") == (ticket["status"], ticket["attempts"], ticket["linked_to"])


def test_what_was_merged_is_found_where_it_went(api: FlaskClient, sessions: Sessions) -> None:
    """Out of every list; its call finds the ticket that has it now."""
    with sessions.begin() as db:
        supervisor, into, gone = new_staff(db, role="supervisor"), new_ticket(db), new_ticket(db)
        new_call(db, sid="CA1", ticket=gone)
        merging.merge(db, supervisor, gone.id, into.number, AT)

    for filters in ({}, {"call_sid": "CA1"}):
        items = api.get("/api/v1/tickets", query_string=filters).json["items"]
        assert [(into.number, ["CA1"])] == [(each["number"], each["call_sids"]) for each in items]
    assert [] == api.get("/api/v1/tickets", query_string={"status": "closed"}).json["items"]


def test_tickets_are_filtered(api: FlaskClient, sessions: Sessions, subtests: pytest.Subtests) -> None:
    """By any of the ticket's calls, status, need, community and time; together they all hold."""
    with sessions.begin() as db:
        first = new_ticket(db, opened_at=AT)
        new_call(db, sid="CA1", ticket=first)
        new_call(db, sid="CA2", ticket=first)
        new_ticket(db, need="food", opened_at=AT + timedelta(hours=1), claimed_by=new_staff(db))
        new_community(db, "330206001002", name="迎新社区")
        new_ticket(db, community="330206001002", opened_at=AT + timedelta(days=1))

    for expected, filters in [
        (["1001"], {"call_sid": "CA2"}),
        ([], {"call_sid": "CA9"}),
        (["1002"], {"status": "claimed"}),
        (["1002"], {"need": "food"}),
        (["1003"], {"community": "330206001002"}),
        ([], {"community": "' OR 1=1--"}),
        (["1003", "1002", "1001"], {"since": "2026-03-01T10:30:00+02:00"}),
        (["1003", "1002"], {"since": "2026-03-01T08:31"}),
        (["1003"], {"since": "2026-03-02"}),
        (["1003"], {"since": "2026-03-01T08:31", "need": "medicine"}),
    ]:
        with subtests.test(**filters):
            items = api.get("/api/v1/tickets", query_string=filters).json["items"]
            assert expected == [each["number"] for each in items]


def test_a_long_list_is_read_page_by_page(api: FlaskClient, sessions: Sessions) -> None:
    """Newest first, each once, though new ones come in between; the last page says that it is the last."""
    with sessions.begin() as db:
        for _ in range(5):
            new_ticket(db)
    numbers: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = api.get("/api/v1/tickets", query_string=query).json
        numbers += [each["number"] for each in page["items"]]
        cursor = page["next"]
        with sessions.begin() as db:
            new_ticket(db)

    assert (["1005", "1004", "1003", "1002", "1001"], None) == (numbers, cursor)


def test_a_full_page_costs_as_many_queries_as_a_short_one(app: App, api: FlaskClient, sessions: Sessions) -> None:
    """The number of queries does not grow with the number of tickets, calls or turns."""
    api.get("/api/v1/tickets")  # the first request of a minute is written down
    counts = []
    for _ in range(2):
        with sessions.begin() as db:
            for _ in range(10):
                ticket = new_ticket(db)
                for _ in range(2):
                    call = new_call(db, ticket=ticket)
                    new_turn(db, call)
                    new_recording(db, call)
        for path in ("/api/v1/tickets", "/api/v1/calls"):
            with asked(app.sessions.engine) as statements:
                assert 200 == api.get(path, query_string={"limit": 200}).status_code
            counts.append(len(statements))

    assert counts[:2] == counts[2:]


def test_a_call_that_began_before_the_poll_and_opens_its_ticket_after_it_is_not_missed(
    api: FlaskClient, sessions: Sessions
) -> None:
    """O9: by the time of the last poll, and by the cursor."""
    poll = AT + timedelta(minutes=1)
    after = api.get("/api/v1/tickets", query_string={"after": 0}).json["after"]
    with sessions.begin() as db:
        ticket = new_ticket(db, opened_at=AT)
        new_ticket(db, opened_at=AT)
        ticket.history[0].at = poll + timedelta(seconds=30)

    for query in ({"since": poll.isoformat()}, {"after": after, "limit": 1}):
        assert ["1001"] == [each["number"] for each in api.get("/api/v1/tickets", query_string=query).json["items"]]


def test_news_are_read_to_their_end_by_either_cursor(api: FlaskClient, sessions: Sessions) -> None:
    """``next`` as in every list, and ``after`` for the next poll; a plain list has no ``after``."""
    with sessions.begin() as db:
        for _ in range(3):
            new_ticket(db)
    first = api.get("/api/v1/tickets", query_string={"after": 0, "limit": 2}).json
    assert ["1001", "1002"] == [each["number"] for each in first["items"]]
    assert first["next"] == first["after"]
    last = api.get("/api/v1/tickets", query_string={"after": 0, "limit": 2, "cursor": first["next"]}).json
    assert (["1003"], None) == ([each["number"] for each in last["items"]], last["next"])
    assert [] == api.get("/api/v1/tickets", query_string={"after": last["after"]}).json["items"]
    assert {"items", "next"} == api.get("/api/v1/tickets").json.keys()
    assert {"items", "next", "after"} == api.get("/api/v1/calls", query_string={"after": 0}).json.keys()
