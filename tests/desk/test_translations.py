"""The desk's two languages say the same, and all of it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

IVR = Path(__file__).parents[2] / "ivr"
ZH = IVR / "desk/translations/zh/LC_MESSAGES"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
BLANK = re.compile(r"%\(\w+\)s|\{\w+\}")


def in_the_code() -> set[str | tuple[str, ...]]:
    """Every text that a page of the desk or the browser phone can show."""
    pages = (
        extract_from_dir(str(IVR / part), METHODS, keywords=KEYWORDS) for part in ("desk", "phone", "words", "sheets")
    )
    return {found[2] for page in pages for found in page}


def catalog() -> Iterator[Message]:
    with (ZH / "messages.po").open("rb") as file:
        yield from (message for message in read_po(file, locale="zh") if message.id)


def test_every_text_is_translated_and_nothing_else_is():
    assert in_the_code() == {message.id for message in catalog()}
    untranslated = [message.id for message in catalog() if not message.string or not all(message.string)]
    assert [] == untranslated
    assert not any(message.fuzzy for message in catalog())


def test_a_translation_fills_the_same_blanks():
    for message in catalog():
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        for translation in translations:
            assert set(BLANK.findall(texts[-1])) == set(BLANK.findall(translation)), message.id


def test_the_compiled_catalogue_is_that_of_the_readable_one():
    with (ZH / "messages.po").open("rb") as file:
        write_mo(compiled := io.BytesIO(), read_po(file, locale="zh"))
    compiled.seek(0)
    with (ZH / "messages.mo").open("rb") as file:
        shipped = read_mo(file)
    assert [(m.id, m.string) for m in read_mo(compiled) if m.id] == [(m.id, m.string) for m in shipped if m.id]
