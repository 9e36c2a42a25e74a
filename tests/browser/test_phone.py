"""Somebody rings the hotline in a real browser; the hotline is a few hand-written documents."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from playwright.sync_api import BrowserType, Page, expect
from werkzeug.serving import make_server

from ivr.phone import browser, recordings
from ivr.phone.line import Line
from ivr.phone.placing import Calls
from ivr.phone.recordings import Recordings
from ivr.phone.sound import seconds_of
from ivr.phone.transport import over_http
from tests.browser.conftest import accessibility_faults
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, Hotline

MENU = (
    '<Gather input="dtmf speech" numDigits="1" timeout="60" action="/voice/turn/1">'
    '<Say language="cmn-CN">买药请按1。</Say></Gather><Redirect>/voice/turn/9</Redirect>'
)
BEEP = (
    '<Record action="/voice/turn/2" finishOnKey="#" timeout="3" recordingStatusCallback="/voice/recording"/>'
    "<Redirect>/voice/turn/3</Redirect>"
)
RING = '<Dial action="/voice/turn/2"><Number url="/voice/whisper">+8657455500101</Number></Dial>'
WHISPER = '<Gather numDigits="1" action="/voice/whisper/answer"><Say>Press 1.</Say></Gather><Hangup/>'
BYE = "<Say>Goodbye.</Say><Hangup/>"
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
}


def application(hotline: Hotline, line: Line, kept: Recordings) -> Flask:
    """The phone beside the hotline, under the same headers as in earnest."""
    app = hotline.app()
    app.config.update(SECRET_KEY="only-for-tests", BOOTSTRAP_SERVE_LOCAL=True)
    app.jinja_env.globals["line"] = line
    Bootstrap5(app)
    Babel(app)
    Talisman(app, content_security_policy=CSP, force_https=False, session_cookie_secure=False)
    csrf = CSRFProtect(app)
    app.register_blueprint(browser.blueprint(line, kept, Calls(kept.folder), lambda: None))
    carrier = recordings.blueprint(ACCOUNT_SID, AUTH_TOKEN, kept)
    app.register_blueprint(carrier)
    csrf.exempt(carrier)
    csrf.exempt(app.view_functions["answer"])
    return app


@pytest.fixture
def hotline() -> Hotline:
    return Hotline({"/voice/incoming": MENU, "/voice/turn/1": BEEP, "/voice/turn/2": BYE, "/voice/turn/3": BYE})


@pytest.fixture
def kept(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "carrier")


@pytest.fixture
def address(hotline: Hotline, kept: Recordings) -> Iterator[str]:
    """Where the telephone is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        line = Line(base_url, ACCOUNT_SID, AUTH_TOKEN, over_http(), recordings_url=f"{base_url}/phone/carrier")
        app = application(hotline, line, kept)
        server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"{base_url}/phone/"
        server.shutdown()
        thread.join()


@pytest.fixture
def phone(page: Page, address: str) -> Iterator[Page]:
    """The page, silent and without a microphone. In the end no script has failed."""
    errors: list[str] = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator("summary").click()
    page.locator("#aloud").uncheck()
    page.locator("#microphone").uncheck()
    yield page
    assert [] == errors


def transcript(page: Page) -> str:
    return page.locator("#transcript").inner_text()


def waits_until(said: Callable[[], bool], page: Page) -> None:
    """Let the page work until something is so; its absence is a failure after five seconds."""
    for _ in range(100):
        if said():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never happened")


def test_a_call_by_keys_and_a_sample_message(phone: Page, hotline: Hotline, kept: Recordings):
    """Ring, press 1, use the sample: the hotline gets a signed call with a message that can be fetched."""
    phone.get_by_role("button", name="Call").click()
    expect(phone.locator("#transcript")).to_contain_text("买药请按1。")
    phone.get_by_role("button", name="1", exact=True).click()
    phone.get_by_role("button", name="Use a sample message").click()
    expect(phone.locator("#status")).to_have_text("The hotline hung up.")
    (arrival,), (key,) = hotline.forms("/voice/incoming"), hotline.forms("/voice/turn/1")
    assert ("+8613800000001", "ringing", "1") == (arrival["From"], arrival["CallStatus"], key["Digits"])
    (message,) = hotline.forms("/voice/turn/2")
    assert 6 == seconds_of(kept.path(message["RecordingSid"]).read_bytes())
    waits_until(lambda: bool(hotline.forms("/voice/status") and hotline.forms("/voice/recording")), phone)
    assert [] == [each.path for each in hotline.requests if not each.signed]


def test_words_typed_into_a_recording_are_told_so(phone: Page):
    phone.locator("#dial").click()
    expect(phone.locator("#transcript")).to_contain_text("买药请按1。")
    phone.get_by_role("button", name="1", exact=True).click()
    expect(phone.locator("#message")).to_be_visible()
    phone.locator("#said").fill("我要降压药")
    phone.locator("#said").press("Enter")

    expect(phone.locator("#status")).to_have_text(
        "A recording takes sound, not text. Speak, or use the sample message."
    )
    expect(phone.locator("#said")).to_have_value("我要降压药")


