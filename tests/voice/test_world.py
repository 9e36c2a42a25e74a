"""What the recogniser is told to expect."""

import prompts
from ivr.voice.world import hints
from routing.directory import Community, Directory
from routing.matching import Matcher

TOWN = [Community(f"1{n:03}", f"{name}村", "大碶街道", "") for n, name in enumerate(["和平", "太平", "向阳"])]
HILL = [Community(f"2{n:03}", f"{name}村", "柴桥街道", "") for n, name in enumerate(["红光", "胜利"])]
MATCHER = Matcher(Directory([*TOWN, *HILL]))
PACK = prompts.load_packs()["zh"]


def place_names(*candidates: str) -> list[str]:
    """The names among the hints of the question for a community, in their order."""
    return [phrase for phrase in hints(PACK, MATCHER, candidates)["communities"] if phrase.endswith("村")]


def test_once_the_street_is_known_its_names_come_first():
    """The others follow as far as there is room: the caller may correct the street too."""
    assert ["红光村", "胜利村", "和平村", "太平村", "向阳村"] == place_names("2000", "2001")


def test_candidates_of_several_streets_prefer_none():
    assert place_names() == place_names("1000", "2001")


def test_a_candidate_that_was_retired_meanwhile_is_no_trouble():
    assert place_names() == place_names("9999")


def test_yes_and_no_are_always_expected():
    assert set(PACK.hints["yes_no"]).issubset(hints(PACK, MATCHER, ())["communities"])
