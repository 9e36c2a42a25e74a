"""What people ask for, in the order the menu reads it out: as the hotline comes, and as its people have changed it.

To add a need for good: one row in ``NEEDS``, and in every pack of ``prompts/`` its label and the words it is asked for
with. Supervisors change, add and retire needs at the desk (``ivr.store.line.needs``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the menu.

    ``promise_min``: minutes of opening time within which the caller is promised a call back. ``urgent``: whoever asks
    for it is promised that of an emergency, and their ticket is as urgent.
    """

    key: str
    digit: str
    promise_min: int
    urgent: bool = False


OTHER = "other"  # what everything else is, and a need that is offered no more
NEEDS = (
    Need("medicine", digit="1", promise_min=120),
    Need("food", digit="2", promise_min=120),
    Need("transport", digit="3", promise_min=60),
    Need(OTHER, digit="4", promise_min=240),
)
PERSON_DIGIT = "0"
NEWS_DIGIT = "6"  # plays the bulletins that are not heard by everybody
STAFF_DIGIT = "7"  # leads whoever works here to their PIN; no resident hears of it

PROMISE_MIN_UNKNOWN = 120  # the caller never got as far as saying what they need
PROMISE_MIN_URGENT = 15  # somebody said an emergency word


@dataclass(frozen=True)
class Needs:
    """What is offered, in the order of the menu."""

    rows: tuple[Need, ...]

    @cached_property
    def by_key(self) -> dict[str, Need]:
        return {need.key: need for need in self.rows}

    @cached_property
    def by_digit(self) -> dict[str, Need]:
        return {need.digit: need for need in self.rows}

    def offered(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The needs that callers have named; what is offered no more is everything else."""
        return tuple(dict.fromkeys(key if key in self.by_key else OTHER for key in keys))

    def is_urgent(self, key: str | None) -> bool:
        return key in self.by_key and self.by_key[key].urgent

    def promise_min(self, key: str | None, *, urgent: bool) -> int:
        """Minutes of opening time within which a caller with this need is promised a call back."""
        if urgent or self.is_urgent(key):
            return PROMISE_MIN_URGENT
        return self.by_key[key].promise_min if key in self.by_key else PROMISE_MIN_UNKNOWN


SHIPPED = Needs(NEEDS)
