"""Does the hotline stand a busy day? Many seeded callers at once, and what became of every one of them."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ivr.phone.handset import Handset
from ivr.phone.ledger import Api, Entry, Lost, counted, entry, lost
from ivr.phone.line import Line
from ivr.phone.people import Person, crowd

MAX_PLACES_SHOWN = 10
CLOCKS_DIFFER = timedelta(minutes=5)  # the hotline's clock and ours


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to. Milliseconds are of one webhook, its retries included."""

    entries: tuple[Entry, ...]
    by_need: Counter[str]
    by_community: Counter[str]
    seconds: float
    lost: tuple[Lost, ...]

    @property
    def webhooks_ms(self) -> list[float]:
        return sorted(ms for made in self.entries for ms in made.webhooks_ms)

    @property
    def failures(self) -> Counter[str]:
        return Counter(failure for made in self.entries for failure in made.failures)

    def percentile_ms(self, percent: float) -> float:
        times = self.webhooks_ms
        return times[min(int(len(times) * percent / 100), len(times) - 1)] if times else 0.0


def day(
    line: Line,
    api_base: str,
    api_token: str,
    names: Sequence[str],
    console: Console,
    *,
    calls: int = 120,
    hours: float = 3,
    seed: int = 1,
    workers: int = 16,
) -> Day:
    """Ring *calls* times as in *hours* hours, *workers* at once; arrival times only order the calls.

    Args:
        api_base: where the API is, with ``/api/v1``.
        names: communities to speak of.
        console: for progress; the answer is ``report``'s to show.

    Raises ``ApiError`` when the API cannot be asked what became of the calls.
    """
    began = datetime.now(UTC)
    people = crowd(calls, hours, seed, names)
    rung: list[tuple[Handset, Person]] = []
    with Progress(console=console, transient=True) as progress, ThreadPoolExecutor(workers) as pool:
        task = progress.add_task("calls", total=calls)
        for done in as_completed([pool.submit(_ring, line, persons) for persons in people]):
            rung += done.result()
            progress.update(task, completed=len(rung))
        list(pool.map(Handset.deliver, [phone for phone, _ in rung]))  # what was held back until the end of the day
    entries = [entry(phone, person) for phone, person in rung]
    seconds = (datetime.now(UTC) - began).total_seconds()
    api = Api(api_base, api_token, line.transport)
    tickets = api.tickets(began - CLOCKS_DIFFER, [made.sid for made in entries if made.told])
    ours = {made.sid for made in entries}
    by_need, by_community = counted(ticket for ticket in tickets if ours & set(ticket["call_sids"]))
    missing = lost(entries, api.calls(began - CLOCKS_DIFFER), tickets)
    return Day(tuple(entries), by_need, by_community, seconds, tuple(missing))


def report(done: Day, console: Console) -> None:
    """The day in a few lines; whatever was lost is named."""
    table = Table(show_header=False, box=None)
    told = sum(made.told for made in done.entries)
    table.add_row("calls", f"{len(done.entries)} in {done.seconds:.1f} s, {told} of them with something to say")
    table.add_row("tickets by need", _counts(done.by_need))
    table.add_row("tickets by community", _counts(done.by_community))
    p50, p99, most = (done.percentile_ms(percent) for percent in (50, 99, 100))
    table.add_row("a webhook", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {most:.0f} ms")
    table.add_row("webhooks", str(len(done.webhooks_ms)))
    table.add_row("not 2xx", _counts(done.failures))
    repeated, differing = sum(made.repeated for made in done.entries), sum(made.differing for made in done.entries)
    table.add_row("repeated", f"{repeated}, of which answered differently: {differing}")
    console.print(table)
    for each in done.lost:
        console.print(f"lost: {each}", markup=False, highlight=False, style="red")
    console.print(f"lost: {len(done.lost)}", highlight=False, style="bold")


def _ring(line: Line, persons: Sequence[Person]) -> list[tuple[Handset, Person]]:
    """Every call of one caller, one after the other."""
    return [(_call(line, person), person) for person in persons]


def _call(line: Line, person: Person) -> Handset:
    phone = Handset(line, person.caller, repeats=person.repeats, holds=person.reorders).dial()
    while phone.waiting:
        phone.do(person.act(phone.waiting))
    person.chance.shuffle(phone.pending)
    return phone if person.late else phone.deliver()


def _counts(counts: Counter[str]) -> str:
    """The most frequent first; the rest in one sum."""
    shown = counts.most_common(MAX_PLACES_SHOWN)
    rest = counts.total() - sum(count for _, count in shown)
    parts = [f"{name} {count}" for name, count in shown] + ([f"others {rest}"] if rest else [])
    return ", ".join(parts) or "0"
