"""The pictures of the docs: each is one that ``python -m tests.pictures`` takes, and none is heavy."""

import re
from pathlib import Path

import pytest

from tests import pictures

DOCS = pictures.FOLDER.parent
SHOWN = re.compile(r'src="pictures/([^"]+)\.png"')
MAX_BYTES = 150_000


def taken() -> set[str]:
    """The names of all pictures that would be taken."""
    return {
        f"{name}-{width}-{language}"
        for name, page in pictures.PAGES.items()
        for width in (*pictures.WIDTHS, *(["printed"] if page.paper else []))
        for language in pictures.LANGUAGES
    }


@pytest.mark.parametrize(
    "paper",
    [
        "desk.md",
        "desk.zh.md",
        "inbox.md",
        "caller-card.md",
        "notices.md",
        "paper.md",
        "running.md",
        "running.zh.md",
        "figures.md",
    ],
)
def test_what_is_shown_can_be_taken_again(paper: str):
    shown = set(SHOWN.findall((DOCS / paper).read_text("utf-8")))

    assert shown
    assert shown <= taken()


def test_every_picture_is_there_and_light():
    files = {file.stem: file.stat().st_size for file in Path(pictures.FOLDER).glob("*-*-*.png")}

    assert taken() == set(files)
    assert {} == {name: size for name, size in files.items() if size > MAX_BYTES}
