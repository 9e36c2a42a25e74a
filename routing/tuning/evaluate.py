"""How good is the matcher on a file of labelled utterances?

A line of the file: ``{"heard": …, "truth": [codes], "directory": …, "kind": …}``. An empty truth means that nothing in
the directory is right; several codes mean that the words alone do not decide and the caller must be asked.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from routing.matching import Decision, Match


@dataclass(frozen=True, slots=True)
class Query:
    heard: str
    truth: frozenset[str]
    kind: str = ""


@dataclass(slots=True)
class Tally:
    """Counts over queries; every share is None where there was nothing to count."""

    single: int = 0  # queries with one right answer
    shared: int = 0  # with several
    outside: int = 0  # with none
    top1: int = 0
    top3: int = 0
    accepted_right: int = 0
    solved: int = 0  # accepted right, or asked with the right one in the first three
    wrong: int = 0  # accepted, with one or several right answers, and it was not the one
    shared_handled: int = 0  # asked, with a bearer of the name first
    outside_accepted: int = 0
    outside_rejected: int = 0
    misses: list[tuple[Query, Match]] = field(default_factory=list)

    def add(self, query: Query, match: Match) -> None:
        codes = [candidate.community.code for candidate in match.candidates[:3]]
        accepted = match.decision is Decision.ACCEPT
        asked = match.decision in (Decision.CONFIRM, Decision.NARROW)
        first = bool(codes) and codes[0] in query.truth
        if not query.truth:
            self.outside += 1
            self.outside_accepted += accepted
            self.outside_rejected += match.decision is Decision.REJECT
            good = not accepted
        elif len(query.truth) == 1:
            self.single += 1
            self.top1 += first
            self.top3 += bool(query.truth & set(codes))
            self.accepted_right += accepted and first
            good = (accepted and first) or (asked and bool(query.truth & set(codes)))
            self.solved += good
            self.wrong += accepted and not first
        else:
            self.shared += 1
            self.wrong += accepted
            good = asked and first
            self.shared_handled += good
        if not good:
            self.misses.append((query, match))

    def shares(self) -> dict[str, float | None]:
        """Each metric as a share of the queries it is about."""
        return {
            "top1": _share(self.top1, self.single),
            "top3": _share(self.top3, self.single),
            "accepted right": _share(self.accepted_right, self.single),
            "solved": _share(self.solved, self.single),
            "wrong accept": _share(self.wrong, self.single + self.shared),
            "shared handled": _share(self.shared_handled, self.shared),
            "OOD accept": _share(self.outside_accepted, self.outside),
            "OOD reject": _share(self.outside_rejected, self.outside),
        }


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def read(path: str | Path, directory: str = "") -> list[Query]:
    """The queries of a JSONL file; when a *directory* is given only those of it and those that name none.

    Raises ``ValueError`` with the number of a line that is not a query.
    """
    queries = []
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            query = Query(str(row["heard"]), frozenset(map(str, row["truth"])), str(row.get("kind", "")))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} is no query: {error}") from error
        if not directory or row.get("directory", directory) == directory:
            queries.append(query)
    return queries


def evaluate(match: Callable[[str], Match], queries: Iterable[Query]) -> dict[str, Tally]:
    """The tally of all queries under ``all``, and one a kind."""
    tallies = {"all": Tally()}
    for query in queries:
        found = match(query.heard)
        for kind in ("all", query.kind or "unnamed"):
            tallies.setdefault(kind, Tally()).add(query, found)
    return tallies


def table(tallies: dict[str, Tally]) -> str:
    """The tallies as a Markdown table, one row each."""
    head = ["queries", "n", *Tally().shares()]
    rows = [head, ["---"] * len(head)]
    for name, tally in tallies.items():
        count = tally.single + tally.shared + tally.outside
        rows.append([name, str(count), *("" if s is None else f"{s:.4f}" for s in tally.shares().values())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
