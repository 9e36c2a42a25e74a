"""Which voice can say a name: a Mandarin voice says no English one, and an English voice is silent at 银杏社区."""

from collections.abc import Iterator
from itertools import groupby

from prompts import Packs
from prompts.scripts import LETTERS, script


def voices(text: str, language: str, packs: Packs) -> Iterator[tuple[str, str]]:
    """*text* in pieces, each with the language of a voice that can say it: *language* where that can, or none can."""
    scripts = list(_filled(text, packs[language].voice["script"]))
    by_script = {pack.voice["script"]: code for code, pack in reversed(list(packs.items()))}
    start = 0
    for kind, run in groupby(scripts):
        length = len(list(run))
        can = kind == packs[language].voice["script"] or kind not in by_script
        yield language if can else by_script[kind], text[start : start + length]
        start += length


def _filled(text: str, own: str) -> list[str]:
    """The script of every character. What stands between letters goes with those before it, else with those after;
    a few letters within another script go with that.
    """
    runs = [(kind, len(list(run))) for kind, run in groupby(map(script, text))]
    letters = {kind for kind, _ in runs if kind}
    spelt = "Latin" if len(letters) > 1 else None
    named = [None if kind == spelt and length <= LETTERS else kind for kind, length in runs]
    following = next((kind for kind in named if kind), own)
    filled = []
    for kind, (_, length) in zip(named, runs, strict=True):
        following = kind or following
        filled += [following] * length
    return filled
