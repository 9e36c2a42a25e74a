"""Pairs that will be confused."""

from routing.audit import close_pairs
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
