"""The directory at the desk: a community added, changed, retired; refused with the reason; how it is just now."""

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import CommunityRow, LineChange
from tests.builders import new_community
from tests.desk.conftest import HERE, THERE, Visitor

PATH = "/desk/directory"
NEW = {
    "code": "330206009009", "name": "翠竹社区", "street": "新碶街道", "district": "北仑区",
    "aliases": "竹园\n老竹巷", "phone": "0574 5550 0109", "keypad": "209", "dialled": "", "version": "0",
}  # fmt: skip


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def row(app: App, code: str) -> CommunityRow | None:
    with app.sessions.read() as db:
        return db.get(CommunityRow, code)


def version(app: App) -> str:
    with app.sessions.read() as db:
        return str(max(db.scalars(select(LineChange.id)), default=0))


def current(app: App):
    with app.sessions.read() as db:
        return app.matcher.at(hotline.settings(db).directory_version)


def test_a_new_community_is_understood_at_the_next_call(app: App, supervisor: Visitor):
    """By its name and by its other names; its numbers are kept as they are dialled."""
    assert 302 == supervisor.post(f"{PATH}/place", **NEW).status_code
    added = row(app, NEW["code"])
    assert ("翠竹社区", "+8657455500109", "209") == (added.name, added.phone, added.keypad)
    for said in ("翠竹社区", "老竹巷"):
        assert NEW["code"] == current(app).match(said).candidates[0].community.code
    assert "翠竹社区" in supervisor.get(f"{PATH}?q=竹园").text


def test_a_community_is_changed_to_the_last_alias_retired_and_put_back(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/place", **NEW)
    form = NEW | {"kept": NEW["code"], "version": version(app)}
    supervisor.post(f"{PATH}/place", **form | {"aliases": "竹园", "keypad": ""})
    changed = row(app, NEW["code"])
    assert (["竹园"], None) == ([alias.name for alias in changed.aliases], changed.keypad)

    supervisor.post(f"{PATH}/place", does="retire", **form | {"version": version(app)})
    assert row(app, NEW["code"]).retired_at
    assert NEW["code"] not in current(app).directory.by_code
    supervisor.post(f"/desk/changes/{version(app)}/back", version=version(app))
    assert None is row(app, NEW["code"]).retired_at
    supervisor.post("/desk/changes/1/back", version=version(app))
    assert row(app, NEW["code"]).retired_at, "what was not there before is retired: tickets may speak of it"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code": ""}, "code is empty"),
        ({"code": HERE}, "There is a community of this code already."),
        ({"name": ""}, "name is empty"),
        ({"name": "=cmd()"}, "looks like a spreadsheet formula"),
        ({"phone": "12"}, "Too short"),
        ({"keypad": "20"}, "is not three digits"),
        ({"keypad": "101"}, "高塘社区 · 小港街道 has this number already."),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    with app.sessions.begin() as db:
        db.get_one(CommunityRow, THERE).keypad = "101"
    answer = supervisor.post(f"{PATH}/place", **NEW | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    assert "老竹巷" in answer.text
    assert None is row(app, NEW["code"])


def test_a_retired_community_gives_its_number_up(app: App, supervisor: Visitor):
    with app.sessions.begin() as db:
        db.get_one(CommunityRow, THERE).keypad = NEW["keypad"]
        db.get_one(CommunityRow, THERE).retired_at = now()
    supervisor.post(f"{PATH}/place", **NEW)
    assert (NEW["keypad"], None) == (row(app, NEW["code"]).keypad, row(app, THERE).keypad)


def test_the_second_of_two_editors_is_told(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/place", **NEW)
    form = NEW | {"kept": NEW["code"]}
    supervisor.post(f"{PATH}/place", **form | {"version": version(app), "name": "翠竹新村"})
    answer = supervisor.post(f"{PATH}/place", **form | {"version": "1", "name": "翠竹苑"})
    assert 409 == answer.status_code
    assert "changed this" in answer.text
    assert "翠竹苑" in answer.text


def test_names_that_sound_alike_stand_with_a_free_number(app: App, supervisor: Visitor):
    with app.sessions.begin() as db:
        new_community(db, "330206009001", "荷花社区", "大碶街道")
        new_community(db, "330206009002", "禾花社区", "大碶街道")
        hotline.directory_changed(db)
    page = supervisor.get(PATH).text
    assert "Names that sound alike" in page
    assert "Free number for 荷花社区: 101" in page


def test_how_a_community_is_just_now(app: App, supervisor: Visitor):
    """S22: who said so and since when stands beside it; open again, it is as before."""
    form = {"code": HERE, "status_version": "0"}
    supervisor.post(f"{PATH}/status", state="closed", note="北门交接", **form)
    with app.sessions.read() as db:
        assert line.Status("closed", "北门交接") == changes.now_in_force(db, About(line.Status, HERE))
    page = supervisor.get(f"{PATH}/place?code={HERE}").text
    assert "北门交接" in page
    assert "<bdi>supervisor</bdi>" in page
    assert "closed off" in supervisor.get(PATH).text

    supervisor.post(f"{PATH}/status", state="open", note="", **form | {"status_version": version(app)})
    assert "closed off</span>" not in supervisor.get(PATH).text
    assert 409 == supervisor.post(f"{PATH}/status", state="closed", note="", **form).status_code
