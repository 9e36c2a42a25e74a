"""All figures of some days at once, with those of a week before: what a page, a sheet and a letter tell of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from ivr.store.figures import counting, people
from ivr.store.figures.corrections import Correction, corrections
from ivr.store.figures.counting import Share, Spread
from ivr.store.figures.people import Work
from ivr.store.figures.period import Asked, Period
from ivr.store.models import CommunityRow

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Board:
    """The figures by name; ``before``: the same of the same weekdays, a week earlier. ``places``: by code."""

    period: Period
    counts: Mapping[str, int]
    before: Mapping[str, int]
    standing: Mapping[str, int]
    times: Mapping[str, Spread]
    times_before: Mapping[str, Spread]
    hours: Mapping[int, int]
    hours_before: Mapping[int, int]
    days: Mapping[date, int]
    left_at: Sequence[tuple[str | None, int]]
    needs: Sequence[Share]
    communities: Sequence[Share]
    places: Mapping[str, CommunityRow]
    work: Sequence[Work]
    quality: Mapping[str, int]
    corrections: Sequence[Correction]


def board(db: Session, asked: Asked, period: Period) -> Board:
    """The number of queries does not depend on the number of days or rows."""
    earlier = period.a_week_before()
    before = asked.during(earlier)
    communities = counting.by_community(db, asked)
    put_right = corrections(db, asked)
    named = [share.key for share in communities] + [code for each in put_right for code in (each.before, each.after)]
    return Board(
        period=period,
        counts=counts(db, asked),
        before=counts(db, before),
        standing=counting.standing(db, asked),
        times=counting.times(db, asked),
        times_before=counting.times(db, before),
        hours=counting.by_hour(db, asked, period.zone),
        hours_before=counting.by_hour(db, before, period.zone),
        days=counting.by_day(db, asked, period.ending(WEEK_DAYS)),
        left_at=counting.by_question(db, asked),
        needs=counting.by_need(db, asked),
        communities=communities,
        places=_places(db, [code for code in named if code]),
        work=people.work(db, asked),
        quality=counting.of_quality(db, asked),
        corrections=put_right,
    )


def counts(db: Session, asked: Asked) -> dict[str, int]:
    """Every figure that is counted of the days, by name."""
    of_calls = counting.of_calls(db, asked) | counting.of_understanding(db, asked)
    return of_calls | counting.of_tickets(db, asked)


def _places(db: Session, codes: Sequence[str]) -> dict[str, CommunityRow]:
    rows = select(CommunityRow).where(CommunityRow.code.in_(codes)).options(lazyload(CommunityRow.aliases))
    return {row.code: row for row in db.scalars(rows)} if codes else {}
