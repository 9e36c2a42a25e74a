"""Rules as staff make them: who is told of what. Each verb checks, changes and leaves a line in the audit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import audit
from ivr.store.access import rules as access
from ivr.store.facts import audit as deeds
from ivr.store.models import CommunityRow, NoticeRule, Staff

# What a fresh installation tells its first channel: with it alone, no ticket is forgotten.
FIRST_RULES: Sequence[Mapping[str, Any]] = (
    {"occasion": "new"},
    {"occasion": "unclaimed", "minutes": 10, "urgent_only": True},
    {"occasion": "due_soon", "minutes": 30},
    {"occasion": "overdue"},
    {"occasion": "raised"},
)


def listed(db: Session) -> Sequence[NoticeRule]:
    """Every rule, in the order in which they were made."""
    shown = (joinedload(NoticeRule.community).lazyload(CommunityRow.aliases), joinedload(NoticeRule.first))
    return db.scalars(select(NoticeRule).order_by(NoticeRule.id).options(*shown, joinedload(NoticeRule.second))).all()


def rule(db: Session, staff: Staff, rule_id: int) -> NoticeRule:
    """The rule, for somebody who may say who is told. Raises ``NotFound`` or ``Forbidden``."""
    if not access.may(staff, "set_rules"):
        raise access.Forbidden("set_rules", rule=rule_id)
    found = db.get(NoticeRule, rule_id, with_for_update=True)
    if found is None:
        raise access.NotFound(rule=rule_id)
    return found


def save(db: Session, staff: Staff, now: datetime, wanted: Mapping[str, Any], rule_id: int | None = None) -> NoticeRule:
    """Make a rule, or change the one of that id; what happened before now is not told by it any more."""
    if rule_id is None:
        if not access.may(staff, "set_rules"):
            raise access.Forbidden("set_rules")
        kept = NoticeRule()
        db.add(kept)
    else:
        kept = rule(db, staff, rule_id)
    for field, value in wanted.items():
        setattr(kept, field, value)
    kept.since = now
    db.flush()
    audit.append(db, staff, deeds.RuleSet(rule=kept.id), now)
    return kept


def remove(db: Session, staff: Staff, rule_id: int, now: datetime) -> None:
    """Nobody is told by this rule any more. Raises ``NotFound`` or ``Forbidden``."""
    db.delete(rule(db, staff, rule_id))
    audit.append(db, staff, deeds.RuleRemoved(rule=rule_id), now)
