"""Utterances to measure the matcher with, as JSON lines: ``tests/routing/noise.py LIST.csv --near NATION.csv.gz``.

Seed 1 was looked at while the weights were chosen; measure with others. Takes real names and says them as callers and
recognisers do: in other frames, with other characters, with the consonants of Ningbo, clipped, corrected, with a house
number behind them, as pinyin, in a rambling sentence. Names of the second list that are not in the first are what
nobody should accept. A truth is every row that sounds the same (toneless) and whose kind the caller did not deny; what
lands on another row's sound by chance is thrown away.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from routing.directory import Community, Directory, listing
from routing.speech import names
from routing.speech.names import COMMUNITY, VILLAGE
from routing.speech.phonetics import HAN, SYLLABLES, sounds

FRAMES = [
    "我家在{}",
    "俺是{}的",
    "{}嘛",
    "老家{}",
    "就住{}这块儿",
    "你好你好我这边是{}",
    "地址是{}",
    "同志我{}的",
    "哎{}",
    "{}晓得伐",
    "阿拉{}",
    "阿拉是{}的",
    "{}{}",
    "我想问下{}的",
    "这里{}这里",
    "喂我{}的呀",
    "住么住在{}",
    "是{}啦",
    "{}，对",
    "呃，{}。",
    "{}",
    "那边{}",
    "对对{}",
    "帮我转{}",
    "我妈住在{}",
]
RAMBLING = [
    "您好同志麻烦你啊我一个人住不方便想请你们帮帮忙我是{}的",
    "不好意思打扰一下我年纪大了听不大清楚的我住{}谢谢你啊",
    "我住在{}，想配点高血压的药",
    "{}，家里没有菜了能不能送一点",
    "喂是热线吗我这里是{}我要一辆车去医院",
]
CORRECTED = ["{wrong}不对，是{}", "不是{wrong}是{}", "{wrong}哦不{}", "{wrong}说错了{}"]
TAILS = ["{n}幢{n}0{n}", "{n}号楼", "{n}组", "{n}弄{n}号", "东边第{n}家"]
SENTENCES = [
    "我要叫出租车",
    "高血压药没有了",
    "明天去宁波大学附属医院",
    "老头子不舒服",
    "听勿清爽",
    "你们几点下班",
    "我儿子在上海",
    "电费怎么交",
    "麻烦你了",
    "我不晓得叫什么",
    "能不能快一点",
    "米和油都没了",
    "今朝落雨",
    "转接人工服务",
    "房子漏水",
    "我是外地来的",
    "谢谢再见",
    "牛奶没有了",
    "我腿疼走不动",
    "孙女发烧了",
    "打错了",
    "什么意思",
    "我要投诉",
    "请问疫苗在哪里打",
    "垃圾没人收",
    "停水了",
    "居委会电话多少",
    "社区",
    "我们村",
    "街道办事处在哪",
    "买两斤肉",
    "等一下",
    "没听见",
    "一二三四",
    "胰岛素",
]
# What an ear trained on Mandarin makes of Ningbo's initials and finals.
INITIALS = "zh-z ch-c sh-s z-zh c-ch s-sh n-l l-n h-f f-h r-l b-p p-b d-t t-d g-k j-q q-j"
FINALS = "ing-in eng-en in-ing en-eng ang-an an-ang iang-ian ian-iang uang-uan ai-ei ao-ou uo-o"


class Noise:
    """Says the names of one list; a nation's list says which characters are common and which names are elsewhere."""

    def __init__(self, listed: Directory, nation: Directory, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - not for secrets
        self.sentences = SENTENCES
        self.listed = [community for community in listed if len(names.parse(community.name).core) > 1]
        self.by_sound: dict[str, list[Community]] = defaultdict(list)
        for community in self.listed:
            self.by_sound[said(names.parse(community.name).core)].append(community)
        self.by_merged = {merged(names.parse(community.name).core) for community in self.listed}
        self.common = Counter(c for community in nation for c in community.name + community.street)
        self.characters: dict[str, list[str]] = defaultdict(list)
        for character in self.common:
            if HAN.fullmatch(character):
                self.characters[said(character)].append(character)
        self.words: dict[str, list[str]] = defaultdict(list)
        cores = {names.parse(community.name).core for community in nation}
        for core in cores:
            if len(core) == 2:
                self.words[" ".join(map(said, core))].append(core)
        self.foreign = sorted(
            {c.name for c in self.random.sample(list(nation), min(60_000, len(nation)))} - {c.name for c in self.listed}
        )

    def queries(self, count: int) -> Iterator[dict[str, object]]:
        kinds = self.kinds()
        for n in range(count):
            kind = kinds[n % len(kinds)]
            community = self.random.choice(self.listed)
            core = names.parse(community.name).core
            heard, ending = kind(core, community)
            if not heard:
                continue
            yield self._labelled(heard, core, ending, community, kind.__name__.removeprefix("say_"))
        for _ in range(count // 8 if self.foreign else 0):
            name = self.random.choice(self.foreign)
            core = names.parse(name).core
            if len(core) > 1 and all(map(HAN.fullmatch, core)) and merged(core) not in self.by_merged:
                yield {"heard": self.elsewhere(name), "truth": [], "kind": "elsewhere"}
        for sentence in self.sentences:
            yield {"heard": sentence, "truth": [], "kind": "sentence"}

    def kinds(self) -> list[Callable[[str, Community], tuple[str, str]]]:
        """The ways to say a name, each as often as the others: what is heard, and the ending in it."""
        return [getattr(self, name) for name in dir(self) if name.startswith("say_")]

    def elsewhere(self, name: str) -> str:
        """A published name that is not in the list, as its people say it."""
        parsed = names.parse(name)
        return framed(self.random.choice([*FRAMES, "{}", "{}", "{}"]), parsed.core + self._ending(parsed.kinds))

    def _labelled(self, heard: str, core: str, ending: str, community: Community, kind: str) -> dict[str, object]:
        denied = {"社": VILLAGE, "居": VILLAGE, "村": COMMUNITY, "大": COMMUNITY}.get(ending[:1], 0)
        same = self.by_sound[said(core)]
        truth = [c.code for c in same if names.parse(c.name).kinds != denied or c is community]
        if kind == "street":
            truth = [c.code for c in same if c.code in truth and c.street == community.street]
        return {"heard": heard, "truth": truth, "kind": kind}

    def _ending(self, kinds: int) -> str:
        return self.random.choice(
            {COMMUNITY: ["社区", "社区", "居委会", ""], VILLAGE: ["村", "村", "村委会", ""]}.get(kinds, [""])
        )

    def _other(self, syllable: str) -> str:
        """Some character of this syllable, common ones more often; nothing when there is none."""
        of = self.characters.get(syllable, [])
        return self.random.choices(of, [self.common[c] ** 0.7 for c in of])[0] if of else ""

    def _bent(self, core: str, share: float) -> str:
        """*core* with Ningbo's sounds in a share of its syllables, at least one; "" when that says another name."""
        out, bent = "", False
        for at, character in enumerate(core):
            syllable = said(character)
            if self.random.random() < share or (at == len(core) - 1 and not bent):
                ways = [changed for changed in swapped(syllable) if changed in SYLLABLES]
                if ways:
                    syllable, bent = self.random.choice(ways), True
            out += self._other(syllable) or character
        return "" if said(out) != said(core) and said(out) in self.by_sound else out

    def say_plain(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        return framed(self.random.choice(FRAMES), core + ending), ending

    def say_word(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        of = [word for word in self.words.get(" ".join(map(said, core)), []) if word != core]
        return (self.random.choice(of) + ending if of else ""), ending

    def say_characters(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        return "".join(self._other(said(c)) or c for c in core) + ending, ending

    def say_ningbo(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        bent = self._bent(core, 0.4)
        return (bent + ending if bent else ""), ending

    def say_ningbo_framed(self, core: str, community: Community) -> tuple[str, str]:
        heard, ending = self.say_ningbo(core, community)
        return (framed(self.random.choice(FRAMES), heard) if heard else ""), ending

    def say_clipped(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        short = core[1:]
        return (short + ending if len(core) > 2 and merged(short) not in self.by_merged else ""), ending

    def say_dropped(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        at = self.random.randrange(1, len(core))
        short = core[:at] + core[at + 1 :]
        return (short + ending if len(core) > 2 and merged(short) not in self.by_merged else ""), ending

    def say_corrected(self, core: str, community: Community) -> tuple[str, str]:
        wrong = names.parse(self.random.choice(self.listed).name).core
        ending = self._ending(names.parse(community.name).kinds)
        return self.random.choice(CORRECTED).format(core + ending, wrong=wrong + ending), ending

    def say_tail(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        tail = self.random.choice(TAILS).format(n=self.random.randrange(1, 9))
        return core + ending + tail, ending

    def say_pinyin(self, core: str, community: Community) -> tuple[str, str]:
        ending = {COMMUNITY: " community", VILLAGE: " village"}.get(names.parse(community.name).kinds, "")
        return "".join(map(said, core)) + ending, "社" if "comm" in ending else "村" if ending else ""

    def say_rambling(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        return self.random.choice(RAMBLING).format(core + ending), ending

    def say_street(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        street = self.random.choice([community.street, names.place(community.street)])
        return self.random.choice(["{}", "我是{}的", "在{}"]).format(street + core + ending), ending


def said(text: str) -> str:
    return " ".join(SYLLABLES[s[0]] if s[0] < len(SYLLABLES) else "?" for s in sounds(text, every_reading=False))


def merged(text: str) -> str:
    """The sound of a text with the commonest mergers undone: two texts that are the same here are the same name."""
    parts = (part.replace("zh", "z").replace("ch", "c").replace("sh", "s") for part in said(text).split())
    return " ".join(("l" + p[1:] if p[0] == "n" else p).replace("ng", "n") for p in parts)


def swapped(syllable: str) -> Iterator[str]:
    """*syllable* with another initial or another final, in every way Ningbo does it; real syllables or not."""
    for old, new in (pair.split("-") for pair in INITIALS.split()):
        if syllable.startswith(old) and not syllable.startswith(old + "h"):
            yield new + syllable.removeprefix(old)
    for old, new in (pair.split("-") for pair in FINALS.split()):
        if syllable.endswith(old):
            yield syllable.removesuffix(old) + new


def framed(frame: str, name: str) -> str:
    return frame.replace("{}", name)


def main(kind: type[Noise] = Noise, about: str | None = __doc__) -> None:
    arguments = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("listed")
    arguments.add_argument("--near", required=True, help="a large list: common characters, names from elsewhere")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=1500)
    given = arguments.parse_args()
    noise = kind(listing.read(given.listed), listing.read(given.near), given.seed)
    name = Path(given.listed).name.split(".")[0]
    for query in noise.queries(given.count):
        sys.stdout.write(json.dumps({"directory": name} | query, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
