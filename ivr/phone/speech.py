"""What does a ``<Say>`` sound like? SSML flattened to texts and pauses, and how long they take to say."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

SSML = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
SPELLED = frozenset({"digits", "telephone", "characters", "spell-out"})
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.5}
STRENGTHS_S = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}
CJK = re.compile(r"[\u3400-\u9fff]")
CJK_PER_S, LETTERS_PER_S = 4.5, 15.0  # an even reading voice

Part = str | float


def parts_of(say: Element) -> tuple[tuple[Part, ...], float]:
    """The texts and pauses (seconds) of an element, in order, and the pace it asks for (1.0: the voice's own)."""
    parts: list[Part] = []
    for part in _walk(say):
        text = re.sub(r"\s+", " ", part) if isinstance(part, str) else part
        if isinstance(text, str) and parts and isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)
    rates = [_rate(inner.get("rate", "")) for inner in say.iter("prosody")]
    return tuple(part for part in parts if part != "" and part != " "), rates[0] if rates else 1.0


def plain(parts: tuple[Part, ...]) -> str:
    """The words alone."""
    text = " ".join(part.strip() for part in parts if isinstance(part, str))
    return re.sub(r"(?<=[\u3000-\u9fff，。？！：；]) (?=[\u3000-\u9fff])", "", text).strip()


def seconds_to_say(parts: tuple[Part, ...], rate: float) -> float:
    """About how long a voice needs."""
    seconds = 0.0
    for part in parts:
        if isinstance(part, str):
            cjk = len(CJK.findall(part))
            seconds += (cjk / CJK_PER_S + (len(part) - cjk) / LETTERS_PER_S) / rate
        else:
            seconds += part
    return seconds


def _walk(element: Element) -> Iterator[Part]:
    if element.tag == "break":
        yield _pause_s(element)
    elif element.tag == "sub":
        yield element.get("alias", "")
    elif element.tag == "say-as" and element.get("interpret-as") in SPELLED:
        yield " ".join("".join(element.itertext()).strip())
    else:
        yield element.text or ""
        for child in element:
            yield from _walk(child)
            yield child.tail or ""


def _pause_s(pause: Element) -> float:
    time = pause.get("time", "")
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", time):
        return float(found[1]) / (1000 if found[2] == "ms" else 1)
    return STRENGTHS_S.get(pause.get("strength", "medium"), STRENGTHS_S["medium"])


def _rate(rate: str) -> float:
    if found := re.fullmatch(r"\+?(\d+(?:\.\d+)?)%", rate):
        return max(float(found[1]) / 100, 0.2)
    return RATES.get(rate, 1.0)
