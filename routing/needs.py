"""What people ask for, in the order the menu reads it out.

To add a need: one row here, and in every pack of ``prompts/`` its label and the words it is asked for with.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the menu.

    ``promise_min``: minutes of opening time within which the caller is promised a call back.
    """

    key: str
    digit: str
    promise_min: int


NEEDS = (
    Need("medicine", digit="1", promise_min=120),
    Need("food", digit="2", promise_min=120),
    Need("transport", digit="3", promise_min=60),
    Need("other", digit="4", promise_min=240),
)
NEWS_DIGIT = "6"  # plays the bulletins that are not heard by everybody
BY_KEY = {need.key: need for need in NEEDS}
BY_DIGIT = {need.digit: need for need in NEEDS}

PROMISE_MIN_UNKNOWN = 120  # the caller never got as far as saying what they need
PROMISE_MIN_URGENT = 15  # somebody said an emergency word


def promise_min(need: str | None, *, urgent: bool) -> int:
    """Minutes of opening time within which a caller with this need is promised a call back."""
    if urgent:
        return PROMISE_MIN_URGENT
    return BY_KEY[need].promise_min if need in BY_KEY else PROMISE_MIN_UNKNOWN
