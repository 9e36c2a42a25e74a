"""Two people on one page: what was done since somebody looked, and whether it matters to what they press now."""

from collections.abc import Set
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.facts import history as entries
from ivr.store.models import Staff
from ivr.store.tickets import history
from ivr.store.tickets.history import Kind
from ivr.store.tickets.verbs import Changed

HANDS: frozenset[Kind] = frozenset(
    {entries.Claimed, entries.Handed, entries.Freed, entries.Returned, entries.CameBack, entries.Lapsed}
)
ENDS: frozenset[Kind] = frozenset(
    {entries.Resolved, entries.Closed, entries.Cancelled, entries.Reopened, entries.Merged}
)
CALLER: frozenset[Kind] = frozenset(
    {
        entries.CalledAgain,
        entries.Named,
        entries.Message,
        entries.Callback,
        entries.Urgent,
        entries.NotRight,
        entries.StillNeeded,
        entries.Absorbed,
        entries.Split,
    }
)
WORK: frozenset[Kind] = frozenset(
    {entries.Note, entries.Attempt, entries.OnTheWay, entries.NotOnTheWay, entries.Need, entries.Community}
)

PARTNER: frozenset[Kind] = frozenset(
    {entries.PassedOn, entries.PartnerReference, entries.PartnerAnswered, entries.CameBack}
)

# What others may have done that whoever presses must know first. A note or a try overwrites nothing: they are not here.
MATTERS: dict[str, frozenset[Kind]] = {
    "on_the_way": HANDS | ENDS | {entries.OnTheWay, entries.NotOnTheWay},
    "resolve": HANDS | ENDS | CALLER | WORK | PARTNER,
    "close": ENDS | CALLER,
    "reopen": ENDS,
    "need": ENDS | {entries.Need},
    "community": ENDS | {entries.Community},
    "hand": HANDS | ENDS | {entries.Community, entries.OnTheWay},
    "give_back": HANDS | ENDS,
    "pass_on": HANDS | ENDS | PARTNER,
    "refer": ENDS | PARTNER,
    "say_outcome": ENDS | CALLER | PARTNER,
    "merge": HANDS | ENDS | CALLER | {entries.Need, entries.Community},
    "split": HANDS | ENDS | {entries.Absorbed, entries.Split},
}

TWICE = timedelta(minutes=2)

# What a verb leaves in the history.
LEAVES: dict[str, set[Kind]] = {
    "note": {entries.Note},
    "attempt": {entries.Attempt},
    "resolve": {entries.Resolved},
    "close": {entries.Closed},
    "reopen": {entries.Reopened},
    "hand": {entries.Handed, entries.Freed},
    "give_back": {entries.Returned, entries.Freed},
    "pass_on": {entries.PassedOn},
    "refer": {entries.PartnerReference},
    "say_outcome": {entries.Resolved, entries.CameBack},
}


def refuse(db: Session, staff: Staff, ticket_id: int, verb: str, seen: int) -> None:
    """Raise ``Changed`` when somebody else did what matters to this verb after the history line *seen*.

    The ticket stays locked until the transaction ends, so that nobody can do it between this look and the verb.
    What somebody did themselves, in another window or by pressing twice, is no news to them.
    """
    rules.ticket(db, staff, ticket_id, lock=True)
    if history.since(db, ticket_id, seen, staff, MATTERS.get(verb, ())):
        raise Changed


def pressed_twice(
    db: Session, staff: Staff, ticket_id: int, verb: str, seen: int, said: Set[str], now: datetime
) -> bool:
    """Whether *staff* has just done this with these words, from this page: tapped twice, or sent again by a slow line.

    A try to ring that is counted twice would let somebody give up after one. An hour later the same page, brought back
    by the browser's own Back, means another try.
    """
    rules.ticket(db, staff, ticket_id, lock=True)
    done = history.own_since(db, ticket_id, seen, staff, LEAVES.get(verb, ()))
    return any(now - line.at < TWICE and said <= {str(value) for value in line.detail.values()} for line in done)
