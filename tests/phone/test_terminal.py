"""The terminal phone says what it hears and does what is typed."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from ivr.phone import sound, terminal
from ivr.phone.handset import Handset
from tests.phone.hotline import Hotline
from tests.phone.test_handset import BEEP, BYE, MENU, RING, WHISPER

CALLER = "+8613800000001"


@pytest.fixture
def call(hotline: Hotline) -> Callable[..., tuple[Handset, str]]:
    """Ring and type these lines, then no more; the phone, and what the screen shows."""

    def ring(*typed: str, **wishes: bool) -> tuple[Handset, str]:
        screen, lines = io.StringIO(), iter(typed)

        def read(question: str) -> str:
            screen.write(question)
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        console = Console(file=screen, width=200)
        return terminal.run(hotline.line(), console, caller=CALLER, read=read, **wishes), screen.getvalue()

    return ring


def test_a_call_is_typed_line_by_line(hotline: Hotline, call: Callable[..., tuple[Handset, str]]):
    """A key, words, ENTER at the beep: what is said is shown in order, and who ended it."""
    hotline.replies = {
        "/voice/incoming": MENU,
        "/voice/turn/1": lambda form: BEEP if "SpeechResult" in form else MENU,
        "/voice/turn/2": BYE,
    }
    phone, screen = call("1", "银杏社区", "")
    assert ["1", None] == [form.get("Digits") for form in hotline.forms("/voice/turn/1")]
    assert "银杏社区" == hotline.forms("/voice/turn/1")[1]["SpeechResult"]
    assert [5] == [message.seconds for message in phone.messages]
    places = [screen.index(words) for words in ("Ringing", "Medicine is 1.", "After the beep.", "Goodbye.")]
    assert sorted(places) == places
    assert screen.rstrip().endswith("The hotline hung up.")


@pytest.mark.parametrize("typed", [(), ("/hangup",)])
def test_the_end_of_the_input_hangs_up(
    hotline: Hotline, call: Callable[..., tuple[Handset, str]], typed: tuple[str, ...]
):
    """So does the command."""
    hotline.replies = {"/voice/incoming": MENU}
    phone, screen = call(*typed)
    assert ("caller", 1) == (phone.ended, len(hotline.forms("/voice/status")))
    assert "You hung up." in screen


def test_an_empty_line_is_silence(hotline: Hotline, call: Callable[..., tuple[Handset, str]]):
    """The phone goes on by itself."""
    hotline.replies = {"/voice/incoming": MENU + BYE}
    phone, screen = call("")
    assert ("line", []) == (phone.ended, hotline.forms("/voice/turn/1"))
    assert "Goodbye." in screen


def test_a_message_may_be_a_file_or_a_number_of_seconds(
    hotline: Hotline, call: Callable[..., tuple[Handset, str]], tmp_path: Path
):
    """A file that is no sound, or not there, is told and asked again."""
    (tmp_path / "message.wav").write_bytes(sound.tone(3))
    (tmp_path / "letter.txt").write_text("Dear neighbour")
    hotline.replies = {"/voice/incoming": BEEP, "/voice/turn/2": BEEP.replace("turn/2", "turn/3"), "/voice/turn/3": BYE}
    files = [str(tmp_path / name) for name in ("none.wav", "letter.txt", "message.wav")]
    phone, screen = call(*files, "12")
    assert [3, 12] == [message.seconds for message in phone.messages]
    assert ("cannot be read" in screen, "is no WAV file" in screen) == (True, True)


def test_the_duty_phone_is_answered_from_the_same_keyboard(hotline: Hotline, call: Callable[..., tuple[Handset, str]]):
    """1 takes the call, and the whisper is heard."""
    hotline.replies = {"/voice/incoming": RING, "/voice/whisper": WHISPER, "/voice/turn/2": BYE}
    hotline.replies["/voice/whisper/answer"] = "<Say>Connected.</Say>"
    _, screen = call("1")
    assert "true" == hotline.forms("/voice/turn/2")[0]["DialBridged"]
    assert "Connected." in screen


def test_the_documents_can_be_shown(hotline: Hotline, call: Callable[..., tuple[Handset, str]]):
    """Each as it was sent, with nothing taken for colours."""
    hotline.replies = {"/voice/incoming": "<Say>[red]Hello[/red]</Say>"}
    _, screen = call(show_twiml=True)
    assert ("<Response><Say>[red]Hello[/red]</Say></Response>" in screen, 2) == (True, screen.count("[red]Hello[/red]"))


def test_a_broken_hotline_is_told(hotline: Hotline, call: Callable[..., tuple[Handset, str]]):
    """With the address and the status, as in Twilio's debugger."""
    hotline.replies = {"/voice/incoming": ("", 500)}
    _, screen = call()
    assert "/voice/incoming: 11200: the answer was 500" in screen
    assert "Call failed" in screen
