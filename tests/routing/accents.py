"""Utterances as recognisers write the Mandarin of Ningbo, beside ``tests/routing/noise.py`` and ``callers.py``.

    python -m tests.routing.accents LIST.csv --near NATION.csv.gz --seed 42

The sounds of ``routing/data/ningbo.toml``, one, two or more of them in a name; two finals off; numerals in other
writing; a polite sentence around the name; the words before a name written as its beginning. Half of what is said of
places elsewhere is said with the same sounds. Even seeds say the one half of the phrases, odd ones the other.
"""

import tomllib
from collections.abc import Callable, Iterator
from itertools import product

from pypinyin import Style, pinyin

from routing.directory import Community, Directory
from routing.speech import names
from routing.speech.names import WORDS
from routing.speech.phonetics import DATA, SYLLABLES, halves
from tests.routing import noise
from tests.routing.noise import Noise, merged, said

NINGBO = tomllib.loads((DATA / "ningbo.toml").read_text("utf-8"))
POLITE = [
    "麻烦你帮我转{name}行不行",
    "帮我转一下{name}好不好啊",
    "请你给我接{name}可以吗",
    "劳驾转{name}好吗",
    "能不能帮忙联系{name}呀",
    "麻烦侬帮我寻{name}好伐",
    "我想找{name}的人有没有啦",
    "给{name}打个电话行吗",
    "是不是{name}的电话啊",
    "请帮我找一下{name}谢谢啊",
    "你好我想请{name}派个人好不好",
    "叫{name}的人来一下行伐",
]
FRAMES = [
    "我是{name}的",
    "我住{name}",
    "{name}",
    "阿拉{name}",
    "我这里{name}",
    "{name}这边",
    "我屋里在{name}",
    "就{name}",
]
OTHERWISE = {"二": ["2", "两"], "两": ["二", "2"], "廿": ["二十", "20", "念"], "二十": ["廿", "20"], "十": ["10"]} | {
    n: [str(at)] for at, n in enumerate("〇一二三四五六七八九") if n != "二"
}
TALK = sorted({*WORDS["talk"]["phrases"], *WORDS["talk"]["who"], *map("".join, product("我俺就", "住在是家"))})


