"""Takes the pictures of the desk for the docs: ``python -m tests.pictures [NAME ...]``.

Every page at the width of an old PC and of a telephone, in both languages. The morning they show is made up and always
the same, to the minute: a page that has not changed gives the same picture. Another page is a line in ``PAGES``.
"""

import logging
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import time_machine
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

import ivr  # noqa: F401 - first, so that everything gets the sound SQLite
from ivr.app import App
from ivr.cli.demo import load_sample
from ivr.factory import create_app
from ivr.phone.sound import tone
from ivr.settings import Settings
from ivr.store import schema
from ivr.store.access import audit
from ivr.store.answering import people, waiting
from ivr.store.facts import audit as deeds
from ivr.store.facts import line
from ivr.store.facts.audit import Deed
from ivr.store.keeping import holds
from ivr.store.line import changes, clips
from ivr.store.line.changes import About
from ivr.store.models import Call, CallerCard, CommunityRow, HistoryLine, RotationPerson, RotationRow, Staff, Ticket
from ivr.store.tickets import correcting, passing
from routing import timetable
from tests.builders import (
    PASSWORD,
    new_call,
    new_channel,
    new_notice,
    new_phone,
    new_proposal,
    new_recording,
    new_rule,
    new_staff,
    new_ticket,
    new_turn,
)
from tests.live import ARGUMENTS, CHROMIUM, serving

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
NOW = datetime(2026, 3, 2, 2, 40, tzinfo=UTC)  # twenty to eleven in Ningbo
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
WIDTHS = {"desktop": (1280, 860), "phone": (360, 740)}
LONGEST_PX = 1500
COLOURS = 64  # a third of the bytes, and nobody sees it
A4_PX = {"portrait": (794, 1123), "landscape": (1123, 794)}  # at the 96 dpi that CSS counts with

# A letter without a font is drawn as a box, the same for all.
READS_CHINESE = """() => {
  const drawn = (letter) => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillText(letter, 10, 20);
    return canvas.toDataURL();
  };
  return drawn("银") !== drawn("杏");
}"""

