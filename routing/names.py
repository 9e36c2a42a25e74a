"""What is the name in a published name? 石碶村村委会 is 石碶, a village; 银杏社区居委会 is 银杏, a community."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass

from routing.phonetics import DATA

WORDS = tomllib.loads((DATA / "words.toml").read_text("utf-8"))
COMMUNITY, VILLAGE = 1, 2  # flags: a village that became a community is both
KINDS = 4  # combinations of them
KIND_OF = (
    dict.fromkeys(WORDS["names"]["community"], COMMUNITY)
    | dict.fromkeys(WORDS["names"]["village"], VILLAGE)
    | dict.fromkeys(WORDS["names"]["either"], 0)
)
ENDING = re.compile(f"(?<=..)(?:{'|'.join(KIND_OF)})$")  # the longest, which begins first
PLACE_ENDINGS = sorted(WORDS["places"]["suffixes"], key=len, reverse=True)
BESIDE = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]?|[\s·•、,，。.]+")  # what stands in brackets, and dots
# 居委会 and 村民委员会 with the slips of the pen the national list has: 居居委会, 居名委员会, 民居民委员会, 委会大.
COMMITTEE = re.compile("[居民名]*委[居民名委员会]*.?$")
DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Name:
    """The core by which people know a place, empty when a row carries none, and its kinds (flags)."""

    core: str
    kinds: int


def parse(name: str) -> Name:
    """Core and kinds of a published name or an alias.

    Endings are taken off as long as two characters stay (张村村委会 is 张村, 高村委会 is 高村); one that repeats
    another is taken off with it. A name made of endings alone has no core.
    """
    core = BESIDE.sub("", unicodedata.normalize("NFKC", name)).translate(DIGITS)
    if core in KIND_OF:
        return Name("", KIND_OF[core])
    kinds = 0
    if (committee := COMMITTEE.search(core)) and committee.start() >= 2:
        core, kinds = core[: committee.start()], COMMUNITY if "居" in committee.group() else 0
    while ending := ENDING.search(core):
        core, kinds = core[: ending.start()], kinds | KIND_OF[ending.group()]
    if core in KIND_OF:
        return Name("", kinds | KIND_OF[core])
    return Name(core, kinds or (VILLAGE if core.endswith("村") else 0))


def place(name: str) -> str:
    """The core of a street's, town's or larger place's name: 新碶街道 is 新碶; 南区 stays whole."""
    whole = unicodedata.normalize("NFKC", name).translate(DIGITS)
    ending = next((each for each in PLACE_ENDINGS if whole.endswith(each) and len(whole) >= len(each) + 2), "")
    return whole.removesuffix(ending)
