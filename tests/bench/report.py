"""Fills docs/measurements.md: every bench with its command, its output as it came, the machine and the commit.

    python -m tests.bench.report [--lists FILE.csv …] [--queries FILE.jsonl …] [--tickets 1000 50000] [--only WORD …]

``make measurements`` runs it. A section stays as it is when its bench is not among ``--only``, lacks its files (that is
said) or fails (then the exit code is 1).
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.serving import ROOT

PAPER = ROOT / "docs/measurements.md"
SECTION = re.compile(r"(<!-- ([\w-]+):begin -->)\n.*?\n(<!-- \2:end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bench:
    """One section, by the *name* of its markers. ``command``: the arguments of ``python -m``."""

    name: str
    command: tuple[str, ...]
    lacks: str = ""  # why it cannot be run this time


def benches(lists: list[str], queries: list[str], tickets: list[str]) -> list[Bench]:
    names = ("--queries", *queries)
    return [
        Bench("webhooks", ("tests.bench.webhooks",)),
        Bench("sealing", ("tests.bench.sealing", "--rounds", "100")),
        Bench("reload", ("tests.bench.reload",)),
        Bench("desk", ("tests.bench.desk", "--tickets", *tickets)),
        Bench("names", ("tests.bench.matching", *lists, *names), "" if lists and queries else "no LISTS and QUERIES"),
        Bench("sentences", ("tests.routing.corpus",)),
        Bench("sentences-seen", ("tests.routing.corpus", "--seen")),
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lists", nargs="*", default=[])
    asked.add_argument("--queries", nargs="*", default=[])
    asked.add_argument("--tickets", nargs="+", default=["1000", "50000"])
    asked.add_argument("--only", nargs="+", help="the names of sections")
    options = asked.parse_args()
    here, failed = machine(), False
    for bench in benches(options.lists, options.queries, options.tickets):
        if options.only and bench.name not in options.only:
            continue
        if bench.lacks:
            say(f"{bench.name}: left out, {bench.lacks}")
            continue
        say(f"{bench.name} ...")
        command = [sys.executable, "-m", *bench.command]
        ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if ran.returncode == 0:
            PAPER.write_text(filled(PAPER.read_text("utf-8"), bench, here, ran.stdout), "utf-8")
        else:
            say(f"{bench.name}: failed, its section stays as it was")
            failed = True
    sys.exit(failed)


def machine() -> str:
    """Date, commit, cores and Python of this run."""
    commit = subprocess.check_output(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True).strip()
    return f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, {os.cpu_count()} cores, Python {platform.python_version()}"


def filled(paper: str, bench: Bench, here: str, output: str) -> str:
    """The paper with what this bench printed; folders of this machine are left out of its command."""
    command = " ".join(Path(word).name if Path(word).is_absolute() else word for word in bench.command)
    text = f"`python -m {command}` · {here}\n\n```text\n{output.rstrip()}\n```"
    return SECTION.sub(lambda old: f"{old[1]}\n{text}\n{old[3]}" if old[2] == bench.name else old[0], paper)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
