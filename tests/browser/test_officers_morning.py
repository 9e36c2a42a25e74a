"""A community officer's morning in a real browser: what the night left, what is handed on, the counter, the paper."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from ivr.app import App
from ivr.cli.demo import load_sample
from ivr.desk.shell.guard import now
from ivr.jobs.escalate import escalate
from ivr.jobs.lapse_claims import lapse_claims
from ivr.jobs.send_notice import send_notice
from ivr.store.facts.audit import Denied
from ivr.store.models import AuditLine, HistoryLine, Staff, Ticket
from tests.browser.town import (
    AT_ONCE_MS,
    CUCKOO,
    DESKTOP,
    GINKGO,
    OFFICER,
    PEONY,
    PHONE,
    SUPERVISOR,
    VOLUNTEER,
    Person,
    became_of,
    caller,
    rang,
    ring,
    robot,
    unsent,
)
from tests.builders import new_staff
from tests.notify.standins import text_of

pytestmark = pytest.mark.timeout(600)  # a whole morning takes a minute, and several where the machine is busy

NIGHT_MIN = 300  # so long ago they rang

# What became of each: its status, what staff did with it, what was done in the end.
ENDS = {
    "oxygen": ("resolved", "claimed reached on_the_way resolved", "换了一瓶氧气。"),
    "bus": ("resolved", "claimed no_answer reached resolved", "坐社区的车去。"),
    "handed": ("resolved", "claimed handed note resolved", "低保表格填好了。"),
    "permit": ("claimed", "claimed handed", ""),
    "forgotten": ("resolved", "claimed claimed resolved", "门铃修好了。"),
    "settled": ("closed", "claimed resolved closed", "药送到。"),
    "unsettled": ("resolved", "claimed resolved reopened claimed resolved", "这次送对了。"),
    "elsewhere": ("new", "community", ""),
    "pressing": ("resolved", "claimed resolved", "液化气送到。"),
    "walk_in": ("new", "typed", ""),
    "theirs": ("new", "", ""),
}


@pytest.fixture
def night(app: App) -> SimpleNamespace:
    """What lies there at eight in the morning, by the name that the story has for it; ids of tickets."""
    with app.sessions.begin() as db:
        load_sample(db, now())
        volunteer = new_staff(db, VOLUNTEER)
        officer = new_staff(db, OFFICER, "officer", communities=[GINKGO, CUCKOO])
        new_staff(db, SUPERVISOR, "supervisor")
        found = {
            "oxygen": rang(app, db, 1, 20, "other", GINKGO, "氧气快没有了", urgent=True, due_at=now()),
            "bus": rang(app, db, 2, NIGHT_MIN, "transport", CUCKOO, "要去医院"),
            "handed": rang(app, db, 3, 70, "other", GINKGO, "低保怎么办", claimed_by=volunteer),
            "permit": rang(app, db, 4, 60, "other", CUCKOO, "出入证到期了"),
            "forgotten": rang(app, db, 5, 90, "other", GINKGO, "门铃坏了", claimed_by=officer),
            "settled": rang(app, db, 6, 1500, "medicine", GINKGO, "感冒药", claimed_by=volunteer),
            "unsettled": rang(app, db, 7, 1600, "food", CUCKOO, "奶粉", claimed_by=volunteer),
            "elsewhere": rang(app, db, 8, 50, "food", GINKGO, "米没有了"),
            "pressing": rang(app, db, 9, 45, "other", CUCKOO, "液化气没有了"),
            "theirs": rang(app, db, 10, 40, "food", PEONY, "牛奶"),
        }
        for name in ("handed", "forgotten", "settled", "unsettled"):
            ticket = found[name]
            db.add(HistoryLine(ticket_id=ticket.id, staff_id=ticket.claimed_by_id, at=ticket.opened_at, kind="claimed"))
        db.flush()
        for name in ("settled", "unsettled"):
            ticket = found[name]
            ticket.status, ticket.resolved_at = "resolved", now() - timedelta(hours=20)
            done = HistoryLine(ticket_id=ticket.id, staff_id=volunteer.id, at=ticket.resolved_at, kind="resolved")
            done.detail = {"done": "药送到。" if name == "settled" else "送到。"}
            db.add(done)
        found["forgotten"].progress_at = now() - timedelta(minutes=80)
        return SimpleNamespace(**{name: ticket.id for name, ticket in found.items()})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_officers_morning(app: App, page, new_context, live_server: str, night, language: str):
    """Only her own communities' tickets; in the end the database says of each what became of it."""
    me = Person(page, live_server, OFFICER, language)
    volunteer = Person(new_context().new_page(), live_server, VOLUNTEER, language)
    supervisor = Person(new_context().new_page(), live_server, SUPERVISOR, language)

    hers_and_no_other(app, me, night)
    the_urgent_one_first(me, night)
    the_broken_promise(me, night)
    the_volunteer_hands_one_on(me, volunteer, night)
    forgotten_since_yesterday(app, me, night)
    they_keep_ringing(app, me, supervisor, night)
    asked_whether_it_is_settled(me, night)
    she_lives_elsewhere(me, night)
    on_to_the_supervisor(me, supervisor, night)
    somebody_walks_in(app, me, night)
    only_food(me, night)
    on_paper(app, me, night)

    me.looks_at("next")
    me.sees()
    me.reads("Nothing is waiting for you. Thank you!")
    me.needs_no_better_eyes()
    me.leaves()
    for person in (me, volunteer, supervisor):
        person.had_no_trouble()
    with app.sessions.read() as db:
        assert ENDS == {name: became_of(db, getattr(night, name)) for name in ENDS}
        holder = db.get_one(Ticket, night.permit).claimed_by
        assert (SUPERVISOR, PEONY) == (holder.name, db.get_one(Ticket, night.elsewhere).community_code)
        assert {getattr(night, name) for name in ENDS} == set(db.scalars(select(Ticket.id)))