class Accents(Noise):
    """Names of one list in the sounds of Ningbo; the nation's list as in ``Noise``."""

    def __init__(self, listed: Directory, nation: Directory, seed: int) -> None:
        super().__init__(listed, nation, seed)
        self.half = seed % 2
        self.sentences = []
        self.special = {
            "numeral": [(c, way) for c in self.listed for way in numerals(names.parse(c.name).core)],
            "shadowed": [(c, way) for c in self.listed for way in shadows(names.parse(c.name).core)],
        }

    def queries(self, count: int) -> Iterator[dict[str, object]]:
        """As ``Noise.queries``; names with numerals, and those that begin like talk, each a dozenth more."""
        yield from super().queries(count)
        for kind, ways in self.special.items():
            for community, core in self.random.sample(ways, min(len(ways), count // 12)):
                parsed = names.parse(community.name)
                ending = self._ending(parsed.kinds)
                if said(core) == said(parsed.core) or said(core) not in self.by_sound:
                    heard = self._phrase(FRAMES, core + ending)
                    yield self._labelled(heard, parsed.core, ending, community, kind)

    def kinds(self) -> list[Callable[[str, Community], tuple[str, str]]]:
        """Those of this file."""
        return [getattr(self, name) for name in vars(Accents) if name.startswith("say_")]

    def _phrase(self, phrases: list[str], name: str) -> str:
        return self.random.choice(phrases[self.half :: 2]).format(name=name)

    def _written(self, syllables: list[str], core: str) -> str:
        """Some characters of these syllables; "" where they say another listed name, or a syllable has none."""
        out = "".join(
            character if said(character) == syllable else self._other(syllable)
            for syllable, character in zip(syllables, core, strict=True)
        )
        clash = said(out) != said(core) and (said(out) in self.by_sound or merged(out) in self.by_merged)
        return "" if len(out) != len(core) or (clash and merged(out) != merged(core)) else out

    def _accented(self, core: str, most: int) -> str:
        """*core* with at least one and at most so many of its syllables as Ningbo says them."""
        syllables = said(core).split()
        at = [n for n in range(len(core)) if syllables[n] in SYLLABLES and heard_as(core[n], syllables[n])]
        self.random.shuffle(at)
        for n in at[: self.random.randint(1, most)]:
            syllables[n] = self.random.choice(heard_as(core[n], syllables[n]))
        return self._written(syllables, core) if at else ""

    def _named(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        return core + ending, ending

    def say_one(self, core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(self._accented(core, 1), community)
        return (self._phrase(FRAMES, name) if name != ending else ""), ending

    def say_two(self, core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(self._accented(core, 2), community)
        return (self._phrase(FRAMES, name) if name != ending else ""), ending

    def say_two_finals(self, core: str, community: Community) -> tuple[str, str]:
        """Two syllables with another final, the consonants right."""
        syllables = said(core).split()
        ways = {n: _finals(each) for n, each in enumerate(syllables) if each in SYLLABLES and _finals(each)}
        if len(ways) < 2:
            return "", ""
        for n in self.random.sample(sorted(ways), 2):
            syllables[n] = self.random.choice(ways[n])
        name, ending = self._named(self._written(syllables, core), community)
        return (name if name != ending else ""), ending

    def say_polite(self, core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(core, community)
        return self._phrase(POLITE, name), ending

    def say_polite_accented(self, core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(self._accented(core, 1), community)
        return (self._phrase(POLITE, name) if name != ending else ""), ending

    def elsewhere(self, name: str) -> str:
        core, kinds = names.parse(name).core, names.parse(name).kinds
        heard = (self._accented(core, 1) if self.random.random() < 0.5 else "") or core
        return self._phrase([*FRAMES, *POLITE], heard + self._ending(kinds))


def heard_as(character: str, syllable: str) -> list[str]:
    """What a recogniser may make of it: every way of ``ningbo.toml`` that is a syllable."""
    second = pinyin(character, style=Style.TONE3, errors="ignore")
    initials = [*NINGBO["initials"], *(NINGBO["voiced"] if second and second[0][0].endswith("2") else [])]
    start, final = halves(syllable)
    of_halves = {(new, final) for old, new in map(str.split, initials) if old == start}
    of_halves |= {(start, new) for old, new in map(str.split, NINGBO["finals"]) if old == final}
    found = [BY_HALVES[each] for each in of_halves if each in BY_HALVES]
    found += [new for old, new in map(str.split, NINGBO["syllables"]) if old == syllable and new in SYLLABLES]
    return sorted({*found, *NINGBO["entering"].get(character, "").split()} - {syllable})


def numerals(core: str) -> Iterator[str]:
    """*core* with one of its numerals written otherwise; 第三 also without its 第, 三 with it."""
    for numeral, others in OTHERWISE.items():
        if numeral in core:
            yield from (core.replace(numeral, other, 1) for other in others)
    if core.startswith("第"):
        yield core[1:]


def shadows(core: str) -> Iterator[str]:
    """*core* with its beginning written as talk that sounds the same: 沃家 is 我家."""
    for word in TALK:
        begins = core[: len(word)]
        if 1 < len(word) <= len(core) and word != begins and said(word) == said(begins):
            yield word + core[len(word) :]


BY_HALVES = {halves(syllable): syllable for syllable in SYLLABLES}


def _finals(syllable: str) -> list[str]:
    start, final = halves(syllable)
    changed = (new for old, new in map(str.split, NINGBO["finals"]) if old == final)
    return [BY_HALVES[start, new] for new in changed if (start, new) in BY_HALVES]


if __name__ == "__main__":
    noise.main(Accents, __doc__)
