"""The words the flow is written in: what is heard, what is said, what a call knows, where an answer leads."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, NamedTuple, Self

from routing.directory import Directory
from routing.hours import Promise
from routing.matching import Match
from routing.matching.evidence import Hearing
from routing.needs import SHIPPED, Needs
from routing.questions import About
from routing.speech.meaning import Meaning

# --- what is heard


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys pressed before the next answer was due: digits, ``*`` and ``#``."""

    digits: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What the recogniser made of what was said. Never blank. The engine reads it: steps are given ``Said``."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it was understood, once a turn."""

    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Silence:
    """Neither a key nor a word within the wait; or a recording without a sound."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message was recorded; ``seconds`` is None while the carrier has not said how long it is.

    ``hung_up``: the caller ended it by putting the receiver down.
    """

    seconds: int | None = None
    hung_up: bool = False


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody was rung; ``taken``: a person there pressed 1 and spoke with the caller."""

    taken: bool


# --- what staff do by key: the step names the deed, the edge does it, and the step hears what came of it


class Deed(Enum):
    """What a key of a member of staff asks for."""

    ENTER = "enter"  # be let in: the keys are the PIN
    NEXT = "next"  # the next ticket of the list they walk
    NEW = "new"  # the first new ticket for them
    MINE = "mine"  # the first one in their hands
    FIND = "find"  # the ticket whose number the keys are
    CLAIM = "claim"
    ON_THE_WAY = "on_the_way"
    TRIED = "tried"  # rang the caller in vain
    FINISH = "finish"  # it is done: which sentence of the packs says how
    NUMBER = "number"  # hear the caller's whole number
    READY = "ready"
    BREAK = "break"
    OFF = "off"  # off the line for the rest of their shift


class Result(Enum):
    """What came of a deed. Not theirs to do: ``REFUSED``; somebody was quicker: ``OVERTAKEN``; no such ticket, or not
    on the roster now: ``NOTHING``; too many wrong PINs: ``LOCKED``.
    """

    DONE = auto()
    REFUSED = auto()
    OVERTAKEN = auto()
    NOTHING = auto()
    LOCKED = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """A deed that is asked for, with what it is about: the keys, or for ``FINISH`` a sentence's key in the packs."""

    deed: Deed
    about: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """What came of a deed; the ``task`` (a ticket's id) that is at hand now, and whether its message ``plays``."""

    deed: Deed
    result: Result
    task: int | None = None
    plays: bool = False


Heard = Keys | Speech | Said | Silence | Recorded | Rang | Did

# --- what is said


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of the packs: its key and what its blanks are filled with. ``language`` None: the call's own."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. ``digits``: how many keys answer it (None: ``#`` or a pause ends them).

    ``wait`` names one of the pack's waits; ``speech`` False listens to keys alone; ``hints`` names what the
    recogniser should expect (needs, communities).
    """

    says: tuple[Say, ...]
    digits: int | None = 1
    wait: str = "answer"
    speech: bool = True
    hints: str = "needs"


@dataclass(frozen=True, slots=True)
class Message:
    """A beep and a recording. ``first`` may be answered before it; ``notice`` stands right before the beep."""

    says: tuple[Say, ...]
    notice: Say
    first: Ask | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Somebody's telephone is rung while the caller waits; whose, is a fact of the world."""

    says: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Bye:
    """The last words; then we hang up. ``last`` may be answered before ``end`` is said, by keys."""

    says: tuple[Say, ...]
    last: Ask | None = None
    end: tuple[Say, ...] = ()


Reply = Ask | Message | Ring | Bye


@dataclass(frozen=True, slots=True)
class Hears:
    """What a step's question is ``about``; None: nothing that anybody learns from.

    ``private``: keys and words stand in no log and no turn. That holds for every step that does not say otherwise, so
    that a new question for a telephone number cannot leak one.
    """

    about: About | None = None
    private: bool = True


# --- what a call knows


