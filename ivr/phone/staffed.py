"""What does a shift of volunteers make of many callers? Every telephone at its own pace, and each call counted."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ivr.phone.acts import Act, Answered, HangUp, Press, Several, Unanswered
from ivr.phone.clock import Clock
from ivr.phone.handset import Handset
from ivr.phone.ledger import Api, Entry, Item, Lost, entry, lost
from ivr.phone.line import Line
from ivr.phone.load import CLOCKS_DIFFER
from ivr.phone.rung import Placed, Rung, ringing
from ivr.phone.shift import Caller, Fate, Telephone
from ivr.phone.switchboard import Clash, Switchboard
from ivr.phone.transport import NoAnswer
from ivr.phone.verbs import Dial

LOOK_EVERY_S = 0.05  # of our seconds: for calls that the hotline places, and whatever its worker does
WARM_UP = 8  # calls before the clock starts, so that no process loads anything in mid-shift
WITHIN_S = (15, 30)

Round = Callable[[], bool]
"""Does what is to be done again and again meanwhile; True: something is still to be done."""


@dataclass(frozen=True, slots=True)
class Played:
    """One call that was made. ``answered_s``: from asking for a person to being put through; None: nobody was."""

    entry: Entry
    fate: Fate
    asked: bool
    answered_s: float | None


@dataclass(frozen=True, slots=True)
class Staffed:
    """What the shift came to. ``rung_twice``: volunteers' telephones, ``two_at_one``: callers, reached by two calls at
    once. ``called_back``: how each call went that the hotline placed itself, in a word.
    """

    calls: tuple[Played, ...]
    called_back: Counter[str]
    rung_twice: tuple[Clash, ...]
    two_at_one: tuple[Clash, ...]
    lost: tuple[Lost, ...]
    hours: float
    seconds: float

    @property
    def sound(self) -> bool:
        return not (self.rung_twice or self.two_at_one or self.lost)

    @property
    def fates(self) -> Counter[Fate]:
        return Counter(each.fate for each in self.calls)

    def within(self, seconds: float) -> int:
        """How many callers a person answered within so many seconds of their asking."""
        return sum(each.answered_s is not None and each.answered_s <= seconds for each in self.calls)


@dataclass
class Exchange:
    """The carrier's side of a shift: whose telephones there are, who rings, and the clock that all go by."""

    line: Line
    clock: Clock
    telephones: dict[str, Telephone]  # by number
    callers: dict[str, Caller]  # those who told their number, by it
    board: Switchboard
    placed: dict[str, Future[str]] = field(default_factory=dict)  # what comes of the hotline's own calls, by their SIDs

    def call(self, caller: Caller) -> tuple[Handset, Caller]:
        """One call, from the moment they ring."""
        self.clock.wait_until(caller.at_s)
        pace = self.clock.pace()
        phone = Handset(self.line, caller.number, repeats=caller.repeats, pace=pace).dial()
        while waiting := phone.waiting:
            phone.do(self._rings(waiting, caller) if isinstance(waiting, Dial) else caller.act(waiting, phone.clock_s))
        return phone, caller

    def _rings(self, dial: Dial, caller: Caller) -> Act:
        """What comes of the ringing: the caller's patience ends, or each telephone does as it does."""
        if caller.leaves_ringing(dial):
            return HangUp()
        return Several({each.number: self._at(each.number, caller.talks_s) for each in dial.numbers})

    def _at(self, number: str, talks_s: int) -> Answered | Unanswered:
        telephone = self.telephones.get(number)
        return telephone.rings(talks_s) if telephone else Unanswered()

    def look(self, pool: ThreadPoolExecutor) -> bool:
        """Have the calls that the hotline places answered, each in a thread of its own; whether any goes on."""
        with suppress(NoAnswer):  # a busy hotline: the next look finds them
            for each in ringing(self.line):
                if each.sid not in self.placed:
                    self.board.reach(each.to, each.sid)
                    self.placed[each.sid] = pool.submit(self._answer, each)
        return not all(each.done() for each in self.placed.values())

    def _answer(self, placed: Placed) -> str:
        """A volunteer's telephone rings: who picks up presses 1, talks with the caller, and says what came of it.

        How it went, in a word.
        """
        phone = Rung(self.line, placed, pace=self.clock.pace())
        does = self._at(placed.to, 0)
        if isinstance(does, Unanswered):
            phone.does_not_answer(does.why)
            return "no volunteer"
        phone.clock_s = does.after_s
        phone.pick_up()
        while waiting := phone.waiting:
            if isinstance(waiting, Dial):
                resident = self.callers.get(waiting.numbers[0].number)
                phone.do(resident.called_back() if resident else Unanswered())
            else:
                phone.do(Press(does.keys) if does.keys else HangUp())
        if phone.together_at_s is None:
            return "caller not reached" if does.keys else "mailbox"
        return "talked"