GINKGO, CUCKOO, PEONY, SPRING = "330206002004", "330206002002", "330206002008", "330206002003"
VOLUNTEER, OFFICER, SUPERVISOR, ADMIN = "张三", "王芳", "李四", "周工"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it; ``paper`` when it is taken as printed too, and how the sheet lies.

    ``search`` is what somebody has searched for on it.
    """

    path: str
    who: str | None = VOLUNTEER
    paper: str | None = None
    search: str = ""


# The audit comes first: it would tell of the pictures before it.
PAGES = {
    "login": Picture("/desk/login", who=None),
    "audit": Picture("/desk/audit", SUPERVISOR),
    "calls": Picture("/desk/calls", SUPERVISOR),
    "figures": Picture("/desk/figures", SUPERVISOR),
    "meaning": Picture("/desk/figures/meaning", SUPERVISOR),
    "figure": Picture("/desk/figures/tickets?figure=waiting", SUPERVISOR),
    "report": Picture("/desk/report?day=2026-03-02", SUPERVISOR, paper="portrait"),
    "names": Picture("/desk/aliases", SUPERVISOR),
    "overview": Picture("/desk/overview", SUPERVISOR),
    "people": Picture("/desk/people", SUPERVISOR),
    "person": Picture("/desk/people/new", SUPERVISOR),
    "directory": Picture("/desk/directory", SUPERVISOR),
    "place": Picture("/desk/directory/place?code=330206002004", SUPERVISOR),
    "directory-list": Picture("/desk/directory/list", SUPERVISOR),
    "hours": Picture("/desk/hours", SUPERVISOR),
    "prompts": Picture("/desk/prompts", SUPERVISOR),
    "prompt": Picture("/desk/prompts/sentence?sentence=zh/confirm.ask", SUPERVISOR),
    "recording": Picture("/desk/prompts/recording?language=zh&part=再见&sentence=zh/goodbye.end", SUPERVISOR),
    "parts": Picture("/desk/prompts/parts?language=zh", SUPERVISOR),
    "dialects": Picture("/desk/prompts/dialects", SUPERVISOR),
    "needs": Picture("/desk/needs", SUPERVISOR),
    "need": Picture("/desk/needs/one?key=medicine", SUPERVISOR),
    "emergency": Picture("/desk/needs/emergency?kind=rescue", SUPERVISOR),
    "lessons": Picture("/desk/needs/lessons", SUPERVISOR),
    "partners": Picture("/desk/partners", SUPERVISOR),
    "partner": Picture("/desk/partners/one?key=repairs", SUPERVISOR),
    "bulletins": Picture("/desk/bulletins", SUPERVISOR),
    "surge": Picture("/desk/surge", SUPERVISOR),
    "nuisance": Picture("/desk/nuisance?ticket=1", SUPERVISOR),
    "changes": Picture("/desk/changes", SUPERVISOR),
    "notices": Picture("/desk/notices", SUPERVISOR),
    "notices-channel": Picture("/desk/notices/channels/new?kind=dingtalk", SUPERVISOR),
    "notices-rule": Picture("/desk/notices/rules/2", SUPERVISOR),
    "number": Picture("/desk/number", SUPERVISOR),
    "roster": Picture("/desk/roster", SUPERVISOR),
    "line": Picture("/desk/line", SUPERVISOR),
    "tokens": Picture("/desk/tokens", ADMIN),
    "wall": Picture("/desk/figures/wall", SUPERVISOR),
    "paper-log": Picture("/desk/paper/calls", SUPERVISOR, paper="landscape"),
    "inbox": Picture("/desk/"),
    "inbox-all": Picture("/desk/?view=all"),
    "inbox-hung-up": Picture("/desk/?view=hung_up"),
    "search": Picture("/desk/search", search="药"),
    "ticket-new": Picture("/desk/tickets/4"),
    "ticket": Picture("/desk/tickets/1"),
    "ticket-done": Picture("/desk/tickets/7"),
    "ticket-typed": Picture("/desk/tickets/8"),
    "ticket-passed": Picture("/desk/tickets/9"),
    "card": Picture("/desk/tickets/1/card"),
    "typed": Picture("/desk/tickets/new"),
    "paper": Picture("/desk/paper"),
    "paper-slips": Picture("/desk/paper/slips", paper="portrait"),
    "paper-wall": Picture("/desk/paper/directory", paper="portrait"),
    "help": Picture("/desk/help"),
    "error": Picture("/desk/tickets/99999"),
}


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    if not CHROMIUM:
        sys.exit("no Chromium here; install it to take pictures: apt-get install chromium")
    if unknown := [name for name in names if name not in PAGES]:
        sys.exit(f"there is no such picture: {', '.join(unknown)}. There are: {', '.join(PAGES)}")
    FOLDER.mkdir(exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # not a line for every style sheet
    with time_machine.travel(NOW, tick=False), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if not browser.new_page().evaluate(READS_CHINESE):
            sys.exit("no Chinese letters here, every one would be a box: apt-get install fonts-noto-cjk")
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder, serving(hotline(Path(folder))) as address:
                for file in pictures(browser, address, language, names or list(PAGES)):
                    print(f"{file.relative_to(FOLDER)}  {file.stat().st_size // 1000} kB")
        browser.close()


def pictures(browser: Browser, address: str, language: str, names: list[str]) -> Iterator[Path]:
    """Each of these pages in this language, at every width, and as it is printed."""
    for who in {PAGES[name].who: None for name in names}:
        context = browser.new_context(locale=LANGUAGES[language], timezone_id="Asia/Shanghai", bypass_csp=True)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        if who:
            log_in(page, address, who)
        for name in (name for name in names if PAGES[name].who == who):
            page.goto(f"{address}{PAGES[name].path}")
            if text := PAGES[name].search:
                page.locator("#search").fill(text)
                page.locator("#search").press("Enter")
                page.wait_for_load_state()
            for width, (width_px, height_px) in WIDTHS.items():
                yield take(page, f"{name}-{width}-{language}", width_px, height_px)
            if lies := PAGES[name].paper:
                page.emulate_media(media="print")
                page.add_style_tag(content="main { padding: 10mm !important }")  # the margin that a printer leaves
                yield take(page, f"{name}-printed-{language}", *A4_PX[lies], page_only=True)
                page.emulate_media(media="screen")
        context.close()


def take(page: Page, name: str, width_px: int, height_px: int, *, page_only: bool = False) -> Path:
    """A picture of what is open: the whole of it unless that is very long, or one sheet's size."""
    page.set_viewport_size({"width": width_px, "height": height_px})
    file = FOLDER / f"{name}.png"
    tall_px = height_px if page_only else min(LONGEST_PX, page.evaluate("document.documentElement.scrollHeight"))
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width_px, "height": tall_px})
    few = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    return file