class CallState(NamedTuple):
    """Everything the call remembers between two requests. Holds no telephone number and nothing the caller said.

    A tuple: every turn makes several new ones, and a dataclass of so many facts takes four times as long to copy.
    """

    step: str
    language: str
    # known when it began
    withheld: bool = False
    known: str | None = None  # the community that was dialled, or that of the caller's last ticket
    known_by: str = ""  # dialled or caller
    open_ticket: int | None = None
    open_need: str | None = None  # of the open matter, else of one that was done lately
    standing: str = ""  # what became of that matter by the time of the call: see ``ivr.flow.standing``
    holder: str = ""  # the role of who has it
    due: str = ""  # the call back that was promised and not made yet (ISO time)
    done: str = ""  # what staff did, as they wrote it for the caller
    brief: bool = False  # more calls than can be asked everything, or a number on the list: straight to the message
    listed: bool = False  # on the nuisance list: nobody is rung, nor told
    rang_back: bool = False  # we tried to reach them lately, and they ring back
    slow: bool = False  # in the slow lane: the edge speaks slower and waits longer, and somebody is rung first
    loud: bool = False
    # what the caller has told us
    spoke: bool = False  # a word or a choice: from here on there is a ticket
    undecided: bool = False  # said something, but not yet whether it is about the open matter
    need: str | None = None
    community: str | None = None
    unconfirmed: bool = False  # the community was understood, but never confirmed
    presumed: bool = False  # nor was it said back: nobody had the time
    urgent: bool = False
    wants_person: bool = False
    talked: bool = False
    joins: bool = False  # an addition to the open ticket
    another_matter: bool = False
    cancelled: bool = False  # the open matter is not needed any more
    rated: str = ""  # the help they had: good or bad
    for_another: bool = False  # lives elsewhere than we remembered: perhaps rings for a parent
    # what is being settled
    near: tuple[str, ...] = ()  # needs, one of which may have been meant
    danger: str = ""  # the number to dial in the emergency that may have been told of
    despair: bool = False  # it is that somebody does not want to live any more: who is trained is rung first
    candidates: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()  # refused, then said again clearly: when refused once more, they stay it
    heard_before: Hearing = ()  # codes and scores of the last name that was heard and settled nothing
    number_asked: bool = False
    number_tries: int = 0  # how many numbers to call back the caller gave, right or wrong
    # how it goes
    turns: int = 0
    misses: int = 0
    silent: bool = False  # nothing was heard when the first question was last asked
    repeats: int = 0
    hurry: bool = False  # no more questions: straight to the beep
    rung: bool = False  # who asked for a person had one rung, or waited for one
    rings: int = 0  # how often somebody else was rung when nobody had come
    waits: int = 0  # how often they were told to wait for somebody to be free
    keeps_place: bool = False  # waits no longer on the line: they are rung when it is their turn
    empties: int = 0
    messages: int = 0
    failed: bool = False  # twice in a row silence or not understood, and so no more was asked
    # of a member of staff who has keyed their PIN
    staff: bool = False
    task: int | None = None  # the ticket at hand
    mine: bool = False  # of those in their hands, else of the new ones
    told: bool = False  # what is known of it was said
    plays: bool = False  # and its message played

    def but(self, **changes: Any) -> Self:
        """The same with these *changes*; the very same when they change nothing, which is cheaper than a copy."""
        new = {name: value for name, value in changes.items() if getattr(self, name) != value}
        return self._replace(**new) if new else self

    def to_json(self) -> dict[str, Any]:
        """What is not as it is at first: of fifty facts an ordinary turn knows ten, and every request reads them."""
        known = zip(self._fields, self, strict=True)
        return {name: value for name, value in known if name not in AT_FIRST or value != AT_FIRST[name]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """A state kept by this or the previous release: what is new has its default, what is gone is dropped."""
        thawed: dict[str, Any] = {name: _thawed(value) for name, value in kept.items() if name in cls._fields}
        return cls(**thawed)


AT_FIRST = CallState._field_defaults


def _thawed(value: Any) -> Any:
    """JSON knows lists only; a state can be compared and counted."""
    return tuple(map(_thawed, value)) if isinstance(value, list) else value


class Staffing(Enum):
    """Whether a person can be had for a call: nobody is on, all who are on are at it, or somebody can be rung now."""

    NOBODY = auto()
    BUSY = auto()
    FREE = auto()


@dataclass(frozen=True, slots=True)
class Queue:
    """What somebody who waits is told: how many are ``ahead`` of them, and for how long they will wait."""

    ahead: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What callers of one language hear just now; ``areas``: of these communities (codes).

    ``key`` tells it from others; ``asked``: heard by who presses the key for it, else after the greeting by everybody.
    """

    language: str
    text: str
    areas: Collection[str] = ()
    key: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A ticket as a member of staff is told of it, as far as it is theirs to know.

    ``messages``: addresses of the sounds; ``callback``: the caller's whole number (E.164).
    """

    number: str
    need: str | None = None
    place: str | None = None
    urgent: bool = False
    waiting_min: int = 0
    overdue: bool = False
    free: bool = True  # nobody has it
    mine: bool = False
    messages: tuple[str, ...] = ()
    callback: str | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """How many tickets are ``new`` and how many are ``mine``, for a member of staff."""

    new: int = 0
    mine: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """What the call may look up: all of it as it stands at this moment, none of it the caller's.

    ``match(text, refused codes)`` asks the matcher, ``read(text)`` understands a sentence; ``needs`` are what is
    offered; ``languages`` maps the key that chooses a pack to its code; ``staffing(state)``: whether somebody can be
    rung for a call that knows this; ``holder(state)``: whether whoever has their open matter can; ``queue()`` how long
    it will take; ``live``: who said what they need is put through, asked for a person or not;
    ``rates``: who spoke with a person is asked how it was; ``counselling``: the number of a line for people in despair.
    ``promise(need, urgent)`` is when a call back is promised, where the ticket does not promise it already; ``ticket``
    the number the caller is told, once there is one. ``number(digits, community)`` is the telephone number (E.164)
    that was keyed or read out, None when it can be none; ``callback()`` the one they gave.
    ``promised(time)`` tells a promise that was made before (an ISO time); ``message()`` is the address of the message
    they have just left, None when it cannot be played. ``statuses``: of communities
    that are not open as usual, by code: closed or restricted. ``bulletins`` are those of this moment; ``bases``: of
    dialects, the language that each is one of; ``surge``: too many call at once, so that calls that begin now are
    ``brief``.
    ``staff()``: whether the number that rings is that of a member of staff with a PIN; for one who has keyed it,
    ``worklist()`` is what waits for them, ``task(id)`` a ticket (None: not for them, or gone).
    """

    directory: Directory
    match: Callable[[str, Collection[str]], Match]
    read: Callable[[str], Meaning]
    languages: Mapping[str, str]
    promise: Callable[[str | None, bool], Promise]
    number: Callable[[str, str | None], str | None]
    promised: Callable[[str], Promise]
    needs: Needs = SHIPPED
    callback: Callable[[], str | None] = lambda: None
    message: Callable[[], str | None] = lambda: None
    staffing: Callable[[CallState], Staffing] = lambda state: Staffing.NOBODY
    holder: Callable[[CallState], bool] = lambda state: False
    queue: Callable[[], Queue] = lambda: Queue(0, 1)
    live: bool = False
    rates: bool = False
    counselling: str = ""
    ticket: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    bulletins: Collection[Bulletin] = ()
    surge: bool = False
    bases: Mapping[str, str] = field(default_factory=dict)
    staff: Callable[[], bool] = lambda: False
    worklist: Callable[[], Worklist] = Worklist
    task: Callable[[int | None], Task | None] = lambda task: None


# --- where an answer leads


@dataclass(frozen=True, slots=True)
class Go:
    """On to *step*; None: to the first question of the way that is still open."""

    step: str | None
    changes: Mapping[str, Any]
    says: tuple[Say, ...] = ()
    match: Match | None = None
    callback: str | None = None  # a number to call back, on its way to the ticket and nowhere else; empty: it is wrong


@dataclass(frozen=True, slots=True)
class Again:
    """The same question once more, after *says*. ``miss`` False: the caller did nothing wrong."""

    says: tuple[Say, ...]
    miss: bool = True
    match: Match | None = None


Move = Go | Again


def go(step: str, *says: Say, match: Match | None = None, callback: str | None = None, **changes: Any) -> Go:
    """To a step by name."""
    return Go(step, changes, says, match, callback)


def onward(*says: Say, match: Match | None = None, callback: str | None = None, **changes: Any) -> Go:
    """To the next open question of the way."""
    return Go(None, changes, says, match, callback)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one answer led to: the new state, what is said, and what was learned for the ticket, field by field."""

    state: CallState
    reply: Reply
    learned: Mapping[str, Any]
    match: Match | None = None
    meaning: Meaning | None = None  # of the sentence that was answered
