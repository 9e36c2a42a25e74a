"""What was said, as sounds? Turns a recogniser's text into tokens, one a syllable, and says what else stands there.

Also finds what stands around a name: talk (我住在 …), a pause, the ending that tells a community from a village.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, product

import numpy as np
from numpy.typing import NDArray

from routing.speech import latin
from routing.speech.latin import WORD, number, spoken
from routing.speech.names import COMMUNITY, ENGLISH, VILLAGE, WORDS
from routing.speech.normalise import normal
from routing.speech.phonetics import HAN, NUMBER, Sound, costs_to_syllables, sounds

MAX_CHARACTERS = 120  # nobody names a community later; more is not speech
PIECES = re.compile(rf"(?P<han>{HAN.pattern}+)|(?P<latin>[a-z']+)|(?P<number>\d+)|(?P<pause>[^\w\s]+|\s+)")
TONES = re.compile("[\u0300-\u036f]")  # of pinyin, once decomposed
PARTICLES = frozenset(WORDS["talk"]["particles"])
CARRIERS = frozenset(WORDS["talk"]["carriers"])
HESITATION = frozenset(WORDS["talk"]["hesitation"])


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """One of *words*, the longest that stands there."""
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


WHO_STAYS = map("".join, product(WORDS["talk"]["who"], WORDS["talk"]["stays"]))
PHRASES = _any(chain(WORDS["talk"]["phrases"], WORDS["talk"]["everyday"], WHO_STAYS))
OTHER_AFTER, OTHER_BEFORE = _any(WORDS["other"]["after"]), _any(WORDS["other"]["before"])
CORRECTION = re.compile(
    rf"(?:{_any(WORDS['talk']['corrections']).pattern})[\s,、.]*(?:{'|'.join(WORDS['talk']['stays'])})?"
)
VILLAGE_ENDING = "村"
ENDINGS = re.compile(
    "|".join(
        word for word in sorted(chain.from_iterable(WORDS["spoken"].values()), key=len, reverse=True) if len(word) > 1
    )
    + f"|{VILLAGE_ENDING}(?!{VILLAGE_ENDING})"  # 林村村 is 林村, a village
)
# A house or flat behind the name (3幢502, 二号楼一单元三零一室, 5组18号; not 三组村, which is a name), or an age.
NUMERAL = "(?:[0-9]+|[〇零一二三四五六七八九十百]+)"
UNITS = "|".join(WORDS["house"]["units"])
NUMBERED = re.compile(
    rf"(?<=\w\w)\W*(?:第?{NUMERAL}(?:{UNITS})(?![村社小居路街])[-\s]*)+{NUMERAL}?"
    rf"|(?<=\w\w)\W*[0-9]+-[0-9][0-9-]*|(?<=\w\w)[0-9]{{3,4}}(?![0-9\w])|{NUMERAL}多?岁"
)
SPACED = re.compile(rf"(?<!\S){HAN.pattern}(?:\s+{HAN.pattern})+(?!\w)")  # 银 杏 社 区
NUMERALS = "零一二三四五六七八九"
RANKS = frozenset(word[-1] for word in WORDS["spoken"]["place"])  # of streets and towns
PLACE = 4  # beside names' kinds: an ending of streets and towns
SPOKEN = {"community": COMMUNITY, "village": VILLAGE, "either": COMMUNITY | VILLAGE, "place": PLACE}


@dataclass(frozen=True, slots=True)
class Token:
    """One heard syllable. ``text`` is its Han character or pinyin; ``pause``: it does not follow the last at once."""

    text: str
    sound: Sound
    particle: bool
    pause: bool
    talk: bool = False  # belongs to a phrase that is no name
    ending: bool = False  # belongs to a word like 社区
    other_after: bool = False  # what follows at once is another place: 不是 …, 靠近 …
    other_before: bool = False  # what stands right before is another place: … 隔壁

    @property
    def carrier(self) -> bool:
        """Whether it stands beside most names."""
        return self.text in CARRIERS


@dataclass(frozen=True)
class Utterance:
    """The tokens of one utterance and what can be computed from them once."""

    tokens: tuple[Token, ...]

    @cached_property
    def characters(self) -> NDArray[np.int32]:
        """What is written, by ``latin.number``: (m,)."""
        return np.array([number(token.text) for token in self.tokens], np.int32)

    @cached_property
    def talk(self) -> NDArray[np.bool_]:
        """Which tokens belong to a phrase that is no name, (m,)."""
        return np.array([token.talk for token in self.tokens], np.bool_)

    @cached_property
    def ending(self) -> NDArray[np.bool_]:
        """Which tokens belong to a word like 社区, (m,)."""
        return np.array([token.ending for token in self.tokens], np.bool_)

    @cached_property
    def village(self) -> NDArray[np.bool_]:
        """Which tokens are the lone 村 behind a name, (m,)."""
        return np.array([token.ending and token.text == VILLAGE_ENDING for token in self.tokens], np.bool_)

    @cached_property
    def hesitant(self) -> NDArray[np.bool_]:
        """Which tokens may be said in the middle of a name, (m,)."""
        return np.array([token.text in HESITATION for token in self.tokens], np.bool_)

    def endings(self, loose: float) -> dict[int, tuple[int, int]]:
        """Where a token begins the ending of a name: position → (kind, number of tokens), the longest there."""
        heard = [token.sound for token in self.tokens]
        found = {}
        for start, first in enumerate(heard):
            for kind, ending, most in _begun(first, loose):
                costs = (_cost(said, syllable) for said, syllable in zip(heard[start:], ending, strict=False))
                if start + len(ending) <= len(heard) and sum(costs) <= most:
                    found[start] = kind, len(ending)
                    break
        return found


@cache
def _begun(heard: Sound, loose: float) -> list[tuple[int, list[int], float]]:
    """The endings a sound may begin, longest first: kind, syllables, and what all of them may cost together."""
    begun = []
    for kind, ending in _spoken_endings():
        # A lone syllable is too little to be generous with: 六 is nearly 路.
        most = loose * len(ending) if len(ending) > 1 else loose / 4
        if _cost(heard, ending[0]) <= most:
            begun.append((kind, ending, most))
    return begun


@cache
def _spoken_endings() -> list[tuple[int, list[int]]]:
    """The kind and the syllables of all endings callers say, longest first."""
    listed = [(SPOKEN[kind], ending) for kind, endings in WORDS["spoken"].items() for ending in endings]
    listed.sort(key=lambda each: -len(each[1]))
    return [(kind, [sound[0] for sound in sounds(ending, every_reading=False)]) for kind, ending in listed]


@cache
def _cost(heard: Sound, syllable: int) -> float:
    return float(costs_to_syllables(heard)[syllable])


def read(text: str, words: Sequence[str] = ()) -> tuple[Utterance, ...]:
    """What *text* may have sounded like: one utterance, or two where pinyin can be cut in two ways (ganao).

    *words* in Latin letters are expected: what is a slip of one is taken for it.
    """
    text = normal(text[: 4 * MAX_CHARACTERS])[:MAX_CHARACTERS]
    text = TONES.sub("", unicodedata.normalize("NFKD", text.replace("ü", "v")))
    text = WORD.sub(lambda word: latin.spelt(word.group(), words), text) if words else text
    text = SPACED.sub(lambda spaced: "".join(spaced.group().split()), _corrected(text))
    ways = [tuple(_tokens(text, cutting)) for cutting in range(2 if WORD.search(text) else 1)]
    return tuple(Utterance(_without_echo(tokens)) for tokens in dict.fromkeys(ways) if tokens)


def _corrected(text: str) -> str:
    """What follows the caller's last correction of themselves, when something does."""
    after = text
    for found in CORRECTION.finditer(text):
        if len(text) - found.end() >= 2:
            after = text[found.end() :]
    return after