def log_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/desk/login")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/desk/**")


def hotline(folder: Path) -> App:
    """A hotline in the middle of a busy morning."""
    app = create_app(
        Settings.load(
            database_url=f"sqlite+pysqlite:///{folder / 'hotline.db'}",
            hotline_data_dir=folder,
            hotline_simulator=True,
            hotline_name="红领热线",
            hotline_number="0574-5550 0100",
        )
    )
    schema.upgrade(app.sessions.engine)
    with app.sessions.begin() as db:
        load_sample(db, NOW)
        earlier_weeks(db)
        morning(app, db)
    return app


def morning(app: App, db: Session) -> None:
    """What has happened since eight. Names of places are facts; people and numbers are made up."""
    volunteer = new_staff(db, VOLUNTEER)
    new_staff(db, OFFICER, "officer", communities=[GINKGO, CUCKOO])
    supervisor = new_staff(db, SUPERVISOR, "supervisor")
    helper = new_staff(db, "赵敏")
    new_staff(db, ADMIN, "admin")

    medicine = rang(app, db, 12, "medicine", GINKGO, "降压药没有了", "迎新花园", claimed_by=volunteer)
    for minutes, outcome in ((8, "no_answer"), (6, "busy")):
        tried(db, medicine, volunteer, NOW - timedelta(minutes=minutes), outcome)
    wrote(db, medicine, volunteer, "note", text="药盒在门口柜子上。慢慢说，门铃要按两次。")
    card(db, medicine, volunteer)
    new_proposal(db, medicine.calls[0].turns[-1], heard="迎新花园", community=GINKGO)
    wrote(db, medicine, volunteer, "community", **{"from": SPRING, "to": GINKGO})
    rang(app, db, 3, "food", CUCKOO, "家里没菜了，我腿脚不方便")
    rang(app, db, 5, "other", None, "摔倒了，起不来", urgent=True, due_at=NOW + timedelta(minutes=10))
    rang(app, db, 150, "transport", PEONY, "明天要去医院做透析", due_at=NOW - timedelta(minutes=30))
    ride = rang(app, db, 70, "transport", CUCKOO, "要车去医院复查", claimed_by=volunteer, number=6)
    wrote(db, ride, volunteer, "note", text="车约好了，十一点到楼下，请家属陪同。")
    rang(app, db, 55, "food", GINKGO, "小孩要奶粉", claimed_by=helper, number=7)
    done = rang(app, db, 160, "medicine", CUCKOO, "胰岛素快用完了", claimed_by=helper, number=8)
    done.status, done.resolved_at = "resolved", NOW - timedelta(minutes=90)
    wrote(db, done, helper, "resolved", done.resolved_at, done="药店已送到，本人收到。")
    typed(db, supervisor, NOW - timedelta(minutes=100), "楼道灯坏了，晚上看不见台阶。")
    passed_on(app, db, volunteer, supervisor)
    corrected(app, db, supervisor)
    hung_up(db, volunteer)
    told(db, ride)
    decided(db, supervisor)
    on_shift(db, volunteer, helper)
    did: tuple[tuple[int, Staff, Deed], ...] = (
        (160, volunteer, deeds.LoggedIn()),
        (158, helper, deeds.LoggedIn()),
        (95, helper, deeds.Listened(7)),
        (60, volunteer, deeds.Denied("teach")),
        (25, supervisor, deeds.PrintedLog("2026-03-01", "2026-03-01", 1)),
        (9, volunteer, deeds.Listened(1)),
        (4, supervisor, deeds.AliasAccepted(1)),
    )
    for minutes, person, deed in did:
        audit.append(db, person, deed, NOW - timedelta(minutes=minutes))


