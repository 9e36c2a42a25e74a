"""Sheets of paper: what they say to whom, that it is kept who printed them, and what bad input gets."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, event, select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.facts.audit import Deed, Denied, PrintedLog, PrintedTicket
from ivr.store.models import AuditLine, CallerCard, CommunityRow, HistoryLine, Staff, Ticket
from ivr.store.reports import printing
from tests.builders import CALLER, new_call, new_community, new_phone, new_recording, new_staff, new_ticket, new_turn
from tests.desk.conftest import HERE, THERE, Visitor

DAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine in the morning, in the hotline's zone
SHEET = "/desk/paper/calls?from=2026-03-02&to=2026-03-02"
COLUMNS = ("Time", "Caller", "Community", "Kind", "Content", "Handed to", "Result")
FAMILY, WALK_IN = "+8613800000031", "+8613800000009"


@pytest.fixture
def morning(app: App, desk) -> SimpleNamespace:
    """A call that was helped, the same caller again, a walk-in typed by hand, and somebody who said nothing."""
    with app.sessions.begin() as db:
        volunteer = db.scalars(select(Staff).where(Staff.name == "volunteer")).one()
        helped = new_ticket(
            db, opened_at=DAY, claimed_by=volunteer, status="resolved", resolved_at=DAY + timedelta(hours=1)
        )
        call = new_call(db, ticket=helped, started_at=DAY)
        new_turn(db, call, heard={"kind": "speech", "text": "降压药没有了"})
        new_recording(db, call, seconds=12)
        new_call(db, ticket=helped, started_at=DAY + timedelta(minutes=20))
        write(db, helped, "note", text="ring twice\nat the red door")
        write(db, helped, "resolved", done="pills brought")
        new_card(db)
        typed = new_ticket(
            db,
            need="food",
            community=THERE,
            caller=WALK_IN,
            opened_at=DAY + timedelta(minutes=30),
            typed_by_id=volunteer.id,
            due_at=DAY + timedelta(hours=2),
        )
        new_call(db, caller="+8613800000010", started_at=DAY + timedelta(minutes=40), outcome="hung_up", left_at="need")
    return SimpleNamespace(helped=helped.id, typed=typed.id, number=helped.number)


def write(db, ticket: Ticket, kind: str, **words: str) -> None:
    db.add(HistoryLine(ticket_id=ticket.id, at=ticket.opened_at, kind=kind, detail=words))
    db.flush()


def new_card(db, e164: str = CALLER, consent: bool = True) -> None:
    db.add(
        CallerCard(
            phone_id=new_phone(db, e164).id,
            name="Granny Chen",
            address="red door behind the market",
            hearing="left ear",
            mobility="walks with a stick",
            medicine="amlodipine",
            family_name="her daughter",
            family_phone_id=new_phone(db, FAMILY).id,
            consent_at=DAY if consent else None,
            updated_at=DAY,
        )
    )
    db.flush()


def table(page: str) -> list[list[str]]:
    """The rows of the sheet, cell by cell, as they are read; without the empty ones."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall("<td.*?</td>", row, re.DOTALL)]
        for row in re.findall("<tr>.*?</tr>", body, re.DOTALL)
    ]


def printed(app: App) -> list[tuple[str, Deed | None]]:
    with app.sessions.read() as db:
        kinds = (PrintedTicket.kind, PrintedLog.kind)
        lines = db.scalars(select(AuditLine).where(AuditLine.kind.in_(kinds)).order_by(AuditLine.id))
        return [(line.staff.name, line.deed) for line in lines]


def test_the_log_reads_like_the_paper_book(morning, visitor: Visitor):
    """Oldest first; what was noted stands once, at the ticket's first line; the walk-in stands among the calls."""
    visitor.log_in("supervisor")
    page = visitor.get(SHEET).text

    assert list(COLUMNS) == re.findall('<th scope="col">(.*?)</th>', page)
    first, again, typed, silent = table(page)
    assert ["09:00 no. 1003", "138 0000 0001 Granny Chen", "银杏社区 新碶街道", "Medicine"] == first[:4]
    assert ["message 0:12 · ring twice at the red door", "volunteer"] == first[4:6]
    assert first[6].startswith("pills brought · resolved at ")
    assert ("09:20 no. 1003", "The caller called again") == (again[0], again[4])
    assert ["09:30 no. 1004", "138 0000 0009", "高塘社区 小港街道", "Food", "", "", "new · overdue"] == typed
    assert ["09:40", "138 0000 0010", "", "", "hung up · left at: What do you need?", "", ""] == silent
    assert "printed by supervisor on " in page


