"""A list from a file: shown before it is taken, refused whole with every bad row named, in any usual kind of file."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask_babel import force_locale
from openpyxl import Workbook
from sqlalchemy import select

from ivr.app import App
from ivr.desk.running import lists
from ivr.desk.running.sheets import PROBLEMS
from ivr.store.facts.audit import DirectoryImported
from ivr.store.models import AuditLine, CommunityRow
from routing.directory import delimited, listing, sheet, workbook
from tests.desk.conftest import HERE, Visitor

PATH = "/desk/directory/list"
HEADER = ("code", "name", "street", "district", "keypad")
ROWS = (("330206009001", "荷花社区", "大碶街道", "北仑区", "301"), (HERE, "银杏社区", "新碶街道", "北仑区", "101"))
TEXT = "\n".join(",".join(cells) for cells in (HEADER, *ROWS))


def as_workbook() -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for cells in (HEADER, *ROWS):
        book.active.append(cells)
    book.save(kept)
    return kept.getvalue()


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def preview(visitor: Visitor, content: bytes, **form: str):
    return visitor.post(PATH, file=(io.BytesIO(content), "list"), **form)


def digest(page: str) -> str:
    return page.split('name="list" value="')[1][:64]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("gbk"), TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(), as_workbook(),
    ],
    ids=["utf-8", "utf-16", "gbk", "semicolons", "tabs", "xlsx"],
)  # fmt: skip
def test_a_list_is_shown_then_taken(app: App, supervisor: Visitor, content: bytes):
    shown = preview(supervisor, content).text
    assert "荷花社区" in shown
    assert "keypad: <bdi>–</bdi> → <bdi>101</bdi>" in shown
    with app.sessions.read() as db:
        assert None is db.get(CommunityRow, "330206009001")

    supervisor.post(f"{PATH}/take", list=digest(shown), added="1")
    with app.sessions.read() as db:
        assert ["101", "301"] == [db.get_one(CommunityRow, code).keypad for code in (HERE, "330206009001")]
        last = db.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1)).one()
    assert DirectoryImported(added=1, changed=1, retired=0) == last.deed
    assert 302 == supervisor.post(f"{PATH}/take", list=digest(shown), added="1").status_code
    assert "not kept any more" in supervisor.get(PATH).text


def test_every_bad_row_is_named_and_nothing_changes(app: App, supervisor: Visitor):
    bad = f"{TEXT}\n,无名,大碶街道,北仑区,302\n330206009003,=1+1,大碶街道,北仑区,30"
    answer = preview(supervisor, bad.encode())
    assert 422 == answer.status_code
    for told in ("Row 4: code is empty", "Row 5: name", "Row 5: keypad", "Nothing was changed."):
        assert told in answer.text
    with app.sessions.read() as db:
        assert None is db.get(CommunityRow, "330206009001")


def test_numbers_are_read_as_they_are_written_here(app: App, supervisor: Visitor):
    """The region of the line, its area where it is set; a bad one is named in the language of the page."""
    listed = f"code,name,street,district,phone\n{HERE},银杏社区,新碶街道,北仑区,{{}}"
    shown = preview(supervisor, listed.format("0574-8765 4321").encode()).text
    assert "phone: <bdi>–</bdi> → <bdi>+8657487654321</bdi>" in shown
    refused = preview(supervisor, listed.format("8765 4321").encode())
    assert (422, True) == (refused.status_code, "lacks its area code" in refused.text)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", b"name\nx"])
def test_what_is_no_list_is_refused(supervisor: Visitor, content: bytes):
    assert 422 == preview(supervisor, content).status_code


def test_a_list_for_all_retires_the_others_after_they_were_shown(app: App, supervisor: Visitor):
    shown = preview(supervisor, TEXT.encode(), replace="1").text
    assert "高塘社区" in shown
    supervisor.post(f"{PATH}/take", list=digest(shown), added="1", replace="1")
    with app.sessions.read() as db:
        assert ["高塘社区"] == list(db.scalars(select(CommunityRow.name).where(CommunityRow.retired_at.is_not(None))))


def test_who_is_not_logged_in_sends_no_large_file(visitor: Visitor):
    assert 413 == preview(visitor, b"x" * 100_000).status_code


def test_a_file_may_be_as_large_as_a_district_and_no_larger(supervisor: Visitor):
    assert 422 == preview(supervisor, b"x" * 100_000).status_code
    assert 413 == preview(supervisor, b"x" * (lists.MAX_BYTES + 1)).status_code


def test_every_problem_of_a_list_is_told_in_each_language(app: App):
    """The texts of the readers stand in the table of the page, letter by letter."""
    with app.test_request_context(), force_locale("en"):
        told = {str(text) for text in PROBLEMS}
    assert told == {text for module in (delimited, listing, sheet, workbook) for text in _problems(module)}


def _problems(module: ModuleType) -> Iterator[str]:
    """The texts that a reader makes problems of."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("RowError.of", "Problem.of", "Problem"):
            text = node.args[1 if "Row" in ast.unparse(node.func) else 0]
            yield getattr(module, text.id) if isinstance(text, ast.Name) else ast.literal_eval(text)
