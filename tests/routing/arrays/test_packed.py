"""Long lists in flat arrays: what goes in comes out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.arrays.packed import Ragged, Sparse, Texts, contained

ROWS = st.lists(st.lists(st.integers(0, 2**31 - 1), unique=True).map(sorted))


def grouped(rows: list[list[int]]) -> Ragged:
    pairs = [(row, value) for row, values in enumerate(rows) for value in values][::-1]
    return Ragged.group([row for row, _ in pairs], [value for _, value in pairs], len(rows))


@given(ROWS)
def test_numbers_come_back_row_by_row(rows: list[list[int]]):
    """Also empty rows, and in whatever order they were put in."""
    packed = grouped(rows)

    assert rows == [packed[row].tolist() for row in range(len(packed))]


@given(ROWS.filter(bool), st.data())
def test_several_rows_are_gathered_at_once(rows: list[list[int]], data: st.DataObject):
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    packed = grouped(rows)

    values, which = packed.gather(np.array(chosen, np.int64))

    assert [(at, value) for at, row in enumerate(chosen) for value in rows[row]] == list(
        zip(which.tolist(), values.tolist(), strict=True)
    )


@given(st.lists(st.text(st.characters())))
def test_texts_come_back_whole(texts: list[str]):
    """Empty ones, rare scripts and half characters too."""
    assert texts == list(Texts.of(texts))


def test_few_rows_have_texts_some_several():
    packed = Sparse.of([(1, "a"), (1, "b"), (5, "c")])

    assert [(), ("a", "b"), (), ("c",)] == [packed[row] for row in (0, 1, 2, 5)]
    assert [(0, "c"), (2, "a"), (2, "b")] == list(packed.reordered([5, 0, 1]))


@pytest.mark.parametrize(
    ("some", "expected"), [([], [False] * 3), ([1, 4], [False, True, True]), ([0], [True, False, False])]
)
def test_what_is_contained_is_told(some: list[int], expected: list[bool]):
    assert expected == contained(np.array([0, 1, 4]), np.array(some)).tolist()
