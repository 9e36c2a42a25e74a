"""What helps communities that sound alike."""

from routing.directory import Community, Directory
from routing.tuning.confusable import close_pairs
from routing.tuning.remedies import Remedy, free_keypads, remedies
from tests.routing.builders import new_community


def offered(*communities: Community) -> list[Remedy]:
    directory = Directory(communities)
    return list(remedies(close_pairs(directory), directory))


def test_communities_without_a_number_are_offered_free_ones():
    """Each its own, none that somebody has."""
    (remedy,) = offered(new_community("高塘社区", "1", keypad="101"), new_community("高塘村", "2"))

    assert [("2", "102")] == [(community.code, number) for community, number in remedy.keypads]
    assert not remedy.by_street


def test_a_community_in_two_pairs_is_offered_one_number():
    pairs = offered(*(new_community("高塘村", code, street=f"street {code}") for code in "123"))

    assert {("1", "101"), ("2", "102"), ("3", "103")} == {
        (community.code, number) for remedy in pairs for community, number in remedy.keypads
    }


def test_one_name_in_two_streets_is_told_apart_by_the_street():
    """A name that only nearly sounds so is not: the caller is sure of it."""
    same = offered(new_community("太平村", "1", street="大榭街道"), new_community("太平村", "2", street="白峰街道"))
    nearly = offered(new_community("勤山村", "1", street="大榭街道"), new_community("青山村", "2", street="白峰街道"))

    assert [True, False] == [remedy.by_street for remedy in (*same, *nearly)]


def test_numbers_run_out_and_emergency_numbers_are_never_offered():
    everywhere = Directory(new_community(f"place {n}", str(n), keypad=str(n)) for n in range(101, 1000) if n != 110)

    assert [] == list(free_keypads(everywhere))
    assert offered(new_community("高塘村", "1"), new_community("高塘社区", "2"))
