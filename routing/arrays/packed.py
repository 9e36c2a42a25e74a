"""How is a long list kept small? Numbers and texts in flat arrays, which can be saved and mapped as they are."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import ArrayLike, NDArray

ANY = "surrogatepass"  # even half a character comes back as it was


def contained(values: NDArray[np.int32], some: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which *values* are in *some*, which ascend: quicker than ``np.isin``, which sorts."""
    if not len(some):
        return np.zeros(len(values), np.bool_)
    here: NDArray[np.bool_] = some[np.searchsorted(some[:-1], values)] == values
    return here


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of whole numbers of different length, one after the other."""

    starts: NDArray[np.int32]  # (n + 1,)
    values: NDArray[np.int32]

    @classmethod
    def group(cls, rows: ArrayLike, values: ArrayLike, count: int) -> "Ragged":
        """*count* rows of *values*, each in the row beside it, ascending and without repetition."""
        what = np.asarray(values, np.int32)
        most = int(what.max(initial=0)) + 1
        both = np.asarray(rows, np.int64) * most
        both += what
        both.sort()  # np.unique takes three times the time and the memory
        both = both[np.append(True, both[1:] != both[:-1])[: len(both)]]
        starts = np.searchsorted(both, np.arange(count + 1, dtype=np.int64) * most)
        return cls(starts.astype(np.int32), (both % most).astype(np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> NDArray[np.int32]:
        return self.values[self.starts[row] : self.starts[row + 1]]

    def gather(self, rows: NDArray[np.integer]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """All values of *rows*, and for each the place in *rows* it comes from."""
        first = self.starts[rows]
        counts = self.starts[rows + 1] - first
        which = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
        places = np.repeat(first - counts.cumsum(dtype=np.int32) + counts, counts)
        places += np.arange(len(which), dtype=np.int32)
        return self.values[places], which


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts as one piece of UTF-8."""

    starts: NDArray[np.int32]  # (n + 1,), in bytes
    utf8: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        pen = Pen()
        for text in texts:
            pen.write(text)
        return pen.texts()

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: int) -> str:
        return str(self.utf8[self.starts[at] : self.starts[at + 1]].data, "utf-8", ANY)

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))


class Pen:
    """Writes ``Texts`` one by one."""

    def __init__(self) -> None:
        self.starts, self.utf8 = array("i", [0]), bytearray()

    def write(self, text: str) -> None:
        self.utf8 += text.encode("utf-8", ANY)
        self.starts.append(len(self.utf8))

    def texts(self) -> Texts:
        """What was written; nothing more can be."""
        return Texts(np.frombuffer(self.starts, np.int32), np.frombuffer(self.utf8, np.uint8))


@dataclass(frozen=True, slots=True)
class Sparse:
    """Texts that few rows have, some several."""

    rows: NDArray[np.int32]  # ascending
    texts: Texts

    @classmethod
    def of(cls, found: Iterable[tuple[int, str]]) -> "Sparse":
        pairs = list(found)
        return cls(np.array([row for row, _ in pairs], np.int32), Texts.of(text for _, text in pairs))

    def reordered(self, order: Sequence[int]) -> "Sparse":
        """When the row that was ``order[n]`` has become row n."""
        now = {row: n for n, row in enumerate(order)}
        return Sparse.of(sorted(((now[row], text) for row, text in self), key=itemgetter(0)))

    def __getitem__(self, row: int) -> tuple[str, ...]:
        first = bisect_left(self.rows, row)
        return tuple(self.texts[at] for at in range(first, bisect_right(self.rows, row, first)))

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return zip(self.rows.tolist(), self.texts, strict=True)
