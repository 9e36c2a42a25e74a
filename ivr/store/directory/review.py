"""Teaching the matcher: what a supervisor makes of the other names that were proposed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer, joinedload

from ivr.store import hotline
from ivr.store.access import audit, rules
from ivr.store.derived import places
from ivr.store.facts.audit import AliasAccepted, AliasDeclined
from ivr.store.insert import insert_new
from ivr.store.models import Alias, AliasHearing, AliasProposal, Call, CommunityRow, Staff, Turn
from routing.matching import Matcher
from routing.matching.teachable import Objection, objection
from routing.speech import names

MAX_LISTED = 50


class NotTeachable(ValueError):
    """The phrase must not become a name of that community; ``objection`` says why."""

    def __init__(self, against: Objection) -> None:
        super().__init__(against.doubt)
        self.objection = against


class Overtaken(Exception):
    """Somebody has decided meanwhile; the page should be shown again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal, in how many calls it was heard, and the newest of them."""

    proposal: AliasProposal
    times: int
    turn: Turn


def listed(db: Session, *states: str) -> list[Listed]:
    """The proposals of these states: decided last, then heard most, comes first. The number of queries is constant."""
    heard = (
        select(AliasHearing.proposal_id, func.count().label("times"), func.max(AliasHearing.turn_id).label("newest"))
        .group_by(AliasHearing.proposal_id)
        .subquery()
    )
    query = (
        select(AliasProposal, heard.c.times, Turn)
        .join(heard, heard.c.proposal_id == AliasProposal.id)
        .join(Turn, Turn.id == heard.c.newest)
        .where(AliasProposal.state.in_(states))
        .order_by(AliasProposal.decided_at.desc(), heard.c.times.desc(), AliasProposal.id)
        .limit(MAX_LISTED)
        .options(
            joinedload(AliasProposal.community).lazyload(CommunityRow.aliases),
            joinedload(AliasProposal.decided_by),
            defer(Turn.reply),
            joinedload(Turn.call).joinedload(Call.ticket),
        )
    )
    return [Listed(*row) for row in db.execute(query)]


def accept(
    db: Session, staff: Staff, proposal_id: int, name: str, matcher: Matcher, now: datetime, *, shown: str
) -> None:
    """Teach *name*, the proposed one or what the supervisor made of it: the next call matches.

    ``shown`` is the state in which they saw the proposal. Raises ``Overtaken``, ``NotTeachable``, ``NotFound`` or
    ``Forbidden``.
    """
    proposal = _locked(db, staff, proposal_id, shown)
    if proposal.state == "accepted":
        raise Overtaken
    if against := objection(name, proposal.community_code, matcher):
        raise NotTeachable(against)
    proposal.alias = names.parse(name).core
    insert_new(db, Alias, community_code=proposal.community_code, name=proposal.alias)
    places.index(db, [proposal.community_code])
    _decide(db, staff, proposal, "accepted", now)
    hotline.directory_changed(db)


def decline(db: Session, staff: Staff, proposal_id: int, now: datetime, *, shown: str) -> None:
    """It is no name of that community; one that was taught already is taken back.

    Raises ``Overtaken``, ``NotFound`` or ``Forbidden``.
    """
    proposal = _locked(db, staff, proposal_id, shown)
    if proposal.alias is not None:
        taught = (Alias.community_code == proposal.community_code, Alias.name == proposal.alias)
        db.execute(delete(Alias).where(*taught))
        places.index(db, [proposal.community_code])
        proposal.alias = None
        hotline.directory_changed(db)
    _decide(db, staff, proposal, "declined", now)


def _locked(db: Session, staff: Staff, proposal_id: int, shown: str) -> AliasProposal:
    if not rules.may(staff, "teach"):
        raise rules.Forbidden("teach", alias=proposal_id)
    proposal = db.get(AliasProposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise rules.NotFound(alias=proposal_id)
    if proposal.state != shown:
        raise Overtaken
    return proposal


def _decide(db: Session, staff: Staff, proposal: AliasProposal, state: str, now: datetime) -> None:
    deed = AliasAccepted if state == "accepted" else AliasDeclined
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, staff.id, now
    audit.append(db, staff, deed(alias=proposal.id), now)
    db.flush()
