"""A ticket by hand, at the desk: as quick as paper, asked back only where it must be, and nothing typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from ivr.app import App
from ivr.store import hotline
from ivr.store.directory import importing
from ivr.store.models import Ticket
from routing.directory import Community
from tests.builders import new_community, new_staff
from tests.desk.conftest import HERE, THERE, Visitor

NEW = "/desk/tickets/new"
STRANGE = ["👵🏽 要米", "\u202eעזרה", "<script>alert(1)</script>", "{{7*7}} %(name)s %s", "a\r\nb"]
STREETS = {"330206003001": "大榭街道", "330206003002": "白峰街道"}


@pytest.fixture
def town(app: App, desk) -> None:
    """Two places of one name, and numbers on the leaflets."""
    with app.sessions.begin() as db:
        twins = [Community(code, "太平村", street, "北仑区") for code, street in STREETS.items()]
        places = [Community(HERE, "银杏社区", "新碶街道", "北仑区", keypad="101"), *twins]
        importing.put(db, places, datetime.now(UTC), replace=False)


def take_down(visitor: Visitor, **form: str):
    """A slip about food, in Chinese, unless told otherwise."""
    return visitor.post(NEW, **{"need": "food", "language": "zh"} | form)


def newest(app: App) -> Ticket:
    with app.sessions.read() as db:
        ticket = db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        assert ticket.history is not None
        assert ticket.caller is None or ticket.caller.e164
        assert ticket.recordings == []
        return ticket


def number_of_tickets(app: App) -> int | None:
    with app.sessions.read() as db:
        return db.scalar(select(func.count()).select_from(Ticket))


@pytest.mark.usefixtures("town")
def test_one_form_is_one_ticket_and_the_page_is_ready_for_the_next(app: App, visitor: Visitor):
    """The number to tell them, a link, an empty form; no number of a telephone in any address."""
    visitor.log_in("volunteer")
    answer = take_down(visitor, phone="138-0000-0009", community="101", echoed=HERE, words="要买米", urgent="1")
    ticket = newest(app)
    assert f"{NEW}?done={ticket.id}" == answer.location
    assert ("+8613800000009", HERE, "food", True, "new") == (
        ticket.caller and ticket.caller.e164,
        ticket.community_code,
        ticket.need,
        ticket.urgent,
        ticket.status,
    )

    page = visitor.get(answer.location).text
    assert f'taken-number">{ticket.number}<' in page
    assert f'href="/desk/tickets/{ticket.id}"' in page
    assert "138-0000-0009" not in page
    assert "要买米" in visitor.get(f"/desk/tickets/{ticket.id}").text


def test_outside_the_hours_the_morning_is_promised_as_to_callers(app: App, visitor: Visitor, time_machine):
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00"}
    time_machine.move_to(datetime(2026, 3, 1, 19, 0, tzinfo=UTC))  # three in the morning in Ningbo
    visitor.log_in("volunteer")
    take_down(visitor)
    assert datetime(2026, 3, 2, 2, 0, tzinfo=UTC) == newest(app).due_at


def test_its_page_says_who_typed_it_and_speaks_of_no_caller(app: App, visitor: Visitor):
    """Nobody withheld a number, nobody failed to leave a message: nobody rang."""
    visitor.log_in("volunteer")
    take_down(visitor, words="楼道灯坏了", mine="1")
    page = visitor.get(f"/desk/tickets/{newest(app).id}").text
    inbox = visitor.get("/desk/?view=mine").text

    for told in ("Entered by hand", "楼道灯坏了", "no phone number"):
        assert told in page
    assert "no phone number" in inbox
    for untold in ("withheld", "No message was left", "What was understood"):
        assert untold not in page + inbox


def test_whoever_takes_it_has_it_at_once(app: App, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    take_down(visitor, mine="1")
    ticket = newest(app)
    assert ("claimed", ["typed", "claimed"]) == (ticket.status, [line.kind for line in ticket.history])


# --- the community


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("typed", ["银杏", "银杏社区 · 新碶街道", "我住银杏社区", "銀杏社區"])
def test_a_community_is_understood_as_on_the_telephone(app: App, visitor: Visitor, typed: str):
    visitor.log_in("volunteer")
    take_down(visitor, community=typed)
    assert HERE == newest(app).community_code


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("typed", ["101", HERE, "yinxing", "迎新社区", "老街"])
def test_what_is_meant_by_anything_but_its_name_is_echoed_before_it_is_saved(app: App, visitor: Visitor, typed: str):
    """O4: name and street; a second press saves, and one after another community was typed asks again."""
    with app.sessions.begin() as db:
        old = [Community(HERE, "银杏社区", "新碶街道", "北仑区", aliases=("老街",))]
        importing.put(db, old, datetime.now(UTC), replace=False)
    visitor.log_in("volunteer")
    before = number_of_tickets(app)
    page = take_down(visitor, community=typed, words="要米")
    assert (200, before) == (page.status_code, number_of_tickets(app))
    assert "Not saved yet: is it 银杏社区, 新碶街道?" in page.text
    assert f'name="echoed" value="{HERE}"' in page.text
    assert "要米" in page.text
    assert 200 == take_down(visitor, community=typed, echoed=THERE).status_code

    assert 302 == take_down(visitor, community=typed, echoed=HERE).status_code
    assert HERE == newest(app).community_code


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("typed", "echo"), [("101", "银杏社区，新碶街道"), ("太平村", None), ("Xyzzy", None), ("", None)]
)
def test_the_field_says_which_community_it_is_while_somebody_types(visitor: Visitor, typed: str, echo: str | None):
    """O4: what several may mean, or nothing, is not echoed."""
    visitor.log_in("volunteer")
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    answer = visitor.get("/desk/communities/meant", query_string={"q": typed}).json
    assert ({"code": HERE, "echo": echo} if echo else None) == answer


@pytest.mark.usefixtures("town")
def test_a_name_that_two_places_bear_is_asked_back_with_the_street(app: App, visitor: Visitor):
    """Nothing is written before it is answered, nothing typed is lost; the answer counts for that name only."""
    visitor.log_in("volunteer")
    before = number_of_tickets(app)
    page = take_down(visitor, community="太平村", words="要米").text
    assert before == number_of_tickets(app)
    for told in ("Which of these is it?", "大榭街道", "白峰街道", "要米", 'value="太平村"', 'value="330206003002"'):
        assert told in page

    answered = {"place": "330206003002", "place_for": "太平村"}
    assert take_down(visitor, community="银杏社区", **answered).location
    assert HERE == newest(app).community_code
    take_down(visitor, community="太平村", **answered)
    assert "330206003002" == newest(app).community_code


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "form", [{"community": name, "place": "none", "place_for": name} for name in ("没有这个地方", "太平村")]
)
def test_a_place_we_do_not_know_waits_in_the_hotlines_own_queue(app: App, visitor: Visitor, form: dict[str, str]):
    """With the name as they said it, for whoever places it."""
    visitor.log_in("volunteer")
    answer = take_down(visitor, **form)
    ticket = newest(app)
    assert "community_unknown" in ticket.flags
    assert form["community"] in visitor.get(f"/desk/tickets/{ticket.id}").text
    assert "Open ticket" in visitor.get(answer.location).text


@pytest.mark.usefixtures("town")
def test_a_place_that_sounds_like_none_is_asked_back_first(app: App, visitor: Visitor):
    """A slip of the finger must not send it to others; whoever answers, or corrects the name, goes on."""
    visitor.log_in("officer")
    before = number_of_tickets(app)
    page = take_down(visitor, community="Xyzzy", words="要米", mine="1").text

    assert "No community sounds like “Xyzzy”" in page
    assert ">要米</textarea>" in page
    assert before == number_of_tickets(app)
    take_down(visitor, community="银杏", words="要米", mine="1", place="none", place_for="Xyzzy")
    assert ("claimed", HERE) == (newest(app).status, newest(app).community_code)


# --- the same person again


def test_the_same_matter_is_offered_the_open_ticket_and_joins_it(app: App, desk, visitor: Visitor):
    """Enter on the question joins: the first choice is chosen already."""
    visitor.log_in("supervisor")
    before = number_of_tickets(app)
    form = {"phone": "13800000001", "need": "medicine", "words": "药还没来"}
    page = take_down(visitor, **form).text
    assert "already has an open ticket" in page
    assert 'id="join-yes" value="yes" checked' in page

    joined = take_down(visitor, **form, join="yes", join_for=str(desk.there))
    assert f"{NEW}?done={desk.there}" == joined.location, "the newest of their open tickets about medicine"
    assert before == number_of_tickets(app)
    assert "药还没来" in visitor.get(f"/desk/tickets/{desk.there}").text


def test_another_one_may_be_opened_all_the_same(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    take_down(visitor, phone="13800000001", need="medicine", join="no", join_for=str(desk.there))
    assert desk.there == newest(app).linked_to_id


def test_an_answer_about_another_number_is_none(app: App, desk, visitor: Visitor):
    """Somebody corrects the number after the question was asked."""
    visitor.log_in("supervisor")
    before = number_of_tickets(app)
    answer = take_down(visitor, phone="13800000001", need="medicine", join="yes", join_for="99")
    assert (200, before) == (answer.status_code, number_of_tickets(app))


def test_who_has_it_is_told_to_whoever_wanted_it(app: App, desk, visitor: Visitor):
    supervisor = Visitor(app.test_client())
    supervisor.log_in("supervisor")
    supervisor.post(f"/desk/tickets/{desk.there}/claim")
    visitor.log_in("volunteer")
    form = {"phone": "13800000001", "need": "medicine", "mine": "1", "join": "yes", "join_for": str(desk.there)}
    assert "supervisor already has it." in visitor.get(take_down(visitor, **form).location).text


# --- who may


def test_an_officer_takes_down_what_then_belongs_to_others(app: App, desk, visitor: Visitor):
    """They can tell the number, and are told where it went; the ticket itself is not theirs."""
    visitor.log_in("officer")
    answer = take_down(visitor, community="高塘社区", mine="1", words="秘密")
    ticket = newest(app)
    page = visitor.get(answer.location).text

    assert ("new", THERE) == (ticket.status, ticket.community_code)
    assert f'taken-number">{ticket.number}<' in page
    assert "Assigned to 高塘社区." in page
    assert f"/desk/tickets/{ticket.id}" not in page
    assert 404 == visitor.get(f"/desk/tickets/{ticket.id}").status_code
    nowhere = {"place": "none", "place_for": "没有这个地方"}
    page = visitor.get(take_down(visitor, community="没有这个地方", **nowhere).location).text
    assert "Assigned to the hotline's own helpers." in page


def test_a_foreign_residents_number_looks_like_any_other(app: App, desk, visitor: Visitor):
    """The caller has open tickets here and there; whoever sees neither is told of neither, whatever they press."""
    with app.sessions.begin() as db:
        officer = new_staff(db, "another", "officer", communities=[new_community(db, "330206001009", "梅山").code])
    visitor.log_in(officer.name)
    answers = {}
    for number in ("13800000001", "13800000077"):
        form = {"phone": number, "need": "medicine", "urgent": "1", "words": "秘密"}
        before = number_of_tickets(app)
        answer = take_down(visitor, **form, join="yes", join_for=str(desk.there))
        assert (302, before + 1) == (answer.status_code, number_of_tickets(app))
        page = visitor.get(answer.location).text
        assert f'taken-number">{newest(app).number}<' in page
        answers[number] = re.sub(r'\d+|(value|nonce)="[^"]*"', "", page)  # its own number, and what no two pages share
    assert 1 == len(set(answers.values()))
    with app.sessions.read() as db:
        assert not db.get_one(Ticket, desk.there).urgent


def test_only_whoever_typed_it_is_shown_what_became_of_it(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        new_staff(db, "another", "officer")
    visitor.log_in("officer")
    address = take_down(visitor, community="高塘社区").location
    other = Visitor(app.test_client())
    other.log_in("another")
    for strange in (address, f"{NEW}?done=0", f"{NEW}?done={'9' * 30}", f"{NEW}?done=x", f"{NEW}?done={desk.there}"):
        page = other.get(strange)
        assert (200, False) == (page.status_code, "taken-number" in page.text), strange


# --- numbers


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1380000701", "1 digit is missing."),
        ("138000070123", "1 digit too many."),
        ("139000", "5 digits are missing."),
        ("12345", "public service"),
        ("86557777", "Add the area code"),
        ("0574 8655777", "No such phone number"),
        ("my neighbour's", "Not a phone number."),
    ],
)
def test_a_number_that_is_none_is_told_why_beside_its_field(app: App, desk, visitor: Visitor, typed: str, reason: str):
    """O3: on a ticket by hand, on a card and in a channel."""
    visitor.log_in("supervisor")
    before = number_of_tickets(app)
    slip = take_down(visitor, phone=typed)
    assert (422, before) == (slip.status_code, number_of_tickets(app))
    assert reason in slip.text.partition('id="phone-trouble"')[2].partition("</p>")[0]

    card = visitor.post(f"/desk/tickets/{desk.here}/card", version="0", consent="1", family_phone=typed)
    assert reason in card.text.partition('id="family_phone-trouble"')[2].partition("</p>")[0]


def test_a_local_number_is_completed_by_the_area_and_shown(app: App, desk, visitor: Visitor):
    """O3: what was made of it is read back to whoever typed it."""
    app.settings = app.settings.model_copy(update={"hotline_area_code": "0574"})
    visitor.log_in("volunteer")
    answer = take_down(visitor, phone="86557777")
    assert "+8657486557777" == newest(app).caller.e164
    page = visitor.get(answer.location).text
    assert "Phone number:" in page
    assert "0574 8655 7777" in page


# --- bad values


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("phone", "my neighbour's", "这不是电话号码"),
        ("phone", "12", "位数太少，不是电话号码"),
        ("need", "gold", "请选一个"),
        ("need", "", "请选一个"),
        ("language", "tlh", "请选择"),
        ("words", "x" * 4001, "最多 4000 个字"),
        ("community", "村" * 121, "最多 120 个字"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_in_the_readers_language(
    app: App, desk, visitor: Visitor, field: str, text: str, reason: str
):
    visitor.log_in("volunteer")
    visitor.post("/desk/language", language="zh")
    before = number_of_tickets(app)
    form = {"phone": "13800000009", "community": "银杏社区", "words": "<要米>"} | {field: text}
    answer = take_down(visitor, **form)

    assert (422, before) == (answer.status_code, number_of_tickets(app))
    assert reason in answer.text.partition(f'id="{field}-trouble"')[2].partition("</p>")[0]
    for name in ("phone", "community", "words"):
        assert str(escape(form[name])) in answer.text


@pytest.mark.parametrize(
    "text", ["👵🏽 要米", "\u202eעזרה", "<script>alert(1)</script>", "{{7*7}} %(name)s %s", "a\r\nb"]
)
def test_whatever_is_typed_is_text(app: App, desk, visitor: Visitor, text: str):
    """A59, A60"""
    visitor.log_in("volunteer")
    asked = take_down(visitor, community=text, words=text)
    take_down(visitor, community=text, words=text, place="none", place_for=text)
    assert "<script>alert" not in asked.text
    ticket = newest(app)
    page = visitor.get(f"/desk/tickets/{ticket.id}").text
    assert "<script>alert" not in page
    for part in text.splitlines():
        assert str(escape(part)) in page


def test_a_nul_is_no_text_and_far_too_much_is_refused(app: App, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    before = number_of_tickets(app)
    assert 400 == take_down(visitor, words="a\0b").status_code
    assert 413 == take_down(visitor, words="x" * 64 * 1024).status_code
    assert before == number_of_tickets(app)
