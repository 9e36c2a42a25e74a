"""Words that people of the line add to those it understands: one a line, plain, and meaning one thing alone."""

from collections.abc import Iterable

from flask_babel import gettext as _

from ivr.app import app
from ivr.desk.words import need_label
from ivr.line import Line
from routing.needs import OTHER
from routing.speech.reading import Reader

MOST_WORDS, MOST_CHARS, FEWEST_CHARS = 100, 20, 2
ANYTHING = f"needs.{OTHER}."  # gives its words away
WITHIN = " '-"  # what may stand between letters


def listed(typed: str) -> list[str]:
    """The words that were typed, one a line, each once."""
    return list(dict.fromkeys(word for line in typed.splitlines() if (word := " ".join(line.split()))))


def written(words: Iterable[str]) -> str:
    """As they stand in the form."""
    return "\n".join(words)


def refused(made: Line, language: str, words: list[str], tags: str) -> str:
    """Why the first word that cannot be added cannot; empty: they all can. *tags*: how those begin that they will have
    (``needs.heating.``).
    """
    if len(words) > MOST_WORDS:
        return _("At most %(number)s words.", number=MOST_WORDS)
    reader = made.reader(language, app.settings.hotline_region)
    return next((trouble for word in words if (trouble := _refused(reader, word, tags))), "")


def _refused(reader: Reader, word: str, tags: str) -> str:
    plain = reader.lexicon.normal(word)
    is_plain = all(sign.isalnum() or sign in WITHIN for sign in plain)
    if not is_plain or len(plain) < FEWEST_CHARS or len(word) > MOST_CHARS:
        return _("“%(word)s”: a plain word of two to twenty letters is needed.", word=word)
    if reader.read(word).emergency and not tags.startswith("emergencies."):
        return _("“%(word)s” already tells of an emergency.", word=word)
    means = [tag.split(".") for tag in sorted(reader.lexicon.tags(plain)) if not tag.startswith((tags, ANYTHING))]
    if need := next((path[1] for path in means if path[0] == "needs"), None):
        return _("“%(word)s” already means: %(meaning)s.", word=word, meaning=need_label(need))
    return _("“%(word)s” already means something at every question.", word=word) if means else ""
