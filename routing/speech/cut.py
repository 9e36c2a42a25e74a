"""Which words does a sentence consist of? Cut by a lexicon, so that no word is found inside another (打人 in 打人工).

The cut has as few words as possible; a character that belongs to none costs more than a word. That is what cutters
with large dictionaries do too, whose hundred megabytes of words about everything would say less about our own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing.speech.lexicon import ATOM, Lexicon, Rest, Sense
from routing.speech.normalise import SPACES, closed

STOPS = frozenset(',.!?;:。、…~/|"()[]{}<>《》【】-')
UNKNOWN = 1.5  # what a character (in Latin script, a word) costs that stands in no word; a word costs 1
PAUSED = 3  # characters between two spaces, on average, above which spaces are pauses and not a recogniser's cutting
PARTICLE, DENY, TURN = "grammar.particle", "grammar.deny", "grammar.turn"  # a clause begins with "but"

TAKES_BACK = frozenset({DENY, "grammar.fear", "grammar.lack"})  # what must not stand between the parts of a word


@dataclass(slots=True)
class Word:
    """A word of a sentence: its text, what it stands for here, and whether the lexicon has it."""

    text: str
    senses: Sequence[Sense] = ()
    known: bool = False
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def stop(self) -> bool:
        return self.text in STOPS

    @property
    def particle(self) -> bool:
        return PARTICLE in self.tags


Clause = list[Word]


def clauses(text: str, lexicon: Lexicon) -> list[Clause]:
    """The words of a normal *text*, clause by clause; an empty clause never."""
    found: list[Clause] = [[]]
    for word in cut(text, lexicon):
        if word.stop or any(sense.tag == TURN for sense in word.senses):
            found.append([])
        if not word.stop:
            found[-1].append(word)
    kept = [clause for clause in found if clause]
    for clause in kept:
        _settle(clause)
    return kept


def cut(text: str, lexicon: Lexicon) -> list[Word]:
    """The cheapest way through a normal *text*, of equally cheap ones that with the longest first word. In linear time.

    A word that only counts at the beginning, at the end or before another takes no letters from others elsewhere.
    """
    text = lexicon.spelling.one(_paused(text))
    spans = [(atom.start(), atom.end()) for atom in ATOM.finditer(text)]
    size = len(spans)
    behind = {end: at + 1 for at, (_, end) in enumerate(spans)}  # which atom follows what ends there
    opening = _opening(text, spans, behind, lexicon)
    closing = [False] * size + [True]  # whether only particles follow
    costs = [0.0] * (size + 1)
    steps: list[tuple[int, tuple[Sense, ...], bool]] = [(0, (), False)] * size
    for at in range(size - 1, -1, -1):
        start, end = spans[at]
        if text[start:end] in STOPS:
            costs[at], steps[at], closing[at] = costs[at + 1], (at + 1, (), False), True
            continue
        costs[at], steps[at] = costs[at + 1] + UNKNOWN, (at + 1, (), False)
        for word_end, senses in lexicon.words.words(text, start):
            after = behind.get(word_end)
            if after is None or costs[after] + 1 > costs[at]:
                continue
            for sense in senses:
                if (
                    (not sense.first or at in opening)
                    and (not sense.last or closing[_repeated(text, start, word_end, after, spans, behind)])
                    and (not sense.rest or sense.rest.pattern.match(text, word_end))
                ):
                    costs[at], steps[at] = costs[after] + 1, (after, senses, True)
                    break
        after, senses, _ = steps[at]
        closing[at] = closing[after] and any(sense.tag == PARTICLE for sense in senses)
    words, at = [], 0
    while at < size:
        after, senses, known = steps[at]
        words.append(Word(text[spans[at][0] : spans[after - 1][1]], senses, known))
        at = after
    return words


def _repeated(
    text: str, start: int, end: int, after: int, spans: Sequence[tuple[int, int]], behind: Mapping[int, int]
) -> int:
    """The atom that follows the word from *start* to *end*; where it is said twice (错啦错啦), the one behind both."""
    if after < len(spans):
        again = spans[after][0]
        if text.startswith(text[start:end], again):
            return behind.get(again + end - start, after)
    return after


def _opening(text: str, spans: Sequence[tuple[int, int]], behind: Mapping[int, int], lexicon: Lexicon) -> set[int]:
    """The atoms before which nothing but particles, or the same word once, stands in their clause."""
    found = {0}
    for at, (start, end) in enumerate(spans):
        if text[start:end] in STOPS:
            found.add(at + 1)
        elif at in found:
            for word_end, senses in lexicon.words.words(text, start):
                after = behind.get(word_end)
                if after is None:
                    continue
                twice = _repeated(text, start, word_end, after, spans, behind) != after
                if twice or any(sense.tag == PARTICLE for sense in senses):
                    found.add(after)
    return found


def _paused(text: str) -> str:
    """Spaces between Chinese characters are closed; where they stand between phrases they were pauses."""
    parts = text.split(" ")
    if len(parts) > 1 and len(text) / len(parts) > PAUSED and not STOPS.intersection(text) and not text.isascii():
        text = closed(SPACES.sub(" , ", text))
    return closed(text)


def _settle(clause: Clause) -> None:
    """Keep of each word's senses those that hold where it stands."""
    if not any(sense.first or sense.last or sense.rest for word in clause for sense in word.senses):
        for word in clause:
            word.tags = frozenset([sense.tag for sense in word.senses])
        return
    quiet = list(_quiet(clause))
    size = len(clause)
    first = quiet.index(False) if False in quiet else size
    last = size - 1 - quiet[::-1].index(False) if False in quiet else -1
    text, ends = _joined(clause)
    denials = {
        end for word, end in zip(clause, ends, strict=True) if any(sense.tag in TAKES_BACK for sense in word.senses)
    }
    for at, word in enumerate(clause):
        if word.senses:
            word.tags = frozenset(
                sense.tag
                for sense in word.senses
                if (not sense.first or at <= first)
                and (not sense.last or at >= last)
                and (not sense.rest or _follows(sense.rest, text, ends[at], denials))
            )


def _quiet(clause: Clause) -> Iterator[bool]:
    """Which words say nothing of their own: particles, and the same word again (是的是的)."""
    last = ""
    for word in clause:
        particle = any(sense.tag == PARTICLE for sense in word.senses)
        yield particle or word.text == last
        if not particle:
            last = word.text


def _joined(clause: Clause) -> tuple[str, list[int]]:
    """The text of a clause, with spaces between words of Latin letters, and where each word ends."""
    text, ends = "", []
    for word in clause:
        text += f" {word.text}" if word.text.isascii() else word.text
        ends.append(len(text))
    return text, ends


def _follows(rest: Rest, text: str, end: int, denials: set[int]) -> bool:
    """Whether *rest* stands behind the word, with little between and no denial: 胸口不疼."""
    found = rest.pattern.match(text, end)
    return found is not None and denials.isdisjoint(range(end + 1, found.end(1) + 1))
