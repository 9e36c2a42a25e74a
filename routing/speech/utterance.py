"""What was said, as sounds? Turns a recogniser's text into tokens, one a syllable, and says what else stands there.

Also finds what stands around a name: talk (我住在 …), a pause, the ending that tells a community from a village.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, product

import numpy as np
from numpy.typing import NDArray

from routing.speech import latin
from routing.speech.latin import WORD, number, spoken
from routing.speech.names import COMMUNITY, ENGLISH, SYMBOLS, VILLAGE, WORDS
from routing.speech.normalise import normal
from routing.speech.phonetics import HAN, NO_SYLLABLE, NUMBER, READINGS, Sound, costs_to_syllables, sounds

Likenesses = Mapping[str, Collection[int]]
NO_LIKENESSES: Likenesses = {}
SILENT: Sound = (NO_SYLLABLE,) * READINGS
SAME_SOUND = 0.1  # of two syllables
MAX_CHARACTERS = 120  # nobody names a community later; more is not speech
PIECES = re.compile(
    rf"(?P<han>{HAN.pattern}+)|(?P<latin>[a-z']+)|(?P<number>\d+)|(?P<pause>[^\w\s]+|\s+)|(?P<other>\w)"
)
TONES = re.compile("[\u0300-\u036f]")  # of pinyin, once decomposed
PARTICLES = frozenset(WORDS["talk"]["particles"])
CARRIERS = frozenset(WORDS["talk"]["carriers"])
HESITATION = frozenset(WORDS["talk"]["hesitation"])


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """One of *words*, the longest that stands there."""
    return re.compile(_trie(frozenset(words)))


def _trie(words: Collection[str], begun: str = "") -> str:
    """One of *words*, by what they begin with: many are tried as quickly as a few.

    A word that denies is none as a part of a question: 不是 in 是不是 denies nothing.
    """
    ends: dict[str, set[str]] = {}
    for word in filter(None, words):
        ends.setdefault(word[0], set()).add(word[1:])
    ways = [
        (f"(?<!{first}不)" if begun == "不" else "") + first + _trie(rest, begun + first)
        for first, rest in sorted(ends.items())
    ]
    return f"(?:{'|'.join(ways)})" + ("?" if "" in words else "") if ways else ""


TALK = tuple(
    dict.fromkeys(
        chain(
            WORDS["talk"]["phrases"],
            WORDS["talk"]["everyday"],
            map("".join, product(WORDS["talk"]["who"], WORDS["talk"]["stays"])),
            map("".join, product(WORDS["talk"]["asks"], WORDS["talk"]["puts"])),
        )
    )
)
PHRASES = _any(TALK)
OTHER_AFTER, OTHER_BEFORE = _any(WORDS["other"]["after"]), _any(WORDS["other"]["before"])
CORRECTION = re.compile(
    rf"(?:{_any(WORDS['talk']['corrections']).pattern})[\s,、.]*(?:{'|'.join(WORDS['talk']['stays'])})?"
)
VILLAGE_ENDING = "村"
ENDINGS = re.compile(
    "|".join(
        word for word in sorted(chain.from_iterable(WORDS["spoken"].values()), key=len, reverse=True) if len(word) > 1
    )
    + f"|{VILLAGE_ENDING}(?!{VILLAGE_ENDING}|社区|居)"  # 林村村 is 林村, a village; 富村社区 is 富村, or 富春
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
LONE = frozenset(word for words in WORDS["spoken"].values() for word in words if len(word) == 1)
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
    doubtful: bool = False  # belongs to a phrase of talk, or to a name that begins like it: 我家村

    @property
    def carrier(self) -> bool:
        """Whether it stands beside most names."""
        return self.doubtful or self.text in CARRIERS


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
            token = self.tokens[start]
            otherwise = (token.pause or token.talk) and token.text not in LONE  # in 银杏，想买药 the 想 is no 乡
            for kind, ending, most in _begun(first, loose):
                if otherwise and len(ending) == 1:
                    continue
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


def read(text: str, words: Sequence[str] = (), like_talk: Likenesses = NO_LIKENESSES) -> tuple[Utterance, ...]:
    """What *text* may have sounded like: one utterance, or two where pinyin can be cut in two ways (ganao).

    *words* in Latin letters are expected: what is a slip of one is taken for it. *like_talk*: phrases of talk that
    sound like the beginning of a name, with the syllables that go on; ``NO_SYLLABLE`` where the name is over.
    """
    text = normal(text[: 4 * MAX_CHARACTERS].translate(SYMBOLS))[:MAX_CHARACTERS]
    text = unicodedata.normalize("NFC", TONES.sub("", unicodedata.normalize("NFKD", text.replace("ü", "v"))))
    text = WORD.sub(lambda word: latin.spelt(word.group(), words), text) if words else text
    text = SPACED.sub(lambda spaced: "".join(spaced.group().split()), _corrected(text))
    ways = [tuple(_tokens(text, cutting, like_talk)) for cutting in range(2 if WORD.search(text) else 1)]
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


def _tokens(text: str, cutting: int, like_talk: Likenesses) -> Iterator[Token]:
    """The tokens of *text*; a house, a flat or an age is talk, and stands apart."""
    at = 0
    for numbered in NUMBERED.finditer(text):
        yield from _plain(text[at : numbered.start()], cutting, like_talk)
        for n, token in enumerate(_plain(numbered.group(), cutting, like_talk)):
            yield replace(token, talk=True, pause=n == 0)
        at = numbered.end()
    yield from _plain(text[at:], cutting, like_talk, pause=at > 0)


def _plain(text: str, cutting: int, like_talk: Likenesses, *, pause: bool = False) -> Iterator[Token]:
    for piece in PIECES.finditer(text):
        if piece["pause"]:
            pause = True
            continue
        if piece["other"]:  # of a script that nobody here says: only as it is written
            new = [Token(piece["other"], SILENT, False, pause)]
        elif piece["latin"]:
            new = _latin(piece["latin"].replace("'", ""), cutting, pause)
        else:
            new = _han(_numeral(piece["number"]) if piece["number"] else piece["han"], pause, like_talk)
        yield from new
        pause = pause and not new


def _han(run: str, pause: bool, like_talk: Likenesses = NO_LIKENESSES) -> list[Token]:
    talk, ending, after, before = (
        [found.span() for found in words.finditer(run)] for words in (PHRASES, ENDINGS, OTHER_AFTER, OTHER_BEFORE)
    )
    after_talk = {0, *(end for _, end in talk)}
    before = [span for span in before if span[0] not in after_talk]  # 对面山 is a name, where none stands before it
    long = [span for span in after if span[1] - span[0] > 1]  # 离 may be a syllable of one
    names = [span for span in talk if _goes_on(run, span, like_talk)]
    names += [span for span in ending if _too_short(run, span, talk)]
    ending = [span for span in ending if span not in names]
    talk = [span for span in talk if span not in names]
    in_talk, in_ending, in_name = (
        {at for span in spans for at in range(*span)} for spans in (talk + long + before, ending, names)
    )
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
            at in in_name,
        )
        for at, (character, sound) in enumerate(zip(run, sounds(run, every_reading=True), strict=True))
    ]


def _too_short(run: str, ending: tuple[int, int], talk: Sequence[tuple[int, int]]) -> bool:
    """Whether a lone 村 is a part of the name, as 富村 may be 富春: no name has only one syllable before it."""
    begins, end = ending
    before = max([0, *(stop for _, stop in talk if stop <= begins)])
    said = run[before:begins].lstrip("".join(PARTICLES))
    return end - begins == 1 and len(said) == 1


def _goes_on(run: str, talk: tuple[int, int], like_talk: Likenesses) -> bool:
    """Whether a phrase of talk is the beginning of a name, by what follows it: 我家村, where one is called 沃家."""
    begins, end = talk
    for syllable in like_talk.get(run[begins:end], ()):
        if syllable == NO_SYLLABLE:
            if ENDINGS.match(run, end):
                return True
        elif end < len(run) and _cost(sounds(run[end], every_reading=True)[0], syllable) <= SAME_SOUND:
            return True
    return False


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