def rang(
    app: App,
    db: Session,
    minutes: int,
    need: str,
    community: str | None,
    said: str,
    named: str = "",
    number: int | None = None,
    **ticket: object,
) -> Ticket:
    """Somebody rang so many *minutes* ago and left a message; *named* is how they called their community, if oddly."""
    at, caller = NOW - timedelta(minutes=minutes), f"+86138000000{number or minutes % 89 + 10:02d}"
    found = new_ticket(db, need=need, community=community, caller=caller, opened_at=at, **ticket)
    call = new_call(db, ticket=found, caller=caller, started_at=at, seconds=48, community_code=community)
    new_turn(db, call, asked=None, heard={"kind": "arrived"}, understood={})
    new_turn(db, call, heard={"kind": "speech", "text": said}, understood={"need": need}, ms=6_400)
    if place := found.community:
        taken_for = db.get_one(CommunityRow, SPRING) if named else place
        named_community(db, call, named or place.name, "confirm" if named else "accept", taken_for)
    app.audio.put(new_recording(db, call, seconds=10 + minutes % 50).path, tone(seconds=10 + minutes % 50))
    return found


def named_community(db: Session, call: Call, said: str, decision: str, place: CommunityRow) -> None:
    """The caller was asked for their community, and this was made of the answer."""
    score = 100 if decision == "accept" else 78
    why = "" if decision == "accept" else "新→春 xin/chun"
    candidate = {"code": place.code, "name": place.name, "street": place.street, "score": score, "why": why}
    match = {"decision": decision, "reason": "", "candidates": [candidate]}
    heard = {"kind": "speech", "text": said}
    new_turn(db, call, asked="community", heard=heard, understood={"match": match}, ms=3_100)


def earlier_weeks(db: Session) -> None:
    """Calls of the weeks before, for the figures: understood at once, or only after asking."""
    place = db.get_one(CommunityRow, CUCKOO)
    for week, (at_once, asked) in enumerate(((17, 3), (14, 4), (12, 6), (9, 7)), 1):
        for n in range(at_once + asked):
            started_at = NOW - timedelta(weeks=week, minutes=n)
            call = new_call(db, started_at=started_at, caller=None, community_code=CUCKOO)
            if n >= at_once:
                named_community(db, call, "杜鹃那边", "confirm", place)
            named_community(db, call, place.name, "accept", place)


def wrote(db: Session, ticket: Ticket, staff: Staff, kind: str, at: datetime = NOW, **words: str) -> None:
    """A line of the ticket's history, written just now unless told otherwise."""
    db.add(HistoryLine(ticket_id=ticket.id, staff_id=staff.id, at=at, kind=kind, detail=words))
    db.flush()


def tried(db: Session, ticket: Ticket, staff: Staff, at: datetime, outcome: str) -> None:
    """Somebody rang the caller, and did not reach them."""
    ticket.attempts, ticket.last_attempt_at = ticket.attempts + 1, at
    ticket.first_attempt_at = ticket.first_attempt_at or at
    wrote(db, ticket, staff, "attempt", at, outcome=outcome)


