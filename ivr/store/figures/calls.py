"""The figures of calls: each is a condition on a call, ``CALLS[name](asked)``.

How a call ended is one of ``ENDINGS``: together they are all calls, so that a page's parts add up to its whole.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from ivr.store.access import rules
from ivr.store.directory import measures
from ivr.store.figures.clock import ms_between
from ivr.store.figures.period import Asked
from ivr.store.models import Call, Turn

ENDINGS = ("by_person", "message", "completed", "abandoned", "too_short", "lost_track", "going_on")
REPEATED = 3  # calls of one number within the days that are asked about, as in ``ivr.store.tickets.matters``

Condition = Callable[[Asked], ColumnElement[bool]]
BY_PERSON = or_(Call.taken_at.is_not(None), func.coalesce(Call.outcome, "") == "person")


def counted(asked: Asked) -> ColumnElement[bool]:
    """Calls that figures are of: begun within the days, of callers and no tests."""
    callers = and_(Call.test.is_(False), Call.staff_id.is_(None))
    return and_(Call.started_at >= asked.since, Call.started_at < asked.until, callers)


def ending(asked: Asked) -> ColumnElement[str]:
    """How the call ended, one of ``ENDINGS``."""
    short = func.coalesce(ms_between(Call.started_at, Call.ended_at) < asked.abandoned_min_s * 1000, False)
    return case(
        (BY_PERSON, "by_person"),
        (Call.outcome.is_(None), "going_on"),
        (Call.outcome == "message", "message"),
        (and_(Call.outcome == "hung_up", short), "too_short"),
        (Call.outcome == "hung_up", "abandoned"),
        (Call.outcome == "lost_track", "lost_track"),
        else_="completed",
    )


def understanding() -> ColumnElement[str]:
    """How well the community was understood, one of ``measures.VERDICTS``; null of a call that named none in words.

    The same as on the page of community names, by the same conditions.
    """
    turns = Turn.call_id == Call.id
    tried = select(Turn.id).where(turns, measures.named()).correlate(Call).exists()
    questions = select(measures.questions()).where(turns).correlate(Call).scalar_subquery()
    return case((and_(Call.ended_at.is_not(None), tried), measures.verdict(questions)))


def wanted_person(asked: Asked) -> ColumnElement[bool]:
    return or_(Call.wants_person_at.is_not(None), BY_PERSON)


def taken_within(asked: Asked, earlier: Any) -> ColumnElement[bool]:
    return func.coalesce(ms_between(earlier, Call.taken_at) <= asked.answer_within_s * 1000, False)


def from_repeat_callers(asked: Asked) -> ColumnElement[bool]:
    """Counted are the calls that the same reader may count: what another community has is not known from this."""
    often = rules.visible_calls(asked.staff, "see_figures").where(counted(asked), Call.caller_id.is_not(None))
    return Call.caller_id.in_(
        often.with_only_columns(Call.caller_id).group_by(Call.caller_id).having(func.count() >= REPEATED)
    )


def _ended(name: str) -> Condition:
    return lambda asked: ending(asked) == name


def _understood(verdict: str) -> Condition:
    return lambda asked: understanding() == verdict


CALLS: dict[str, Condition] = {
    "calls": lambda asked: Call.id.is_not(None),
    **{name: _ended(name) for name in ENDINGS},
    "wanted_person": wanted_person,
    "within_of_start": lambda asked: taken_within(asked, Call.started_at),
    "within_of_wish": lambda asked: taken_within(asked, func.coalesce(Call.wants_person_at, Call.started_at)),
    "repeat": from_repeat_callers,
}
UNDERSTOOD: dict[str, Condition] = {f"place_{verdict}": _understood(verdict) for verdict in measures.VERDICTS}
