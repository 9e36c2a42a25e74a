"""What is the name in a published name? 石碶村村委会 is 石碶, a village; 银杏社区居委会 is 银杏, a community."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from routing.speech import latin
from routing.speech.latin import WORD
from routing.speech.normalise import simplified
from routing.speech.phonetics import DATA, HAN, TABLE, Sound, sounds

WORDS = tomllib.loads((DATA / "words.toml").read_text("utf-8"))
COMMUNITY, VILLAGE = 1, 2  # flags: a village that became a community is both
KINDS = 4  # combinations of them
MAX_SYLLABLES = 10  # of a name that are compared
KIND_OF = (
    dict.fromkeys(WORDS["names"]["community"], COMMUNITY)
    | dict.fromkeys(WORDS["names"]["village"], VILLAGE)
    | dict.fromkeys(WORDS["names"]["either"], 0)
)
ENDING = re.compile(f"(?<=..)(?:{'|'.join(KIND_OF)})$")  # the longest, which begins first
PLACE_ENDINGS = sorted(WORDS["places"]["suffixes"], key=len, reverse=True)
# What stands in brackets, dots, and spaces but between Latin letters.
BESIDE = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]?|[·•、,，。.]+|(?<![a-zA-Z'])\s+|\s+(?![a-zA-Z'])")
# 居委会 and 村民委员会 with the slips of the pen the national list has: 居居委会, 居名委员会, 民居民委员会, 委会大.
COMMITTEE = re.compile("[居民名]*委[居民名委员会]*.?$")
RUNS = re.compile(rf"({WORD.pattern})|((?:(?!{WORD.pattern})\S)+)")
ENGLISH: dict[str, str] = WORDS["english"]
ORDINAL = re.compile("第[一二三四五六七八九十]+$")
SCORES = {"廿": "二十", "卅": "三十", "卌": "四十"}
TENS = re.compile("[廿卅卌]")
IN_TENS = {written: short for short, written in SCORES.items()}
WRITTEN_TENS = re.compile("|".join(IN_TENS))
NUMERAL = re.compile("[0-9]{2,3}")
LETTER = re.compile("(?<![A-Za-z'])[A-Za-z](?![A-Za-z'])")
SPELT: dict[str, str] = TABLE["spelt"]
SYMBOLS = str.maketrans(TABLE["symbols"])
GENERIC: dict[str, str] = WORDS["estates"]
MARKS = re.compile("[\u0300-\u036f]")  # of accented letters, once decomposed
SAID = re.compile(r"\w")
UNSAID = re.compile(r"[^\w\s'（(\[【）)\]】·•、,，。.-]+")  # a tree, a star: nobody says them
DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Name:
    """The core by which people know a place, empty when a row carries none, and its kinds (flags)."""

    core: str
    kinds: int

    @property
    def syllables(self) -> tuple[str, ...]:
        """What is compared: a character each, and the syllables of Latin words."""
        return tuple(chain.from_iterable(_syllables(self.core)))

    @property
    def sounds(self) -> list[Sound]:
        """How each of ``syllables`` is said."""
        return list(chain.from_iterable(_sounds(self.core)))


def parse(name: str) -> Name:
    """Core and kinds of a published name or an alias.

    Endings are taken off as long as two characters stay (张村村委会 is 张村, 高村委会 is 高村); one that repeats
    another is taken off with it. A name made of endings alone has no core.
    """
    core = BESIDE.sub("", _in_chinese(_plain(name))).translate(DIGITS)
    if core in KIND_OF:
        return Name("", KIND_OF[core])
    kinds = 0
    if (committee := COMMITTEE.search(core)) and committee.start() >= 2:
        core, kinds = core[: committee.start()], COMMUNITY if "居" in committee.group() else 0
    while ending := ENDING.search(core):
        core, kinds = core[: ending.start()], kinds | KIND_OF[ending.group()]
    if core in KIND_OF or not SAID.search(core):
        return Name("", kinds | KIND_OF.get(core, 0))
    return Name(core, kinds or (VILLAGE if core.endswith("村") else 0))


def said(name: str) -> Iterator[Name]:
    """A published name or an alias, and what people call it when its numeral or letter is said otherwise.

    第三社区 is also 三社区; 廿四间 is 二十四间, and the other way round; 88号 is 八十八号, F区 is 艾弗区, Vanke City is
    Vanke城.
    """
    whole = parse(name)
    yield whole
    plain = _plain(name)
    if not plain.isalpha() or WORD.search(plain):
        yield from _otherwise(plain, whole)
    if ORDINAL.match(whole.core):
        yield Name(f"{whole.core[1:]}社区" if whole.kinds & COMMUNITY else f"{whole.core[1:]}村", whole.kinds)
    if (written := TENS.sub(lambda found: SCORES[found.group()], whole.core)) != whole.core:
        yield Name(written, whole.kinds)
    if (short := WRITTEN_TENS.sub(lambda found: IN_TENS[found.group()], whole.core)) != whole.core:
        yield Name(short, whole.kinds)


def _otherwise(plain: str, whole: Name) -> Iterator[Name]:
    """A name with digits or letters in other words, where there are any."""
    ways = (
        NUMERAL.sub(lambda found: cardinal(found.group()), plain),
        LETTER.sub(lambda found: SPELT.get(found.group().lower(), found.group()), plain),
        WORD.sub(lambda found: GENERIC.get(found.group().lower(), found.group()), plain),
    )
    cores = dict.fromkeys(parse(way).core for way in ways)
    yield from (Name(core, whole.kinds) for core in cores if core != whole.core)


def cardinal(digits: str) -> str:
    """Two or three digits as a number is counted: 36 is 三十六, 100 is 一百; with a zero in front digit by digit."""
    if digits[0] == "0":
        return digits.translate(DIGITS)
    hundreds, tens, ones = (f"{int(digit):d}".translate(DIGITS) for digit in digits.zfill(3))
    rest = f"{'' if tens == '一' and hundreds == '〇' else tens}十{ones}".replace("〇十", "零").rstrip("〇")
    whole = f"{hundreds}百{rest}" if hundreds != "〇" else rest
    return whole.removesuffix("零")


def place(name: str) -> str:
    """The core of a street's, town's or larger place's name: 新碶街道 is 新碶; 南区 stays whole."""
    whole = simplified(unicodedata.normalize("NFKC", name)).translate(DIGITS)
    ending = next((each for each in PLACE_ENDINGS if whole.endswith(each) and len(whole) >= len(each) + 2), "")
    return whole.removesuffix(ending)