def typed(db: Session, staff: Staff, at: datetime, words: str) -> None:
    """Somebody came to the window, without a telephone."""
    ticket = Ticket(
        need="other",
        community_code=PEONY,
        language="zh",
        status="claimed",
        opened_at=at,
        due_at=at + timedelta(hours=4),
        claimed_by_id=staff.id,
        claimed_at=at,
        typed_by_id=staff.id,
    )
    db.add(ticket)
    db.flush()
    for kind, detail in (("typed", {"text": words}), ("claimed", {})):
        wrote(db, ticket, staff, kind, at, **detail)


def passed_on(app: App, db: Session, holder: Staff, supervisor: Staff) -> None:
    """A partner line has what is not ours to mend; the ticket is kept whatever becomes of it."""
    names = {"zh": "民生热线", "en": "Livelihood line"}
    day = timetable.kept([timetable.stretches("08:00-20:00")] * 7, {})
    partner = line.Partner(names, "81890", day, purpose="家政维修、水电")
    changes.make(db, supervisor, About(line.Partner, "repairs"), partner, NOW - timedelta(days=4))
    ticket = rang(app, db, 130, "other", GINKGO, "热水器不热了，两天没洗澡", claimed_by=holder, number=9)
    said, at = "热水器点不着，老人一个人在家，请今天上门。", NOW - timedelta(minutes=110)
    passing.pass_on(db, holder, ticket.id, "repairs", said, "MS-20260302-117", at, offered=["repairs"])
    holds.keep(db, supervisor, ticket.id, "家属投诉，处理完之前不删", NOW - timedelta(minutes=20))


def corrected(app: App, db: Session, supervisor: Staff) -> None:
    """What a caller said was taken for something else, and put right."""
    ticket = rang(app, db, 45, "other", CUCKOO, "屋里没啥嚼谷了", number=10)
    correcting.correct_need(db, supervisor, ticket.id, "food", NOW - timedelta(minutes=35))


def hung_up(db: Session, staff: Staff) -> None:
    """Two who said nothing; one of them had agreed to be rung back."""
    for minutes, caller, card in ((40, "+8613800000010", None), (15, "+8613800000032", "王大爷")):
        started_at = NOW - timedelta(minutes=minutes)
        call = new_call(db, caller=caller, started_at=started_at, seconds=4, outcome="hung_up")
        new_turn(db, call, asked=None, heard={"kind": "arrived"}, understood={})
        if card:
            agreed(db, call.caller_id, staff, name=card, community_code=CUCKOO, call_back=True)


def told(db: Session, ticket: Ticket) -> None:
    """Two channels and what they are told of; one could not be reached."""
    group = new_channel(db, "街道值班群", "wecom", tried_at=NOW - timedelta(days=2), answer="errcode 0, ok")
    mail = new_channel(db, "主管邮箱", "email", tried_at=NOW - timedelta(days=2), answer="250 ok")
    new_rule(db, group)
    new_rule(db, group, "unclaimed", minutes=10, urgent_only=True, second_id=mail.id, second_after_min=15)
    new_rule(db, mail, "overdue", community_code=CUCKOO, hours={"from": "07:30", "to": "21:00"})
    new_notice(db, ticket, group, state="sent", ended_at=ticket.opened_at)
    new_notice(
        db, ticket, mail, "overdue", state="waiting", trouble="busy", tries=2, arisen_at=NOW - timedelta(minutes=4)
    )


