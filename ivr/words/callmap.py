"""The call as a picture for those who write its sentences: its questions, and which of them follow one another.

Each way in ``NEXT`` is one that a walk over every call finds (``tests/flow/test_walk.py``); a room of the pages
imports no flow. A question without a place is left out of the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# From each question, those that may follow it; ANY: that may follow every one.
ANY = ("message", "person")
NEXT: Mapping[str, Sequence[str]] = {
    "news": ("need", "waiting"),
    "brief": ("waiting",),
    "returning": ("cancel", "danger", "known", "need", "review", "waiting"),
    "cancel": ("goodbye", "returning", "waiting"),
    "need": ("callback", "community", "danger", "known", "meant", "waiting"),
    "meant": ("callback", "community", "danger", "known", "need", "waiting"),
    "danger": ("callback", "community", "known", "need", "returning", "waiting"),
    "known": ("callback", "choose", "community", "confirm", "street", "waiting"),
    "community": ("callback", "choose", "confirm", "street", "waiting"),
    "confirm": ("callback", "choose", "community", "street", "waiting"),
    "choose": ("callback", "community", "confirm", "known", "street", "waiting"),
    "street": ("callback", "choose", "confirm", "waiting"),
    "callback": ("number", "waiting"),
    "number": ("callback", "waiting"),
    "person": ("goodbye", "need", "returning", "waiting"),
    "message": ("community", "goodbye", "review"),
    "review": ("goodbye",),
}
# Where a question stands in the picture: column and row.
PLACES: Mapping[str, tuple[int, int]] = {
    "news": (0, 0),
    "brief": (1, 0),
    "returning": (2, 0),
    "meant": (0, 1),
    "need": (1, 1),
    "cancel": (2, 1),
    "danger": (0, 2),
    "known": (1, 2),
    "street": (0, 3),
    "community": (1, 3),
    "confirm": (2, 3),
    "choose": (0, 4),
    "callback": (1, 4),
    "number": (2, 4),
    "waiting": (0, 5),
    "person": (1, 5),
    "message": (1, 6),
    "review": (2, 6),
    "goodbye": (1, 7),
}
WIDTH, HEIGHT, ACROSS, DOWN = 150, 44, 190, 68  # of a box, and from one to the next, in the picture's own units
PER_LINE = 20  # of a label, in Latin letters; a Chinese one is as wide as two
EDGE = 20


@dataclass(frozen=True, slots=True)
class Box:
    """A question: the corner of its box, its label in lines, and what it is to the one that is looked at."""

    step: str
    x: int
    y: int
    lines: Sequence[str]
    role: str  # here, before, after, both, or nothing


@dataclass(frozen=True, slots=True)
class Arrow:
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Picture:
    """``before``, ``after``: the labels of what leads here and where it leads, for who does not see it."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    width: int
    height: int
    before: Sequence[str]
    after: Sequence[str]


def picture(here: str, labels: Mapping[str, str]) -> Picture:
    """The whole call with the question *here* in it, what leads to it and what follows."""
    after = [step for step in NEXT.get(here, ()) if step not in ANY]
    before = [step for step, following in NEXT.items() if here in following]
    boxes = [_box(step, labels.get(step, step), here, before, after) for step in PLACES]
    at = {box.step: box for box in boxes}
    ways = [(step, here) for step in before] + [(here, step) for step in after]
    columns, rows = (max(place[axis] for place in PLACES.values()) for axis in (0, 1))
    return Picture(
        boxes,
        [_arrow(at[one], at[other]) for one, other in ways if one in at and other in at],
        columns * ACROSS + WIDTH + 2 * EDGE,
        rows * DOWN + HEIGHT + 2 * EDGE,
        [labels.get(step, step) for step in before],
        [labels.get(step, step) for step in after],
    )


def _box(step: str, label: str, here: str, before: Sequence[str], after: Sequence[str]) -> Box:
    column, row = PLACES[step]
    leads, follows = step in before, step in after
    role = (
        "here" if step == here else "both" if leads and follows else "before" if leads else "after" if follows else ""
    )
    return Box(step, column * ACROSS + EDGE, row * DOWN + EDGE, _lines(label), role)


def _arrow(one: Box, other: Box) -> Arrow:
    """From the edge of one box to that of the other, along the line between their middles."""
    (x1, y1), (x2, y2) = ((box.x + WIDTH // 2, box.y + HEIGHT // 2) for box in (one, other))
    across, down = x2 - x1, y2 - y1
    part = min(WIDTH / 2 / abs(across) if across else 1, HEIGHT / 2 / abs(down) if down else 1)
    return Arrow(round(x1 + across * part), round(y1 + down * part), round(x2 - across * part), round(y2 - down * part))


def _lines(label: str) -> list[str]:
    """In at most two lines, broken between words or Chinese characters."""
    if _width(label) <= PER_LINE:
        return [label]
    breaks = [at for at in range(1, len(label)) if label[at] == " " or not label[at].isascii()]
    middle = min(breaks, key=lambda at: abs(_width(label[:at]) - _width(label[at:])), default=len(label))
    return [label[:middle].strip(), label[middle:].strip()]


def _width(text: str) -> int:
    return sum(1 if each.isascii() else 2 for each in text)