def test_a_call_by_keyboard_alone(phone: Page, hotline: Hotline):
    """Words and keys are typed in the field; nothing needs a mouse."""
    phone.locator("#withheld").check()
    phone.locator("#dial").press("Enter")
    expect(phone.locator("#status")).to_contain_text("Your turn")
    phone.locator("#said").fill("我在银杏社区")
    phone.locator("#said").press("Enter")
    expect(phone.locator("#message")).to_be_visible()
    phone.locator("#said").fill("#")
    phone.locator("#said").press("Enter")  # nothing was recorded: the call goes on behind the beep
    expect(phone.locator("#status")).to_have_text("The hotline hung up.")
    assert "我在银杏社区" == hotline.forms("/voice/turn/1")[0]["SpeechResult"]
    assert ("anonymous", []) == (hotline.forms("/voice/incoming")[0]["From"], hotline.forms("/voice/turn/2"))
    assert 1 == len(hotline.forms("/voice/turn/3"))


def test_hanging_up_ends_the_call_at_once(phone: Page, hotline: Hotline):
    """The status callback comes, and one can ring again."""
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    phone.locator("#hangup").click()
    expect(phone.locator("#status")).to_have_text("You hung up.")
    expect(phone.locator("#dial")).to_be_enabled()
    waits_until(lambda: bool(hotline.forms("/voice/status")), phone)
    assert "completed" == hotline.forms("/voice/status")[0]["CallStatus"]


def test_closing_the_page_hangs_up(phone: Page, hotline: Hotline):
    """Whoever leaves has ended the call."""
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    phone.goto("about:blank")
    waits_until(lambda: bool(hotline.forms("/voice/status")), phone)


def test_closing_the_tab_hangs_up(phone: Page, hotline: Hotline):
    """O15: the last news goes by a beacon, which outlives the page; one who comes back finds no call going on."""
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    other = phone.context.new_page()
    phone.close(run_before_unload=True)
    waits_until(lambda: bool(hotline.forms("/voice/status")), other)
    assert ["completed"] == [form["CallStatus"] for form in hotline.forms("/voice/status")]


def test_a_browser_that_takes_no_beacon_is_heard_all_the_same(phone: Page, hotline: Hotline):
    """O15"""
    phone.evaluate("navigator.sendBeacon = () => false")
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    phone.goto("about:blank")
    waits_until(lambda: bool(hotline.forms("/voice/status")), phone)


def test_silence_goes_on_to_the_next_verb(phone: Page, hotline: Hotline):
    """After the question's own time-out, without its action."""
    hotline.replies["/voice/incoming"] = MENU.replace('"60"', '"1"')
    hotline.replies["/voice/turn/9"] = BYE
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_have_text("The hotline hung up.")
    assert [] == hotline.forms("/voice/turn/1")


def test_the_duty_phone_can_be_answered(phone: Page, hotline: Hotline):
    """The whisper's question is answered with 1, and the action learns that the two talked."""
    hotline.replies |= {
        "/voice/incoming": RING,
        "/voice/whisper": WHISPER,
        "/voice/whisper/answer": "<Say>Connected.</Say>",
    }
    phone.locator("#dial").click()
    phone.get_by_role("button", name="Take the call (1)").click()
    phone.get_by_role("button", name="End call").click()
    expect(phone.locator("#status")).to_have_text("The hotline hung up.")
    (whisper,), (result,) = hotline.forms("/voice/whisper/answer"), hotline.forms("/voice/turn/2")
    assert ("1", result["CallSid"]) == (whisper["Digits"], whisper["ParentCallSid"])
    assert ("completed", "true") == (result["DialCallStatus"], result["DialBridged"])


def test_the_documents_are_shown_on_request(phone: Page, hotline: Hotline):
    """Hidden at first; as text, whatever they contain."""
    hotline.replies["/voice/incoming"] = "<Say>&lt;img src=x onerror=alert(1)&gt;</Say>" + MENU
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    expect(phone.locator(".document")).to_be_hidden()
    phone.locator("#documents").check()
    expect(phone.locator(".document pre")).to_contain_text("<Gather")
    assert "<img src=x onerror=alert(1)>" in transcript(phone)


def test_a_broken_hotline_is_told(phone: Page, hotline: Hotline):
    """Twilio's trouble is in the transcript, and the phone can ring again."""
    hotline.replies["/voice/incoming"] = ("", 500)
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Call failed")
    assert "/voice/incoming: 11200: the answer was 500" in transcript(phone)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_phone_is_for_everybody(phone: Page, width: int):
    """Fits a small screen, and axe finds nothing against WCAG 2.2 AA, before and during a call."""
    phone.set_viewport_size({"width": width, "height": 780})
    faults = accessibility_faults(phone)
    phone.locator("#dial").click()
    expect(phone.locator("#status")).to_contain_text("Your turn")
    phone.locator("#documents").check()
    assert [] == faults + accessibility_faults(phone)
    assert width >= phone.evaluate("document.documentElement.scrollWidth")


def test_the_microphone_records(browser_type: BrowserType, browser_type_launch_args, address: str, kept: Recordings):
    """A pretended microphone that beeps: the message is a WAV file as a telephone would make it."""
    pretended = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    wishes = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *pretended]}
    with browser_type.launch(**wishes) as real_browser:
        page = real_browser.new_page()
        page.goto(address)
        page.locator("summary").click()
        page.locator("#aloud").uncheck()
        page.locator("#dial").click()
        expect(page.locator("#status")).to_contain_text("Your turn")
        page.locator("body").press("1")
        expect(page.locator("#status")).to_contain_text("Recording")
        page.wait_for_timeout(1500)
        page.locator("body").press("#")
        expect(page.locator("#status")).to_have_text("The hotline hung up.")
    (file,) = kept.folder.glob("RE*.wav")
    assert 1 <= seconds_of(file.read_bytes()) <= 4
