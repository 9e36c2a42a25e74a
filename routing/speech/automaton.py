"""All words of a lexicon at once: which of them begin here? In one walk along the text, however many ways there are.

An entry with alternatives would be thousands of words if each way were listed. Its letters are the edges of a graph
instead (Thompson's construction), and what can be reached by the same letters is found once and kept (the subset
construction, made where texts lead): https://en.wikipedia.org/wiki/Powerset_construction
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
FRESH, WITHIN, OWED = range(3)  # after a space or at the beginning; after a letter; where a space must come first
Items = frozenset[tuple[int, int]]
MAX_STATES = 50_000  # kept; then they are found anew


@dataclass(slots=True)
class Nodes:
    """The graph, by the number of a node: by which ``sign`` one gets on, and ``to`` which node; a space stands for the
    end of a word. ``silent``: what is reached without any.

    Three hundred thousand nodes as objects cost the collector of garbage six times what it costs to make them.
    """

    sign: list[str] = field(default_factory=list)
    to: list[int] = field(default_factory=list)
    silent: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def new(self) -> int:
        self.sign.append("")
        self.to.append(0)
        return len(self.sign) - 1

    def lead(self, before: int, sign: str, after: int) -> None:
        self.sign[before], self.to[before] = sign, after

    def without_letter(self, node: int, mode: int) -> Iterator[tuple[int, int]]:
        """What is reached from there, and how."""
        for other in self.silent.get(node, ()):
            yield other, mode
        if self.sign[node] == " ":
            yield self.to[node], FRESH if mode == FRESH else OWED


@dataclass(slots=True)
class States(Generic[T]):
    """What was found out so far, by the number of a state: which nodes it stands for, what each letter leads to (None:
    not found out), what ends there.
    """

    items: list[Items] = field(default_factory=list)
    moves: list[dict[str, int] | None] = field(default_factory=list)
    found: list[tuple[T, ...]] = field(default_factory=list)
    numbers: dict[Items, int] = field(default_factory=dict)


class Automaton(Generic[T]):
    """Of entries such as ``(get|buy) (the)? pills?``, each with what it stands for.

    Where an alternative is left out, so is one of the spaces around it. Threads may share one.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """Raises ``ValueError`` for a parenthesis without its other half."""
        self._nodes = Nodes()
        self._start = self._nodes.new()
        self._ends: dict[int, T] = {}
        for entry, meaning in entries:
            self._ends[self._added(entry)] = meaning
        self._finding = threading.Lock()  # one thread at a time finds out more; a state it has numbered never changes
        self._states = self._begun()

    def words(self, text: str, start: int) -> Iterator[tuple[int, tuple[T, ...]]]:
        """Where the words end that begin at *start*, shortest first, and what each stands for."""
        states = self._states
        if len(states.found) > MAX_STATES:
            states = self._states = self._begun()  # whoever walks through the old ones goes on with them
        state = 0
        for at in range(start, len(text)):
            moves = states.moves[state]
            if moves is None:
                moves = self._moves(states, state)
            if text[at] not in moves:
                return
            state = moves[text[at]]
            if states.found[state]:
                yield at + 1, states.found[state]

    def also(self, entries: Iterable[tuple[str, T]]) -> "Both[T]":
        """With more entries, in the time that these take alone."""
        return Both(self, Automaton(entries))

    @property
    def may_be_nothing(self) -> bool:
        """Whether an entry can be read as no letter at all."""
        return any(node in self._ends for node, _ in self._states.items[0])

    def _begun(self) -> States[T]:
        states: States[T] = States()
        self._number(states, {(self._start, FRESH)})
        self._moves(states, 0)  # far the most, so not found out in a call
        return states

    def _moves(self, states: States[T], state: int) -> dict[str, int]:
        """What each letter leads to from *state*; found out when first asked for."""
        with self._finding:
            moves = states.moves[state]
            if moves is None:
                moves = states.moves[state] = self._moves_from(states, state)
            return moves

    def _number(self, states: States[T], begun: set[tuple[int, int]]) -> int:
        """The number of the state in which each of *begun* is reached, and all that is without a letter."""
        items, todo = set(begun), list(begun)
        while todo:
            for reached in self._nodes.without_letter(*todo.pop()):
                if reached not in items:
                    items.add(reached)
                    todo.append(reached)
        sign = self._nodes.sign
        key = frozenset(item for item in items if sign[item[0]] not in ("", " ") or item[0] in self._ends)
        if key not in states.numbers:
            states.numbers[key] = len(states.items)
            states.items.append(key)
            states.moves.append(None)
            ends = sorted({node for node, mode in key if mode != FRESH} & self._ends.keys())
            states.found.append(tuple(dict.fromkeys(self._ends[node] for node in ends)))
        return states.numbers[key]

    def _moves_from(self, states: States[T], state: int) -> dict[str, int]:
        reached: dict[str, set[tuple[int, int]]] = {}
        for node, mode in states.items[state]:
            if mode == OWED:
                reached.setdefault(" ", set()).add((node, FRESH))
                continue
            if (sign := self._nodes.sign[node]) not in ("", " "):
                reached.setdefault(sign, set()).add((self._nodes.to[node], WITHIN))
        return {letter: self._number(states, begun) for letter, begun in reached.items()}

    def _added(self, entry: str) -> int:
        """Where *entry* ends, after it was added to the graph."""
        end, rest = self._alternatives(self._start, f"{entry})", 0)
        if rest <= len(entry):
            raise ValueError(f"{entry}: a parenthesis is closed that was never opened")
        return end

    def _alternatives(self, start: int, text: str, at: int) -> tuple[int, int]:
        """Adds the alternatives of *text* from *at* to the parenthesis that closes them: their end, what follows."""
        nodes = self._nodes
        end, here = nodes.new(), nodes.new()
        nodes.silent[start].append(here)
        while at < len(text):
            sign, at = text[at], at + 1
            if sign in ")|":
                nodes.silent[here].append(end)
                if sign == ")":
                    return end, at
                here = nodes.new()
                nodes.silent[start].append(here)
                continue
            before = here
            if sign == "(":
                here, at = self._alternatives(before, text, at)
            else:
                here = nodes.new()
                nodes.lead(before, sign, here)
            if text[at : at + 1] == "?":
                at += 1
                nodes.silent[before].append(here)
        raise ValueError(f"{text[:-1]}: a parenthesis is opened that is never closed")


class Both(Generic[T]):
    """The entries of two automata, found as if they were one's."""

    def __init__(self, many: "Automaton[T] | Both[T]", few: Automaton[T]) -> None:
        self._many, self._few = many, few

    def also(self, entries: Iterable[tuple[str, T]]) -> "Both[T]":
        return Both(self, Automaton(entries))

    def words(self, text: str, start: int) -> Iterator[tuple[int, tuple[T, ...]]]:
        """As ``Automaton.words``."""
        few = dict(self._few.words(text, start))
        if not few:
            return self._many.words(text, start)
        found = dict(self._many.words(text, start))
        return iter(sorted((end, found.get(end, ()) + few.get(end, ())) for end in found.keys() | few.keys()))
