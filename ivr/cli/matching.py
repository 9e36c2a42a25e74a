"""``flask directory listen, audit, calibrate``: how names are matched, and how to do it better."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from rich.console import Console
from rich.progress import track

from ivr import words
from ivr.app import app
from ivr.store.directory import review
from routing.directory import listing as lists
from routing.directory.sheet import SheetError
from routing.matching import Match, Matcher, cache
from routing.tuning import calibrate as calibration
from routing.tuning import evaluate
from routing.tuning.calibrate import Aim, Setting
from routing.tuning.confusable import close_pairs
from routing.tuning.remedies import Remedy, remedies

LARGE = 2**20  # bytes of a list whose matcher is not made anew every time
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
from_file = click.option("--file", type=A_FILE, help="A list (CSV or CSV.gz) instead of the database's directory.")


@click.command("listen")
@click.argument("words")
@from_file
@with_appcontext
def listen(words: str, file: Path | None) -> None:
    """Explain which communities WORDS may name, as the call would take them."""
    show(chosen(file).match(words))


@click.command("audit")
@from_file
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="So many pairs, closest first.")
@with_appcontext
def audit(file: Path | None, limit: int) -> None:
    """List the pairs of communities that callers will confuse, and what would help."""
    directory = chosen(file).directory
    heard = defaultdict(list)
    if file is None:
        with app.sessions.read() as db:
            for each in review.listed(db, "proposed"):
                heard[each.proposal.community_code].append(each.proposal.heard)
    pairs = close_pairs(directory, limit)
    for remedy in remedies(pairs, directory):
        click.echo(f"? {remedy.pair}")
        for line in advice(remedy, heard):
            click.echo(f"    {line}")
    click.echo(f"{len(pairs)} pairs among {len(directory)} communities.")


@click.command("calibrate")
@click.argument("queries", type=A_FILE)
@from_file
@click.option("--only", default="", help="Only the queries of this name in their field directory.")
@click.option(
    "--most-wrong", type=click.FloatRange(0, 1), default=0.002, show_default=True, help="A share of all calls."
)
@click.option(
    "--most-in-vain",
    type=click.FloatRange(0, 1),
    help="A share of those who named no place here: asked about one all the same. As now, when not given.",
)
@click.option("--write", is_flag=True, help="Put the chosen thresholds into routing/data/matching.toml.")
@with_appcontext
def calibrate(
    queries: Path, file: Path | None, only: str, most_wrong: float, most_in_vain: float | None, write: bool
) -> None:
    """Try thresholds on QUERIES, a JSONL file: {"heard": "…", "truth": ["code", …]} a line.

    Prints two frontiers: how many callers are taken right without a question, for how many taken wrong; and how many
    are understood, for how many asked about a place they never named.
    """
    try:
        labelled = evaluate.read(queries, only)
    except ValueError as error:
        raise click.ClickException(f"{queries.name}: {error}") from None
    if not labelled:
        raise click.ClickException(f"{queries.name}: there are no queries{f' of {only}' if only else ''}.")
    matcher = chosen(file)
    now = matcher.weights.decide
    listening = track(labelled, "Listening", console=Console(stderr=True), transient=True)
    ranked = calibration.rank(matcher, listening)
    accepting = calibration.try_all(matcher, ranked, now, calibration.ACCEPTING)
    taken = calibration.choose(accepting, most_wrong)
    columns(calibration.frontier(accepting), taken, accepting[0], calibration.ACCEPTING, calibration.TAKEN)
    if taken is None:
        raise click.ClickException(f"No thresholds keep the wrong ones at {most_wrong} or below; nothing was written.")
    asking = calibration.try_all(matcher, ranked, taken.limits, calibration.ASKING)
    best = calibration.choose(
        asking, asking[0].in_vain if most_in_vain is None else most_in_vain, calibration.UNDERSTOOD
    )
    click.echo()
    columns(
        calibration.frontier(asking, calibration.UNDERSTOOD),
        best,
        asking[0],
        calibration.ASKING,
        calibration.UNDERSTOOD,
    )
    if best is None or best.wrong > most_wrong:
        raise click.ClickException("No thresholds ask so few in vain; nothing was written.")
    if write:
        try:
            calibration.write(best, queries.name, date.today(), calibration.THRESHOLDS)
        except OSError as error:
            raise click.ClickException(f"{calibration.THRESHOLDS} cannot be written ({error.strerror}).") from None
        click.echo(f"{calibration.THRESHOLDS} was written. Restart the hotline's processes.")


def columns(frontier: list[Setting], best: Setting | None, now: Setting, grid: Iterable[str], aim: Aim) -> None:
    """Print a frontier, the chosen one and the thresholds in force."""
    names = ("accepted right", "wrong") if aim is calibration.TAKEN else ("solved", "asked in vain")
    click.echo("  ".join((*grid, *names)))

    def line(setting: Setting) -> str:
        cells = [f"{getattr(setting.limits, name):{len(name)}.2f}" for name in grid]
        return "  ".join((*cells, f"{aim.gain(setting):{len(names[0])}.3f}", f"{aim.harm(setting):{len(names[1])}.4f}"))

    for setting in frontier:
        click.echo(f"{line(setting)}{'  <- chosen' if setting is best else ''}")
    click.echo(f"{line(now)}  before, on {now.queries} utterances")


def chosen(file: Path | None) -> Matcher:
    """The matcher of *file*, or of the database without one; a large one is kept. Raises ``ClickException``."""
    if file is None:
        app.matcher.renew()
        return app.matcher.matcher
    try:
        if file.stat().st_size < LARGE:
            return Matcher(lists.read(file))
        path = app.settings.data_dir / "lists" / f"{file.name}.index"
        return cache.matcher_of_file(file, path, lambda what: click.echo(what, err=True))
    except SheetError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{file.name} cannot be read ({error.strerror}).") from None


def show(match: Match) -> None:
    """Print a match: what the call would do, then each candidate with its score and why."""
    with force_locale("en"):  # as everything else here
        _show(match)


def _show(match: Match) -> None:
    meaning = {
        "accept": "sure: said back while moving on",
        "confirm": "asked: is it this one, or which of these",
        "narrow": "many have this name: asked for the street",
        "reject": f"not understood: {words.reason(match.reason, *match.places[:1])}",
    }
    click.echo(f"{match.decision}  {meaning[match.decision]}")
    if match.places:
        click.echo(f"places named: {', '.join(match.places)}")
    for candidate in match.candidates:
        community, why = candidate.community, words.why(candidate.why)
        click.echo(f"{candidate.score:5.1f}  {community.name} ({community.street}, {community.code})  {why}")


def advice(remedy: Remedy, heard: dict[str, list[str]]) -> list[str]:
    """What would help the callers of a pair, one sentence a line."""
    lines = ["asked for the street, which differs"] if remedy.by_street else []
    lines += [
        f"keypad {number} is free for {community.name} ({community.code})" for community, number in remedy.keypads
    ]
    for community in (remedy.pair.one, remedy.pair.other):
        lines += [
            f"callers seem to say {name} for {community.name}: see /desk/aliases" for name in heard[community.code]
        ]
    return lines or ["both have keypad numbers; another name that neighbours use would help as an alias"]
