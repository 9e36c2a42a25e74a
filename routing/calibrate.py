"""Which thresholds are right for these callers? Every pair of accept thresholds tried on a labelled file.

Ranking does not depend on the thresholds: each utterance is ranked once and decided many times.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

from routing.decide import LOOKED_AT, decide
from routing.evaluate import Query, Tally
from routing.matching import Candidate, Match, Matcher
from routing.phonetics import DATA
from routing.ranking import Fit
from routing.weights import Decide

THRESHOLDS = Path(str(DATA / "matching.toml"))
COSTS = [n / 100 for n in range(4, 31, 2)]
MARGINS = [n / 100 for n in range(8, 45, 3)]
FIELDS = ("accept_cost", "accept_margin")
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
    def right(self) -> float:
        """The share of callers with one right answer who are taken there without a question."""
        return self.tally.accepted_right / max(1, self.tally.single)

    @property
    def wrong(self) -> float:
        """The share of all callers who are taken where they do not live."""
        return (self.tally.wrong + self.tally.outside_accepted) / max(1, self.queries)


Ranked = list[tuple[Query, list[Fit]]]


def rank(matcher: Matcher, queries: Iterable[Query]) -> Ranked:
    """Each query with the communities that fit it, as many as a decision looks at."""
    return [(query, matcher.ranker.rank(query.heard, LOOKED_AT)[0]) for query in queries]


def try_all(matcher: Matcher, ranked: Ranked) -> list[Setting]:
    """Every pair of the grid, and the thresholds in force first."""
    now = matcher.weights.decide
    grid = [replace(now, accept_cost=cost, accept_margin=margin) for cost, margin in product(COSTS, MARGINS)]
    return [Setting(limits, _tally(matcher, ranked, limits)) for limits in (now, *grid)]


def frontier(settings: Sequence[Setting]) -> list[Setting]:
    """The settings that no other beats: fewest wrong first, each with more right than those before."""
    best: list[Setting] = []
    for setting in sorted(settings, key=lambda each: (each.wrong, -each.right, each.limits.accept_cost)):
        if not best or setting.right > best[-1].right:
            best.append(setting)
    return best


def choose(settings: Sequence[Setting], most_wrong: float) -> Setting | None:
    """The setting that takes most callers right while at most *most_wrong* (a share of all) go wrong."""
    return max((each for each in frontier(settings) if each.wrong <= most_wrong), key=lambda s: s.right, default=None)


def write(setting: Setting, source: str, today: date, path: Path) -> None:
    """Put the thresholds into the data file, with the run they come from; the rest of it stays as it is.

    Raises ``ValueError`` for a file without them, ``OSError`` when it cannot be written.
    """
    text = re.sub(f"^{STAMP}.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    for field in FIELDS:
        text, found = re.subn(rf"^({field} *= *)[0-9.]+", rf"\g<1>{getattr(setting.limits, field)}", text, flags=re.M)
        if found != 1:
            raise ValueError(f"{path.name} has no line {field}")
    shares = f"accepted right {setting.right:.3f}, wrong {setting.wrong:.4f}"
    stamp = f"{STAMP}{today} on {setting.queries} utterances of {source}: {shares}\n"
    path.write_text(re.sub(rf"^(?={FIELDS[0]})", stamp, text, count=1, flags=re.MULTILINE), "utf-8")


def _tally(matcher: Matcher, ranked: Ranked, limits: Decide) -> Tally:
    tally = Tally()
    for query, fits in ranked:
        decision, offered = decide(fits, limits)
        candidates = tuple(Candidate(matcher.directory[fit.row], fit.score) for fit in offered)
        tally.add(query, Match(decision, candidates))
    tally.misses.clear()  # they would be kept for every setting
    return tally
