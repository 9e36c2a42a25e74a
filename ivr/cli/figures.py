"""``flask figures``: what each figure means, as docs/figures.md has it."""

from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from ivr.settings import Settings
from ivr.words import figures as words


@click.command("figures", help="Print what each figure means.")
@with_appcontext
def figures() -> None:
    """As a table of Markdown."""
    with force_locale("en"):
        click.echo("\n".join(lines()))


def lines() -> Iterator[str]:
    """With the settings' defaults."""
    seconds = tuple(Settings.model_fields[f"hotline_{name}"].default for name in ("answer_within_s", "abandoned_min_s"))
    yield "| figure | what is counted |"
    yield "| --- | --- |"
    for told in words.EVERY.values():
        name, meaning = (told._replace(meaning=text).defined(*seconds) for text in told)
        yield f"| {name} | {meaning} |"
