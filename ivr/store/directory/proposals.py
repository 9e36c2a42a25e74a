"""Learning from staff: what was heard where they put another community may be that community's other name."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer

from ivr.store.facts.turns import Match
from ivr.store.insert import insert_new
from ivr.store.models import AliasHearing, AliasProposal, Call, Ticket, Turn
from routing.matching import Decision
from routing.questions import NAMES_COMMUNITY, NAMES_IN_PASSING
from routing.speech import names
from routing.speech.names import MAX_SYLLABLES
from routing.speech.phrases import phrase


def propose(db: Session, ticket: Ticket, now: datetime) -> None:
    """Staff have put the ticket into another community: what its calls said may be that community's other name.

    What the same calls seemed to teach of a community that it was not, is forgotten. Test calls teach nothing.
    """
    _forget(db, ticket)
    community = ticket.community
    if community is None or ticket.test:
        return
    own = {names.parse(name).core for name in (community.name, *(alias.name for alias in community.aliases))}
    for turn, heard in _misheard(db, ticket, (community.street, community.district)):
        if heard in own:
            continue
        insert_new(db, AliasProposal, heard=heard, community_code=community.code, proposed_at=now)
        same = (AliasProposal.heard == heard, AliasProposal.community_code == community.code)
        proposal = db.scalars(select(AliasProposal.id).where(*same)).one()
        insert_new(db, AliasHearing, proposal_id=proposal, turn_id=turn.id)


def _misheard(db: Session, ticket: Ticket, places: Sequence[str]) -> Iterator[tuple[Turn, str]]:
    """What the ticket's calls named in vain, each name once a call, with the first turn that had it."""
    asked = (Turn.about.in_((*NAMES_COMMUNITY, *NAMES_IN_PASSING)), Call.ticket_id == ticket.id)
    turns = select(Turn).join(Turn.call).where(*asked).order_by(Turn.id).options(defer(Turn.reply))
    known: set[tuple[int, str]] = set()
    for turn in db.scalars(turns):
        if not turn.words or not _in_vain(turn.understood.get("match"), ticket.community_code):
            continue
        heard = phrase(turn.words, places, ended=turn.about in NAMES_IN_PASSING)
        if heard and len(names.parse(heard).syllables) <= MAX_SYLLABLES and (turn.call_id, heard) not in known:
            known.add((turn.call_id, heard))
            yield turn, heard


def _in_vain(match: Match | None, code: str | None) -> bool:
    """Whether a match, as the turn has kept it, did not lead to this community."""
    if not match:
        return False
    codes = [candidate["code"] for candidate in match["candidates"]]
    offered = {Decision.ACCEPT: codes[:1], Decision.REJECT: []}.get(Decision(match["decision"]), codes)
    return code not in offered


def _forget(db: Session, ticket: Ticket) -> None:
    """Take back what this ticket's calls were thought to teach of other communities, where nobody has decided yet."""
    mistaken = (
        select(AliasProposal)
        .join(AliasProposal.hearings)
        .join(AliasHearing.turn)
        .join(Turn.call)
        .where(
            Call.ticket_id == ticket.id,
            AliasProposal.state == "proposed",
            AliasProposal.community_code != ticket.community_code,
        )
    )
    own = select(Turn.id).join(Turn.call).where(Call.ticket_id == ticket.id)
    for proposal in db.scalars(mistaken).unique().all():
        db.execute(delete(AliasHearing).where(AliasHearing.proposal_id == proposal.id, AliasHearing.turn_id.in_(own)))
        db.refresh(proposal, ["hearings"])
        if not proposal.hearings:
            db.delete(proposal)
    db.flush()
