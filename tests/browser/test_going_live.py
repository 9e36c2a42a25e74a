"""An administrator takes a fresh installation to "ready to go live", without a shell."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from ivr.app import App
from ivr.cli.demo import load_sample
from ivr.desk.shell.guard import now
from ivr.store import hotline, readiness, workers
from ivr.store.models import CommunityRow
from tests.browser.town import PHONE, Person, ring
from tests.builders import new_staff

LIST = """code,name,street,district,phone,keypad
330206002004,银杏社区,新碶街道,北仑区,+8657455500103,203
330206002008,牡丹社区,新碶街道,北仑区,+8657455500104,204
"""
ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=nobody"
NEW_PASSWORD = "海边的三只白鹭 seven egrets"


@pytest.fixture
def fresh(app: App) -> None:
    """As whoever installed it leaves it: the machine's steps are taken, the sample is loaded, the desk's are not."""
    public = {"public_base_url": "https://hotline.example", "hotline_simulator": False}
    app.golive.settings = app.settings.model_copy(update=public)
    (app.settings.data_dir / readiness.BACKUP_MARK).touch()
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", now())
        load_sample(db, now())
        new_staff(db, "管理员", "admin")
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00", hotline.DEFAULT: True}


def steps_left(me: Person) -> int:
    """How many steps the overview's list still misses; it is looked at with a telephone's width, too."""
    me.open("/desk/overview")
    me.needs_no_better_eyes()
    return me.page.locator(".steps .open").count()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.usefixtures("fresh")
def test_an_administrator_takes_a_fresh_installation_to_ready(
    app: App, page: Page, browser: Browser, live_server: str, language: str
):
    caller = ring(app, "+8613800000001").dial().press("1").press("203").leave_message(key="#").silent()
    assert "尽快给您回电" in caller.said  # nobody keeps a time yet

    me = Person(page, live_server, "管理员", language)
    me.arrives()
    me.reads("Before going live")
    assert 5 == steps_left(me)
    me.open("/desk/help")
    expect(page.locator(".not-live")).to_be_visible()

    # somebody who supervises, by a link that opens in a browser of theirs
    me.open("/desk/overview")
    me.follows("Add somebody")
    me.follows("Add somebody")
    me.writes("Name", "李四")
    page.locator("#role").select_option("supervisor")
    me.presses("Add, and make a link")
    theirs = browser.new_context().new_page()
    theirs.goto(page.locator("p.words code").inner_text().replace("http://localhost", live_server))
    for field in theirs.locator("input[type=password]").all():
        field.fill(NEW_PASSWORD)
    theirs.locator("main form button.btn-main").click()
    theirs.wait_for_url("**/desk/login")
    theirs.context.close()
    assert 4 == steps_left(me)

    # their own communities, in place of the sample's
    me.follows("Import your list")
    page.locator("#file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.get_by_role("checkbox").check()
    me.presses("Show what would change")
    page.locator("main form button.btn-main").click()
    assert 3 == steps_left(me)

    # when somebody is there, and who is rung
    me.follows("Set the hours")
    me.presses("Save")
    assert 2 == steps_left(me)
    me.follows("Set the duty number")
    me.writes("Duty number", "0574 5550 0130")
    me.presses("Save the duty number")
    assert 1 == steps_left(me)

    # and who hears of it
    me.follows("Set up notices")
    me.follows("WeCom group robot")
    me.writes("Channel name", "值班群")
    me.writes("Robot address (webhook)", ROBOT)
    me.presses("Save")

    assert 0 == steps_left(me)
    me.reads("Ready to go live")
    page.set_viewport_size(PHONE)
    me.needs_no_better_eyes()
    me.open("/desk/help")
    expect(page.locator(".not-live")).to_have_count(0)
    with app.sessions.read() as db:
        known = db.scalars(
            select(CommunityRow.name).where(CommunityRow.retired_at.is_(None)).order_by(CommunityRow.code)
        )
        assert ["银杏社区", "牡丹社区"] == known.all()
        assert "+8657455500130" == hotline.settings(db).duty_phone.e164
