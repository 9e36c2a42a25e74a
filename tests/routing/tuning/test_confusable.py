"""Pairs that will be confused."""

from itertools import combinations

from routing.speech import names
from routing.speech.phonetics import COST
from routing.tuning.confusable import NEARLY, close_pairs
from tests.routing.builders import new_directory


def test_names_that_sound_alike_are_found_closest_first():
    """The same sound before nearly the same; what only shares a syllable is no pair."""
    pairs = close_pairs(new_directory("贝碶村委会", "勤山村委会", "备碶社区", "青山村委会", "大路村委会", "社区居委会"))

    assert [("贝碶村委会", "备碶社区"), ("勤山村委会", "青山村委会")] == [(p.one.name, p.other.name) for p in pairs]
    assert 0 == pairs[0].distance < pairs[1].distance
    assert "贝碶村委会 (新碶街道, 330206002001) sounds like 备碶社区 (新碶街道, 330206002003)" == str(pairs[0])


def test_an_alias_may_collide_too():
    directory = new_directory("银杏社区", "红梅社区")
    one, other = directory
    renamed = type(directory)(
        [one, type(other)(other.code, other.name, other.street, other.district, aliases=("迎新",))]
    )

    assert [(one.code, other.code)] == [(p.one.code, p.other.code) for p in close_pairs(renamed)]


def test_what_sounds_the_same_comes_before_all_that_sounds_nearly_so():
    """However few pairs are wanted, they are the closest, in code order."""
    directory = new_directory("勤山村", "贝碶村", "青山村", "备碶村", "倍碶村")
    every = close_pairs(directory)

    assert [(1, 3), (1, 4), (3, 4), (0, 2)] == [(directory.index(p.one), directory.index(p.other)) for p in every]
    assert [every[:n] for n in range(1, 5)] == [close_pairs(directory, n) for n in range(1, 5)]


def test_every_near_pair_is_found():
    """Rapidfuzz, which sees merged syllables only, hides none that the table of sounds has."""
    directory = new_directory(*(f"{one}{other}村" for one in "金津京江蒋陈城程" for other in "山三沙杉岸昂港干"))
    sounds = [[sound[0] for sound in names.parse(community.name).sounds] for community in directory]
    near = {
        (one, other)
        for one, other in combinations(range(len(directory)), 2)
        if COST[sounds[one], sounds[other]].sum() <= NEARLY
    }

    assert near == {(directory.index(p.one), directory.index(p.other)) for p in close_pairs(directory, 10_000)}
