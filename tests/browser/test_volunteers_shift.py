"""A volunteer's shift in a real browser: twenty tickets, each brought to an end, and what the database says of them."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from ivr.app import App
from ivr.cli.demo import load_sample
from ivr.desk.shell.guard import now
from ivr.jobs.send_notice import send_notice
from ivr.store.facts.audit import PrintedTicket
from ivr.store.models import AuditLine, CallerCard, HistoryLine, Ticket
from ivr.store.models.ticket import number_of
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
from tests.builders import new_call, new_recording, new_staff
from tests.notify.standins import text_of

pytestmark = pytest.mark.timeout(600)  # a whole shift takes a minute, and several where the machine is busy

# What became of each: its status, what staff did with it, what was done in the end.
ENDS = {
    "fall": ("resolved", "claimed reached on_the_way resolved", "扶起来了，没有受伤，女儿陪着。"),
    "dialysis": ("resolved", "claimed reached resolved", "车明早七点到楼下。"),
    "mumble": ("resolved", "claimed reached need resolved", "说的是买菜，菜已经送到。"),
    "cut_off": ("resolved", "claimed reached resolved", "老人按错了，什么都不缺。"),
    "person": ("resolved", "claimed resolved", "talked for ten minutes"),
    "milk": ("resolved", "claimed note resolved", "milk is at the door"),
    "insulin": ("resolved", "claimed note absorbed resolved", "胰岛素送到，本人收到。"),
    "heating": ("resolved", "claimed resolved", "物业修好了暖气。"),
    "daughter": ("closed", "claimed merged", ""),
    "counter": ("closed", "typed claimed resolved closed", "送到窗口，当面交给他。"),
    "stairs": ("resolved", "claimed handed returned resolved", "街道换了灯泡。"),
    "unreached": ("resolved", "claimed no_answer busy no_answer resolved", ""),
    "deaf": ("resolved", "claimed card reached resolved", "降压药放在门口柜子上。"),
    "tea": ("resolved", "claimed note resolved", "茶和面条送到。"),
    "soup": ("resolved", "claimed note resolved", "热汤送到。"),
    "bread": ("resolved", "claimed on_the_way resolved", "面包送上五楼。"),
    "glasses": ("resolved", "claimed resolved", "眼镜修好，放在门卫。"),
    "tap": ("closed", "claimed resolved reopened resolved closed", "水龙头换新的了。"),
    "pills": ("resolved", "claimed split resolved", "药送到。"),
    "rice": ("resolved", "opened need resolved", "米送到。"),
}


@pytest.fixture
def waiting(app: App) -> SimpleNamespace:
    """What lies there at the beginning of the shift, by the name that the story has for it; ids of tickets."""
    with app.sessions.begin() as db:
        load_sample(db, now())
        me = new_staff(db, VOLUNTEER)
        new_staff(db, OFFICER, "officer", communities=[GINKGO, CUCKOO])
        new_staff(db, SUPERVISOR, "supervisor")
        found = {
            "dialysis": rang(app, db, 2, 100, "transport", PEONY, "明天要去医院做透析"),
            "mumble": rang(app, db, 3, 50, "other", CUCKOO),
            "cut_off": rang(app, db, 4, 45, None, None),
            "person": rang(app, db, 5, 8, "other", GINKGO, "我要找人说话", wants_person_at=now()),
            "milk": rang(app, db, 6, 40, "food", GINKGO, "小孩要奶粉"),
            "insulin": rang(app, db, 7, 35, "medicine", CUCKOO, "胰岛素快用完了"),
            "daughter": rang(app, db, 8, 30, "medicine", CUCKOO, "我妈妈的胰岛素没有了"),
            "stairs": rang(app, db, 9, 28, "other", GINKGO, "楼道的灯坏了"),
            "unreached": rang(app, db, 10, 27, "food", CUCKOO, "没有米了"),
            "deaf": rang(app, db, 11, 26, "medicine", GINKGO, "降压药"),
            "tea": rang(app, db, 12, 25, "food", GINKGO, "想喝茶，想吃面"),
            "soup": rang(app, db, 13, 24, "food", PEONY, "感冒了，想喝热汤"),
            "bread": rang(app, db, 14, 23, "food", CUCKOO, "面包"),
            "glasses": rang(app, db, 15, 22, "other", None, "眼镜断了"),
            "pills": rang(app, db, 16, 21, "medicine", GINKGO, "心脏病的药"),
            "tap": rang(app, db, 17, 1500, "other", GINKGO, "水龙头滴水", claimed_by=me),
        }
        pills, tap = found["pills"], found["tap"]
        new_call(db, ticket=pills, caller=caller(16), started_at=now() - timedelta(minutes=9))  # about rice
        new_recording(db, found["mumble"].calls[0], seconds=0)  # she breathed
        tap.status, tap.resolved_at = "resolved", now() - timedelta(hours=20)
        for kind, detail in (("claimed", {}), ("resolved", {"done": "拧紧了"})):
            db.add(HistoryLine(ticket_id=tap.id, staff_id=me.id, at=tap.resolved_at, kind=kind, detail=detail))
        new_call(db, caller=caller(30), started_at=now() - timedelta(minutes=12), seconds=4, outcome="hung_up")
        return SimpleNamespace(**{name: ticket.id for name, ticket in found.items()})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_twenty_tickets_in_a_shift(app: App, page, new_context, live_server: str, waiting, language: str):
    """From the first look at the inbox to the last ticket; then the database says of each what became of it."""
    me = Person(page, live_server, VOLUNTEER, language)
    officer = Person(new_context().new_page(), live_server, OFFICER, language)
    supervisor = Person(new_context().new_page(), live_server, SUPERVISOR, language)

    the_inbox_says_what_presses(me, waiting)
    somebody_has_fallen(app, me, waiting)
    overdue_silent_and_cut_off(me, waiting)
    not_reached_at_once(me, waiting)
    by_the_keyboard_alone(me, waiting)
    she_rings_again_and_her_daughter_too(app, me, waiting)
    at_the_counter(app, me, waiting)
    on_to_the_officer_and_back(me, officer, waiting)
    not_reached_at_noon(me, waiting)
    speak_slowly(app, me, waiting)
    half_a_note_and_a_break(me, waiting)
    the_supervisor_was_quicker(me, supervisor, waiting)
    up_the_stairs_with_a_telephone(app, me, waiting)
    found_by_four_digits(me, waiting)
    it_drips_again(me, waiting)
    two_matters_in_one(app, me, waiting)
    given_up_after_three_tries(me, waiting)

    me.looks_at("next")
    me.sees()
    me.reads("Nothing is waiting for you. Thank you!")
    me.needs_no_better_eyes()
    me.looks_at("done")
    expect(page.locator(".ticket").first).to_have_attribute("data-ticket", str(waiting.unreached))
    me.leaves()
    for person in (me, officer, supervisor):
        person.had_no_trouble()
    with app.sessions.read() as db:
        assert ENDS == {name: became_of(db, getattr(waiting, name)) for name in ENDS}
        everything = set(db.scalars(select(Ticket.id)))
        assert {getattr(waiting, name) for name in ENDS} == everything, "twenty, and no other"
        assert waiting.insulin == db.get_one(Ticket, waiting.daughter).merged_into_id


def the_inbox_says_what_presses(me: Person, waiting: SimpleNamespace) -> None:
    """A look at every tab that counts something; whoever hung up without a word is left alone."""
    me.arrives()
    me.needs_no_better_eyes()
    me.looks_at("overdue")
    me.sees(waiting.dialysis)
    me.looks_at("silent")
    me.sees(waiting.mumble)
    me.looks_at("person")
    me.sees(waiting.person)
    me.looks_at("hung_up")
    expect(me.page.locator(".silent-call")).to_contain_text("30")  # the end of the number, for whoever knows it
    assert 0 == me.page.locator(".silent-call").locator("a, button").count(), "no key to ring them back"
    me.needs_no_better_eyes()
    me.looks_at("next")


def somebody_has_fallen(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """It comes in by itself, above everything else."""
    ring(app, caller(1)).dial().speak("救命，我摔倒了").leave_message()
    with app.sessions.read() as db:
        waiting.fall = db.scalars(select(Ticket.id).where(Ticket.urgent)).one()
    first = me.page.locator("[data-rows] > .ticket").first
    expect(first).to_have_attribute("data-ticket", str(waiting.fall), timeout=AT_ONCE_MS)
    expect(first).to_contain_text(me.says("urgent"))
    me.claims(waiting.fall)
    expect(me.page.locator(".big .tel")).to_have_attribute("href", f"tel:{caller(1)}")
    me.needs_no_better_eyes()
    me.tried("reached", "在地上，门没锁")
    me.presses("I'm on my way")
    me.reads("Marked as on the way.")
    me.resolves("扶起来了，没有受伤，女儿陪着。")
    me.needs_no_better_eyes()


def overdue_silent_and_cut_off(me: Person, waiting: SimpleNamespace) -> None:
    """The broken promise first; then those whom nobody could hear."""
    me.looks_at("overdue")
    me.claims(waiting.dialysis)
    me.tried("reached")
    me.resolves("车明早七点到楼下。")
    me.looks_at("silent")
    expect(me.row(waiting.mumble)).to_contain_text(me.says("no audio"))
    me.claims(waiting.mumble)
    me.tried("reached", "她要买菜")
    me.unfolds("Correct community or need")
    me.page.locator("button[name=need][value=food]").click()
    me.resolves("说的是买菜，菜已经送到。")
    me.looks_at("nobodys")
    expect(me.row(waiting.cut_off)).to_contain_text(me.says("hung up before leaving a message"))
    me.claims(waiting.cut_off)
    me.reads("No message was left.")
    me.tried("reached")
    me.resolves("老人按错了，什么都不缺。")


def not_reached_at_once(me: Person, waiting: SimpleNamespace) -> None:
    """Giving up after one try is too early, and the page says what is missing."""
    me.looks_at("nobodys")
    me.claims(waiting.unreached)
    me.tried("no_answer")
    me.unfolds("Other ways it went")
    me.presses("Resolve: not reached")
    expect(me.page.get_by_role("alert").first).to_contain_text("3")
    me.needs_no_better_eyes()


def by_the_keyboard_alone(me: Person, waiting: SimpleNamespace) -> None:
    """No hand on the mouse: j and k, space to listen, c, n, d, u."""
    keys = me.page.keyboard
    me.open("/desk/")
    for ticket, kept, done in (
        (waiting.person, "", "talked for ten minutes"),
        (waiting.milk, "the gate is round the corner", "milk is at the door"),
    ):
        rows = me.page.locator("[data-rows] > .ticket").count()
        for _ in range(rows):
            keys.press("j")  # to the end of the list, and back up
        while rows and not me.row(ticket).locator("a:focus").count():
            keys.press("k")
            rows -= 1
        expect(me.page.locator(f"#ticket-{ticket}")).to_be_focused()
        keys.press("Enter")
        me.page.wait_for_url(f"**/desk/tickets/{ticket}")
        keys.press("c")
        expect(me.page.locator("audio")).to_be_visible()
        keys.press("Space")
        expect(me.page.locator("audio")).to_have_js_property("paused", False)
        if kept:
            keys.press("n")
            keys.type(kept)
            keys.press("Tab")
            keys.press("Enter")
            me.reads("Note saved.")
            me.page.wait_for_load_state()  # keys are obeyed when the page's scripts have run
        keys.press("d")
        expect(me.page.locator("#note")).to_be_focused()
        keys.type(done)
        keys.press("Tab")  # to save it as a note
        keys.press("Tab")
        keys.press("Enter")
        me.reads("Resolved. Thank you.")
        keys.press("u")
        me.page.wait_for_url("**/desk/")


def she_rings_again_and_her_daughter_too(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """The same matter comes together by itself, another one stands beside it; the daughter's is merged by hand."""
    me.looks_at("nobodys")
    me.claims(waiting.daughter)
    me.looks_at("nobodys")
    me.claims(waiting.insulin)
    me.writes("Note, or what was done", "她女儿也打过电话")
    me.presses("Save note")
    ring(app, caller(7)).dial().leave_message()
    expect(me.page.locator("[data-news]")).to_be_visible(timeout=AT_ONCE_MS)
    me.follows("Show")
    me.reads("The caller called again")
    ring(app, caller(7)).dial().press("2").press("4").press("1").leave_message()
    with app.sessions.read() as db:
        waiting.heating = db.scalars(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)).one()

    me.open(f"/desk/tickets/{waiting.daughter}")
    me.unfolds("Merge or split")
    me.writes("Same matter as ticket number", number_of(waiting.insulin))
    me.presses("Merge")
    me.reads("That ticket belongs to another caller. If it is the same matter, tick the box and press again.")
    me.needs_no_better_eyes()
    me.page.get_by_label(me.says("Yes, another caller, same matter")).check()
    me.presses("Merge")
    me.reads("Merged. This is the combined ticket.")
    assert f"/desk/tickets/{waiting.insulin}" == urlsplit(me.page.url).path
    me.needs_no_better_eyes()
    me.resolves("胰岛素送到，本人收到。")

    me.page.locator(f".others a[href$='/{waiting.heating}']").click()
    me.presses("Claim this ticket")
    me.resolves("物业修好了暖气。")


