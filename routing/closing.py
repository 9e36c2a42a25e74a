"""When is a resident asked, by a call of the hotline's own, whether what was done for them was right?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

ASKED_WITHIN = timedelta(days=7)  # later nobody remembers what it was about
BUSY_GAP = timedelta(minutes=30)  # who is talking is at home

# What came of a call. The resident said it was right, or not; never wants such a call; not now; was there and said
# nothing that was understood; put the receiver down. Nobody spoke: the others.
CONFIRMED, NOT_RIGHT, OPTED_OUT, LATER, NOBODY, HUNG_UP = SPOKEN = (
    "confirmed",
    "not_right",
    "opted_out",
    "later",
    "nobody",
    "hung_up",
)
OUTCOMES = (*SPOKEN, "no_answer", "busy", "failed", "machine", "not_placed", "lost")
# They have answered, in words or by putting it down; or theirs is no number that rings.
FINAL = (CONFIRMED, NOT_RIGHT, OPTED_OUT, HUNG_UP, "failed")


@dataclass(frozen=True, slots=True)
class Policy:
    """At most so many ``tries`` for each time that a matter was resolved; ``gap``: from resolving to the first, and
    from one to the next.
    """

    tries: int
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Try:
    """A call that was asked for ``at``. ``outcome``: one of ``OUTCOMES``; None while it goes on.

    ``same``: about this matter, since it was resolved; else about another one of the same resident's.
    """

    at: datetime
    outcome: str | None
    same: bool = True


def next_call(resolved_at: datetime, tries: Collection[Try], policy: Policy) -> datetime | None:
    """From when on they may be called about it; None: never (again), or a call to them goes on.

    Two matters of one resident are asked about as far apart as two tries.
    """
    about_it = [each for each in tries if each.same]
    if any(each.outcome is None or each.outcome == OPTED_OUT for each in tries):
        return None
    if len(about_it) >= policy.tries or any(each.outcome in FINAL for each in about_it):
        return None
    waits = [resolved_at + policy.gap, *(_after(each, policy) for each in tries)]
    at = max(waits)
    return at if at <= resolved_at + ASKED_WITHIN else None


def _after(each: Try, policy: Policy) -> datetime:
    busy = each.same and each.outcome == "busy"
    return each.at + (min(BUSY_GAP, policy.gap) if busy else policy.gap)
