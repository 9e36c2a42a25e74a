"""Who must be told of a ticket by now? Decided from the ticket's facts and the supervisors' rules, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from routing.hours import Hours

# What a rule can wait for. The events that come of it may be told apart: see ``happened``.
OCCASIONS = ("new", "unclaimed", "due_soon", "overdue", "raised")
DAILY = ("report",)  # of no ticket: how the day before went, each morning
TIMED = ("unclaimed", "due_soon")  # these have minutes: so long without anybody, so long before the promise
OF_NEW = (
    "new",
    "urgent",
    "again",
    "cancelled",
    "not_right",
)  # events of tickets that come, and of those that go, or come back, in somebody's hands
OPEN = ("new", "claimed")


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about one ticket.

    ``free_since``: since when nobody has it, as far as its history tells; ``settled_at``: when the call that opened
    it was over, before which need and community may not be known; ``urgent_at``: when an emergency word was last
    heard; ``due_again_at``: promised in an apology for the first promise, which was broken; ``kept``: the caller has
    been spoken to, the promise is kept; ``cancelled_at``: when the caller took it back; ``not_right_at``: when they
    last told the hotline, which asked, that what was done was not right; ``quiet``: the caller's number is on the
    nuisance list, so that nobody is told of what is not urgent.
    """

    status: str
    opened_at: datetime
    free_since: datetime
    settled_at: datetime
    due_at: datetime
    due_again_at: datetime | None = None
    urgent: bool = False
    urgent_at: datetime | None = None
    claimed_at: datetime | None = None
    raised_at: datetime | None = None
    cancelled_at: datetime | None = None
    not_right_at: datetime | None = None
    kept: bool = False
    quiet: bool = False
    need: str | None = None
    community: str | None = None
    street: str | None = None

    @property
    def free(self) -> bool:
        return self.status == "new"

    @property
    def promise(self) -> tuple[datetime, datetime]:
        """From when until when the caller waits by the last promise."""
        return (self.due_at, self.due_again_at) if self.due_again_at else (self.opened_at, self.due_at)


@dataclass(frozen=True, slots=True)
class Rule:
    """On *occasion* tell ``first``; when it still holds ``second_after_min`` minutes later, tell ``second``.

    ``community``, ``street``, ``need`` None: any. Outside ``hours`` (daily, in the hotline's zone) it waits until they
    begin. What happened before ``since`` is past: a rule that was made or changed now does not ring for old tickets.
    """

    occasion: str
    first: int
    since: datetime
    minutes: int = 0
    community: str | None = None
    street: str | None = None
    need: str | None = None
    urgent_only: bool = False
    hours: Hours = field(default_factory=Hours)
    second: int | None = None
    second_after_min: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell. ``about`` is the ticket's own time it is about: told once, however often it is looked at."""

    event: str
    about: datetime
    at: datetime  # from when on it is to be told


@dataclass(frozen=True, slots=True)
class Due:
    """One channel must be told; ``other`` is the channel to try when that one fails."""

    event: str
    about: datetime
    step: int
    channel: int
    other: int | None


def due(facts: Facts, rules: Iterable[Rule], now: datetime, zone: ZoneInfo) -> Iterator[Due]:
    """What should have been told by *now*, whether it has been told or not."""
    for rule in rules:
        found = happened(facts, rule.occasion, rule.minutes) if concerns(rule, facts) else None
        if found is None:
            continue
        first_at = rule.hours.next_open(found.at.astimezone(zone))
        two = rule.second not in (None, rule.first)
        if rule.since <= first_at <= now:
            yield Due(found.event, found.about, 1, rule.first, rule.second if two else None)
        if rule.second is None or (rule.occasion == "new" and not facts.free):
            continue
        second_at = rule.hours.next_open(first_at + timedelta(minutes=rule.second_after_min))
        if rule.since <= second_at <= now:
            yield Due(found.event, found.about, 2, rule.second, rule.first if two else None)


def concerns(rule: Rule, facts: Facts) -> bool:
    """Whether the ticket is one of those that the rule is for; what is urgent and nobody knows where, is for all."""
    anywhere = facts.urgent and facts.community is None
    return (
        (anywhere or (rule.community in (None, facts.community) and rule.street in (None, facts.street)))
        and rule.need in (None, facts.need)
        and (facts.urgent or not rule.urgent_only)
    )


def happened(facts: Facts, occasion: str, minutes: int = 0) -> Event | None:
    """What this occasion means for the ticket as it is; None when there is nothing to tell (any more)."""
    if facts.quiet and not facts.urgent:
        return None
    if facts.cancelled_at and occasion == "new" and facts.claimed_at:
        return Event("cancelled", facts.cancelled_at, facts.cancelled_at)  # to tell whoever may be on the way
    if facts.status not in OPEN:
        return None
    match occasion:
        case "new":
            return _new(facts)
        case "unclaimed" if facts.free:
            return Event("unclaimed", facts.free_since, facts.free_since + timedelta(minutes=minutes))
        case "due_soon" if not facts.kept:
            # an urgent promise may be shorter than the warning: never before half of it is over
            begun, due_at = facts.promise
            middle = begun + (due_at - begun) / 2
            return Event("due_soon", due_at, max(due_at - timedelta(minutes=minutes), middle))
        case "overdue" if not facts.kept:
            _, due_at = facts.promise
            return Event("overdue", due_at, due_at)
        case "raised" if facts.raised_at:
            return Event("raised", facts.raised_at, facts.raised_at)
    return None


def _new(facts: Facts) -> Event | None:
    """New, new and urgent, free again; or turned urgent, or back and not right, in somebody's hands."""
    if facts.free and facts.free_since > facts.opened_at:
        return Event("again", facts.free_since, facts.free_since)
    if facts.not_right_at and facts.claimed_at and facts.not_right_at > facts.claimed_at and not facts.free:
        return Event("not_right", facts.not_right_at, facts.not_right_at)
    if facts.urgent and (facts.free or _turned_urgent(facts)):
        return Event("urgent", facts.opened_at, facts.urgent_at or facts.opened_at)
    return Event("new", facts.opened_at, facts.settled_at) if facts.free else None


def _turned_urgent(facts: Facts) -> bool:
    return bool(facts.urgent_at and facts.claimed_at and facts.urgent_at > facts.claimed_at)


def still_true(facts: Facts, event: str, about: datetime) -> bool:
    """Whether a notice that has not been sent yet is still worth sending."""
    occasion = "new" if event in OF_NEW else event
    found = happened(facts, occasion)
    return found is not None and (found.event, found.about) == (event, about)
