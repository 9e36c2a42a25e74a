"""How right, how fast and how large is the matcher? Beside rapidfuzz's ``extractOne(WRatio)`` in the same run.

    python -m tests.bench.matching [LIST.csv ...] [--queries FILE.jsonl ...] [--seconds 10]

Each list (CSV or CSV.gz, the sample directory without one) is measured in a process of its own, and with it those
parts of it that its codes make: a street, a district, a city, a province. "Loaded" is the same matcher from the file
it was kept in, in another process: the time until it has answered once, and its memory. Queries as for
`flask directory calibrate`; those whose field "directory" is a list's name are asked of that list alone. Without
queries the times are of names in a few frames, and nothing is said about being right.
"""

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from resource import getpagesize
from tempfile import TemporaryDirectory
from typing import TypeVar

from rapidfuzz import fuzz, process

from routing.directory import Community, Directory
from routing.directory import listing as lists
from routing.matching import Matcher
from routing.tuning import evaluate
from routing.tuning.evaluate import Query

SAMPLE = Path(__file__).parents[2] / "deploy/sample/communities.csv"
PARTS = ("330206002", "330206", "3302", "33")  # codes begin so: a street, its district, city and province
FRAMES = ("{name}", "我住在{name}", "{street}{name}", "喂你好我是{street}那个{name}的")
SOURCE = "bench"
T = TypeVar("T")
ASKED = 300  # different utterances a list, when none are given


@dataclass(frozen=True, slots=True)
class Measured:
    """One list or part of one. Times of one answer in ms, one after the other; memory of the matcher alone."""

    name: str
    entries: int
    build_s: float
    memory_mb: float
    loaded_s: float
    loaded_mb: float
    ours_ms: tuple[float, float]  # p50, p99
    wratio_ms: tuple[float, float]
    right: str  # a table, empty without queries


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("lists", nargs="*", type=Path, default=[SAMPLE])
    asked.add_argument("--queries", nargs="*", type=Path, default=[])
    asked.add_argument("--seconds", type=float, default=10, help="the longest time each contestant gets a list")
    options = asked.parse_args()
    rows: list[Measured] = []
    for path in options.lists:
        for prefix in parts(path):
            print(f"{path.name} {prefix or 'whole'} ...", file=sys.stderr)
            with TemporaryDirectory() as folder:
                kept = Path(folder) / "list.index"
                measured = in_new_process(measure, path, prefix, options.queries, options.seconds, kept)
                rows.append(replace(measured, **in_new_process(loaded, kept)))
    show(rows)


def in_new_process(function: Callable[..., T], *arguments: object) -> T:
    """What *function* returns in a process that has done nothing else."""
    with get_context("spawn").Pool(1) as fresh:
        return fresh.apply(function, arguments)


def parts(path: Path) -> Iterator[str]:
    """The prefixes that cut this list, and the empty one."""
    codes = [community.code for community in lists.read(path)]
    for prefix in PARTS:
        if 0 < sum(code.startswith(prefix) for code in codes) < len(codes):
            yield prefix
    yield ""


def measure(path: Path, prefix: str, queries: list[Path], seconds: float, kept: Path) -> Measured:
    """Everything about one list but how it is loaded from *kept*, where its matcher is put."""
    directory = Directory(community for community in lists.read(path) if community.code.startswith(prefix))
    Matcher(directory_of_one()).match("银杏社区")  # the dictionaries, which all lists share
    before, started = memory_mb(), time.perf_counter()
    matcher = Matcher(directory)
    build_s = time.perf_counter() - started
    memory = memory_mb() - before
    matcher.save(kept, SOURCE)
    names = [community.name for community in directory]
    labelled = chosen(queries, path) if not prefix else []
    heard = [query.heard for query in labelled] or made(directory)
    random.Random(1).shuffle(heard)
    return Measured(
        f"{path.name} {prefix}".strip(),
        len(directory),
        build_s,
        memory,
        0,
        0,
        times_ms(matcher.match, heard, seconds),
        times_ms(lambda text: process.extractOne(text, names, scorer=fuzz.WRatio), heard, seconds),
        evaluate.table(evaluate.evaluate(matcher.match, labelled)) if labelled else "",
    )


def loaded(kept: Path) -> dict[str, float]:
    """What a matcher takes that is loaded: ``Measured.loaded_s`` and ``loaded_mb``."""
    Matcher(directory_of_one()).match("银杏社区")
    before, started = memory_mb(), time.perf_counter()
    matcher = Matcher.load(kept, SOURCE)
    matcher.match("我住在银杏社区")
    return {"loaded_s": time.perf_counter() - started, "loaded_mb": memory_mb() - before}


def directory_of_one() -> Directory:
    return Directory([Community("1", "银杏社区", "", "")])


def memory_mb() -> float:
    """What this process holds now (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20


def chosen(queries: list[Path], path: Path) -> list[Query]:
    """The queries of this list, and those that name no list."""
    return [query for file in queries for query in evaluate.read(file, path.name.split(".")[0])]


def made(directory: Directory) -> list[str]:
    some = random.Random(1).choices(directory, k=ASKED)
    return [FRAMES[n % len(FRAMES)].format(name=each.name, street=each.street) for n, each in enumerate(some)]


def times_ms(answer: Callable[[str], object], heard: list[str], seconds: float) -> tuple[float, float]:
    """p50 and p99 of one answer, over as many utterances as there is time for."""
    answer(heard[0])
    times: list[float] = []
    ends = time.perf_counter() + seconds
    for text in heard:
        started = time.perf_counter()
        answer(text)
        times.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > ends:
            break
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100]


def show(rows: list[Measured]) -> None:
    print(f"{'':24}{'entries':>9}{'build s':>9}{'MB':>7}{'loaded s':>10}{'MB':>6}{'p50 ms':>9}{'p99 ms':>9}", end="")
    print(f"{'WRatio p50':>12}{'p99':>9}{'ratio p50':>11}{'p99':>8}")
    for row in rows:
        (p50, p99), (their_p50, their_p99) = row.ours_ms, row.wratio_ms
        print(
            f"{row.name:24}{row.entries:9}{row.build_s:9.2f}{row.memory_mb:7.0f}{row.loaded_s:10.2f}{row.loaded_mb:6.0f}{p50:9.2f}{p99:9.2f}"
            f"{their_p50:12.2f}{their_p99:9.2f}{p50 / their_p50:11.3f}{p99 / their_p99:8.3f}"
        )
    for row in rows:
        if row.right:
            print(f"\n{row.name}\n{row.right}")


if __name__ == "__main__":
    main()
