"""Which syllables do Latin letters spell? Pinyin where a word can be cut into it, else the parts one says it in."""

import re
import zlib
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz, process

from routing.speech.phonetics import NUMBER, TABLE, Sound, sound

WORD = re.compile("[A-Za-z']+")
LONGEST_SYLLABLE = 6
PART = re.compile(r"[^aeiouy]*[aeiouy]+(?:n(?:g(?![aeiouy])|(?![aeiouyg]))|[^aeiouy]+$)?|[^aeiouy]+")
SAID_AS: dict[str, str] = TABLE["latin"]
ALIKE = 79  # of fuzz.ratio's 100: one letter in five is another; https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html
LETTERS = re.compile("|".join(sorted(SAID_AS, key=len, reverse=True)))
LETTER_NAMES: dict[str, str] = TABLE["letters"]


@cache
def cuts(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to cut a word into pinyin, fewest syllables first, at most two: ganao is gan ao or ga nao."""
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        starts = range(max(0, end - LONGEST_SYLLABLE), end)
        here = [(*way, word[s:end]) for s in starts if word[s:end] in NUMBER for way in ways[s]]
        ways.append(sorted(here, key=len)[:2])
    return tuple(ways[-1])


def syllables(word: str, cutting: int = 0) -> tuple[str, ...]:
    """The syllables of a word, in lower case; *cutting* 1 asks for the second way where there is one."""
    bare = word.lower().replace("'", "")
    ways = cuts(bare) or (tuple(PART.findall(bare)),)
    return ways[min(cutting, len(ways) - 1)]


@cache
def spoken(syllable: str) -> Sound:
    """How one of them sounds: as pinyin, if need be with letters that pinyin lacks replaced (van → wan, so → sou).

    A letter alone is called by its name (b → bi). What is none of these sounds like nothing else.
    """
    said = LETTERS.sub(lambda found: SAID_AS[found.group()], syllable)
    ways = (syllable, said, LETTER_NAMES.get(syllable, ""), re.sub("o$", "ou", said))
    return next((sound(each) for each in ways if each in NUMBER), sound())


def number(written: str) -> int:
    """Tells written syllables apart: a character by its code point, Latin ones by negative numbers."""
    return ord(written) if len(written) == 1 else -2 - (zlib.crc32(written.encode()) >> 2)


def spelt(word: str, words: Sequence[str]) -> str:
    """The one of *words* that this word is a slip of, or the word itself: Vanka is Vanke. Pinyin is left as it is."""
    if not words or cuts(word):
        return word
    found = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return found[0] if found else word
