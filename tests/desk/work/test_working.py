"""What can be done with a ticket on its page, and what a late or wrong press is told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.facts import line
from ivr.store.line import changes, needs
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.tickets import attempts as contact
from ivr.store.tickets import handing, lapsing, work
from tests.builders import new_call, new_recording, new_staff, new_ticket, new_turn
from tests.desk.conftest import THERE, Visitor

SEEN = re.compile(r'name="seen" value="(\d+)"')


def person(db, name: str) -> Staff:
    return db.scalars(select(Staff).where(Staff.name == name)).one()


def ticket(app: App, ticket_id: int) -> Ticket:
    with app.sessions.read() as db:
        return db.get_one(Ticket, ticket_id)


def path(desk) -> str:
    return f"/desk/tickets/{desk.here}"


@pytest.fixture
def mine(app: App, desk, visitor: Visitor) -> Visitor:
    """The volunteer, who has claimed the ticket."""
    visitor.log_in("volunteer")
    visitor.post(f"{path(desk)}/claim")
    return visitor


def test_three_tries_before_giving_up(app: App, desk, mine: Visitor):
    """What is missing is said, what was typed stays; after the third try it goes."""
    for n, outcome in enumerate(("no_answer", "busy", "wrong_number"), 1):
        early = mine.post(f"{path(desk)}/resolve", done="nobody there", result="not_reached")
        assert 422 == early.status_code
        assert ("1 more attempt needed" if n == 3 else f"{4 - n} more attempts needed") in early.text
        assert ">nobody there</textarea>" in early.text
        mine.post(f"{path(desk)}/attempt", outcome=outcome, tried="")
        assert f"attempt {n} of 3" in mine.get(path(desk)).text

    assert 302 == mine.post(f"{path(desk)}/resolve", done="", result="not_reached").status_code
    assert "Resolved: the caller could not be reached" in mine.get(path(desk)).text


def test_reaching_the_caller_ends_the_count(app: App, desk, mine: Visitor):
    for outcome in ("no_answer", "reached"):
        mine.post(f"{path(desk)}/attempt", outcome=outcome, tried="at the second ring")
    page = mine.get(path(desk)).text

    assert "Reached at" in page
    assert "Call attempt: no answer" in page
    assert "at the second ring" in page
    assert 0 == ticket(app, desk.here).attempts


def test_on_the_way_is_shown_everywhere(desk, mine: Visitor):
    mine.post(f"{path(desk)}/way", going="yes")
    assert "on the way since" in mine.get(path(desk)).text
    assert "on the way since" in mine.get("/desk/?view=mine").text

    mine.post(f"{path(desk)}/way", going="no")
    assert "on the way since" not in mine.get(path(desk)).text


def test_one_box_serves_for_a_note_a_call_and_the_result(app: App, desk, mine: Visitor):
    """O12: sent as whatever its button says; what is wrong leaves the words in it."""
    page = mine.get(path(desk)).text
    assert 1 == page.count("<textarea") - page.count('name="hand_why"')
    mine.post(f"{path(desk)}/attempt", outcome="no_answer", note="rang twice")
    early = mine.post(f"{path(desk)}/resolve", note="nobody there", result="not_reached")
    assert (422, True) == (early.status_code, ">nobody there</textarea>" in early.text)
    mine.post(f"{path(desk)}/resolve", note="soup brought", result="helped")
    with app.sessions.read() as db:
        told = [(line.kind, line.detail) for line in db.get_one(Ticket, desk.here).history[-2:]]
    assert [
        ("attempt", {"outcome": "no_answer", "n": 1, "text": "rang twice"}),
        ("resolved", {"done": "soup brought"}),
    ] == told


def test_a_note_says_how_it_ended_when_nothing_else_does(app: App, desk, mine: Visitor):
    """O12: whoever has just written what was done need not write it again; a note of before the claim is none."""
    blank = mine.post(f"{path(desk)}/resolve", note=" ", result="helped")
    assert (422, True) == (blank.status_code, "Please write something" in blank.text)
    mine.post(f"{path(desk)}/note", note="soup brought")
    assert 302 == mine.post(f"{path(desk)}/resolve", note="", result="helped").status_code
    with app.sessions.read() as db:
        assert {"done": "soup brought", "noted": True} == db.get_one(Ticket, desk.here).history[-1].detail


def test_resolved_then_confirmed_then_opened_again(app: App, desk, mine: Visitor):
    mine.post(f"{path(desk)}/resolve", done="soup brought")
    mine.post(f"{path(desk)}/close", confirmed="all well")
    assert "closed" == ticket(app, desk.here).status

    mine.post(f"{path(desk)}/reopen", why="the soup was cold")
    page = mine.get(path(desk)).text
    told = ["soup brought", "Closed: confirmed by the resident", "all well", "the soup was cold"]
    assert sorted(told, key=page.index) == told
    assert "reopened at" in page


def test_handed_on_and_given_back(app: App, desk, mine: Visitor):
    """The other one finds it among theirs, with from whom and why; and can give it back."""
    with app.sessions.begin() as db:
        taker = new_staff(db, "李四").id
    mine.post(f"{path(desk)}/hand", to=str(taker), hand_why="my shift ends", due="120")
    assert "Handed to 李四, not started yet." in mine.get(path(desk)).text

    other = Visitor(app.test_client())
    other.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    other.log_in("李四")
    assert f"/desk/tickets/{desk.here}" in other.get("/desk/?view=mine").text
    page = other.get(path(desk)).text
    assert "volunteer handed it to you" in page
    assert "my shift ends" in page
    other.post(f"{path(desk)}/return", return_why="too far")

    assert "Returned to volunteer" in mine.get(path(desk)).text
    assert "too far" in mine.get(path(desk)).text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"to": "admin"}, "This person cannot take it."),
        ({"to": "4"}, "This person cannot take it."),
        ({"to": "9" * 30}, "This person cannot take it."),
        ({"due": "never"}, "Choose a time limit."),
        ({"hand_why": "  "}, "Please write something"),
    ],
)
def test_a_wrong_hand_is_named_and_the_words_stay(app: App, desk, mine: Visitor, form: dict[str, str], told: str):
    answer = mine.post(f"{path(desk)}/hand", **{"to": "anybody", "due": "30", "hand_why": "ends"} | form)

    assert (422, True) == (answer.status_code, told in answer.text)
    assert form.get("hand_why", ">ends</textarea>") in answer.text
    assert "claimed" == ticket(app, desk.here).status


def test_too_late_to_give_it_back_is_said_kindly(app: App, desk, mine: Visitor):
    with app.sessions.begin() as db:
        giver, taker = person(db, "supervisor"), person(db, "volunteer")
        late = new_ticket(db, claimed_by=giver)
        past = now() - timedelta(minutes=1)
        handing.hand_on(db, giver, late.id, taker.id, "please", past, past)
    answer = mine.post(f"/desk/tickets/{late.id}/return", return_why="too far away")

    assert 409 == answer.status_code
    assert "It could be returned until" in answer.text
    assert "too far away" in answer.text


def test_a_lapsed_claim_is_told_to_who_had_it(app: App, desk, mine: Visitor):
    """With what they had typed; a claim that will lapse says when."""
    assert "released at" in mine.get(path(desk)).text
    mine.post(f"{path(desk)}/drafts", field="done", text="half a sentence")
    with app.sessions.begin() as db:
        lapsing.lapse(db, desk.here, now() + timedelta(hours=2))
    page = mine.get(path(desk)).text

    assert "You had claimed it." in page
    assert "half a sentence" in page


# --- two people on one page


def newest(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_the_second_of_two_who_edit_is_told_and_overwrites_nothing(app: App, desk, mine: Visitor):
    """The page as it is now, who changed what, their own words in the field; a second press goes through."""
    seen = newest(mine.get(path(desk)).text)
    with app.sessions.begin() as db:
        work.note(db, person(db, "supervisor"), desk.here, "she needs insulin, too", now())
    answer = mine.post(f"{path(desk)}/resolve", done="pills brought", seen=seen)

    assert (409, "claimed") == (answer.status_code, ticket(app, desk.here).status)
    alert = answer.text.split('role="alert"')[1].split("</section>")[0]
    for told in ("supervisor", "she needs insulin, too"):
        assert told in alert
    assert ">pills brought</textarea>" in answer.text
    again = mine.post(f"{path(desk)}/resolve", done="pills brought", seen=newest(answer.text))
    assert (302, "resolved") == (again.status_code, ticket(app, desk.here).status)


@pytest.mark.parametrize("verb", ["note", "attempt", "way"])
def test_what_is_only_added_is_no_conflict(app: App, desk, mine: Visitor, verb: str):
    seen = newest(mine.get(path(desk)).text)
    with app.sessions.begin() as db:
        work.note(db, person(db, "supervisor"), desk.here, "by the way", now())
    form = {"note": "n", "outcome": "busy", "tried": "", "going": "yes", "seen": seen}

    assert 302 == mine.post(f"{path(desk)}/{verb}", **form).status_code


def test_ones_own_work_in_another_window_is_no_conflict(desk, mine: Visitor):
    """Also a key that was pressed twice."""
    seen = newest(mine.get(path(desk)).text)
    mine.post(f"{path(desk)}/need", need="food", seen=seen)

    assert 302 == mine.post(f"{path(desk)}/need", need="transport", seen=seen).status_code


def test_a_correction_is_not_overwritten_unseen(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    seen = newest(visitor.get(path(desk)).text)
    late = Visitor(app.test_client())
    late.log_in("officer")
    late.post(f"{path(desk)}/need", need="food")
    answer = visitor.post(f"{path(desk)}/need", need="transport", seen=seen)

    assert (409, "food") == (answer.status_code, ticket(app, desk.here).need)
    assert "Need: Medicine → Food" in answer.text.split('role="alert"')[1].split("</section>")[0]


def test_a_claim_from_an_old_page_hears_what_changed(app: App, desk, visitor: Visitor):
    visitor.log_in("volunteer")
    seen = newest(visitor.get(path(desk)).text)
    with app.sessions.begin() as db:
        contact.attempt(db, person(db, "supervisor"), desk.here, "busy", "", now())
    visitor.post(f"{path(desk)}/claim", seen=seen)

    assert "Changed since you opened it: Call attempt: busy" in visitor.get(path(desk)).text


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 40, "１"])
def test_a_page_that_was_never_ours_is_a_bad_request(desk, mine: Visitor, seen: str):
    assert 400 == mine.post(f"{path(desk)}/need", need="food", seen=seen).status_code


# --- merging and splitting


def test_a_merged_ticket_leads_to_where_it_went(app: App, desk, visitor: Visitor):
    """Also a press on its old page, with what had been typed."""
    with app.sessions.begin() as db:
        other = new_ticket(db)
        new_recording(db, new_call(db, ticket=other))
    visitor.log_in("supervisor")
    seen = newest(visitor.get(path(desk)).text)
    assert f"/desk/tickets/{other.id}" == visitor.post(f"{path(desk)}/merge", number=other.number).location
    assert f"/desk/tickets/{other.id}" == visitor.get(path(desk)).location

    answer = visitor.post(f"{path(desk)}/resolve", done="soup brought", seen=seen)
    assert 409 == answer.status_code
    assert "It was merged into another ticket: this one." in visitor.post(f"{path(desk)}/note", note="n").text
    assert ">soup brought</textarea>" in answer.text
    assert f'action="/desk/tickets/{other.id}/resolve"' in answer.text


def test_tickets_of_two_callers_are_merged_with_a_tick(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        other = new_ticket(db, caller="+8613800000002")
    visitor.log_in("supervisor")
    answer = visitor.post(f"{path(desk)}/merge", number=other.number)
    assert (422, True) == (answer.status_code, 'name="sure"' in answer.text)

    assert 302 == visitor.post(f"{path(desk)}/merge", number=other.number, sure="yes").status_code


def test_a_call_is_split_off_and_linked(app: App, desk, visitor: Visitor):
    with app.sessions.begin() as db:
        call = new_call(db, ticket=db.get_one(Ticket, desk.here)).id
    visitor.log_in("supervisor")
    assert "Split off the call of" in visitor.get(path(desk)).text
    apart = visitor.post(f"{path(desk)}/split", call=str(call)).location
    page = visitor.get(apart).text

    assert "Split off from ticket 1001" in page
    assert f'href="{path(desk)}"' in page.split('id="others"')[1]
    assert 422 == visitor.post(f"{path(desk)}/split", call=str(call)).status_code


def test_the_callers_other_tickets_are_those_the_reader_may_see(app: App, desk, visitor: Visitor):
    """The officer's own community's, not that of the neighbours."""
    visitor.log_in("officer")
    with app.sessions.begin() as db:
        other = new_ticket(db, need="food")
        hidden = new_ticket(db, need="food", community=THERE)
    page = visitor.get(path(desk)).text

    assert f"/desk/tickets/{other.id}" in page
    assert f"/desk/tickets/{hidden.id}" not in page


@pytest.mark.parametrize(
    ("verb", "form", "kind"),
    [
        ("attempt", {"outcome": "no_answer", "tried": "rang long"}, "attempt"),
        ("note", {"note": "two lines\r\nof it"}, "note"),
        ("resolve", {"done": "soup brought"}, "resolved"),
        ("hand", {"to": "anybody", "hand_why": "my shift ends", "due": "120"}, "freed"),
    ],
)
def test_a_key_tapped_twice_does_it_once(app: App, desk, mine: Visitor, verb: str, form: dict[str, str], kind: str):
    """Both presses carry the same newest line; the second is answered like the first, and nothing is shown as lost."""
    seen = SEEN.search(mine.get(path(desk)).text).group(1)

    for _tap in range(2):
        answer = mine.post(f"{path(desk)}/{verb}", seen=seen, **form)
        assert 302 == answer.status_code

    with app.sessions.read() as db:
        lines = db.scalars(select(HistoryLine).where(HistoryLine.ticket_id == desk.here, HistoryLine.kind == kind))
        assert 1 == len(lines.all())


def test_a_second_try_from_a_page_made_after_the_first_counts(app: App, desk, mine: Visitor):
    for _try in range(2):
        seen = SEEN.search(mine.get(path(desk)).text).group(1)
        mine.post(f"{path(desk)}/attempt", seen=seen, outcome="no_answer", tried="")

    assert 2 == ticket(app, desk.here).attempts


def test_a_page_brought_back_an_hour_later_means_another_try(app: App, desk, mine: Visitor):
    seen = SEEN.search(mine.get(path(desk)).text).group(1)
    mine.post(f"{path(desk)}/attempt", seen=seen, outcome="no_answer", tried="")
    with app.sessions.begin() as db:
        line = db.scalars(select(HistoryLine).where(HistoryLine.kind == "attempt")).one()
        line.at -= timedelta(hours=1)
    mine.post(f"{path(desk)}/attempt", seen=seen, outcome="no_answer", tried="")

    assert 2 == ticket(app, desk.here).attempts


def test_who_gave_it_to_whoever_is_free_says_why_on_the_ticket(desk, mine: Visitor):
    mine.post(f"{path(desk)}/hand", to="anybody", hand_why="I cannot make out a word", due="120")

    page = mine.get(path(desk)).text
    assert page.index("I cannot make out a word") < page.index("The caller</h2>")


def test_a_community_is_corrected_as_people_say_it(app: App, desk, mine: Visitor):
    assert 302 == mine.post(f"{path(desk)}/community", community="高塘").status_code
    assert THERE == ticket(app, desk.here).community_code


def test_what_an_urgent_caller_said_stands_on_the_row_and_on_the_ticket(app: App, desk, mine: Visitor):
    """It decides which of two urgent ones comes first, before anybody has claimed and listened."""
    with app.sessions.begin() as db:
        urgent = new_ticket(db, urgent=True)
        heard = {"kind": "speech", "text": "我摔倒了，救命"}
        new_turn(db, new_call(db, ticket=urgent), asked="need", heard=heard, understood={"urgent": True})

    for page in ("/desk/?view=urgent", f"/desk/tickets/{urgent.id}"):
        assert "我摔倒了，救命" in mine.get(page).text


def test_what_is_reopened_is_promised_anew(app: App, desk, mine: Visitor):
    """By the time of its need, as to whoever asks for it now; figures keep the first promise."""
    with app.sessions.begin() as db:
        first = db.get_one(Ticket, desk.here).due_at = now() - timedelta(hours=1)
    mine.post(f"{path(desk)}/resolve", done="brought it", result="helped")
    mine.post(f"{path(desk)}/reopen", why="the wrong one")

    reopened = ticket(app, desk.here)
    assert (first, True) == (reopened.first_due_at, reopened.due_at > now())


def test_a_ticket_corrected_to_an_urgent_need_is_urgent_at_once(app: App, desk, visitor: Visitor):
    """Marked, and due within a quarter of an hour at any hour."""
    with app.sessions.begin() as db:
        urgent = line.Need("5", 60, {"zh": "氧气", "en": "oxygen"}, {"zh": [], "en": []}, urgent=True)
        changes.make(db, None, needs.about("oxygen"), urgent, now())
    visitor.log_in("supervisor")
    visitor.post(f"{path(desk)}/need", need="oxygen")

    corrected = ticket(app, desk.here)
    assert ("oxygen", True) == (corrected.need, corrected.urgent)
    assert corrected.due_at <= now() + timedelta(minutes=15)
