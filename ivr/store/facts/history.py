"""What a ticket's history keeps: the kinds of its entries, each with an example in ``EXAMPLES``.

``call`` is a call's SID at the carrier; people and tickets are named by their ids. What somebody wrote stands in the
fields that a kind names as its ``words``.
"""

from ivr.store.facts.fact import Fact


class Entry(Fact):
    """One thing that happened to a ticket."""


# --- what callers do


class Opened(Entry, kind="opened"):
    """By a call; ``split_from``: it was a part of that ticket."""

    call: str | None = None
    split_from: int | None = None


class CalledAgain(Entry, kind="call"):
    call: str


class Urgent(Entry, kind="urgent"):
    call: str


class WantsPerson(Entry, kind="wants_person"):
    call: str


class Talked(Entry, kind="talked"):
    """With ``staff``; None: with the person at the duty number."""

    call: str
    staff: int | None = None


class Missed(Entry, kind="missed"):
    """``staff`` was rung for a call and did not take it; None: the duty number. ``how``: the outcome of a ``Ring``."""

    call: str
    how: str
    staff: int | None = None


class Cancelled(Entry, kind="cancelled"):
    """The caller does not need it any more."""

    call: str


class Callback(Entry, kind="callback"):
    """A number to call back was given, or another one."""

    call: str


class Named(Entry, kind="named"):
    """Whose call it was became known after it had opened the ticket."""

    call: str


class Message(Entry, kind="message"):
    """``seconds`` is None while the carrier has not said how long it is."""

    recording: int | None = None
    seconds: int | None = None


class Audio(Entry, kind="audio"):
    """The sound of a message has arrived."""

    recording: int | None = None


class AudioMissing(Entry, kind="audio_missing"):
    """It never will. ``trouble``: see ``ivr.store.models.recording``; None when the carrier has none."""

    recording: int | None = None
    trouble: str | None = None


class Slow(Entry, kind="slow"):
    """Not understood in two calls, and so moved to the slow lane."""


class Raised(Entry, kind="raised"):
    """The caller rang so often (``calls`` within a day) that a supervisor should look."""

    calls: int


# --- what was understood, and put right


class Community(Entry, kind="community"):
    """Codes; None: not known. ``call`` when a call did it, and no person."""

    from_: str | None
    to: str | None
    call: str | None = None


class Need(Entry, kind="need"):
    from_: str | None
    to: str | None
    call: str | None = None


# --- what staff do


class Typed(Entry, kind="typed", words=("text", "place")):
    """Entered by hand. ``place``: the community in the caller's words, when nobody knows one of that name."""

    text: str = ""
    place: str = ""


class FromPartner(Entry, kind="from_partner", words=("reference",)):
    """Taken from another centre, which knows it by ``reference``. ``partner``, as below: the key of a setting."""

    partner: str
    reference: str = ""


class Claimed(Entry, kind="claimed"):
    pass


class Note(Entry, kind="note", words=("text",)):
    text: str


class Attempt(Entry, kind="attempt", words=("text",)):
    """Somebody rang the caller, for the ``n``-th time in vain. ``outcome``: see ``routing.attempts.OUTCOMES``."""

    outcome: str
    n: int = 0
    text: str = ""


class CalledBack(Entry, kind="called_back"):
    """A call back was not placed, or whoever was rung first did not take it. ``how``: an ``Outgoing``'s outcome."""

    how: str


class ContactAsked(Entry, kind="contact_asked"):
    """A helper brought the community's duty contact into a talk. ``how``: together (all three spoke), handed_over (the
    helper left), unreached.
    """

    how: str


class AskedAfter(Entry, kind="asked_after"):
    """The hotline rang to ask whether it was right, and has no answer. ``how``: see ``routing.automatic``."""

    how: str


class Confirmed(Entry, kind="confirmed"):
    """Asked by the hotline's own call, the resident said that it was right."""


class NotRight(Entry, kind="not_right"):
    """Asked so, the resident said that it was not."""


class NotTold(Entry, kind="not_told"):
    """The hotline rang to apologise for a call back that is late, and has no answer. ``how``: as in ``AskedAfter``."""

    how: str


class Apologised(Entry, kind="apologised"):
    """In such a call a new promise was made: by ``due`` (ISO time, UTC)."""

    due: str


class StillNeeded(Entry, kind="still_needed"):
    """Asked in such a call, the resident still needs it."""


class Listened(Entry, kind="listened"):
    recording: int


class OnTheWay(Entry, kind="on_the_way"):
    pass


class NotOnTheWay(Entry, kind="not_on_the_way"):
    pass


class Handed(Entry, kind="handed", words=("why",)):
    """To somebody else, who may give it back until ``due`` (ISO time, UTC)."""

    to: int
    why: str
    due: str | None = None


