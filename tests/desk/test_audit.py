"""The audit's page: one's own lines for most, everybody's for supervisors and admins."""

import pytest

from ivr.app import App
from ivr.desk.guard import now
from ivr.store import audit
from tests.desk.conftest import Visitor


@pytest.mark.parametrize(
    ("reader", "read"), [("volunteer", False), ("officer", False), ("supervisor", True), ("admin", True)]
)
def test_who_reads_what_others_did(app: App, visitor: Visitor, desk, reader: str, read: bool):
    listener = Visitor(app.test_client())
    listener.log_in("supervisor" if reader != "supervisor" else "officer")
    listener.get(f"/desk/recordings/{desk.recording}")
    visitor.log_in(reader)
    page = visitor.get("/desk/audit").text

    assert f"staff {['volunteer', 'officer', 'supervisor', 'admin'].index(reader) + 1}" in page, "their own login"
    assert read is (f"recording {desk.recording}" in page)


def test_older_lines_are_behind_a_link(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        for n in range(audit.PAGE_LINES):
            audit.append(db, None, "denied", f"ticket {n}", now())
    visitor.log_in("admin")
    page = visitor.get("/desk/audit").text
    link = page[page.index("/desk/audit?before=") :].split('"')[0]

    assert "ticket 0<" not in page
    assert "ticket 0<" in visitor.get(link).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_there_is_no_way_to_change_a_line(visitor: Visitor, method: str):
    visitor.log_in("admin")

    assert 405 == getattr(visitor.client, method)("/desk/audit", data={"csrf_token": visitor.token}).status_code
