"""Utterances as callers phrase them, beside ``tests/routing/noise.py``, where recognisers do the harm.

    python -m tests.routing.callers LIST.csv --near NATION.csv.gz --seed 42

Dictionary words that sound like the name, corrections with names in them, houses and flats, English sentences, two
places in one breath, worried relatives with their needs, hesitation, a clipped beginning, the recogniser's spaces.
Even seeds say the one half of the phrases, odd ones the other: whoever chooses weights with even seeds has not heard
what odd ones measure.
"""

from collections import defaultdict

from pypinyin.constants import PHRASES_DICT

from routing.directory import Community, Directory
from routing.speech import names
from routing.speech.names import COMMUNITY, VILLAGE
from tests.routing import noise
from tests.routing.noise import Noise, merged, said

CORRECTED = [
    "{wrong}，哎不对不对，我现在住{name}了",
    "{wrong}……讲错了讲错了，{name}",
    "是{name}，不是{wrong}",
    "我不住{wrong}，我住{name}",
    "{wrong}那是我儿子家，我自己在{name}",
    "以前在{wrong}，后来搬到{name}来了",
    "{wrong}？不是的，{name}",
    "我说的是{name}不是{wrong}呀",
]
HOUSES = [
    "{name}{a}幢{a}0{b}室",
    "{name}{a}号楼{b}单元{a}0{b}",
    "{name}，{a}{b}幢五零二",
    "{name}{a}组{b}{a}号",
    "{name}第{a}排最后一家",
    "{name}{a}-{b}0{a}",
    "{name}门口的小店楼上",
    "{name}老年活动室对面那幢，三楼",
]
ENGLISH = [
    "I live in {name}",
    "Hello, my address is {name}",
    "my mother lives at {name}, she needs medicine",
    "it's called {name}",
    "I'm calling from {name}",
    "we are near {name}",
    "the community is {name}",
    "Hi this is {name} please help",
]
BESIDES = [
    "{name}，就在{wrong}隔壁",
    "{name}的，靠近{wrong}那边",
    "从{wrong}过来就是，{name}",
    "{wrong}再过去一点，{name}",
    "{name}跟{wrong}中间隔一条河，我是{name}的",
    "不是靠{wrong}的那头，{name}",
]
RELATIVES = [
    "我老娘八十多了一个人住在{name}，血压高，药吃完了",
    "我是她女儿，我妈在{name}，腿摔坏了没人烧饭",
    "老头子在{name}，今天没吃饭，能不能叫人送点饭过去",
    "同志啊，我孙子在外地，我自己在{name}，要去医院配药没有车",
    "你们好，我替隔壁阿婆打的，她住{name}，耳朵聋的",
    "麻烦侬，{name}这里有个孤老，米没有了",
    "我姓张，今年七十九岁，家住{name}，想请人帮忙买点药",
    "姑娘，我跟你讲，我家里在{name}，水管坏掉了",
]
HESITANT = [
    "那个……{name}",
    "{first}、{first}、{name}",
    "嗯就是{name}嘛",
    "叫什么来着，哦{name}",
    "{name}，对的，{name}",
    "我想想啊，{name}",
    "喂？喂？哦，{name}，{name}",
    "怎么说呢，就是那个{name}",
]
LOCAL = [
    "阿拉屋里在{name}",
    "我是{name}个人",
    "侬好，{name}晓得伐啦",
    "我住勒{name}",
    "{name}里厢",
    "我来{name}该边",
    "俺屋落{name}",
    "就是{name}该搭",
]
SENTENCES = [
    "我的药吃完了，降压药",
    "能不能派个人来看看",
    "我儿子电话打不通",
    "你说什么我听不清楚",
    "天气冷了有没有被子",
    "我想找你们领导",
    "今天星期几",
    "医保卡丢了怎么办",
    "我住在六楼没有电梯",
    "我要去人民医院拍片子",
    "菜场今天开门吗",
    "家里煤气没有了",
    "我眼睛看不见",
    "老毛病又犯了",
    "你们什么时候来",
    "前几天打过电话的",
    "我是低保户",
    "楼上漏水漏到我家来了",
    "孩子要吃奶粉",
    "我这里信号不好",
    "how much does it cost",
    "I don't understand",
    "is anybody there",
    "can you send someone to my house",
    "我在海边那条路上",
    "桥头那个小店旁边",
    "红绿灯过去第二个路口",
    "学校后面",
    "我家门口有棵大树",
    "超市楼上",
]
ELSEWHERE = [
    "我是{city}{name}的",
    "{district}{name}",
    "我在{district}，{name}",
    "我女儿嫁到{district}{name}去了",
    "我从{city}{district}来的，{name}",
    "{street}{name}",
]