def _plain(name: str) -> str:
    """Simplified, with plain letters, and symbols as they are said; one that nobody says is left out."""
    if all(map(HAN.fullmatch, name)):  # as almost every name is
        return simplified(name)
    apart = unicodedata.normalize("NFKD", name.translate(SYMBOLS))
    text = simplified(unicodedata.normalize("NFC", MARKS.sub("", apart)))
    return UNSAID.sub("", text) or text


def _in_chinese(name: str) -> str:
    """Community, village and the like as Chinese says them: Yinxing Community is Yinxing 社区. A letter is a letter."""
    if not WORD.search(name):  # as almost none has
        return name
    return WORD.sub(_word_in_chinese, name)


def _word_in_chinese(found: re.Match[str]) -> str:
    word = found.group()
    return word if len(word) == 1 else ENGLISH.get(word.lower(), word)


def _syllables(core: str) -> Iterator[Iterable[str]]:
    for word, other in _runs(core):
        yield latin.syllables(word) if word else other


def _sounds(core: str) -> Iterator[Iterable[Sound]]:
    for word, other in _runs(core):
        yield map(latin.spoken, latin.syllables(word)) if word else sounds(other, every_reading=False)


def _runs(core: str) -> Iterable[tuple[str, str]]:
    """Latin words, and what stands between them without its spaces, in small letters; one of each pair is empty."""
    core = core.casefold()
    if core.isascii() or WORD.search(core):
        return RUNS.findall(core)
    return (("", core),)
