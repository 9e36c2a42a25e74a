"""Bringing a community's duty contact into a talk: what each of the three hears next, from who is on the line.

The helper speaks with the contact first, while the resident waits; then all three are together, or the helper leaves.
Nobody is told to do anything: each telephone asks again and again what is next, so that news in any order, repeated or
lost, changes nothing but how soon.
"""

from dataclasses import dataclass

from ivr.flow.types import Say
from routing.transfer import Contact, Party, Standing

MOST_HOLDS = 150  # about ten minutes; then whoever waits is let go with a word


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait, and ask again."""

    say: Say


@dataclass(frozen=True, slots=True)
class Room:
    """Speak with the others. ``star``: that key brings the resident in; ``ends``: leaving sends the others to ask."""

    say: Say
    star: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """The last word; then we hang up."""

    say: Say


Next = Hold | Room | Over


def next_for(party: Party, now: Standing, asked: int = 0) -> Next:
    """What this party hears. ``asked``: how often they have been told to wait."""
    if party is Party.HELPER and not now.resident and now.contact is not Contact.THERE:
        return Over(Say("transfer.resident_left"))
    waits = now.contact is Contact.RUNG or (party not in now.room and bool(now.room))
    if waits and asked < MOST_HOLDS:
        return Hold(Say("transfer.ringing" if party is Party.HELPER else "transfer.wait"))
    if waits or now.room <= {party}:
        return Over(_last_word(party, now))
    return Room(_welcome(party, now), star=party is Party.HELPER and _briefs(now), ends=party is Party.CONTACT)


def _briefs(now: Standing) -> bool:
    return now.contact is Contact.THERE and now.resident and not now.joined


def _last_word(party: Party, now: Standing) -> Say:
    if party is Party.RESIDENT:
        return Say("transfer.over" if now.contact is Contact.LEFT else "transfer.nobody")
    return Say("transfer.resident_left" if party is Party.HELPER else "calling.gone")


def _welcome(party: Party, now: Standing) -> Say:
    match party, now.contact:
        case Party.HELPER, Contact.UNREACHED:
            return Say("transfer.unreached")
        case Party.HELPER, Contact.LEFT:
            return Say("transfer.contact_left")
        case Party.HELPER, _:
            return Say("transfer.briefing" if _briefs(now) else "transfer.together")
        case Party.CONTACT, _:
            return Say("transfer.private" if now.helper and not now.joined else "transfer.together")
    return Say("transfer.joined" if now.contact is Contact.THERE else "transfer.back")
