"""In which street the caller's place of that name is."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from ivr.flow.steps import street
from ivr.flow.types import Again, Go, Keys, Said, Silence
from routing.matching import Match
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("street", candidates=("0", "1"))


def test_the_name_is_said_so_that_the_caller_knows_what_is_meant():
    asked = street.ask(HERE, WORLD)
    assert (["street.ask"], "place 0") == (keys(asked.says), asked.says[0].values["name"])


def test_the_street_is_matched_together_with_the_name():
    """As if the caller had said both at once."""
    heard = []

    def match(text: str, refused: Collection[str]) -> Match:
        heard.append(text)
        return WORLD.match("sure", ())

    move = street.answer(HERE, said("street 0"), replace(WORLD, match=match))
    assert isinstance(move, Go)
    assert (["street 0 place 0"], "0") == (heard, move.changes["community"])


@pytest.mark.parametrize("heard", [Silence(), Keys("1"), said("gibberish"), said("shared")])
def test_without_a_street_it_is_asked_again(heard: Silence | Keys | Said):
    assert isinstance(street.answer(HERE, heard, WORLD), Again)
