"""When does the hotline itself ring a resident, to ask whether it was right, or to apologise for being late?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

ASKED_WITHIN = timedelta(days=7)  # later nobody remembers what it was about
APOLOGISED_WITHIN = timedelta(days=1)  # and an apology that comes later still helps nobody
BUSY_GAP = timedelta(minutes=30)  # who is talking is at home
MOST_A_DAY, DAY = 3, timedelta(days=1)  # calls to one resident, whatever they are about

# What came of a call. Asked whether it was right, the resident said yes, or no; told that the call back is late: it is
# still needed, or not. They never want such a call; not now; were there and said nothing that was understood; put
# the receiver down. Nobody spoke: the others.
CONFIRMED, NOT_RIGHT, STILL_NEEDED, NOT_NEEDED, OPTED_OUT, LATER, NOBODY, HUNG_UP = SPOKEN = (
    "confirmed",
    "not_right",
    "still_needed",
    "not_needed",
    "opted_out",
    "later",
    "nobody",
    "hung_up",
)
OUTCOMES = (*SPOKEN, "no_answer", "busy", "failed", "machine", "not_placed", "lost")
# They have answered, in words or by putting it down; or theirs is no number that rings.
FINAL = (CONFIRMED, NOT_RIGHT, STILL_NEEDED, NOT_NEEDED, OPTED_OUT, HUNG_UP, "failed")


@dataclass(frozen=True, slots=True)
class Policy:
    """At most so many ``tries`` for each reason to call; ``gap``: from the reason to the first, and from one to the
    next; none later than ``within`` after it.
    """

    tries: int
    gap: timedelta
    within: timedelta = ASKED_WITHIN


@dataclass(frozen=True, slots=True)
class Try:
    """A call that was asked for ``at``. ``outcome``: one of ``OUTCOMES``; None while it goes on.

    ``same``: for this reason; else about another matter of the same resident's, or for another reason.
    """

    at: datetime
    outcome: str | None
    same: bool = True


def next_call(since: datetime, tries: Collection[Try], policy: Policy) -> datetime | None:
    """From when on they may be called for what is so ``since``; None: never (again), or a call to them goes on.

    Two such calls to one resident are as far apart as two tries, whatever they are about, and a day has ``MOST_A_DAY``.
    """
    about_it = [each for each in tries if each.same]
    if any(each.outcome is None or each.outcome == OPTED_OUT for each in tries):
        return None
    if len(about_it) >= policy.tries or any(each.outcome in FINAL for each in about_it):
        return None
    latest = sorted(each.at for each in tries)[-MOST_A_DAY:]
    enough = [latest[0] + DAY] if len(latest) == MOST_A_DAY else []
    waits = [since + policy.gap, *enough, *(_after(each, policy) for each in tries)]
    at = max(waits)
    return at if at <= since + policy.within else None


def _after(each: Try, policy: Policy) -> datetime:
    busy = each.same and each.outcome == "busy"
    return each.at + (min(BUSY_GAP, policy.gap) if busy else policy.gap)