class Callers(Noise):
    """The phrases of one half, odd or even, with any name of the list in them."""

    def __init__(self, listed: Directory, nation: Directory, seed: int) -> None:
        super().__init__(listed, nation, seed)
        self.half = seed % 2
        self.sentences = SENTENCES[self.half :: 2]
        of_sound = defaultdict(list)
        for word in PHRASES_DICT:
            if len(word) == 2:
                of_sound[merged(word)].append(word)
        self.dictionary = of_sound
        self.others = {names.parse(c.name).core: c for c in nation}

    def _phrase(self, phrases: list[str]) -> str:
        return self.random.choice(phrases[self.half :: 2])

    def _named(self, core: str, community: Community) -> tuple[str, str]:
        ending = self._ending(names.parse(community.name).kinds)
        return core + ending, ending

    def _wrong(self, core: str) -> str:
        """Another name of the list, as people say it, that does not sound like this one."""
        while True:
            community = self.random.choice(self.listed)
            wrong = names.parse(community.name)
            if merged(wrong.core) != merged(core):
                return wrong.core + self._ending(wrong.kinds)

    def _framed(self, phrases: list[str], core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(core, community)
        a, b = self.random.sample(range(1, 9), 2)
        wrong = self._wrong(core)
        return self._phrase(phrases).format(name=name, wrong=wrong, first=core[0], a=a, b=b), ending

    def say_word(self, core: str, community: Community) -> tuple[str, str]:
        """A dictionary's word of two characters that sounds like the name, or nearly."""
        ending = self._ending(names.parse(community.name).kinds)
        near = [word for word in self.dictionary.get(merged(core), []) if word != core]
        near = [word for word in near if said(word) == said(core) or said(word) not in self.by_sound]
        return (self.random.choice(near) + ending if near else ""), ending

    def say_corrected(self, core: str, community: Community) -> tuple[str, str]:
        return self._framed(CORRECTED, core, community)

    def say_tail(self, core: str, community: Community) -> tuple[str, str]:
        return self._framed(HOUSES, core, community)

    def say_pinyin(self, core: str, community: Community) -> tuple[str, str]:
        kinds = names.parse(community.name).kinds
        syllables = [said(character) for character in core]
        if "?" in syllables:
            return "", ""
        spelt = self.random.choice(["", " "]).join(syllables).capitalize()
        ending = self.random.choice([{COMMUNITY: "社", VILLAGE: "村"}.get(kinds, ""), ""])
        word = {"社": " community", "村": " village"}.get(ending, "")
        return self._phrase(ENGLISH).format(name=spelt + word), ending

    def say_besides(self, core: str, community: Community) -> tuple[str, str]:
        return self._framed(BESIDES, core, community)

    def say_rambling(self, core: str, community: Community) -> tuple[str, str]:
        return self._framed(RELATIVES, core, community)

    def say_hesitant(self, core: str, community: Community) -> tuple[str, str]:
        return self._framed(HESITANT, core, community)

    def say_local(self, core: str, community: Community) -> tuple[str, str]:
        """Ningbo's words around the name, and in one of three its sounds within."""
        bent = self._bent(core, 0.3) if self.random.random() < 1 / 3 else core
        return self._framed(LOCAL, bent, community) if bent else ("", "")

    def say_spaced(self, core: str, community: Community) -> tuple[str, str]:
        name, ending = self._named(core, community)
        return self.random.choice([" ", ""]).join(name) + self.random.choice(["。", " 。", "？", ""]), ending

    def say_late(self, core: str, community: Community) -> tuple[str, str]:
        """The recogniser opened in the middle of the street."""
        name, ending = self._named(core, community)
        return names.place(community.street)[1:] + self.random.choice(["街道", ""]) + name, ending

    def elsewhere(self, name: str) -> str:
        community = self.others[names.parse(name).core]
        core = names.parse(name).core + self._ending(names.parse(name).kinds)
        facts = {field: getattr(community, field) for field in ("street", "district", "city")}
        return self._phrase(ELSEWHERE).format(name=core, **facts)


if __name__ == "__main__":
    noise.main(Callers, __doc__)
