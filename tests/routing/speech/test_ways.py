"""How the entries of a pack's words are written."""

import pytest

from routing.speech.ways import filled, ways


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("药", ["药"]), ("(买|送)药", ["买药", "送药"]), ("pills?", ["pills", "pill"]),
        ("get (a|(the|my) own)? car", ["get a car", "get the own car", "get my own car", "get car"]),
    ],
)  # fmt: skip
def test_alternatives_may_nest_and_be_left_out(entry: str, read: list[str]):
    assert read == ways(entry)


@pytest.mark.parametrize("entry", ["(a", "a)", "((a)"])
def test_a_parenthesis_without_its_other_half_is_an_error(entry: str):
    with pytest.raises(ValueError, match="parenthesis"):
        ways(entry)


def test_a_group_stands_for_its_words_and_never_in_itself():
    groups = {"kin": ["mother", "{son}"], "son": ["son|boy"], "loop": ["a {loop}"]}
    assert ["my mother", "my son", "my boy"] == ways(filled("my {kin}", groups))
    for name in ("loop", "nobody"):
        with pytest.raises(KeyError):
            filled(f"{{{name}}}", groups)
