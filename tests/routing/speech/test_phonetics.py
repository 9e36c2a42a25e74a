"""How text sounds, and how far two sounds are apart."""

import pytest

from routing.speech.phonetics import COST, NUMBER, SYLLABLES, halves, readings, sounds


@pytest.mark.parametrize(
    ("syllable", "expected"),
    [
        ("zhong", ("zh", "ong")),
        ("yan", ("_", "ian")),
        ("you", ("_", "iou")),
        ("liu", ("l", "iou")),
        ("yu", ("_", "v")),
        ("ju", ("j", "v")),
        ("wei", ("_", "uei")),
        ("dun", ("d", "uen")),
        ("wu", ("_", "u")),
        ("er", ("_", "er")),
    ],
)
def test_spelling_hides_the_halves_of_a_syllable(syllable, expected):
    """Pinyin writes the same final in different ways; the sound is what counts."""
    assert expected == halves(syllable)


@pytest.mark.parametrize(
    ("near", "far"),
    [(("yin", "ying"), ("yin", "hai")), (("lan", "nan"), ("lan", "tan")), (("si", "shi"), ("si", "mi"))],
)
def test_what_southerners_merge_is_nearer_than_the_rest(near, far):
    between = [float(COST[NUMBER[one], NUMBER[other]]) for one, other in (near, far)]

    assert 0 < between[0] < 0.1 < between[1] <= 1


@pytest.mark.parametrize(
    ("spelt", "heard"),
    [("ping", "bing"), ("xi", "si"), ("zhu", "ju"), ("hao", "hou"), ("lou", "lu"), ("shan", "sai"), ("huang", "wang")],
)
def test_what_ningbo_makes_of_a_sound_is_near(spelt, heard):
    """The pairs of ``ningbo.toml``: nearer than half of a syllable, whichever halves differ."""
    assert 0 < float(COST[NUMBER[spelt], NUMBER[heard]]) < 0.3


def test_a_name_may_have_the_entering_tone():
    """北 in a name may be heard as bo; what was heard as 北 was said as the dictionary has it."""
    named, said = (sounds("北", every_reading=every)[0] for every in (False, True))

    assert NUMBER["bo"] in named
    assert NUMBER["bo"] not in said


def test_distances_are_symmetrical_and_zero_from_a_sound_to_itself():
    table = COST[: len(SYLLABLES), : len(SYLLABLES)]

    assert (table == table.T).all()
    assert not table.diagonal().any()


def test_context_and_local_usage_choose_the_reading():
    """行 in 银行 is hang, but xing stays possible in what was heard; 隘 is ga as well where this hotline stands."""
    bank = [[SYLLABLES[s] for s in sound if s < len(SYLLABLES)] for sound in sounds("银行", every_reading=True)]

    assert "hang" == bank[1][0]
    assert "xing" in bank[1]
    assert ("ai", "ga") == readings("隘")[:2]
