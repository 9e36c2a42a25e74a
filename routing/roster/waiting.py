"""How long will a caller wait? Told as it is, and never as less."""

import math
from collections.abc import Sequence
from datetime import timedelta

USUAL_TALK = timedelta(minutes=4)  # until there have been calls to tell by
LATEST = 20  # calls that tell
MAX_MIN = 30  # longer than this is no estimate any more


def wait_min(ahead: int, people: int, talks: Sequence[timedelta]) -> int:
    """Whole minutes until it is the turn of somebody who has *ahead* callers before them; 1 at least.

    *people* take the calls, and have lately talked as long as *talks*: each place in the queue is one such talk, shared
    by all of them. Rounded up.
    """
    lately = talks[-LATEST:]
    usual = sum(lately, timedelta()) / len(lately) if lately else USUAL_TALK
    minutes = (ahead + 1) * usual / timedelta(minutes=1) / max(people, 1)
    return min(max(math.ceil(minutes), 1), MAX_MIN)