def _without_echo(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """One of two when the whole was said twice over: 谢家村谢家村, 喂银杏银杏社区, 银杏社区银杏; not 柴桥镇柴桥."""
    first = next((at for at, token in enumerate(tokens) if not (token.talk or token.particle)), 0)
    heard = [token.sound for token in tokens[first:]]
    for cut in range(2, len(heard) - 1):
        shorter = min(cut, len(heard) - cut)
        if heard[:shorter] == heard[cut : cut + shorter] and tokens[first + cut - 1].text not in RANKS:
            return tokens[first + cut :] if len(heard) - cut > cut else tokens[: first + cut]
    return tokens


def _tokens(text: str, cutting: int) -> Iterator[Token]:
    """The tokens of *text*; a house, a flat or an age is talk, and stands apart."""
    at = 0
    for numbered in NUMBERED.finditer(text):
        yield from _plain(text[at : numbered.start()], cutting)
        for n, token in enumerate(_plain(numbered.group(), cutting)):
            yield replace(token, talk=True, pause=n == 0)
        at = numbered.end()
    yield from _plain(text[at:], cutting, pause=at > 0)


def _plain(text: str, cutting: int, *, pause: bool = False) -> Iterator[Token]:
    for piece in PIECES.finditer(text):
        if piece["pause"]:
            pause = True
            continue
        if piece["latin"]:
            new = _latin(piece["latin"].replace("'", ""), cutting, pause)
        else:
            new = _han(_numeral(piece["number"]) if piece["number"] else piece["han"], pause)
        yield from new
        pause = pause and not new


def _han(run: str, pause: bool) -> list[Token]:
    talk, ending, after, before = (
        [found.span() for found in words.finditer(run)] for words in (PHRASES, ENDINGS, OTHER_AFTER, OTHER_BEFORE)
    )
    after_talk = {0, *(end for _, end in talk)}
    before = [span for span in before if span[0] not in after_talk]  # 对面山 is a name, where none stands before it
    long = [span for span in after if span[1] - span[0] > 1]  # 离 may be a syllable of one
    in_talk, in_ending = ({at for span in spans for at in range(*span)} for spans in (talk + long + before, ending))
    last, first = {end - 1 for _, end in after}, {start for start, _ in before}
    return [
        Token(
            character,
            sound,
            character in PARTICLES,
            pause and at == 0,
            at in in_talk,
            at in in_ending,
            at in last,
            at in first,
        )
        for at, (character, sound) in enumerate(zip(run, sounds(run, every_reading=True), strict=True))
    ]


def _latin(word: str, cutting: int, pause: bool) -> list[Token]:
    said = ENGLISH.get(word)
    if said is not None and (said or word not in NUMBER):
        return _han(said, pause)
    return [  # "he" may be English or the end of Xin he: weighed as a particle
        Token(syllable, spoken(syllable), said is not None, pause and at == 0)
        for at, syllable in enumerate(latin.syllables(word, cutting))
    ]


def _numeral(digits: str) -> str:
    """6 → 六, 36 → 三十六; longer numbers digit by digit."""
    plain = [NUMERALS[unicodedata.digit(digit)] for digit in digits]
    if len(plain) != 2 or plain[0] == "零":
        return "".join(plain)
    tens, ones = plain
    return f"{tens if tens != '一' else ''}十{ones if ones != '零' else ''}"
