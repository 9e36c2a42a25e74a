"""A night's work: what has been kept long enough goes, in small transactions between which calls write."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.access import audit, chain
from ivr.store.facts.audit import AuditCut, Purged
from ivr.store.files.audio import AudioStore
from ivr.store.keeping import erasing, periods
from ivr.store.keeping.periods import Periods
from ivr.store.models import Call, Outgoing, Recording
from ivr.store.session import Sessions

AT_ONCE = 200
Portion = Callable[[Session, datetime], int]


def forget(sessions: Sessions, store: AudioStore, kept: Periods, now: datetime) -> dict[str, int]:
    """Erase what is over, by kind: how much of each went. It stands in the audit, which is its certificate."""
    portions: dict[str, Portion] = {
        "audio": lambda db, before: erasing.audio(db, store, _some(db, periods.recordings(before))),
        "words": lambda db, before: erasing.words(
            db, _some(db, periods.turns(before)), _some(db, periods.lines(before))
        ),
        "cards": lambda db, before: erasing.cards(db, _some(db, periods.cards(before))),
        "numbers": lambda db, before: erasing.numbers(db, _some(db, periods.numbers(before)), now),
    }
    gone: dict[str, int] = {}
    for kind, portion in portions.items():
        if before := kept.before(kind, now):
            gone[kind] = sum(_until_nothing_is_left(sessions, portion, before))
    if any(gone.values()):
        with sessions.begin() as db:
            texts = gone.get("words", 0)
            others = {kind: number for kind, number in gone.items() if kind != "words"}
            audit.append(db, None, Purged(texts=texts, **others), now)
    if before := kept.before("log", now):
        with sessions.begin() as db:
            if cut := chain.cut(db, before, now):
                audit.append(db, None, AuditCut(*cut), now)
                gone["log"] = cut[0]
    return gone


def at_the_carrier(db: Session) -> tuple[list[Recording], list[Call | Outgoing]]:
    """What is gone here and not yet there: sounds, and the calls' own rows with their numbers."""
    sounds = select(Recording).where(Recording.state == "purged", Recording.carrier_gone_at.is_(None)).limit(AT_ONCE)
    calls = select(Call).where(Call.erased_at.is_not(None), Call.carrier_gone_at.is_(None)).limit(AT_ONCE)
    placed = select(Outgoing).where(
        Outgoing.erased_at.is_not(None), Outgoing.carrier_gone_at.is_(None), Outgoing.sid.is_not(None)
    )
    return list(db.scalars(sounds)), [*db.scalars(calls), *db.scalars(placed.limit(AT_ONCE))]


def _until_nothing_is_left(sessions: Sessions, portion: Portion, before: datetime) -> Iterator[int]:
    while True:
        with sessions.begin() as db:
            gone = portion(db, before)
        yield gone
        if not gone:
            return


def _some(db: Session, due: Select[int]) -> list[int]:
    return list(db.scalars(due.limit(AT_ONCE)))
