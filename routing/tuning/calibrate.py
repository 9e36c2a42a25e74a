"""Which thresholds are right for these callers? Grids of them tried on a labelled file.

First those of accepting (more callers taken right, or fewer wrong?), then those of asking (more callers understood, or
fewer asked about places that nobody named?). Ranking does not depend on the thresholds: each utterance is ranked once
and decided many times.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

from routing.matching import Candidate, Match, Matcher
from routing.matching.decide import LOOKED_AT, decide
from routing.matching.ranking import Fit
from routing.matching.weights import Decide
from routing.speech.phonetics import DATA
from routing.tuning.evaluate import Query, Tally

THRESHOLDS = Path(str(DATA / "matching.toml"))
ACCEPTING: dict[str, list[float]] = {
    "accept_cost": [n / 100 for n in range(6, 25, 2)],
    "accept_margin": [n / 100 for n in range(14, 43, 4)],
    "accept_clear": [0.12, 0.15, 0.18, 0.21],
}
ASKING: dict[str, list[float]] = {
    "reject_cost": [n / 100 for n in range(31, 47, 2)],
    "reject_clear": [0.42, 0.46, 0.5],
    "forgiven": [0.3, 0.36, 0.42],
    "offered_within": [0.7, 0.9, 1.1],
}
STAMP = "# Calibrated "


@dataclass(frozen=True, slots=True)
class Setting:
    """Thresholds, and what they do to the labelled utterances."""

    limits: Decide
    tally: Tally

    @property
    def queries(self) -> int:
        return self.tally.single + self.tally.shared + self.tally.outside

    @property
    def solved(self) -> float:
        """The share of callers with one right answer who are taken there or asked about it."""
        return self.tally.solved / max(1, self.tally.single)

    @property
    def in_vain(self) -> float:
        """The share of those who named nothing in the directory and are asked about something in it."""
        return 1 - self.tally.outside_rejected / self.tally.outside if self.tally.outside else 0.0

    @property
    def right(self) -> float:
        """The share of callers with one right answer who are taken there without a question."""
        return self.tally.accepted_right / max(1, self.tally.single)

    @property
    def wrong(self) -> float:
        """The share of all callers who are taken where they do not live."""
        return (self.tally.wrong + self.tally.outside_accepted) / max(1, self.queries)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted more of, and the harm that it does."""

    gain: Callable[[Setting], float]
    harm: Callable[[Setting], float]


TAKEN = Aim(lambda setting: setting.right, lambda setting: setting.wrong)
UNDERSTOOD = Aim(lambda setting: setting.solved, lambda setting: setting.in_vain)

Ranked = list[tuple[Query, list[Fit]]]


def rank(matcher: Matcher, queries: Iterable[Query]) -> Ranked:
    """Each query with the communities that fit it, as many as a decision looks at."""
    return [(query, matcher.ranker.rank(query.heard, LOOKED_AT)[0]) for query in queries]


def try_all(matcher: Matcher, ranked: Ranked, now: Decide, grid: dict[str, list[float]]) -> list[Setting]:
    """The thresholds *now* first, then with every combination of the *grid* in their place."""
    tried = [replace(now, **dict(zip(grid, values, strict=True))) for values in product(*grid.values())]
    return [Setting(limits, _tally(matcher, ranked, limits)) for limits in (now, *tried)]


def frontier(settings: Sequence[Setting], aim: Aim = TAKEN) -> list[Setting]:
    """The settings that no other beats: least harm first, each with more gain than those before."""
    best: list[Setting] = []
    for setting in sorted(settings, key=lambda each: (aim.harm(each), -aim.gain(each))):
        if not best or aim.gain(setting) > aim.gain(best[-1]):
            best.append(setting)
    return best


def choose(settings: Sequence[Setting], most: float, aim: Aim = TAKEN) -> Setting | None:
    """The setting with the most gain while the harm, a share, is at most this."""
    return max((each for each in frontier(settings, aim) if aim.harm(each) <= most), key=aim.gain, default=None)


def write(setting: Setting, source: str, today: date, path: Path) -> None:
    """Put the thresholds into the data file, with the run they come from; the rest of it stays as it is.

    Raises ``ValueError`` for a file without them, ``OSError`` when it cannot be written.
    """
    text = re.sub(f"^{STAMP}.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    for field in (*ACCEPTING, *ASKING):
        text, found = re.subn(rf"^({field} *= *)[0-9.]+", rf"\g<1>{getattr(setting.limits, field)}", text, flags=re.M)
        if found != 1:
            raise ValueError(f"{path.name} has no line {field}")
    shares = f"accepted right {setting.right:.3f}, wrong {setting.wrong:.4f}, solved {setting.solved:.3f}"
    stamp = f"{STAMP}{today} on {setting.queries} utterances of {source}: {shares}\n"
    path.write_text(re.sub("^(?=accept_cost)", stamp, text, count=1, flags=re.MULTILINE), "utf-8")


def _tally(matcher: Matcher, ranked: Ranked, limits: Decide) -> Tally:
    tally = Tally()
    for query, fits in ranked:
        decision, offered = decide(fits, limits)
        candidates = tuple(Candidate(matcher.directory[fit.row], fit.score) for fit in offered)
        tally.add(query, Match(decision, candidates))
    tally.misses.clear()  # they would be kept for every setting
    return tally
