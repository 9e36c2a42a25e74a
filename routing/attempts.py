"""How often a caller is tried before we may say that they cannot be reached; and when a claim is offered again."""

from datetime import datetime, timedelta

OUTCOMES = ("reached", "no_answer", "busy", "wrong_number", "machine")

TRIES = 3  # after that many, whoever tried may give up
PATIENCE = timedelta(days=7)  # or after that long since the first
NEXT_TRY = timedelta(days=1)  # who tries once a day is still trying to reach the caller


def tries_missing(attempts: int, first_at: datetime | None, now: datetime) -> int:
    """How many more tries it takes until a ticket may be resolved as *not reached*; 0: it may be now."""
    if first_at is not None and now - first_at >= PATIENCE:
        return 0
    return max(0, TRIES - attempts)


def lapses_at(
    progress_at: datetime, patience_min: int, *, taken_up_by: datetime | None, last_attempt_at: datetime | None
) -> datetime:
    """When a claim is offered to others again, if nothing happens until then.

    ``progress_at``: when its holder last got on with it; ``taken_up_by``: how long they were given by whoever handed
    it to them; ``last_attempt_at``: of a caller who has not been reached yet.
    """
    ends = [progress_at + timedelta(minutes=patience_min)]
    if taken_up_by:
        ends.append(taken_up_by)
    if last_attempt_at:
        ends.append(last_attempt_at + NEXT_TRY)
    return max(ends)
