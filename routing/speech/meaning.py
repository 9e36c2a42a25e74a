"""What a sentence means to the hotline: what steps of the call are given instead of its words."""

from dataclasses import dataclass, replace
from enum import StrEnum

COUNTS = "counts"  # the fate of what was meant as it was said
MENTIONED = "mentioned"  # and of what was named without a wish
LIKELY = "likely"  # and of what no word says, but the weight of all of them
LAST = -1  # as a choice: "the last one", however many there are


class Wish(StrEnum):
    """What a caller may want of the line itself, at any question."""

    PERSON = "person"  # to speak with a human being
    AGAIN = "again"  # to hear the question once more
    SLOWER = "slower"
    LOUDER = "louder"
    CANCEL = "cancel"  # not to need any more what was asked for in an earlier call
    STATUS = "status"  # to know what became of it
    HEAR = "hear"  # to hear their own message
    REDO = "redo"  # to say their message anew


@dataclass(frozen=True, slots=True)
class Emergency:
    """What kind of help is needed at once (a table of the packs), and the number to dial for it where we are.

    ``despair``: somebody does not want to live any more, and nothing else was told of: they need somebody who listens.
    """

    kind: str
    number: str
    despair: bool = False


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number that was read out, digit by digit or not: 一三八, 1 3 8 and "one three eight" alike.

    No amount, no house and no age: 两盒, 三楼 and 八十岁 are none.
    """

    digits: str
    extension: str = ""  # 转801


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something was understood: the words, what they stand for (need.medicine), and what became of that.

    ``fate``: ``COUNTS``, or why it does not, or not as much: denied, feared, supposed, told, asked (about), past, over,
    beside; lacking, stated, hinted, ``MENTIONED``; perhaps, where it is asked about; ``LIKELY``.
    """

    words: str
    stands_for: str
    fate: str = COUNTS

    @property
    def key(self) -> str:
        """What it stands for within its table: medicine."""
        return self.stands_for.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence, read once for all questions. Nothing in it is certain that was not clear: what is near, is none.

    ``text`` as it was heard, for the matcher of names; ``needs`` what is asked for, in the order of saying;
    ``near``: needs that may be meant, ``alarm``: a danger that may be, both to be asked about; ``answer`` yes or no;
    ``choice`` a key that was said or a place in a list (一, 按1, 第一个), ``LAST`` for the last;
    ``unknown``: the caller does not know what was asked; ``hello``: a greeting and nothing else.
    """

    text: str = ""
    needs: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    emergency: Emergency | None = None
    alarm: Emergency | None = None
    answer: bool | None = None
    wishes: frozenset[Wish] = frozenset()
    language: str | None = None
    choice: int | None = None
    numbers: tuple[SpokenNumber, ...] = ()
    unknown: bool = False
    hello: bool = False
    why: tuple[Evidence, ...] = ()

    def wants(self, wish: Wish) -> bool:
        return wish in self.wishes

    @property
    def tells_of_need(self) -> bool:
        """Whether help of any kind is asked for, or may be."""
        return bool(self.needs or self.near or self.emergency or self.alarm)

    @property
    def by_words(self) -> "Meaning":
        """Without what was taken by its weight alone."""
        by_weight = any(each.fate == LIKELY for each in self.why)
        return replace(self, needs=(), emergency=None) if by_weight else self

    @property
    def tells_of_danger(self) -> bool:
        """Whether its words do, even where what stands around them makes it doubtful (``alarm``)."""
        return any(each.fate == COUNTS and each.stands_for.startswith("emergency.") for each in self.why)

    def chosen(self, among: int) -> int | None:
        """Which of *among* things was chosen, from 1; None for none of them."""
        place = among if self.choice == LAST else self.choice
        return place if place is not None and 1 <= place <= among else None
