"""Real answers to the question for the community, masked, for people who label them to calibrate the matcher."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.facts.turns import HeardKind
from ivr.store.models import Call, Ticket, Turn
from ivr.store.models.call import said
from routing.questions import NAMES_COMMUNITY

MASK = "•••"
# Four digits in a row, however they are written: part of a telephone number, an identity card or a date of birth.
NUMBERS = re.compile(r"(?:[0-9０-９〇零一二三四五六七八九幺两][\s,，.。·-]*){4,}")


def lines(db: Session, since: datetime) -> Iterator[dict[str, Any]]:
    """One line an answer since then, in the order of their words, so that no line tells whose call it was or when.

    ``truth`` is null until somebody has listened: no line counts unlabelled. ``guess`` is the code of the community
    where the ticket is now. Test calls, and what was said about anything but the community, are left out.
    """
    answers = (
        select(said(), Ticket.community_code)
        .join(Turn.call)
        .outerjoin(Call.ticket)
        .where(Call.started_at >= since, Call.test.is_(False), Turn.about.in_(NAMES_COMMUNITY))
        .where(Turn.heard["kind"].as_string() == HeardKind.SPEECH.value)
    )
    for heard, guess in sorted((masked(words or ""), code or "") for words, code in db.execute(answers)):
        yield {"heard": heard, "truth": None, "guess": guess or None, "kind": "real"}


def masked(heard: str) -> str:
    """The words without longer numbers."""
    return NUMBERS.sub(MASK, heard)