@pytest.mark.parametrize(
    ("fields", "history", "told"),
    [
        ({"status": "new", "due_at": DAY + timedelta(days=9999)}, {}, "new"),
        ({"status": "new"}, {}, "new · overdue"),
        ({"status": "claimed"}, {}, "claimed · overdue"),
        ({"status": "claimed", "on_the_way_at": DAY}, {}, "on the way · overdue"),
        ({"status": "resolved", "resolved_at": DAY}, {"done": "brought"}, "brought · resolved at 03-02 09:00"),
        ({"status": "closed", "resolved_at": DAY}, {"done": "brought"}, "brought · resolved at 03-02 09:00"),
        (
            {"status": "resolved", "resolved_at": DAY},
            {"result": "not_reached"},
            "could not be reached · resolved at 03-02 09:00",
        ),
        ({"status": "closed"}, {}, "closed"),
        ({"status": "closed", "merged_into_id": 1}, {}, "merged into ticket 1001"),
    ],
)
def test_the_last_column_says_how_far_it_is(app: App, desk, visitor: Visitor, fields, history, told: str):
    with app.sessions.begin() as db:
        ticket = new_ticket(db, opened_at=DAY, **fields)
        new_call(db, ticket=ticket, started_at=DAY)
        if history:
            write(db, ticket, "resolved", **history)
    visitor.log_in("supervisor")

    assert [told] == [row[6] for row in table(visitor.get(SHEET).text)]


