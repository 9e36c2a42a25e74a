"""The papers say what the code does: every variable, every page that is linked, and the call as it is."""

import re
from pathlib import Path
from typing import get_args

import pytest
from flask_babel import force_locale
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from ivr.app import App
from ivr.cli import figures, roles
from ivr.settings import Settings
from tests import house
from tests.bench.report import PAPER, SECTION, Bench, benches, filled
from tests.test_architecture import HOUSES, ROOMS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAPERS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
TYPES = {str: "text", Path: "folder", bool: "0 or 1", int: "number", SecretStr: "secret"}
LINK = re.compile(r"\]\(([^)#\s]+)|src=\"([^\"]+)")
ROLES = re.compile(r"<!-- roles:begin[^>]*-->\n(.*?)\n<!-- roles:end -->", re.DOTALL)
FIGURES = re.compile(r"<!-- figures:begin[^>]*-->\n(.*?)\n<!-- figures:end -->", re.DOTALL)
PATH = re.compile(r"`((?:ivr|routing|prompts|tests|deploy)/[\w./-]*)`")  # as it is written, without blanks in it
SPOKEN_OF = re.compile(r"(?:``|see )((?:ivr|routing|prompts|tests)(?:\.\w+)+)")
TO_BE_MADE = {  # files that a reader is told to make
    "ivr/desk/log/waiting.py",
    "ivr/desk/templates/desk/log/waiting.html",
    "ivr/flow/steps/company.py",
    "ivr/jobs/remind.py",
    "ivr/notify/slack.py",
    "prompts/audio/zh/need.ask.wav",
    "prompts/audio/zh/slow/need.ask.wav",
    "tests/desk/log/test_waiting.py",
}
HOUSE = re.compile(r"<!-- house:begin[^>]*-->\n(.*?)\n<!-- house:end -->", re.DOTALL)


def row(name: str, field: FieldInfo) -> str:
    """A variable as docs/configuration.md has it."""
    kind = TYPES.get(field.annotation) or ", ".join(get_args(field.annotation))
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = int(default) if isinstance(default, bool) else default
    return f"| `{name.upper()}` | {kind} | {'–' if shown == '' else f'`{shown}`'} | {field.description} |"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_variable_is_documented_as_it_is(name: str):
    """Type, default and meaning are the code's own."""
    assert row(name, Settings.model_fields[name]) in (DOCS / "configuration.md").read_text("utf-8").splitlines()


def test_the_table_of_roles_is_drawn_from_the_code():
    """``flask roles`` prints what belongs between the markers of docs/roles.md."""
    printed = ROLES.search((DOCS / "roles.md").read_text("utf-8"))
    assert printed
    assert "\n".join(roles.lines()) == printed[1]


def test_the_figures_are_defined_by_the_code(app: App):
    """``flask figures`` prints what belongs between the markers of docs/figures.md."""
    printed = FIGURES.search((DOCS / "figures.md").read_text("utf-8"))
    assert printed
    with app.app_context(), force_locale("en"):
        assert "\n".join(figures.lines()) == printed[1]


def test_the_picture_of_the_house_is_drawn_from_its_tables():
    """``python -m tests.house`` prints what belongs between the markers of docs/architecture.md."""
    (drawn,) = HOUSE.findall((DOCS / "architecture.md").read_text("utf-8"))

    assert f"```mermaid\n{house.mermaid()}\n```" == drawn


def test_every_bench_has_its_section():
    """``make measurements`` finds where each belongs in docs/measurements.md."""
    sections = [name for _, name, _ in SECTION.findall(PAPER.read_text("utf-8"))]

    assert [bench.name for bench in benches([], [], ["1000"])] == sections


def test_what_a_bench_prints_fills_its_section_alone():
    paper = "<!-- a:begin -->\nold\n<!-- a:end -->\n\n<!-- b:begin -->\nold\n<!-- b:end -->\n"

    new = filled(paper, Bench("b", ("tests.b", "/lists/town.csv")), "today, 2 cores", "ms 0.5\\1\n")

    told = "`python -m tests.b town.csv` · today, 2 cores\n\n```text\nms 0.5\\1\n```"
    assert paper.replace("b:begin -->\nold", f"b:begin -->\n{told}") == new


def test_every_room_has_its_line():
    """docs/architecture.md says of every house and every folder of a house what it is for."""
    told = (DOCS / "architecture.md").read_text("utf-8")
    rooms = {*HOUSES, *(f"{name}.{room}" for name, rooms in ROOMS.items() for room in rooms if room != ".")} - {"ivr"}
    folders = [room.replace(".", "/") for room in rooms]

    assert [] == sorted(each for each in folders if (ROOT / each).is_dir() and f"`{each}/`" not in told)


def test_every_module_that_the_code_speaks_of_is_there():
    """In docstrings and comments, which no import holds to their word."""
    files = [path for folder in ("ivr", "routing", "prompts", "tests") for path in (ROOT / folder).rglob("*.py")]
    named = {(path, name) for path in files for name in SPOKEN_OF.findall(path.read_text("utf-8"))}

    assert len(named) > 20
    assert [] == sorted(f"{path.relative_to(ROOT)}: {name}" for path, name in named if not is_there(name.split(".")))


def is_there(parts: list[str]) -> bool:
    """Whether there is such a room or module, or such a name in it."""
    *above, last = parts
    path, room = ROOT.joinpath(*parts), ROOT.joinpath(*above)
    inside = [file for file in (room.with_suffix(".py"), room / "__init__.py") if file.is_file()]
    holds = re.compile(rf"^ *(?:(?:def|class) )?{last}\b|\"{last}\"", re.MULTILINE)  # the latter: handed on
    return path.is_dir() or path.with_suffix(".py").is_file() or any(holds.search(file.read_text()) for file in inside)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(paper: Path):
    named = set(PATH.findall(paper.read_text("utf-8"))) - TO_BE_MADE

    assert [] == sorted(each for each in named if not (ROOT / each).exists())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_what_is_linked_is_there(paper: Path):
    """Every relative link of our papers leads to a file."""
    linked = [link or picture for link, picture in LINK.findall(paper.read_text("utf-8")) if "://" not in link]

    assert [] == [link for link in linked if not (paper.parent / link).exists()]