def hers_and_no_other(app: App, me: Person, night: SimpleNamespace) -> None:
    """Another community's ticket is not there, also not by its address; the attempt is kept."""
    me.arrives()
    me.needs_no_better_eyes()
    me.looks_at("communities")
    expect(me.page.locator("[data-rows] > .ticket")).to_have_count(7)
    assert 0 == me.row(night.theirs).count()
    with me.page.expect_response(f"**/tickets/{night.theirs}") as answer:
        me.open(f"/desk/tickets/{night.theirs}")
    assert 404 == answer.value.status
    me.needs_no_better_eyes()
    with app.sessions.read() as db:
        officer = db.query(Staff).filter_by(name=OFFICER).one()
        lines = db.scalars(select(AuditLine).filter_by(staff_id=officer.id, kind=Denied.kind))
        assert [Denied(ticket=night.theirs)] == [line.deed for line in lines]
    me.follows("Go to the inbox")


def the_urgent_one_first(me: Person, night: SimpleNamespace) -> None:
    """On the way to the office, with a telephone in one hand."""
    me.page.set_viewport_size(PHONE)
    me.looks_at("urgent")
    me.sees(night.oxygen)
    me.needs_no_better_eyes()
    me.claims(night.oxygen)
    me.tried("reached")
    me.presses("I'm on my way")
    me.reads("Marked as on the way.")
    me.needs_no_better_eyes()
    me.resolves("换了一瓶氧气。")
    me.page.set_viewport_size(DESKTOP)


def the_broken_promise(me: Person, night: SimpleNamespace) -> None:
    me.looks_at("overdue")
    me.sees(night.bus)
    expect(me.row(night.bus).locator(".promise.late")).to_be_visible()
    me.claims(night.bus)
    me.tried("no_answer")
    me.tried("reached", "在院子里，没听见")
    me.resolves("坐社区的车去。")


