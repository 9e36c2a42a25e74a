"""Who rings on a busy day, and what do they do? Seeded people who listen to the shape of a question, not its words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ivr.phone import sound
from ivr.phone.acts import Act, Answered, HangUp, Leave, Press, Silent, Speak, Unanswered
from ivr.phone.leg import Waiting
from ivr.phone.verbs import Dial, Gather, Record

Kind = Literal["keys", "sentence", "words", "silent", "wrong keys", "person", "emergency"]
KINDS: dict[Kind, int] = {  # how many of a hundred
    "keys": 30,
    "sentence": 25,
    "words": 17,
    "silent": 10,
    "wrong keys": 8,
    "person": 6,
    "emergency": 4,
}
LANGUAGE_KEY = {"en": "9"}
NEEDS = {
    "zh": {"1": "想买点降压药", "2": "家里没米了，想买菜", "3": "要用车去医院看病", "4": "有别的事"},
    "en": {"1": "I need medicine", "2": "I need food", "3": "I need a car to the hospital", "4": "something else"},
}
SENTENCE = {"zh": "我在{place}，{need}", "en": "I live in {place}, {need}"}
HELLO = {"zh": "喂，你好，听得到吗", "en": "hello, can you hear me"}
HELP = {"zh": "救命，老人摔倒了", "en": "help, my mother has collapsed"}
YES = {"zh": "是的", "en": "yes"}
MESSAGE = sound.tone(1)  # whatever its length is said to be: a busy day need not fill the disk
OUT_OF_PATIENCE = 25  # acts after which anybody hangs up
PROBABLY_ENGLISH, PROBABLY_WITHHELD, PROBABLY_LEAVING, PROBABLY_AGAIN = 0.15, 0.1, 0.25, 0.15
PROBABLY_REPEATED, PROBABLY_REORDERED, PROBABLY_LATE = 0.1, 0.2, 0.5


@dataclass(slots=True)
class Person:
    """One caller during one call. ``told``: said or chose something that must not be lost."""

    kind: Kind
    caller: str | None
    at_s: float  # since the day began; orders the calls
    language: str
    need: str  # the key that chooses it
    place: str
    leaves_at: int | None  # hangs up instead of this act, counted from 0
    again: bool  # has rung before
    repeats: bool  # every request of this call is repeated
    reorders: bool  # this call's callbacks come in any order
    late: bool  # and only at the end of the day
    chance: random.Random = field(repr=False)
    acts: int = 0
    messages: int = 0
    asked_need: bool = False
    told: bool = False

    def act(self, waiting: Waiting) -> Act:
        """What this person does now."""
        leaves = self.acts == self.leaves_at or self.acts >= OUT_OF_PATIENCE
        self.acts += 1
        if leaves:
            act: Act = HangUp(self.chance.randint(2, 9) if isinstance(waiting, Record) else 0)
        else:
            act = self._answer(waiting)
        self.told |= self._tells(act, waiting)
        self.messages += isinstance(waiting, Record) and isinstance(act, Leave)
        return act

    def _answer(self, waiting: Waiting) -> Act:
        match waiting:
            case Record():
                if self.kind == "silent" and self.chance.random() < 0.5:
                    return Silent()
                return Leave(self.chance.randint(3, 60), self.chance.choice(("", "#")), MESSAGE)
            case Dial():
                return self.chance.choice((Answered(), Answered(""), Unanswered(), Unanswered("busy")))
            case Gather(speech=False):
                return Silent()  # a moment to correct something, before the beep
            case Gather(num_digits=None):
                return Press(f"1380000{self.chance.randint(0, 9999):04}#")
            case Gather(num_digits=1):
                return self._choose()
            case Gather():
                return self._name_the_place()

    def _choose(self) -> Act:
        """One key: the first such question is for the need, later ones confirm or offer another try."""
        if self.acts == 1 and self.language in LANGUAGE_KEY:
            return Press(LANGUAGE_KEY[self.language])
        if self.messages:
            return self.chance.choice((Silent(), Silent(), Silent(), Press("1"), Press("2")))
        if self.asked_need:
            return self.chance.choice((Press("1"), Press("1"), Press("1"), Speak(YES[self.language]), Press("2")))
        self.asked_need = True
        need = NEEDS[self.language][self.need]
        match self.kind:
            case "keys":
                return Press(self.need)
            case "sentence":
                return Speak(SENTENCE[self.language].format(place=self.place, need=need))
            case "words":
                self.asked_need = self.chance.random() < 0.8
                return Speak(need if self.asked_need else HELLO[self.language])
            case "person":
                return Press("0")
            case "emergency":
                return Speak(HELP[self.language])
            case "wrong keys":
                self.asked_need = self.chance.random() < 0.5
                return Press(self.chance.choice("567#"))
            case "silent":
                self.asked_need = False
                return Silent()

    def _name_the_place(self) -> Act:
        match self.kind:
            case "silent":
                return Silent()
            case "wrong keys":
                return Press(self.chance.choice(("000", "1", "99", "#")))
            case _:
                return Speak(self.place)

    def _tells(self, act: Act, waiting: Waiting) -> bool:
        """Whether *act* is a choice of a need or a person, something said about a need, or a message."""
        match waiting, act:
            case Record(), Leave(seconds) | HangUp(seconds):
                return seconds > 0
            case Gather(num_digits=1), Press(key):
                return key in "0" + self.need and self.acts <= 2 and not self.again and self.kind in ("keys", "person")
            case Gather(), Speak(text):
                return text not in (HELLO[self.language], YES[self.language])
            case _:
                return False


def crowd(calls: int, hours: float, seed: int, names: Sequence[str]) -> list[list[Person]]:
    """The callers of *hours* hours in the order they first ring; some ring a second time, *calls* calls in all.

    *names* are the communities they may live in.
    """
    chance = random.Random(seed)  # noqa: S311 - the same day again for the same seed
    arrivals = sorted(chance.uniform(0, hours * 3600) for _ in range(calls))
    people: list[list[Person]] = []
    for at_s in arrivals:
        returning = people and chance.random() < PROBABLY_AGAIN
        if returning and (rung := chance.choice(people)) and rung[0].caller:
            rung.append(_person(chance, at_s, rung[0].caller, rung[0].place, again=True))
            continue
        caller = None if chance.random() < PROBABLY_WITHHELD else f"+86138{chance.randint(0, 10**8 - 1):08}"
        people.append([_person(chance, at_s, caller, chance.choice(names), again=False)])
    return people


def _person(chance: random.Random, at_s: float, caller: str | None, place: str, *, again: bool) -> Person:
    reorders = chance.random() < PROBABLY_REORDERED
    return Person(
        kind=chance.choices(list(KINDS), list(KINDS.values()))[0],
        caller=caller,
        at_s=at_s,
        language="en" if chance.random() < PROBABLY_ENGLISH else "zh",
        need=chance.choice("1234"),
        place=place,
        leaves_at=chance.randint(0, 5) if chance.random() < PROBABLY_LEAVING else None,
        again=again,
        repeats=chance.random() < PROBABLY_REPEATED,
        reorders=reorders,
        late=reorders and chance.random() < PROBABLY_LATE,
        chance=random.Random(chance.random()),  # noqa: S311 - whatever the others do meanwhile
    )
