"""Whose telephone rings: a table of people and calls, and what never happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.roster.selection import AT_ONCE, Helper, Order, Wanted, choose
from routing.roster.shift import Scope

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
GINKGO = "330206001001"
MEDICINE = Wanted("zh", "medicine", GINKGO)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def scope(languages: str = "", needs: str = "", areas: str = "") -> Scope:
    return Scope(*(frozenset(each.split()) for each in (needs, areas, languages)))


ANY = Helper(1, ago(10))
IDLER = Helper(2, ago(30))
OF_GINKGO = Helper(3, ago(1), scope(areas=GINKGO))
OF_PEONY = Helper(4, ago(99), scope(areas="330206001002"))
ENGLISH = Helper(5, ago(50), scope(languages="en"))
CHEMIST = Helper(6, ago(2), scope(needs="medicine"))
COUNSELLOR = Helper(8, ago(0), scope(needs="food", areas="330206001002"), counsels=True)
DESPAIR = replace(MEDICINE, despair=True)
EVERYBODY = (ANY, IDLER, OF_GINKGO, OF_PEONY, ENGLISH, CHEMIST)

TABLE = {
    "who has been idle longest": ((ANY, IDLER), MEDICINE, 2),
    "who is there for this community": ((ANY, IDLER, OF_GINKGO, OF_PEONY), MEDICINE, 3),
    "never who is there for another community": ((OF_PEONY,), MEDICINE, None),
    "anybody while no community is known": ((OF_PEONY, ANY), Wanted("zh"), 4),
    "who is there for this need": ((ANY, IDLER, CHEMIST), MEDICINE, 6),
    "never who is there for another need": ((CHEMIST, ANY), Wanted("zh", "food"), 1),
    "who speaks the language": (EVERYBODY, Wanted("en", "food", "330206009001"), 5),
    "never who does not speak it": ((ENGLISH,), MEDICINE, None),
    "not who was rung in this call": ((ANY, IDLER), replace(MEDICINE, without=frozenset({2})), 1),
    "not who is on a break": ((ANY, replace(IDLER, ready=False)), MEDICINE, 1),
    "not who is rung or talks": ((ANY, replace(IDLER, busy_until=ago(-1))), MEDICINE, 1),
    "not who writes up a call": ((ANY, replace(IDLER, wrap_until=ago(-1))), MEDICINE, 1),
    "not who missed three": ((ANY, replace(IDLER, paused_until=ago(-1))), MEDICINE, 1),
    "who is back again": ((ANY, replace(IDLER, busy_until=NOW, wrap_until=ago(1), paused_until=ago(5))), MEDICINE, 2),
    "nobody where nobody is": ((), MEDICINE, None),
    "who counsels, for who is in despair": ((ANY, IDLER, COUNSELLOR), DESPAIR, 8),
    "of those who do, the idlest": ((COUNSELLOR, replace(COUNSELLOR, id=9, idle_since=ago(60))), DESPAIR, 9),
    "anybody else where none of those is free": ((ANY, replace(COUNSELLOR, ready=False)), DESPAIR, 1),
    "who counsels has no other turn than others": ((ANY, IDLER, COUNSELLOR), MEDICINE, 2),
    "never who counsels in another language": ((replace(COUNSELLOR, scope=scope("en")), ANY), DESPAIR, 1),
}


@pytest.mark.parametrize(("people", "wanted", "rung"), TABLE.values(), ids=TABLE)
def test_the_table(people: tuple[Helper, ...], wanted: Wanted, rung: int | None):
    assert [rung] * (rung is not None) == list(choose(people, wanted, Order.LONGEST_IDLE, NOW))


@pytest.mark.parametrize(("last", "rung"), [(None, 1), (1, 2), (2, 7), (7, 1), (99, 1)])
def test_in_turn(last: int | None, rung: int):
    people = (IDLER, ANY, Helper(7, ago(1)))
    assert [rung] == list(choose(people, MEDICINE, Order.IN_TURN, NOW, last))


def test_all_at_once_is_as_many_as_the_carrier_rings():
    people = [Helper(n, ago(n)) for n in range(1, 20)]
    assert list(range(19, 9, -1)) == list(choose(people, MEDICINE, Order.ALL_AT_ONCE, NOW))


@pytest.mark.parametrize(
    ("wanted", "order", "taken", "rung"),
    [
        (MEDICINE, Order.LONGEST_IDLE, {2}, [1]),
        (MEDICINE, Order.LONGEST_IDLE, {1, 2}, []),
        (MEDICINE, Order.ALL_AT_ONCE, {2}, [1]),
        (replace(MEDICINE, first=1), Order.LONGEST_IDLE, {2}, [1]),
        (replace(MEDICINE, first=1), Order.LONGEST_IDLE, {1}, [2]),
    ],
)
def test_whom_somebody_else_is_about_to_ring_is_passed_over(
    wanted: Wanted, order: Order, taken: set[int], rung: list[int]
):
    """The next best rings; whoever has the matter in hand is not waited for either."""
    people = (ANY, IDLER)
    assert rung == list(choose(people, wanted, order, NOW, can_have=lambda person: person not in taken))


def test_who_is_busy_comes_back_and_who_has_a_break_does_not():
    assert replace(ANY, busy_until=ago(-5)).back_soon(NOW)
    assert replace(ANY, wrap_until=ago(-5)).back_soon(NOW)
    assert not replace(ANY, ready=False).back_soon(NOW)
    assert not replace(ANY, paused_until=ago(-5)).back_soon(NOW)


MOMENTS = st.none() | st.integers(-60, 60).map(ago)
SCOPES = st.builds(
    scope,
    st.sampled_from(("", "zh", "en", "zh en")),
    st.sampled_from(("", "food", "medicine")),
    st.sampled_from(("", GINKGO)),
)
HELPERS = st.lists(
    st.builds(
        Helper,
        id=st.integers(1, 30),
        idle_since=st.integers(0, 500).map(ago),
        scope=SCOPES,
        ready=st.booleans(),
        busy_until=MOMENTS,
        wrap_until=MOMENTS,
        paused_until=MOMENTS,
    ),
    max_size=25,
    unique_by=lambda each: each.id,
)
CALLS = st.builds(
    Wanted,
    st.sampled_from(("zh", "en")),
    st.sampled_from((None, "food")),
    st.sampled_from((None, GINKGO, "elsewhere")),
    st.frozensets(st.integers(1, 30), max_size=5),
)


@settings(max_examples=80, deadline=None)
@given(HELPERS, CALLS, st.sampled_from(Order), st.none() | st.integers(1, 30))
def test_somebody_is_rung_exactly_when_somebody_can_be(helpers, wanted, order, last):
    """Never anybody who is not free, was rung, or speaks another language; in whatever order they stand."""
    chosen = choose(helpers, wanted, order, NOW, last)
    can = {
        each.id
        for each in helpers
        if each.free(NOW)
        and each.id not in wanted.without
        and (not each.scope.languages or wanted.language in each.scope.languages)
        and (not each.scope.needs or wanted.need in (None, *each.scope.needs))
        and (not each.scope.areas or wanted.community in (None, *each.scope.areas))
    }
    assert set(chosen) <= can
    assert len(chosen) == min(len(can), AT_ONCE if order is Order.ALL_AT_ONCE else 1)
    assert list(chosen) == list(choose(list(reversed(helpers)), wanted, order, NOW, last))
    assert len(set(chosen)) == len(chosen)