def the_volunteer_hands_one_on(me: Person, volunteer: Person, night: SimpleNamespace) -> None:
    """It appears in her open inbox with the time until which it may go back; she takes it up."""
    me.looks_at("mine")
    volunteer.arrives()
    volunteer.looks_at("mine")
    volunteer.opens(night.handed)
    volunteer.unfolds("Hand over")
    volunteer.page.locator("#to").select_option(label=f"{OFFICER} · {me.says('community officer')}")
    volunteer.page.locator("#hand_why").fill("低保的事，社区才能办")
    volunteer.presses("Hand over")
    volunteer.reads("Handed over.")
    expect(me.row(night.handed)).to_be_visible(timeout=AT_ONCE_MS)
    me.opens(night.handed)
    expect(me.page.locator(".handed")).to_contain_text("低保的事，社区才能办")
    me.writes("Note, or what was done", "下午两点带表格来")
    me.presses("Save note")
    me.reads("Note saved.")
    me.resolves("低保表格填好了。")


def forgotten_since_yesterday(app: App, me: Person, night: SimpleNamespace) -> None:
    """Her claim has lapsed, and the page says so; she takes it again."""
    lapse_claims(app)
    me.looks_at("nobodys")
    me.opens(night.forgotten)
    expect(me.page.locator(".holder")).to_be_visible()
    me.needs_no_better_eyes()
    me.page.keyboard.press("c")
    me.reads("Note")
    me.resolves("门铃修好了。")


def they_keep_ringing(app: App, me: Person, supervisor: Person, night: SimpleNamespace) -> None:
    """The third call within a day about one matter: a supervisor sees it without looking for it."""
    for _ in range(2):
        ring(app, caller(9)).dial().leave_message()
    supervisor.arrives()
    supervisor.looks_at("raised")
    supervisor.sees(night.pressing)
    supervisor.needs_no_better_eyes()
    me.looks_at("nobodys")
    me.claims(night.pressing)
    me.reads("repeat caller")
    assert 2 == me.page.locator(".history").get_by_text(me.says("The caller called again"), exact=False).count()
    me.resolves("液化气送到。")


def asked_whether_it_is_settled(me: Person, night: SimpleNamespace) -> None:
    """One resident says yes, the other was brought the wrong thing."""
    me.open(f"/desk/tickets/{night.settled}")
    me.writes("What the resident said (optional)", "好了，谢谢")
    me.presses("Resident confirmed: close")
    me.reads("Closed.")
    me.open(f"/desk/tickets/{night.unsettled}")
    me.unfolds("Reopen")
    me.writes("Why reopen it", "奶粉送错了")
    me.presses("Reopen")
    me.reads("Reopened.")
    me.presses("Claim this ticket")
    me.resolves("这次送对了。")


def she_lives_elsewhere(me: Person, night: SimpleNamespace) -> None:
    """Put right, and no more of the officer's business: back to the inbox, told what was done."""
    me.looks_at("nobodys")
    me.opens(night.elsewhere)
    me.unfolds("Correct community or need")
    me.page.locator("#community").press_sequentially("牡丹")
    me.page.locator("#communities option").first.wait_for(state="attached")
    me.writes("Another community", "牡丹社区 · 新碶街道")
    me.page.locator("#community").press("Enter")
    me.reads("Corrected.")
    assert "/desk/" == urlsplit(me.page.url).path


def on_to_the_supervisor(me: Person, supervisor: Person, night: SimpleNamespace) -> None:
    """Not for a community to decide; due today."""
    me.looks_at("nobodys")
    me.claims(night.permit)
    me.unfolds("Hand over")
    me.page.locator("#to").select_option(label=f"{SUPERVISOR} · {me.says('supervisor')}")
    me.page.locator("#hand_why").fill("要街道盖章")
    me.page.get_by_label(me.says("today"), exact=True).check()
    me.needs_no_better_eyes()
    me.presses("Hand over")
    me.reads("Handed over.")
    supervisor.looks_at("mine")
    supervisor.sees(night.permit)