def on_shift(db: Session, *answering: Staff) -> None:
    """Two answer from eight to eight, and nobody at night; the first talks, and one caller waits."""
    for number, each in enumerate(answering, 1):
        people.set_phone(db, each, f"+86139000000{number:02d}", NOW, proved=True)
    theirs = [RotationPerson(place=place, staff_id=each.id) for place, each in enumerate(answering)]
    day = RotationRow(
        name="白班", opens="08:00", closes="20:00", first=NOW.date(), zone="Asia/Shanghai", made_at=NOW, people=theirs
    )
    db.add(day)
    busy = people.person(db, answering[0], NOW)
    talking = new_call(db, caller="+8613800000051", started_at=NOW - timedelta(minutes=4), seconds=None)
    busy.busy_call_id, busy.busy_until = talking.id, NOW + timedelta(hours=1)
    caller = new_call(db, caller="+8613800000052", started_at=NOW - timedelta(minutes=2), seconds=None)
    waiting.waits(db, caller.id, first=False, now=NOW - timedelta(minutes=1))
    waiting.waits(db, caller.id, first=False, now=NOW)


def decided(db: Session, staff: Staff) -> None:
    """What the supervisor changed about the line in the last days."""
    week = [timetable.stretches(day) for day in (*5 * ["08:00-12:00 13:00-20:00"], "09:00-17:00", "")]
    spring = timetable.specials("2026-03-20 植树活动\n2026-04-05 清明节\n2026-04-06 清明节（补假）")
    for days, minutes in (({}, 3 * 1440), (spring, 50)):
        hours = line.Hours(timetable.kept(week, days))
        changes.make(db, staff, About(line.Hours), hours, NOW - timedelta(minutes=minutes))
    closed = line.Status("restricted", "北门出入，登记后放行")
    changes.make(db, staff, About(line.Status, GINKGO), closed, NOW - timedelta(minutes=95))
    begins, ends = (str(NOW + timedelta(hours=hours)) for hours in (-1, 20))
    water = line.Bulletin("明天上午八点到十二点，新碶街道停水，请早做准备。", "zh", begins, ends, [])
    changes.make(db, staff, About(line.Bulletin, "water"), water, NOW - timedelta(minutes=60))
    greeting = line.Sentence("您好，这里是{hotline}，我在听。")
    changes.make(db, staff, About(line.Sentence, "zh/greet"), greeting, NOW - timedelta(minutes=40))
    changes.make(db, staff, About(line.Draft, "zh/goodbye.end"), line.Draft("您保重，再见。"), NOW)
    spoken = clips.keep(db, tone(2), 2.0, NOW)
    farewell = line.recording_key("zh", "再见")
    recording, draft = line.Recording("再见", spoken, 1.6), line.RecordingDraft("再见", spoken, 1.4)
    changes.make(db, staff, About(line.Recording, farewell), recording, NOW - timedelta(minutes=20))
    changes.make(db, staff, About(line.RecordingDraft, farewell), draft, NOW - timedelta(minutes=2))
    changes.make(db, staff, About(line.Dialect, "zh-ningbo"), line.Dialect("宁波话", "zh", "5"), NOW)


def card(db: Session, ticket: Ticket, staff: Staff) -> None:
    """The caller of this ticket agreed to be remembered."""
    agreed(
        db,
        ticket.caller_id,
        staff,
        name="陈奶奶",
        community_code=GINKGO,
        address="菜场后面红门，二楼左手",
        hearing="左耳好一些，慢慢说",
        mobility="拄拐，开门要等一会儿",
        dialect="宁波话",
        family_name="女儿 小陈",
        family_phone_id=new_phone(db, "+8613800000031").id,
        medicine="降压药，早晚各一片",
        medicine_until=NOW.date() + timedelta(days=2),
        slow=True,
    )


def agreed(db: Session, phone_id: int | None, staff: Staff, **lines: object) -> None:
    """A card whose owner agreed to it."""
    db.add(
        CallerCard(
            phone_id=phone_id,
            consent_at=NOW,
            consent_by_id=staff.id,
            updated_at=NOW,
            updated_by_id=staff.id,
            **lines,
        )
    )
    db.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
