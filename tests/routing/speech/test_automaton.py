"""All words of a lexicon at once."""

import itertools
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.speech.automaton import Automaton
from routing.speech.ways import ways

ENTRIES = st.recursive(
    st.text("ab ", min_size=1, max_size=3),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda those: f"({'|'.join(those)})")
        | inner.map(lambda one: f"({one})?")
        | st.tuples(inner, inner).map("".join)
    ),
    max_leaves=6,
)


@given(entries=st.lists(ENTRIES, min_size=1, max_size=4), text=st.text("ab", max_size=4), spaced=st.booleans())
def test_it_finds_what_a_list_of_all_ways_would(entries: list[str], text: str, spaced: bool):
    """The ways of each entry are what is found, no matter how many they are."""
    text = " ".join(text) if spaced else text
    found = {end: set(those) for end, those in Automaton((entry, entry) for entry in entries).words(text, 0)}
    listed = {end: {entry for entry in entries if text[:end] in ways(entry)} for end in range(1, len(text) + 1)}
    assert {end: those for end, those in listed.items() if those} == found


def test_thousands_of_ways_are_no_matter():
    entry = "(a|b|c|d|e|f|g|h)? " * 12 + "(on|off)?"
    automaton = Automaton([(entry, "tag")])
    assert (23, ("tag",)) in list(automaton.words("a b c d e f g h a b c d", 0))
    assert automaton.may_be_nothing


@pytest.mark.parametrize("entry", ["(a", "a)", "((a)"])
def test_a_parenthesis_without_its_other_half_is_an_error(entry: str):
    with pytest.raises(ValueError, match="parenthesis"):
        Automaton([(entry, "")])


def test_what_was_found_out_is_forgotten_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("routing.speech.automaton.MAX_STATES", 2)
    automaton = Automaton([("abc", 1)])
    assert [(3, (1,))] == list(automaton.words("abc", 0)) == list(automaton.words("abc", 0))


def test_threads_that_find_out_at_the_same_time_find_the_same(monkeypatch: pytest.MonkeyPatch):
    """A web process answers sixteen calls at once, and its states are made where their sentences lead."""
    entries = ["".join(word) for word in itertools.product("abcd", repeat=4)]
    monkeypatch.setattr("routing.speech.automaton.MAX_STATES", 100)
    shared = Automaton((entry, entry) for entry in entries)

    def found(seed: int) -> list[tuple[str, list[tuple[int, tuple[str, ...]]]]]:
        texts = random.Random(seed).sample(entries, 100)  # noqa: S311 - an order, no secret
        return [(text, list(shared.words(text, 0))) for text in texts]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            answers = [answer for those in threads.map(found, range(8)) for answer in those]
    finally:
        sys.setswitchinterval(interval)
    assert [] == [(text, words) for text, words in answers if words != [(4, (text,))]]
