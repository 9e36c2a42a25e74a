"""Who is there on a staffed day? Volunteers' telephones, each with its ways, and callers who want a person. Seeded."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ivr.phone.acts import Act, Answered, HangUp, Leave, Press, Silent, Speak, Unanswered
from ivr.phone.leg import Waiting
from ivr.phone.people import MESSAGE, NEEDS
from ivr.phone.verbs import Dial, Record

Ways = Literal["picks up", "late", "mailbox", "engaged", "rings out", "dead"]
WAYS: dict[Ways, int] = {"picks up": 13, "late": 2, "mailbox": 2, "engaged": 1, "rings out": 1, "dead": 1}  # of twenty
Kind = Literal["waits", "keeps the place", "leaves a message", "gives up"]
KINDS: dict[Kind, int] = {"waits": 50, "keeps the place": 20, "leaves a message": 15, "gives up": 15}  # of a hundred
Fate = Literal["person", "kept place", "message", "given up", "nothing"]
PERSON, KEEP_PLACE, LEAVE_MESSAGE = Press("0"), Press("1"), Press("2")
RUSH, RUSH_LASTS = 0.6, 0.1  # so many of the calls come within so much of the hours
TALKS_S = (180, 900)
OUT_OF_PATIENCE = 40  # acts after which anybody hangs up
PROBABLY_AT_ONCE, PROBABLY_WITHHELD, PROBABLY_REPEATED = 0.4, 0.1, 0.1
PROBABLY_LEAVES_RINGING, PROBABLY_ENGAGED, PROBABLY_HOME = 0.3, 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Telephone:
    """A volunteer's. ``number`` is E.164."""

    number: str
    ways: Ways
    chance: random.Random = field(repr=False)

    def rings(self, talks_s: int) -> Answered | Unanswered:
        """What happens at it; who is put through talks for *talks_s*."""
        match self.ways:
            case "picks up":
                return Answered(talks_s=talks_s, after_s=self.chance.randint(3, 9))
            case "late":
                return Answered(talks_s=talks_s, after_s=self.chance.randint(15, 22))
            case "mailbox":
                return Answered("", after_s=self.chance.randint(4, 8))
            case "engaged" if self.chance.random() < PROBABLY_ENGAGED:
                return Unanswered("busy")
            case "engaged":
                return Answered(talks_s=talks_s, after_s=self.chance.randint(3, 9))
            case "rings out":
                return Unanswered()
            case "dead":
                return Unanswered("failed")


@dataclass(slots=True)
class Caller:
    """Somebody who wants a person. What they do when they must wait: ``kind``.

    ``opening``: what they do until a person is asked for; ``told``: something that must not be lost was said or chosen.
    ``asked_s``: when, on the call's clock, they had asked for a person.
    """

    kind: Kind
    number: str | None  # E.164; None: withheld
    at_s: float  # since the day began
    opening: list[Act]
    talks_s: int
    patience: int  # how often they are told to wait before they give up
    repeats: bool  # every request of this call is repeated
    chance: random.Random = field(repr=False)
    acts: int = 0
    asked_s: float | None = None
    told: bool = False
    keeps_place: bool = False
    hung_up: bool = False
    messages: int = 0

    def act(self, waiting: Waiting, clock_s: float) -> Act:
        """What they do now, *clock_s* after they rang; a telephone that rings for them is not theirs to answer."""
        act = self._decide(waiting)
        self.acts += 1
        if act is PERSON:
            self.asked_s = clock_s
        self.told |= not isinstance(act, HangUp | Silent)
        self.hung_up |= isinstance(act, HangUp)
        self.messages += isinstance(act, Leave)
        return act

    def _decide(self, waiting: Waiting) -> Act:
        if self.acts >= OUT_OF_PATIENCE:
            return HangUp()
        match waiting:
            case Record() if self.messages or (self.keeps_place and self.chance.random() < 0.5):
                return HangUp()
            case Record():
                return Leave(self.chance.randint(3, 60), wav=MESSAGE)
            case _ if self.opening:
                return self.opening.pop(0)
        return Silent() if self.messages else self._while_waiting()

    def _while_waiting(self) -> Act:
        match self.kind:
            case "keeps the place" if self.number and not self.keeps_place:
                self.keeps_place = True
                return KEEP_PLACE
            case "leaves a message":
                return LEAVE_MESSAGE
            case "gives up" if self.patience == 0:
                return HangUp()
            case "gives up":
                self.patience -= 1
        return Silent()

    def leaves_ringing(self, waiting: Dial) -> bool:
        """Whether they hang up while somebody's telephone rings."""
        self.hung_up |= self.kind == "gives up" and self.chance.random() < PROBABLY_LEAVES_RINGING
        return self.hung_up

    def called_back(self) -> Answered | Unanswered:
        """Their own telephone rings."""
        at_home = self.chance.random() < PROBABLY_HOME
        return Answered("", self.talks_s, after_s=self.chance.randint(3, 12)) if at_home else Unanswered()

    def fate(self, *, talked: bool) -> Fate:
        """The one thing that became of the call, as the caller knows it. *talked*: they were put through."""
        if talked:
            return "person"
        if self.keeps_place:
            return "kept place"
        if self.messages:
            return "message"
        return "given up" if self.hung_up else "nothing"


def volunteers(how_many: int, seed: int) -> list[Telephone]:
    """Their telephones, in the proportions of ``WAYS``: the first twenty are exactly those."""
    ways = [way for way, count in WAYS.items() for _ in range(count)]
    return [
        Telephone(f"+8613900{n:06}", ways[n % len(ways)], random.Random(f"{seed} {n}"))  # noqa: S311 - the same again
        for n in range(how_many)
    ]


def callers(calls: int, hours: float, seed: int, names: Sequence[str]) -> list[Caller]:
    """Who rings in *hours* hours, in the order in which they do: most of them in a rush. *names*: of communities."""
    chance = random.Random(seed)  # noqa: S311 - the same day again for the same seed
    arrivals = sorted(_arrival(chance) * hours * 3600 for _ in range(calls))
    numbers = chance.sample(range(10**8), calls)
    return [_caller(chance, number, at_s, names) for number, at_s in zip(numbers, arrivals, strict=True)]


def _arrival(chance: random.Random) -> float:
    """As a share of the hours; the rush begins after a third of them."""
    return 1 / 3 + chance.uniform(0, RUSH_LASTS) if chance.random() < RUSH else chance.random()


def _caller(chance: random.Random, number: int, at_s: float, names: Sequence[str]) -> Caller:
    need = chance.choice("1234")
    told: list[Act] = [Press(need) if chance.random() < 0.5 else Speak(NEEDS["zh"][need]), Speak(chance.choice(names))]
    return Caller(
        kind=chance.choices(list(KINDS), list(KINDS.values()))[0],
        number=None if chance.random() < PROBABLY_WITHHELD else f"+86137{number:08}",
        at_s=at_s,
        opening=[PERSON] if chance.random() < PROBABLY_AT_ONCE else [*told, PERSON],
        talks_s=chance.randint(*TALKS_S),
        patience=chance.randint(0, 6),
        repeats=chance.random() < PROBABLY_REPEATED,
        chance=random.Random(chance.random()),  # noqa: S311 - whatever the others do meanwhile
    )