def test_without_a_note_the_callers_own_words_stand_in_the_book(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        call = new_call(db, ticket=new_ticket(db, opened_at=DAY), started_at=DAY)
        new_turn(db, call, heard={"kind": "speech", "text": "降压药 " * 100})
    visitor.log_in("supervisor")
    (row,) = table(visitor.get(SHEET).text)

    assert row[4].startswith("“降压药 降压药")
    assert len(row[4]) < 250, "a cell is no novel"


def test_an_officers_log_has_their_communities_and_neither_numbers_nor_names(morning, visitor: Visitor):
    visitor.log_in("officer")
    page = visitor.get(SHEET).text

    assert ["•••• 0001", "•••• 0001"] == [row[1] for row in table(page)]
    for private in ("Granny", "138 0000", "高塘社区"):
        assert private not in page


def test_a_volunteers_log_is_what_they_claimed(morning, visitor: Visitor):
    """Not the walk-in they typed and nobody has: another may."""
    visitor.log_in("volunteer")

    assert ["09:00 no. 1003", "09:20 no. 1003"] == [row[0] for row in table(visitor.get(SHEET).text)]


def test_an_admin_prints_no_log(morning, visitor: Visitor):
    visitor.log_in("admin")

    assert 403 == visitor.get(SHEET).status_code


@pytest.mark.parametrize(
    ("asked", "times", "told"),
    [
        ("need=food", ["09:30"], "Food"),
        ("community=银杏社区 · 新碶街道", ["09:00", "09:20"], "银杏社区 · 新碶街道"),
        ("outcome=hung_up", ["09:40"], "hung up"),
        ("language=en", [], "English"),
        ("test=yes", [], "only test calls"),
        ("test=no", ["09:00", "09:20", "09:30", "09:40"], "without test calls"),
    ],
)
def test_the_logs_filters_narrow_the_sheet_and_stand_on_it(
    morning, visitor: Visitor, asked: str, times: list[str], told: str
):
    visitor.log_in("supervisor")
    page = visitor.get(f"{SHEET}&{asked}").text
    head = page[page.index('class="running"') : page.index("<tbody>")]

    assert times == [row[0][:5] for row in table(page)]
    assert f"· {told}" in " ".join(head.split())


def test_a_range_of_days_says_which(morning, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/paper/calls?from=2026-03-01&to=2026-03-03").text

    assert "2026-03-01 to 2026-03-03" in page
    assert "03-02 09:00 no. 1003" == table(page)[0][0]


def test_the_call_log_leads_to_its_sheet_with_the_same_days_and_filters(morning, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/calls?from=2026-03-02&to=2026-03-02&need=food&_scheme=x&endpoint=y").text
    link = re.search('href="(/desk/paper/calls[^"]*)"', page).group(1).replace("&amp;", "&")

    assert ["09:30"] == [row[0][:5] for row in table(visitor.get(link).text)]


def test_every_print_of_the_log_is_kept_once(app: App, morning, visitor: Visitor):
    """A reload within minutes is the same print; other days are another."""
    visitor.log_in("officer")
    visitor.get(SHEET)
    visitor.get(SHEET)
    visitor.get("/desk/paper/calls?from=2026-03-01&to=2026-03-02")

    assert [("officer", PrintedLog(first, "2026-03-02", 1)) for first in ("2026-03-02", "2026-03-01")] == printed(app)
    assert "printed · <bdi>call log, 2026-03-01 to 2026-03-02, part 1" in visitor.get("/desk/audit").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("from=yesterday", "Not a date."),
        ("to=2026-02-30", "Not a date."),
        ("from=0001-01-01", "Not a date."),
        ("from=2026-03-02&to=2026-03-01", "The last day is before the first."),
        ("from=2001-01-01&to=2099-12-31", "At most 31 days can be printed at once."),
        ("from=2026-03-01&to=2026-04-01", "At most 31 days can be printed at once."),
        ("community=nowhere", "No community has this name."),
    ],
)
def test_days_that_make_no_sense_are_named_and_nothing_is_printed(
    app: App, morning, visitor: Visitor, asked: str, told: str
):
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/paper/calls?{asked}")

    assert 422 == answer.status_code
    assert told in answer.text
    assert "<table" not in answer.text
    assert [] == printed(app)


def test_an_empty_day_is_an_empty_sheet_for_a_pen(desk, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/paper/calls?from=2025-01-01").text

    assert "No calls on these days." in page
    assert 15 * 7 == page[page.index('class="blank"') :].count("<td></td>")


def test_a_day_too_long_for_one_print_comes_in_parts_that_say_so(app: App, morning, visitor: Visitor, monkeypatch):
    monkeypatch.setattr(printing, "MAX_LINES", 3)
    visitor.log_in("supervisor")
    parts = [visitor.get(f"{SHEET}&part={part}") for part in (1, 2, 3)]

    assert ["09:00", "09:20", "09:30"] == [row[0][:5] for row in table(parts[0].text)]
    assert ["09:40"] == [row[0][:5] for row in table(parts[1].text)]
    assert "lines 1 to 3 of 4" in parts[0].text
    assert "lines 4 to 4 of 4" in parts[1].text
    assert "part=2" in parts[0].text
    assert 404 == parts[2].status_code


@pytest.mark.parametrize("part", ["0", "-1", "9" * 40, "x", "' OR 1=1--"])
def test_a_part_that_makes_no_sense_is_the_first_or_is_not_there(morning, visitor: Visitor, part: str):
    visitor.log_in("supervisor")

    answer = visitor.get("/desk/paper/calls", query_string={"from": "2026-03-02", "part": part})
    assert (404 if part.startswith("9") else 200) == answer.status_code


def test_a_slip_says_what_is_needed_at_the_door(app: App, morning, visitor: Visitor):
    visitor.log_in("officer")
    page = visitor.get(f"/desk/paper/slips/{morning.helped}").text

    for told in (
        morning.number,
        "Medicine",
        "银杏社区",
        "138 0000 0001",
        "Granny Chen",
        "red door behind the market",
        "left ear",
        "walks with a stick",
        "138 0000 0031",
        "ring twice at the red door",
        "message 0:12",
        "reached",
    ):
        assert told in page
    assert "amlodipine" not in page, "the stairwell need not know"
    assert [("officer", PrintedTicket(morning.helped))] == printed(app)


def test_who_may_not_read_the_number_gets_a_slip_without_it_and_without_the_card(app: App, morning, visitor: Visitor):
    with app.sessions.begin() as db:
        db.get_one(Ticket, morning.helped).claimed_by_id = None
    visitor.log_in("volunteer")
    page = visitor.get(f"/desk/paper/slips/{morning.helped}").text

    assert "•••• 0001" in page
    for private in ("138 0000", "Granny", "left ear", "red door behind"):
        assert private not in page


def test_a_card_without_consent_is_on_no_paper(app: App, morning, visitor: Visitor):
    with app.sessions.begin() as db:
        db.scalars(select(CallerCard)).one().consent_at = None
    visitor.log_in("supervisor")

    for path in (SHEET, f"/desk/paper/slips/{morning.helped}"):
        assert "Granny" not in visitor.get(path).text


def test_another_communitys_slip_is_not_found_and_the_attempt_is_kept(app: App, desk, visitor: Visitor):
    visitor.log_in("officer")

    assert 404 == visitor.get(f"/desk/paper/slips/{desk.there}").status_code
    assert [] == printed(app)
    with app.sessions.read() as db:
        denied = db.scalars(select(AuditLine).where(AuditLine.kind == Denied.kind)).one()
        assert Denied(ticket=desk.there) == denied.deed


def test_the_slip_of_a_merged_ticket_has_the_words_of_both(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        other = new_ticket(db, community=None)
        db.add(HistoryLine(ticket_id=other.id, at=now(), kind="typed", detail={"text": "胰岛素，两支"}))
        number = db.get_one(Ticket, desk.here).number
    visitor.log_in("supervisor")
    visitor.post(f"/desk/tickets/{desk.here}/note", note="住五楼")
    visitor.post(f"/desk/tickets/{other.id}/merge", number=number, sure="yes")

    page = visitor.get(f"/desk/paper/slips/{desk.here}").text
    assert "胰岛素，两支" in page
    assert "住五楼" in page


def test_my_slips_are_what_i_have_in_hand_most_pressing_first(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        mine = db.scalars(select(Staff).where(Staff.name == "volunteer")).one()
        other = new_staff(db, "other")
        late = new_ticket(db, claimed_by=mine, opened_at=now())
        early = new_ticket(db, claimed_by=mine, opened_at=now() - timedelta(hours=1))
        urgent = new_ticket(db, claimed_by=mine, urgent=True)
        new_ticket(db, claimed_by=other)
        new_ticket(db, claimed_by=mine, status="resolved")
    visitor.log_in("volunteer")
    page = visitor.get("/desk/paper/slips").text

    assert [urgent.id, early.id, late.id] == [int(found) for found in re.findall('h2 id="slip-(\\d+)"', page)]
    assert 3 == len(printed(app))


def test_more_slips_than_a_shift_carries_are_counted_not_hidden(app: App, desk, visitor: Visitor, monkeypatch):
    monkeypatch.setattr(printing, "MAX_SLIPS", 2)
    with app.sessions.begin() as db:
        mine = db.scalars(select(Staff).where(Staff.name == "volunteer")).one()
        for _ in range(3):
            new_ticket(db, claimed_by=mine)
    visitor.log_in("volunteer")
    page = visitor.get("/desk/paper/slips").text

    assert 2 == page.count('class="sheet slip"')
    assert "the 2 most urgent of your 3 tickets" in page


def test_without_a_ticket_in_hand_there_is_a_way_to_get_one(app: App, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    page = visitor.get("/desk/paper/slips").text

    assert "You have no claimed tickets." in page
    assert 'href="/desk/"' in page
    assert [] == printed(app)


def test_the_ticket_leads_to_its_slip(desk, visitor: Visitor):
    visitor.log_in("volunteer")

    assert f'href="/desk/paper/slips/{desk.here}"' in visitor.get(f"/desk/tickets/{desk.here}").text


def test_the_directory_tells_every_number_and_who_lacks_one(app: App, desk, visitor: Visitor):
    """By street, streets in the order of their numbers; a retired community is gone."""
    with app.sessions.begin() as db:
        new_community(db, "330206001002", "红梅社区", keypad="204")
        new_community(db, "330206002002", "红联社区", "小港街道", keypad="201")
        new_community(db, "330206001003", "百合社区", keypad="203")
        new_community(db, "330206001009", "旧社区", keypad="900", retired_at=DAY)
    visitor.log_in("admin")
    page = visitor.get("/desk/paper/directory").text
    wall = page[page.index('class="sheet wall"') :]

    order = [
        "小港街道",
        "红联社区",
        "201",
        "新碶街道",
        "百合社区",
        "203",
        "红梅社区",
        "204",
        "Communities without a keypad number",
        "银杏社区",
    ]
    assert sorted(order, key=wall.index) == order
    assert "2 communities have no keypad number yet" in page
    assert "旧社区" not in page
    assert "HOTLINE_NUMBER" in page, "nobody has said what to dial"


def test_the_directory_says_what_to_dial(app: App, desk, visitor: Visitor, monkeypatch):
    said = {"hotline_number": "0574-5550 0100", "hotline_name": "红领热线"}
    monkeypatch.setattr(app, "settings", app.settings.model_copy(update=said))
    visitor.log_in("volunteer")
    page = visitor.get("/desk/paper/directory").text

    assert '<p class="wall-number tel">0574-5550 0100</p>' in page
    assert "红领热线" in page
    assert "HOTLINE_NUMBER" not in page


def test_a_nation_without_numbers_is_counted_not_listed(app: App, desk, visitor: Visitor, monkeypatch):
    monkeypatch.setattr(printing, "MAX_UNNUMBERED", 1)
    visitor.log_in("supervisor")

    assert "and 1 more" in visitor.get("/desk/paper/directory").text


@pytest.mark.parametrize("role", ["volunteer", "officer", "supervisor", "admin"])
def test_the_page_of_papers_offers_what_this_role_may_print(desk, visitor: Visitor, role: str):
    visitor.log_in(role)
    page = visitor.get("/desk/paper").text

    assert "/desk/paper/directory" in page
    assert (role != "admin") is ("/desk/paper/calls" in page) is ("/desk/paper/slips" in page)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", "{{7*7}} ${7*7} %s %(name)s", "‮gnol‬"])
def test_words_on_paper_are_text(app: App, morning, visitor: Visitor, payload: str):
    """A59"""
    with app.sessions.begin() as db:
        card = db.scalars(select(CallerCard)).one()
        card.name = card.address = card.hearing = card.family_name = payload
        db.get_one(CommunityRow, HERE).name = payload
        write(db, db.get_one(Ticket, morning.helped), "note", text=payload)
    visitor.log_in("supervisor")
    for path in (SHEET, f"/desk/paper/slips/{morning.helped}", "/desk/paper/directory"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert payload.replace("<", "&lt;").replace(">", "&gt;") in page


@pytest.mark.parametrize("path", [SHEET, "/desk/paper/slips", "/desk/paper/directory"])
def test_a_sheet_asks_as_many_questions_for_two_lines_as_for_twenty(app: App, desk, visitor: Visitor, path: str):
    visitor.log_in("volunteer")
    visitor.get(path)  # a print is kept in the audit, and again within minutes is once
    asked = []
    for number in (2, 18):
        with app.sessions.begin() as db:
            mine = db.scalars(select(Staff).where(Staff.name == "volunteer")).one()
            for n in range(number):
                new_community(
                    db, f"3302060090{number}{n:02d}", keypad=f"{number + 10}{n}" if number == 2 else f"{200 + n}"
                )
                caller = f"+86138000{number:02d}{n:03d}"
                ticket = new_ticket(db, opened_at=DAY, caller=caller, claimed_by=mine)
                call = new_call(db, ticket=ticket, started_at=DAY, caller=caller)
                new_turn(db, call, heard={"kind": "speech", "text": "药"})
                new_recording(db, call)
                write(db, ticket, "note", text="words")
                new_card(db, caller)
                new_ticket(db, opened_at=DAY, claimed_by=mine, typed_by_id=mine.id)
        said: list[str] = []
        event.listen(Engine, "before_cursor_execute", record := lambda *told, said=said: said.append(told[2]))
        assert 200 == visitor.get(path).status_code
        event.remove(Engine, "before_cursor_execute", record)
        asked.append([query for query in said if query.startswith("SELECT")])

    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])
    assert len(asked[0]) <= 20
    assert not any("turns.reply" in query for query in asked[1])
