"""``flask flow``: the call as it is, drawn from the code, and how a sentence is understood in it."""

import click
from flask.cli import AppGroup

from ivr.app import app
from ivr.flow import chart
from ivr.voice.world import understood
from routing.speech.meaning import Meaning

flow = AppGroup("flow", help="The call flow.")


@flow.command("draw")
def draw() -> None:
    """Print the flow as a Mermaid diagram, found by walking every call."""
    click.echo(chart.mermaid())


@flow.command("listen")
@click.argument("sentence")
@click.option("--language", help="The language of the call; the hotline's own unless given.")
def listen(sentence: str, language: str | None) -> None:
    """Explain how SENTENCE is understood: what it means, and which words said so."""
    language = language or app.settings.hotline_language
    made = app.line.now()
    if language not in made.spoken:
        raise click.BadParameter(f"there is no such pack; there are: {', '.join(made.spoken)}", param_hint="--language")
    meaning = understood(sentence, made, language, made.spoken, app.settings.hotline_region)
    click.echo("\n".join(_explained(meaning)))


def _explained(meaning: Meaning) -> list[str]:
    """What a reading found, a line each; then the words that stood for something, and what became of each."""
    numbers = (number.digits + f" ext. {number.extension}" * bool(number.extension) for number in meaning.numbers)
    found = {
        "needs": ", ".join(meaning.needs),
        "emergency": f"{meaning.emergency.kind}, dial {meaning.emergency.number}" if meaning.emergency else "",
        "answer": {True: "yes", False: "no", None: ""}[meaning.answer],
        "wishes": ", ".join(sorted(meaning.wishes)),
        "language": meaning.language or "",
        "choice": "" if meaning.choice is None else str(meaning.choice),
        "numbers": ", ".join(numbers),
        "unknown": "the caller does not know" if meaning.unknown else "",
        "hello": "a greeting" if meaning.hello else "",
    }
    lines = [f"{name:10}{value}" for name, value in found.items() if value] or ["nothing is understood"]
    return lines + [f"  {each.words}: {each.stands_for}, {each.fate}" for each in meaning.why]
