"""Channels as staff make them: each verb checks, changes and leaves a line in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.access import rules as access
from ivr.store.facts import audit as deeds
from ivr.store.models import UNSENT, Channel, Notice, NoticeRule, Staff
from ivr.store.notices import rules
from ivr.store.seal import Seal, Unreadable


class StillUsed(Exception):
    """A rule tells by this channel: it cannot go before the rule does."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A channel on the page: what waits, what was given up, when it last sent something, how many rules use it."""

    channel: Channel
    waiting: int
    failed: int
    sent_at: datetime | None
    used: int


def listed(db: Session) -> list[Shown]:
    """The channels in service, by name. The number of queries is constant."""
    figures = {
        row.channel_id: row
        for row in db.execute(
            select(
                Notice.channel_id,
                func.count().filter(Notice.state.in_(UNSENT)).label("waiting"),
                func.count().filter(Notice.state == "failed").label("failed"),
                func.max(Notice.ended_at).filter(Notice.state == "sent").label("sent_at"),
            ).group_by(Notice.channel_id)
        )
    }
    used = dict(_uses(db))
    return [
        Shown(
            each,
            row.waiting if row else 0,
            row.failed if row else 0,
            row.sent_at if row else None,
            used.get(each.id, 0),
        )
        for each in in_service(db)
        for row in [figures.get(each.id)]
    ]


def in_service(db: Session) -> Sequence[Channel]:
    return db.scalars(select(Channel).where(Channel.removed_at.is_(None)).order_by(Channel.name, Channel.id)).all()


def channel(db: Session, staff: Staff, channel_id: int, *, lock: bool = False) -> Channel:
    """The channel, for somebody who may set channels up. Raises ``NotFound`` or ``Forbidden``."""
    if not access.may(staff, "set_channels"):
        raise access.Forbidden("set_channels", channel=channel_id)
    found = db.get(Channel, channel_id, with_for_update=lock)
    if found is None or found.removed_at:
        raise access.NotFound(channel=channel_id)
    return found


def opened(kept: Channel, seal: Seal) -> dict[str, str]:
    """What its form was filled in with; nothing, when the key it was sealed with is gone."""
    try:
        return seal.open(kept.sealed)
    except Unreadable:
        return {}


def save(
    db: Session,
    staff: Staff,
    now: datetime,
    seal: Seal,
    *,
    kind: str,
    name: str,
    language: str,
    values: Mapping[str, str],
    channel_id: int | None = None,
) -> Channel:
    """Make a channel, or change the one of that id. With the very first one, the first rules are made."""
    if channel_id is None:
        if not access.may(staff, "set_channels"):
            raise access.Forbidden("set_channels")
        kept = Channel(kind=kind, made_at=now)
        db.add(kept)
    else:
        kept = channel(db, staff, channel_id, lock=True)
        kept.tried_at = kept.trouble = kept.answer = None  # that was another channel, so to say
    kept.name, kept.language, kept.sealed = name, language, seal.close(values)
    db.flush()
    audit.append(db, staff, deeds.ChannelSet(channel=kept.id), now)
    if channel_id is None and not db.scalars(select(NoticeRule.id).limit(1)).first():
        db.add_all(NoticeRule(first_id=kept.id, since=now, **first) for first in rules.FIRST_RULES)
    return kept


def remove(db: Session, staff: Staff, channel_id: int, now: datetime) -> None:
    """Take a channel out of service, and forget what was sealed. Raises ``StillUsed``, ``NotFound``, ``Forbidden``."""
    gone = channel(db, staff, channel_id, lock=True)
    if dict(_uses(db)).get(channel_id):
        raise StillUsed
    gone.removed_at, gone.sealed = now, ""
    audit.append(db, staff, deeds.ChannelRemoved(channel=channel_id), now)


def tried(db: Session, staff: Staff, channel_id: int, trouble: str | None, answer: str, now: datetime) -> None:
    """Keep what the test button met."""
    tested = channel(db, staff, channel_id)
    tested.tried_at, tested.trouble, tested.answer = now, trouble, answer
    audit.append(db, staff, deeds.ChannelTested(channel=channel_id), now)


def _uses(db: Session) -> Sequence[Any]:
    """How many rules use each channel."""
    using = or_(NoticeRule.first_id == Channel.id, NoticeRule.second_id == Channel.id)
    return db.execute(select(Channel.id, func.count(NoticeRule.id)).join(NoticeRule, using).group_by(Channel.id)).all()