def play(
    line: Line,
    api: Api,
    telephones: Sequence[Telephone],
    callers: Sequence[Caller],
    clock: Callable[[], Clock],
    rounds: Round,
    console: Console,
    *,
    hours: float,
) -> Staffed:
    """Play the shift to the end of its last call, and of the last one that the hotline places.

    Args:
        clock: starts the clock; asked for when the hotline is warm.
        rounds: what the hotline's worker does, in the shift's own time.

    Raises ``ApiError`` when the API cannot be asked what became of the calls.
    """
    board = Switchboard()
    watched = replace(line, transport=board.watching(line.transport))
    with ThreadPoolExecutor(WARM_UP) as pool:
        list(pool.map(_warm_up, [line] * WARM_UP))
    began = datetime.now(UTC)
    known = {each.number: each for each in callers if each.number}
    exchange = Exchange(watched, clock(), {each.number: each for each in telephones}, known, board)
    made = _all_calls(exchange, callers, rounds, console)
    entries = [entry(phone, caller) for phone, caller in made]
    rows = api.calls(began - CLOCKS_DIFFER)
    missing = lost(entries, rows, api.tickets(began - CLOCKS_DIFFER, [each.sid for each in entries]))
    calls = tuple(map(played, entries, made))
    theirs = {each.number for each in telephones}
    return Staffed(
        calls,
        Counter(each.result() for each in exchange.placed.values()),
        tuple(each for each in board.clashes if each.number in theirs),
        tuple(each for each in board.clashes if each.number not in theirs),
        (*missing, *misremembered(calls, rows)),
        hours,
        (datetime.now(UTC) - began).total_seconds(),
    )


def _all_calls(
    exchange: Exchange, callers: Sequence[Caller], rounds: Round, console: Console
) -> list[tuple[Handset, Caller]]:
    """Ring for everybody, and go the rounds until nothing is left to be done."""
    with (
        Progress(console=console, transient=True) as progress,
        ThreadPoolExecutor(len(callers)) as pool,
        ThreadPoolExecutor(len(exchange.telephones)) as volunteers,
    ):
        task = progress.add_task("calls", total=len(callers))
        calls = [pool.submit(exchange.call, each) for each in callers]
        going_on, looked = True, threading.Event()
        while going_on:
            progress.update(task, completed=sum(each.done() for each in calls))
            unfinished = not all(each.done() for each in calls)
            going_on = rounds() | exchange.look(volunteers) | unfinished
            looked.wait(LOOK_EVERY_S)
    return [each.result() for each in calls]


def _warm_up(line: Line) -> None:
    Handset(line, None).dial().hang_up()


def played(made: Entry, call: tuple[Handset, Caller]) -> Played:
    """What became of one call, as its caller knows it."""
    phone, caller = call
    together, asked = phone.together_at_s, caller.asked_s
    answered_s = None if together is None or asked is None else together - asked
    return Played(made, caller.fate(talked=together is not None), asked is not None, answered_s)


def misremembered(calls: Iterable[Played], rows: Iterable[Item]) -> list[Lost]:
    """Calls in which somebody talked with a person, and the log does not say so; or the other way round."""
    outcomes = {row["call_sid"]: row["outcome"] for row in rows}
    return [
        Lost(each.entry.sid, each.entry.kind, f"{each.fate} to the caller, but {outcomes[each.entry.sid]} in the log")
        for each in calls
        if each.entry.sid in outcomes and (each.fate == "person") != (outcomes[each.entry.sid] == "person")
    ]


def report(done: Staffed, console: Console) -> None:
    """The shift in a few lines; what must be nothing comes last, each case by name."""
    asked, fates = sum(each.asked for each in done.calls), done.fates
    waits = sorted(each.answered_s for each in done.calls if each.answered_s is not None)
    webhooks = sorted(ms for each in done.calls for ms in each.entry.webhooks_ms)
    table = Table(show_header=False, box=None)
    table.add_row("calls", f"{len(done.calls)} in {done.hours:g} hours, played in {done.seconds:.0f} s")
    table.add_row("asked for a person", str(asked))
    for seconds in WITHIN_S:
        table.add_row(f"answered within {seconds} s", f"{done.within(seconds)} of {asked}")
    half, all_of_them = _at(waits, 0.5), _at(waits, 1)
    table.add_row("answered", f"{fates['person']}; half within {half:.0f} s, all within {all_of_them:.0f} s")
    table.add_row("kept their place", f"{fates['kept place']}; the hotline's calls: {_counts(done.called_back)}")
    table.add_row("messages left", str(fates["message"]))
    table.add_row("given up", str(fates["given up"]))
    table.add_row("nothing of these", str(fates["nothing"]))
    table.add_row("a webhook", f"p50 {_at(webhooks, 0.5):.0f} ms, p99 {_at(webhooks, 0.99):.0f} ms")
    console.print(table)
    for what, cases in (("rung twice", done.rung_twice), ("two at one caller", done.two_at_one), ("lost", done.lost)):
        for each in cases:
            console.print(f"{what}: {each}", markup=False, highlight=False, style="red")
    twice, two, gone = len(done.rung_twice), len(done.two_at_one), len(done.lost)
    console.print(f"rung twice at once: {twice}, two at one caller: {two}, lost: {gone}", highlight=False, style="bold")


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"
