"""A list from a file: shown before it is taken, refused whole with every bad row named, in any usual kind of file."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask_babel import force_locale
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from ivr.app import App
from ivr.desk.running import lists
from ivr.desk.running.sheets import PROBLEMS
from ivr.store.facts import line
from ivr.store.facts.audit import DirectoryExported, DirectoryImported
from ivr.store.line import changes
from ivr.store.line import contacts as contacts_kept
from ivr.store.line.changes import About
from ivr.store.models import AuditLine, CommunityRow
from routing.directory import contacts, delimited, listing, sheet, workbook
from routing.directory.contacts import Contact
from routing.timetable import every_day
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

    supervisor.post(f"{PATH}/take", list=digest(shown), size="1+0")
    with app.sessions.read() as db:
        assert ["101", "301"] == [db.get_one(CommunityRow, code).keypad for code in (HERE, "330206009001")]
        last = db.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1)).one()
    assert DirectoryImported(added=1, changed=1, retired=0) == last.deed
    assert 302 == supervisor.post(f"{PATH}/take", list=digest(shown), size="1+0").status_code
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


DUTY = "code,name,street,district,duty_contact,duty_phone,duty_hours\n330206009001,荷花社区,大碶街道,北仑区,{}\n"


def test_duty_contacts_come_with_a_list_and_can_be_put_back(app: App, supervisor: Visitor):
    """Shown before; what an empty cell says nothing of stays, unless the list replaces everything."""
    shown = preview(supervisor, DUTY.format("陈书记,0574-5550 0131,8-12").encode()).text
    assert ("陈书记" in shown, "08:00-12:00" in shown) == (True, True)
    supervisor.post(f"{PATH}/take", list=digest(shown), size="1+1")
    assert (Contact("陈书记", "+8657455500131", every_day("8-12")),) == on_duty(app)

    shown = preview(supervisor, DUTY.format(",,").encode()).text
    supervisor.post(f"{PATH}/take", list=digest(shown), size="0+0")
    assert 1 == len(on_duty(app))
    shown = preview(supervisor, DUTY.format(",,").encode(), replace="1").text
    assert "nobody of its own" in shown
    supervisor.post(f"{PATH}/take", list=digest(shown), size="0+1", replace="1")
    assert () == on_duty(app)

    with app.sessions.read() as db:
        latest = changes.version(db, About(line.PlaceDuty, "330206009001"))
    supervisor.post(f"/desk/changes/{latest}/back", version=str(latest))
    assert 1 == len(on_duty(app))


def test_a_contact_that_changed_since_the_preview_is_looked_at_again(app: App, supervisor: Visitor):
    shown = preview(supervisor, DUTY.format("陈书记,0574-5550 0131,").encode()).text
    answer = supervisor.post(f"{PATH}/take", list=digest(shown), size="1+0")
    assert "Look again" in answer.text
    assert () == on_duty(app)


def test_what_was_downloaded_changes_nothing_when_it_is_imported(app: App, supervisor: Visitor):
    """Aliases, numbers, contact and hours go out as they came in; that they went out is written down."""
    listed = DUTY.format("陈书记,0574-5550 0131,08:00-12:00 22:00-06:00")
    listed = listed.replace("district,", "district,aliases,phone,keypad,")
    listed = listed.replace("北仑区,", "北仑区,荷花苑;荷塘,0574-5550 0103,301,")
    supervisor.post(f"{PATH}/take", list=digest(preview(supervisor, listed.encode()).text), size="1+1")

    answer = supervisor.post(f"{PATH}.xlsx")
    assert 3 == len(list(load_workbook(io.BytesIO(answer.data)).active.values)) - 1
    assert 'name="size" value="0+0"' in preview(supervisor, answer.data).text
    assert "3 communities stay as they are." in preview(supervisor, answer.data, replace="1").text
    with app.sessions.read() as db:
        last = db.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(1)).one()
    assert DirectoryExported(rows=3) == last.deed


def test_a_volunteer_downloads_no_list(visitor: Visitor):
    visitor.log_in("volunteer")
    assert 403 == visitor.post(f"{PATH}.xlsx").status_code


def on_duty(app: App) -> tuple[Contact, ...]:
    with app.sessions.read() as db:
        return tuple(contacts_kept.in_force(db).values())


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", b"name\nx"])
def test_what_is_no_list_is_refused(supervisor: Visitor, content: bytes):
    assert 422 == preview(supervisor, content).status_code


def test_a_list_for_all_retires_the_others_after_they_were_shown(app: App, supervisor: Visitor):
    shown = preview(supervisor, TEXT.encode(), replace="1").text
    assert "高塘社区" in shown
    supervisor.post(f"{PATH}/take", list=digest(shown), size="1+0", replace="1")
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
    assert told == {text for module in (contacts, delimited, listing, sheet, workbook) for text in _problems(module)}


def _problems(module: ModuleType) -> Iterator[str]:
    """The texts that a reader makes problems of."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("RowError.of", "Problem.of", "Problem"):
            text = node.args[1 if "Row" in ast.unparse(node.func) else 0]
            yield getattr(module, text.id) if isinstance(text, ast.Name) else ast.literal_eval(text)