def at_the_counter(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """A walk-in: written down with Enter, claimed at once; he comes back for it, and confirms."""
    me.follows("New ticket")
    me.page.keyboard.type(caller(20))
    me.page.keyboard.press("Tab")
    me.page.keyboard.type("201")
    expect(me.page.locator(".echo")).to_contain_text("杜鹃社区")
    me.page.locator("label[for=need-medicine]").click()
    me.page.get_by_label(me.says("Claim it myself")).check()
    me.writes("What they said", "医保卡忘在家里，要感冒药")
    me.page.locator("#words").press("Enter")
    me.reads("Saved. Tell the caller this number:")
    me.needs_no_better_eyes()
    with app.sessions.read() as db:
        ticket = db.scalars(select(Ticket).where(Ticket.typed_by_id.is_not(None))).one()
    waiting.counter = ticket.id
    assert CUCKOO == ticket.community_code
    me.page.locator(f".taken a[href$='/{ticket.id}']").click()
    me.resolves("送到窗口，当面交给他。")
    me.presses("Resident confirmed: close")
    me.reads("Closed.")


def on_to_the_officer_and_back(me: Person, officer: Person, waiting: SimpleNamespace) -> None:
    """The officer reads why, and says why not; it is the volunteer's again."""
    me.looks_at("nobodys")
    me.claims(waiting.stairs)
    me.unfolds("Hand over")
    me.page.locator("#to").select_option(label=f"{OFFICER} · {me.says('community officer')}")
    me.page.locator("#hand_why").fill("是你们楼的吗？")
    me.presses("Hand over")
    me.reads("Handed over.")

    officer.arrives()
    officer.looks_at("mine")
    officer.opens(waiting.stairs)
    expect(officer.page.locator(".handed")).to_contain_text("是你们楼的吗？")
    officer.page.locator(".handed summary").click()
    officer.writes("Why you are returning it", "这是街道的灯，我告诉他们了")
    officer.needs_no_better_eyes()
    officer.presses("Return")
    officer.reads("Returned.")

    me.looks_at("mine")
    me.opens(waiting.stairs)
    expect(me.page.locator(".handed")).to_contain_text("这是街道的灯")
    me.resolves("街道换了灯泡。")


def not_reached_at_noon(me: Person, waiting: SimpleNamespace) -> None:
    me.looks_at("mine")
    me.opens(waiting.unreached)
    me.tried("busy")


def speak_slowly(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """The card is kept only with consent; from then on the list says how to speak to her."""
    me.looks_at("nobodys")
    me.claims(waiting.deaf)
    me.follows("Create card")
    me.page.locator("#slow").check()
    me.writes("Hearing", "慢慢说，左耳")
    me.needs_no_better_eyes()
    me.presses("Save")
    me.reads("Ask the caller first. Without consent, only the slow lane can be saved.")
    me.page.locator("#consent").check()
    me.presses("Save")
    me.reads("Card saved.")
    me.reads("慢慢说，左耳")
    me.looks_at("mine")
    expect(me.row(waiting.deaf)).to_contain_text(me.says("speak slowly"))
    me.opens(waiting.deaf)
    me.tried("reached")
    me.resolves("降压药放在门口柜子上。")
    with app.sessions.read() as db:
        assert db.get_one(CallerCard, db.get_one(Ticket, waiting.deaf).caller_id).slow


def half_a_note_and_a_break(me: Person, waiting: SimpleNamespace) -> None:
    """Half a sentence, a logout, a cup of tea: the half is still there."""
    me.looks_at("nobodys")
    me.claims(waiting.tea)
    me.writes("Note, or what was done", "六点以后再打，")
    me.leaves()
    me.arrives()
    me.looks_at("mine")
    me.opens(waiting.tea)
    note = me.page.locator("#note")
    expect(note).to_have_value("六点以后再打，")
    note.press("End")
    note.press_sequentially("她在午睡")
    me.presses("Save note")
    me.reads("六点以后再打，她在午睡")
    me.resolves("茶和面条送到。")


def the_supervisor_was_quicker(me: Person, supervisor: Person, waiting: SimpleNamespace) -> None:
    """Told what changed, with the words still in the field; the second press counts."""
    me.looks_at("nobodys")
    me.claims(waiting.soup)
    supervisor.arrives()
    supervisor.open(f"/desk/tickets/{waiting.soup}")
    supervisor.writes("Note, or what was done", "他对海鲜过敏")
    supervisor.presses("Save note")
    supervisor.reads("Note saved.")

    me.writes("Note, or what was done", "热汤送到。")
    with me.page.expect_response("**/resolve") as answer:
        me.presses("Resolve: helped")
    assert 409 == answer.value.status
    expect(me.page.get_by_role("alert").first).to_contain_text("他对海鲜过敏")
    expect(me.page.locator("#note")).to_have_value("热汤送到。")
    me.needs_no_better_eyes()
    me.presses("Resolve: helped")
    me.reads("Resolved. Thank you.")


def up_the_stairs_with_a_telephone(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """All of one ticket on a small screen: claimed, its slip printed, on the way, done."""
    page = me.page
    page.set_viewport_size(PHONE)
    me.looks_at("nobodys")
    me.claims(waiting.bread)
    me.follows("Print slip")
    page.evaluate("window.print = () => { window.printed = true }")
    me.presses("Print")
    assert page.evaluate("window.printed")
    expect(page.locator(".slip-caller")).to_contain_text("138 0000 0014")
    me.needs_no_better_eyes()
    me.follows("Back to the ticket")
    me.presses("I'm on my way")
    me.reads("Marked as on the way.")
    me.needs_no_better_eyes()
    for target in page.locator("main button:visible, main summary:visible, .big .tel").all():
        assert target.bounding_box()["height"] >= 44, f"too small for a thumb: {target.inner_text()}"
    me.resolves("面包送上五楼。")
    with app.sessions.read() as db:
        assert db.scalars(select(AuditLine.id).where(AuditLine.kind == PrintedTicket.kind)).all()
    page.set_viewport_size(DESKTOP)


def found_by_four_digits(me: Person, waiting: SimpleNamespace) -> None:
    """Somebody asks at the door about the call of a neighbour, and knows the end of the number."""
    me.open("/desk/")
    me.page.keyboard.press("/")
    me.page.keyboard.type("0015")
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**/desk/search")
    me.sees(waiting.glasses)
    me.needs_no_better_eyes()
    me.claims(waiting.glasses)
    me.resolves("眼镜修好，放在门卫。")


def it_drips_again(me: Person, waiting: SimpleNamespace) -> None:
    """Settled yesterday, not settled after all: found by its number, reopened, done properly, confirmed."""
    me.open("/desk/search")
    me.page.locator("#search").fill(number_of(waiting.tap))
    me.page.locator("#search").press("Enter")
    me.opens(waiting.tap)
    me.unfolds("Reopen")
    me.writes("Why reopen it", "又滴水了")
    me.presses("Reopen")
    me.reads("Reopened.")
    me.resolves("水龙头换新的了。")
    me.writes("What the resident said (optional)", "谢谢")
    me.presses("Resident confirmed: close")
    me.reads("Closed.")


def two_matters_in_one(app: App, me: Person, waiting: SimpleNamespace) -> None:
    """The second call was about rice: it gets a ticket of its own."""
    me.looks_at("nobodys")
    me.claims(waiting.pills)
    me.unfolds("Merge or split")
    me.page.locator("button[name=call]").last.click()
    me.reads("Split off. This is the new ticket.")
    waiting.rice = int(urlsplit(me.page.url).path.rpartition("/")[2])
    me.unfolds("Correct community or need")
    me.page.locator("button[name=need][value=food]").click()
    me.resolves("米送到。")
    me.page.locator(f".others a[href$='/{waiting.pills}']").click()
    me.resolves("药送到。")


def given_up_after_three_tries(me: Person, waiting: SimpleNamespace) -> None:
    me.looks_at("mine")
    me.sees(waiting.unreached)
    me.opens(waiting.unreached)
    me.tried("no_answer")
    me.unfolds("Other ways it went")
    me.presses("Resolve: not reached")
    me.reads("Resolved. Thank you.")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_group_is_told_and_its_link_leads_to_the_ticket(app: App, page, live_server: str, waiting, language: str):
    """Nobody sits at the desk: the robot says what and where, never who; the link asks for the login, and leads on."""
    me = Person(page, live_server, VOLUNTEER, language)
    with robot(app, "wecom", urgent_only=True) as group:
        ring(app, caller(1)).dial().speak("救命，我摔倒了").leave_message()
        for notice in unsent(app):
            send_notice(app, notice)
    (sent,) = group.accepted
    said = text_of("wecom", sent)
    assert "摔倒" not in said
    assert caller(1)[-4:] not in said
    link = urlsplit(said.splitlines()[-1])

    me.open(f"{link.path}?{link.query}")
    me.fill_in(VOLUNTEER)
    me.speak(language)
    assert link.path == urlsplit(page.url).path
    me.reads("Notices sent")
    me.presses("Claim this ticket")
    expect(page.locator(".big .tel")).to_have_attribute("href", f"tel:{caller(1)}")
    me.needs_no_better_eyes()
    me.had_no_trouble()
    with app.sessions.read() as db:
        assert VOLUNTEER == db.scalars(select(Ticket).where(Ticket.urgent)).one().claimed_by.name
