"""Which words of a sentence were meant as a name? For sentences in which the matcher found none, or a wrong one."""

import re
from collections.abc import Collection, Iterator
from itertools import chain

from routing.speech import names
from routing.speech.latin import WORD
from routing.speech.names import ENGLISH, MAX_SYLLABLES, WORDS, Name
from routing.speech.phonetics import HAN
from routing.speech.utterance import PARTICLES, Token, read

SHORTEST = 2  # characters; one alone says nothing
VERBS = frozenset("在是住到叫")  # what follows the last of these may be a name, what stands before is talk


def _longest_first(*kinds: str) -> list[str]:
    return sorted(chain.from_iterable(WORDS["spoken"][kind] for kind in kinds), key=len, reverse=True)


ENDINGS = _longest_first("community", "either", "village")
ENDED = re.compile(f"(.+)(?:{'|'.join(ENDINGS)})")
NUMBER = re.compile(r"[〇零一二三四五六七八九]{5}")  # of a telephone or an identity card
STREET = re.compile(f".*(?:{'|'.join(word for word in _longest_first('place') if len(word) > 1)})")


def phrase(heard: str, places: Collection[str] = (), *, ended: bool = False) -> str:
    """The bare name in *heard* (迎新 in 我住在新碶街道那个迎新社区); empty when there is none.

    Of a sentence without Chinese characters it is what is left without English: Vanke City in I live in Vanke City.

    Args:
        heard: a recogniser's text.
        places: names of streets and towns, which are no part of the name when they stand in front of it.
        ended: only a name that is followed by a word like 社区, for sentences that are mostly about something else.
    """
    if not HAN.search(heard):
        return _foreign(heard, ended=ended)
    found = [(core, has_end) for run in _runs(heard) for core, has_end in [_core(run, places)] if len(core) >= SHORTEST]
    marked = [each for each in found if each[1]]
    if ended or sum(len(core) for core, _ in found) > MAX_SYLLABLES:  # a story: only an ending tells what is a name
        found = marked
    return max(found, key=lambda each: (each[1], len(each[0])), default=("", False))[0]


def _runs(heard: str) -> Iterator[str]:
    """The stretches between talk, verbs, pauses and what is not Chinese."""
    tokens: tuple[Token, ...] = next((utterance.tokens for utterance in read(heard)), ())
    run = ""
    for token in tokens:
        cut = token.talk or token.text in VERBS or not HAN.fullmatch(token.text)
        if cut or token.pause:
            yield run
            run = ""
        run += "" if cut else token.text
    yield run


def _core(run: str, places: Collection[str]) -> tuple[str, bool]:
    """The name in one stretch, and whether an ending followed it."""
    run = STREET.sub("", NUMBER.split(run)[0])
    for place in chain.from_iterable((whole, names.place(whole)) for whole in places):
        if run == place or len(run) - len(place) >= SHORTEST:
            run = run.removeprefix(place)
    ended = ENDED.match(run)
    bare = (ended[1] if ended else run).strip("".join(PARTICLES))
    return names.parse(bare).core, bool(ended)


def _foreign(heard: str, *, ended: bool) -> str:
    """The words that are no English talk: one beside a word like community, else several; *ended* wants that word."""
    said = [(word, ENGLISH.get(word.lower().replace("'", ""))) for word in WORD.findall(heard)]
    bare = [word for word, chinese in said if chinese is None]
    named = any(chinese for _, chinese in said)
    enough = named if ended else named or len(bare) > 1
    return " ".join(bare) if enough and len(Name(" ".join(bare), 0).syllables) >= SHORTEST else ""