class Returned(Entry, kind="returned", words=("why",)):
    to: int
    why: str


class Freed(Entry, kind="freed", words=("why",)):
    """Handed to whoever is free."""

    why: str = ""


class PassedOn(Entry, kind="passed_on", words=("text", "reference")):
    """Told to another centre, which works on it; it stays open here. ``reference``: theirs, when it was known then."""

    partner: str
    text: str
    reference: str = ""


class PartnerReference(Entry, kind="partner_reference", words=("reference",)):
    """By which the partner knows what it was passed."""

    partner: str
    reference: str


class PartnerAnswered(Entry, kind="partner_answered"):
    """It is settled there: what they answered stands in ``Resolved``, the next entry."""

    partner: str


class CameBack(Entry, kind="came_back", words=("why",)):
    """The partner could not do it; it is anybody's again."""

    partner: str
    why: str


class Lapsed(Entry, kind="lapsed"):
    """The claim of ``holder``, who did not get on with it or is gone."""

    holder: int


class Resolved(Entry, kind="resolved", words=("done",)):
    """``result``: see ``ivr.store.tickets.work.RESULTS``. ``noted``: what was done was taken from a note, which nobody
    wrote for the caller.
    """

    done: str = ""
    result: str = "helped"
    noted: bool = False


class Closed(Entry, kind="closed", words=("text",)):
    """``text`` is what the resident answered."""

    text: str = ""


class Reopened(Entry, kind="reopened", words=("why",)):
    why: str = ""


class Confidential(Entry, kind="confidential"):
    """From now on for these people alone."""

    people: list[int]


class NotConfidential(Entry, kind="not_confidential", words=("why",)):
    """As any other ticket again."""

    why: str


class OpenedAnyway(Entry, kind="opened_anyway", words=("why",)):
    """A supervisor named themselves on a confidential ticket."""

    why: str


class Card(Entry, kind="card"):
    """The caller's card was changed."""


class CardErased(Entry, kind="card_erased"):
    pass


# --- what becomes of tickets


class Merged(Entry, kind="merged"):
    into: int


class Absorbed(Entry, kind="absorbed"):
    """These tickets were merged into this one: the last, and what it had absorbed itself."""

    absorbed: list[int]
    call: str | None = None


class Split(Entry, kind="split"):
    """One of the calls became the ticket ``to``."""

    to: int
    call: str | None = None


WORDS = tuple(sorted({name for kind in Entry.KINDS.values() for name in kind.words}))  # what somebody wrote

SID = "CA00000000000000000000000000000001"
EXAMPLES: tuple[Entry, ...] = (
    Opened(call=SID),
    CalledAgain(call=SID),
    Urgent(call=SID),
    WantsPerson(call=SID),
    Talked(call=SID, staff=3),
    Missed(call=SID, how="no_answer", staff=3),
    Cancelled(call=SID),
    Callback(call=SID),
    Named(call=SID),
    Message(recording=7, seconds=12),
    Audio(recording=7),
    AudioMissing(recording=7, trouble="absent"),
    Slow(),
    Raised(calls=3),
    Community(from_=None, to="330206001001", call=SID),
    Need(from_="food", to="medicine"),
    Typed(text="要两包降压药", place="老鹰山后面"),
    FromPartner(partner="9f86d081884c7d65", reference="HD-2026-118"),
    Claimed(),
    Note(text="女儿周日会来"),
    Attempt(outcome="no_answer", n=2, text="晚点再打"),
    CalledBack(how="not_taken"),
    ContactAsked(how="together"),
    AskedAfter(how="no_answer"),
    Confirmed(),
    NotRight(),
    NotTold(how="no_answer"),
    Apologised(due="2026-03-01T10:00:00+00:00"),
    StillNeeded(),
    Listened(recording=7),
    OnTheWay(),
    NotOnTheWay(),
    Handed(to=3, why="下班了", due="2026-03-01T10:00:00+00:00"),
    Returned(to=2, why="不顺路"),
    Freed(why="没有车"),
    PassedOn(partner="9f86d081884c7d65", text="水管爆了", reference="HD-2026-118"),
    PartnerReference(partner="9f86d081884c7d65", reference="HD-2026-118"),
    PartnerAnswered(partner="9f86d081884c7d65"),
    CameBack(partner="9f86d081884c7d65", why="不归他们管"),
    Lapsed(holder=3),
    Resolved(done="药店已送到"),
    Closed(text="收到了，谢谢"),
    Reopened(why="药不对"),
    Confidential(people=[2, 3]),
    NotConfidential(why="本人说可以让大家知道"),
    OpenedAnyway(why="两个人都联系不上"),
    Card(),
    CardErased(),
    Merged(into=12),
    Absorbed(absorbed=[13, 9]),
    Split(to=14, call=SID),
)
