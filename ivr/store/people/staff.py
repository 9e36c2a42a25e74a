"""Who works for the hotline: adding them, changing what they may do, and taking them out."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.store.facts.history import Lapsed
from ivr.store.models import ROLES, CommunityRow, LoginSession, OneTimeLink, Staff, StaffCommunity, Ticket
from ivr.store.models.ticket import IS_WAITING
from ivr.store.people.names import check_name, normal
from ivr.store.people.passwords import check_password, hashed
from ivr.store.tickets import history
from ivr.store.tickets.verbs import free


def add(
    db: Session,
    *,
    name: str,
    role: str,
    password: str | None,
    communities: Iterable[str] = (),
    now: datetime,
    own_words: Collection[str] = (),
    printed: bool = False,
) -> Staff:
    """Add a member of staff, who can log in at once; without a *password*, once they have set one by a link.

    *communities* are codes of the directory, *own_words* what this hotline is called, which is no password; *printed*:
    somebody else has read the password.

    Raises ``BadName``, ``BadPassword`` or ``ValueError`` for a role or a community that does not exist.
    """
    name = normal(name)
    check_name(db, name)
    if password is not None:
        check_password(password, (name, *own_words))
    codes = _checked(db, role, communities)
    kept = hashed(password or secrets.token_urlsafe(32))
    person = Staff(name=name, role=role, password_hash=kept, created_at=now, password_printed=printed)
    person.communities = [StaffCommunity(community_code=code) for code in codes]
    db.add(person)
    db.flush()
    return person


def everybody(db: Session) -> Sequence[Staff]:
    """Who can log in, by name."""
    return db.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)).unique().all()


def stopped(db: Session) -> Sequence[Staff]:
    """Who could log in once, by name."""
    return db.scalars(select(Staff).where(Staff.disabled_at.is_not(None)).order_by(Staff.name)).unique().all()


def named(db: Session, name: str) -> Staff:
    """The member of staff of this name, who can log in. Raises ``ValueError``."""
    person = db.scalars(select(Staff).where(Staff.name == normal(name), Staff.disabled_at.is_(None))).unique().first()
    if person is None:
        raise ValueError("nobody of this name can log in")
    return person


def _checked(db: Session, role: str, communities: Iterable[str]) -> list[str]:
    """The codes of these communities, for somebody of this role. Raises ``ValueError``."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")
    codes = sorted(set(communities))
    known = set(db.scalars(select(CommunityRow.code).where(CommunityRow.code.in_(codes))))
    if unknown := [code for code in codes if code not in known]:
        raise ValueError(f"no such community: {', '.join(unknown)}")
    if role == "officer" and not codes:
        raise ValueError("an officer sees the tickets of their communities and no others: name one")
    return codes


def set_password(db: Session, person: Staff, password: str, own_words: Collection[str] = ()) -> None:
    """Change the password; every browser of theirs is logged out, a link is worth nothing. Raises ``BadPassword``."""
    check_password(password, (person.name, *own_words), second_factor=person.factor_sealed is not None)
    person.password_hash = hashed(password)
    person.password_printed = False
    db.execute(delete(OneTimeLink).where(OneTimeLink.staff_id == person.id))
    log_out_everywhere(db, person)


def set_role(db: Session, person: Staff, role: str, communities: Iterable[str] = ()) -> None:
    """Change the role, and the communities to these; every browser of theirs is logged out. Raises ``ValueError``."""
    codes = _checked(db, role, communities)
    person.role = role
    person.communities = [StaffCommunity(community_code=code) for code in codes]
    log_out_everywhere(db, person)


def disable(db: Session, person: Staff, now: datetime) -> None:
    """They can log in no longer, and are logged out; what they had in hand is offered to everybody again."""
    person.disabled_at = now
    log_out_everywhere(db, person)
    for ticket in db.scalars(select(Ticket).where(IS_WAITING, Ticket.claimed_by_id == person.id)).all():
        history.note(db, ticket, Lapsed(person.id), now)
        free(ticket)


def log_out_everywhere(db: Session, person: Staff) -> None:
    db.execute(delete(LoginSession).where(LoginSession.staff_id == person.id))
