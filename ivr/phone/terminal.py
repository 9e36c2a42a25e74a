"""How does one ring the hotline from a terminal? What is said is shown; what is typed is pressed, said or recorded."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ivr.phone import sound
from ivr.phone.acts import KEYS, Act, Answered, HangUp, Leave, Press, Silent, Speak, Unanswered
from ivr.phone.handset import Handset
from ivr.phone.leg import Utterance, Waiting
from ivr.phone.line import Line
from ivr.phone.rung import Placed, Rung
from ivr.phone.verbs import Dial, Gather, Record

HANG_UP = "/hangup"
TONE_S = 5
STYLES = {"line": "bold cyan", "caller": "green", "phone": "dim", "whisper": "magenta"}
ENDINGS = {
    "line": "The hotline hung up.",
    "caller": "You hung up.",
    "rejected": "The call was not taken.",
    "error": "Call failed: an application error occurred.",
}


def run(
    line: Line,
    console: Console,
    *,
    caller: str | None,
    called: str | None = None,
    show_twiml: bool = False,
    read: Callable[[str], str] = input,
) -> Handset:
    """Talk until the call is over; the end of the input hangs up.

    Args:
        caller: E.164, or None to withhold it.
        show_twiml: show every document as it comes.
        read: asks for a line; raises ``EOFError`` at the end.
    """
    phone = Handset(line, caller, called)
    console.print(f"Ringing {called or line.number} … ({HANG_UP} hangs up)", style="dim", highlight=False)
    return _talk(phone.dial(), console, read, show_twiml=show_twiml)


def answer(
    line: Line, placed: Placed, console: Console, *, show_twiml: bool = False, read: Callable[[str], str] = input
) -> Handset:
    """A telephone rings that the hotline calls: pick up and talk, or let it ring out."""
    phone = Rung(line, placed)
    console.print(f"{placed.to} rings: {placed.caller} is calling.", style="bold", highlight=False)
    try:
        picked_up = read("ENTER picks up, anything else lets it ring out > ") == ""
    except (EOFError, KeyboardInterrupt):
        picked_up = False
    return _talk(phone.pick_up(), console, read, show_twiml=show_twiml) if picked_up else phone.does_not_answer()


def _talk(phone: Handset, console: Console, read: Callable[[str], str], *, show_twiml: bool) -> Handset:
    shown, documents = 0, 0
    while True:
        if show_twiml:
            for document in phone.documents[documents:]:
                console.print(Text(document, style="dim"))
            documents = len(phone.documents)
        for utterance in phone.transcript[shown:]:
            if utterance.who != "caller":  # who types need not read it again
                console.print(_shown(utterance))
        shown = len(phone.transcript)
        if phone.waiting is None:
            break
        phone.do(_ask(phone.waiting, console, read))
    console.print(ENDINGS[phone.ended or "line"], style="dim", highlight=False)
    return phone


def act_of(typed: str, waiting: Waiting) -> Act:
    """What a typed line means to the verb that waits. Raises ``ValueError`` with what is wrong with it."""
    typed = typed.strip()
    if typed == HANG_UP:
        return HangUp()
    match waiting:
        case Gather() if not typed:
            return Silent()
        case Gather():
            return Press(typed) if KEYS.fullmatch(typed) else Speak(typed)
        case Record():
            return _message(typed)
        case Dial():
            return Answered(typed) if KEYS.fullmatch(typed) else Unanswered()


def _message(typed: str) -> Leave:
    """A tone, so many seconds of it, or a WAV file."""
    if not typed:
        return Leave(TONE_S)
    if typed.isdecimal():
        return Leave(int(typed))
    try:
        wav = Path(typed).expanduser().read_bytes()
        return Leave(sound.seconds_of(wav), wav=wav)
    except OSError as error:
        raise ValueError(f"{typed} cannot be read: {error.strerror}") from None
    except sound.NoSound as error:
        raise ValueError(f"{typed} is no WAV file: {error}") from None


def _ask(waiting: Waiting, console: Console, read: Callable[[str], str]) -> Act:
    while True:
        try:
            return act_of(read(_question(waiting)), waiting)
        except (EOFError, KeyboardInterrupt):
            return HangUp()
        except ValueError as error:
            console.print(Text(str(error), style="red"))


def _question(waiting: Waiting) -> str:
    match waiting:
        case Gather(speech=True):
            return "keys, or say something (ENTER: stay silent) > "
        case Gather():
            return "keys (ENTER: stay silent) > "
        case Record():
            return f"message: ENTER for {TONE_S} s of tone, a number of seconds, or a WAV file > "
        case Dial():
            return "the other telephone rings: keys to answer with, 1 takes the call (ENTER: nobody answers) > "


def _shown(utterance: Utterance) -> Text:
    minutes, seconds = divmod(int(utterance.at_s), 60)
    return Text.assemble((f"{minutes}:{seconds:02d} ", "dim"), (utterance.text, STYLES[utterance.who]))
