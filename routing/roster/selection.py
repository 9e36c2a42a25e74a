"""Whose telephone rings for a call? Decided from what is known of the call and of those who are on."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from routing.roster.shift import EVERYTHING, Scope

AT_ONCE = 10  # telephones that one <Dial> rings, https://www.twilio.com/docs/voice/twiml/dial
RINGING = timedelta(minutes=1)  # 25 s, five that Twilio adds, and the whisper
TALKING = timedelta(hours=4)  # a <Dial> lasts no longer
WRAP_UP = timedelta(minutes=2)  # after a call, to write down what it came to
MISSES = 3  # in a row, and a telephone is left in peace for a while
PAUSE = timedelta(minutes=30)


class Order(StrEnum):
    """Who is rung first."""

    LONGEST_IDLE = "longest_idle"
    IN_TURN = "in_turn"
    ALL_AT_ONCE = "all_at_once"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who is on. ``ready``: not on a break; ``busy_until``: rung or talking; ``wrap_until`` and
    ``paused_until``: when wrap-up and the pause after misses end; ``idle_since``: when they last spoke to a caller;
    ``counsels``: they are trained to listen to people in despair.
    """

    id: int
    idle_since: datetime
    scope: Scope = EVERYTHING
    ready: bool = True
    busy_until: datetime | None = None
    wrap_until: datetime | None = None
    paused_until: datetime | None = None
    counsels: bool = False

    def free(self, now: datetime) -> bool:
        """Whether their telephone may ring now."""
        return self.ready and not any(
            until and until > now for until in (self.busy_until, self.wrap_until, self.paused_until)
        )

    def back_soon(self, now: datetime) -> bool:
        """Whether a caller may wait for them: they are at it, just not free this minute."""
        return self.ready and not (self.paused_until and self.paused_until > now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the call. ``need`` and ``community`` None: not yet known. ``without``: rung in it already.

    ``first``: who has the caller's matter in hand, and is rung before all others. ``despair``: somebody who is trained
    for that is rung before all others, whatever else they are there for.
    """

    language: str
    need: str | None = None
    community: str | None = None
    without: frozenset[int] = frozenset()
    first: int | None = None
    despair: bool = False


def fits(scope: Scope, wanted: Wanted) -> bool:
    """Whether a call like this is for somebody with this scope; what is not known of it keeps nobody away."""
    pairs = ((scope.languages, wanted.language), (scope.needs, wanted.need), (scope.areas, wanted.community))
    return all(not known or asked is None or asked in known for known, asked in pairs)


def suited(helpers: Iterable[Helper], wanted: Wanted) -> list[Helper]:
    """Those whom this call is for and who were not rung in it."""
    left = [each for each in helpers if each.id not in wanted.without]
    return [each for each in left if each.id == wanted.first or fits(each.scope, _asked_of(each, wanted))]


def _asked_of(helper: Helper, wanted: Wanted) -> Wanted:
    """Who counsels is asked for no more than the caller's language."""
    return replace(wanted, need=None, community=None) if wanted.despair and helper.counsels else wanted


def to_be_had(person: int) -> bool:
    """Nobody else is about to ring them."""
    return True


def choose(
    helpers: Collection[Helper],
    wanted: Wanted,
    order: Order,
    now: datetime,
    last: int | None = None,
    can_have: Callable[[int], bool] = to_be_had,
) -> Sequence[int]:
    """The ids of those whose telephones ring now, best first; none: nobody is free.

    Who is there for just this community or need comes before who is there for all. ``last``: whom the call before
    this one was rung to, for those who take turns. ``can_have`` is asked about the best, and about the next where the
    answer is no.
    """
    free = [each for each in suited(helpers, wanted) if each.free(now)]
    if wanted.first in {each.id for each in free} and can_have(wanted.first):
        return [wanted.first]
    if wanted.despair and (trained := [each for each in free if each.counsels and can_have(each.id)]):
        return [min(trained, key=lambda each: (each.idle_since, each.id)).id]
    if order is Order.IN_TURN:
        ranked = sorted(free, key=lambda each: (_general(each, wanted), last is not None and each.id <= last, each.id))
    else:
        ranked = sorted(free, key=lambda each: (_general(each, wanted), each.idle_since, each.id))
    had = (each.id for each in ranked if can_have(each.id))
    return list(islice(had, AT_ONCE if order is Order.ALL_AT_ONCE else 1))


def _general(helper: Helper, wanted: Wanted) -> int:
    """0 for who is there for just this; the wider, the later."""
    own_area = wanted.community is not None and wanted.community in helper.scope.areas
    own_need = wanted.need is not None and wanted.need in helper.scope.needs
    return 2 - own_area - own_need
