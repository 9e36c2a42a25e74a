"""One spelling for what is written in many: full width, traditional, typographic or spaced forms are the same words.

Used for what callers say, for names and for what staff type into a search. What a word means is nobody's business here.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
UNPAIRED = re.compile("[\ud800-\udfff]")  # half a character: no converter takes it
# What stands for an apostrophe, a quotation mark or a dash in print and on telephones; and 著, which OpenCC
# leaves, because it is the traditional 着 in 著火 and itself in 著名.
TYPOGRAPHIC = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʻ`´′＇", "'")
    | dict.fromkeys("“”„‟″«»「」『』", '"')
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | {"著": "着"}
)
GAP = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
SPELT = re.compile(rf"(?<![{HAN}])[{HAN}](?:\s+[{HAN}])+(?![{HAN}])")  # 银 杏 社 区: each character by itself
SPACES = re.compile(r"\s+")


def normal(text: str) -> str:
    """*text* in its one spelling: NFKC, lower case, simplified, plain quotes and dashes, single spaces.

    Any Unicode, of any length, in linear time; what cannot be seen (marks of direction, control characters, unpaired
    surrogates) is gone. The length may change (ﬁ becomes fi).
    """
    folded = unicodedata.normalize("NFKC", text.translate(TYPOGRAPHIC)).casefold()
    text = unicodedata.normalize("NFKC", folded).translate(TYPOGRAPHIC)  # folding may make new marks and letters apart
    if not text.isascii():
        text = simplified(text)
    return SPACES.sub(" ", _visible(text)).strip()


def simplified(text: str) -> str:
    """Traditional characters become simplified ones, by the phrases they stand in: 乾淨 is 干净, 乾隆 stays.

    Source: OpenCC's ``t2s``, https://github.com/BYVoid/OpenCC. It takes ten microseconds for a sentence.
    """
    if _traditional().isdisjoint(text):  # as almost every text is, and every name of most lists
        return UNPAIRED.sub("", text)
    plain: str = _converter().convert(UNPAIRED.sub("", text))  # OpenCC is typed, what its binary part returns is not
    return plain.replace("苧", "苎")  # to which 薴 becomes, and which becomes that itself


def closed(text: str) -> str:
    """Without any space between two Chinese characters: 救 命, 要 买药."""
    return GAP.sub("", text)


def respelt(text: str) -> str:
    """Without the spaces of what was spelt character by character (银 杏 社 区); a space between words stays: it may be
    a pause."""
    return SPELT.sub(lambda spaced: GAP.sub("", spaced.group()), text)


def _visible(text: str) -> str:
    """Control characters (Cc) become spaces, as tabs and new lines are; formatting ones (Cf) have no width."""
    if text.isascii() and text.isprintable():  # as almost every English sentence is
        return text
    return "".join(
        " " if category == "Cc" else character
        for character, category in zip(text, map(unicodedata.category, text), strict=True)
        if category not in ("Cf", "Cs")
    )


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditional() -> frozenset[str]:
    """The characters that have a simplified form of their own."""
    every = "\n".join(map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x2FA20))))
    return frozenset(one for one, other in zip(every, str(_converter().convert(every)), strict=True) if one != other)