def somebody_walks_in(app: App, me: Person, night: SimpleNamespace) -> None:
    """From another community, without a telephone: written down, and told to whom it went."""
    me.follows("New ticket")
    me.writes("Phone number", "12")
    me.writes("Community", "牡丹社区")
    me.page.locator("label[for=need-transport]").click()
    me.writes("What they said", "明天去办证")
    me.presses("Save")
    me.reads("Too short for a phone number.")
    assert "明天去办证" == me.page.locator("#words").input_value()
    me.needs_no_better_eyes()
    me.writes("Phone number", "")
    me.presses("Save")
    me.reads("Saved. Tell the caller this number:")
    me.needs_no_better_eyes()
    with app.sessions.read() as db:
        night.walk_in = db.scalars(select(Ticket.id).where(Ticket.typed_by_id.is_not(None))).one()
    expect(me.page.locator(".taken")).to_contain_text("牡丹社区")
    assert 0 == me.page.locator(".taken a").count(), "not hers to see"


def only_food(me: Person, night: SimpleNamespace) -> None:
    """A filter stays until it is cleared, also through a logout."""
    me.open("/desk/")
    me.page.locator(".inbox-filters summary").click()
    me.page.locator("#need").select_option("food")
    me.presses("Show")
    me.leaves()
    me.arrives()
    me.reads("Nothing matches the filter.")
    me.needs_no_better_eyes()
    me.follows("Show everything")


def on_paper(app: App, me: Person, night: SimpleNamespace) -> None:
    """The log without whole numbers, the sheet for the wall; printing is kept."""
    me.follows("Call log")
    numbers = me.page.locator(".calls .tel").all_text_contents()
    assert len(numbers) > 5
    assert {"•••• "} == {number[:5] for number in numbers}, "an officer needs no numbers there"
    me.needs_no_better_eyes()
    me.follows("Print")
    me.needs_no_better_eyes()
    yesterday = now().astimezone(app.settings.zone).date() - timedelta(days=1)
    me.page.locator("#from").fill(yesterday.isoformat())  # her night began before midnight
    me.presses("Show the sheet")
    expect(me.page.locator(".log")).to_contain_text("换了一瓶氧气。")
    expect(me.page.locator(".log")).not_to_contain_text("138 0000")
    me.needs_no_better_eyes()
    me.follows("Print")
    me.follows("Show the directory")
    expect(me.page.locator(".sheet.wall")).to_contain_text("203")
    me.needs_no_better_eyes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_takes_the_urgent_one_and_the_robot_tells_the_officer(
    app: App, page, live_server: str, night, language: str
):
    """Overdue at eight: the robot of her community has told its group, and the link leads her there."""
    me = Person(page, live_server, OFFICER, language)
    with robot(app, "feishu", occasion="overdue", community_code=GINKGO, since=now() - timedelta(days=1)) as group:
        escalate(app)
        for notice in unsent(app):
            send_notice(app, notice)
        escalate(app)
    told = [text_of("feishu", each) for each in group.accepted]
    (said,) = [text for text in told if f"/tickets/{night.oxygen}?" in text]
    assert "银杏社区" in said
    assert "氧气" not in said
    assert caller(1)[-4:] not in said
    assert not any(f"/tickets/{night.bus}?" in text for text in told), "another community's group"
    link = urlsplit(said.splitlines()[-1])

    me.open(f"{link.path}?{link.query}")
    me.fill_in(OFFICER)
    me.speak(language)
    assert link.path == urlsplit(page.url).path
    me.reads("Notices sent")
    me.page.keyboard.press("c")
    me.resolves("换了一瓶氧气。")
    me.needs_no_better_eyes()
    me.had_no_trouble()
    with app.sessions.read() as db:
        assert ("resolved", "claimed resolved", "换了一瓶氧气。") == became_of(db, night.oxygen)
