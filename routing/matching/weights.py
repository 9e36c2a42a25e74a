"""What is each piece of evidence worth? The numbers of ``data/matching.toml``, where each is explained."""

import tomllib
from dataclasses import dataclass
from functools import cache

from routing.speech.phonetics import DATA


@dataclass(frozen=True, slots=True)
class Align:
    reward: float
    weight: float
    missing: float
    clipped: float
    extra: float
    extra_hesitant: float
    talk: float
    talk_as_written: float
    village_as_written: float
    carrier: float


@dataclass(frozen=True, slots=True)
class Around:
    touching: float
    far: float
    far_most: float
    particle: float
    broken_off: float
    other: float
    after_ending: float
    after_ending_most: float


@dataclass(frozen=True, slots=True)
class Ending:
    agrees: float
    absent: float
    absent_in_talk: float
    conflicts: float
    place: float
    loose: float


@dataclass(frozen=True, slots=True)
class Place:
    bonus: float
    syllable: float
    hollow: float
    loose: float


@dataclass(frozen=True, slots=True)
class Decide:
    accept_cost: float
    accept_margin: float
    reject_cost: float
    clear_margin: float
    accept_clear: float
    reject_clear: float
    forgiven: float
    stray_cost: float
    stray_beside: float
    near: float
    near_beside: float
    reject_near: float
    whole: float
    whole_margin: float
    offered_within: float
    second: float


@dataclass(frozen=True, slots=True)
class Weights:
    """All of them, by the question they belong to."""

    align: Align
    around: Around
    ending: Ending
    place: Place
    decide: Decide


@cache
def shipped() -> Weights:
    """The weights that come with the code."""
    table = tomllib.loads((DATA / "matching.toml").read_text("utf-8"))
    return Weights(
        Align(**table["align"]),
        Around(**table["around"]),
        Ending(**table["ending"]),
        Place(**table["place"]),
        Decide(**table["decide"]),
    )
