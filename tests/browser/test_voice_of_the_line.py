"""The voice of the line: a sentence spoken anew in dialect, heard on the next call; a bulletin made, heard, retired."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserType, expect

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from tests.browser.town import SUPERVISOR, Person, caller, ring
from tests.builders import new_staff

WATER = "明天上午停水，请早做准备。"


@pytest.fixture
def supervisor(app: App) -> None:
    with app.sessions.begin() as db:
        new_staff(db, SUPERVISOR, "supervisor")
        ningbo = line.Dialect("宁波话", "zh", "7", offered=True)
        changes.make(db, None, About(line.Dialect, "zh-ningbo"), ningbo, now())


def test_the_line_speaks_with_the_voice_of_its_people(
    app: App, supervisor, live_server: str, browser_type: BrowserType, browser_type_launch_args
):
    """With a pretended microphone, which beeps."""
    pretended = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    wishes = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *pretended]}
    with browser_type.launch(**wishes) as browser:
        me = Person(browser.new_page(), live_server, SUPERVISOR, "en")
        me.arrives()

        # the first question, in dialect
        me.open("/desk/prompts?language=zh-ningbo&only=missing")
        me.page.locator("a[href$='zh-ningbo/need.ask']").click()
        me.page.get_by_role("link", name="您有什么需要，直接说就行").click()
        ordinary = me.page.locator("#ordinary")
        me.presses("Record now At the ordinary pace", ordinary)
        me.page.wait_for_timeout(1500)
        me.presses("Stop", ordinary)
        me.reads("Kept as a draft: the browser phone plays it, callers do not hear it yet.")
        me.needs_no_better_eyes()
        assert "♪" not in ring(app, caller(1)).dial().press("7").said
        me.presses("Publish", ordinary)
        me.reads("Published. Callers hear it from the next call on.")
        assert "♪" in ring(app, caller(2)).dial().press("7").said

        # the water is cut off
        me.open("/desk/bulletins")
        me.writes("Text", WATER)
        me.writes("To", f"{now().astimezone(app.settings.zone) + timedelta(hours=5):%Y-%m-%dT%H:%M}")
        me.presses("Save")
        assert "停水" in ring(app, caller(3)).dial().said
        me.open("/desk/bulletins")
        me.reads("said in 1 call")
        me.presses(f"End it now {WATER}")
        expect(me.page.locator("main")).to_contain_text("It is not heard any more.")
        assert "停水" not in ring(app, caller(4)).dial().said
        me.had_no_trouble()
