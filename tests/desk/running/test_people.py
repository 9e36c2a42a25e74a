"""People: added with a link, given a role and communities, stopped; each by whom the table of roles lets."""

import re

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.facts.audit import FactorForgotten, LinkMade
from ivr.store.models import AuditLine, LineChange, Staff, Ticket
from ivr.store.people import links
from tests.builders import new_staff
from tests.desk.conftest import HERE, THERE, Visitor

PATH = "/desk/people"
NEW = {"name": "王 五", "role": "volunteer", "communities": ""}
LINK = re.compile(r"/desk/new-password#([\w-]+)")


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def person(app: App, name: str) -> Staff | None:
    with app.sessions.read() as db:
        return db.scalars(select(Staff).where(Staff.name == name)).unique().one_or_none()


def version(app: App) -> str:
    with app.sessions.read() as db:
        return str(max(db.scalars(select(LineChange.id)), default=0))


def test_somebody_is_added_with_a_link_that_is_shown_once(app: App, supervisor: Visitor):
    page = supervisor.post(PATH, **NEW | {"role": "officer", "communities": "银杏社区\n高塘社区 · 小港街道"}).text
    added = person(app, "王 五")
    assert ("officer", [HERE, THERE], None) == (added.role, added.community_codes, added.disabled_at)
    with app.sessions.begin() as db:
        assert added.id == links.whose(db, LINK.search(page)[1], now()).id
        kept = [line.deed for line in db.scalars(select(AuditLine))]
    assert LinkMade(added.id) in kept
    assert not LINK.search(supervisor.get(f"{PATH}/{added.id}").text)
    assert "王 五" in supervisor.get("/desk/changes").text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, "A name has 1 to 64 characters."),
        ({"name": "volunteer"}, "“volunteer” is there already."),
        ({"name": "v0lunteer"}, "Looks like “volunteer”"),
        ({"role": "supervisor"}, "Choose from the list."),
        ({"role": "officer"}, "name one."),
        ({"communities": "银杏社区\n火星社区"}, "“火星社区”: No community has this name."),
    ],
)
def test_what_is_wrong_comes_back_with_the_reason(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    answer = supervisor.post(PATH, **NEW | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    for text in filter(None, typed.values()):
        assert text in answer.text
    assert None is person(app, "王 五")


def test_a_role_and_communities_are_changed_and_put_back(app: App, supervisor: Visitor):
    volunteer = person(app, "volunteer")
    form = {"role": "officer", "communities": "银杏社区", "version": "0"}
    assert 302 == supervisor.post(f"{PATH}/{volunteer.id}", **form).status_code
    assert ("officer", [HERE]) == (person(app, "volunteer").role, person(app, "volunteer").community_codes)
    supervisor.post(f"/desk/changes/{version(app)}/back", version=version(app))
    assert ("volunteer", []) == (person(app, "volunteer").role, person(app, "volunteer").community_codes)


def test_whoever_is_stopped_leaves_their_tickets_to_the_others(app: App, desk, supervisor: Visitor):
    volunteer = person(app, "volunteer")
    with app.sessions.begin() as db:
        db.get_one(Ticket, desk.here).claimed_by_id = volunteer.id
        db.get_one(Ticket, desk.here).status = "claimed"
    form = {"role": "volunteer", "communities": "", "version": "0"}
    supervisor.post(f"{PATH}/{volunteer.id}", does="stop", **form)
    assert person(app, "volunteer").disabled_at
    with app.sessions.read() as db:
        assert "new" == db.get_one(Ticket, desk.here).status
    assert "Stopped" in supervisor.get(PATH).text

    supervisor.post(f"{PATH}/{volunteer.id}", does="start", **form | {"version": version(app)})
    assert None is person(app, "volunteer").disabled_at


@pytest.mark.parametrize(("who", "whom"), [("supervisor", "admin"), ("supervisor", "supervisor"), ("admin", "admin")])
@pytest.mark.parametrize("verb", ["", "/link", "/forget-factor"])
def test_nobody_changes_who_is_above_them_nor_themselves(app: App, visitor: Visitor, who: str, whom: str, verb: str):
    visitor.log_in(who)
    form = {"role": "volunteer", "communities": "", "version": "0"}
    assert 403 == visitor.post(f"{PATH}/{person(app, whom).id}{verb}", **form).status_code
    assert whom == person(app, whom).role
    assert 403 == visitor.get(f"{PATH}/{person(app, whom).id}").status_code


def test_an_administrator_adds_supervisors(app: App, visitor: Visitor):
    visitor.log_in("admin")
    visitor.post(PATH, **NEW | {"role": "supervisor"})
    assert "supervisor" == person(app, "王 五").role


def test_a_supervisor_puts_no_administrator_back(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        other = new_staff(db, "老赵", "admin")
    visitor.log_in("admin")
    visitor.post(f"{PATH}/{other.id}", role="supervisor", communities="", version="0")
    second = Visitor(app.test_client())
    second.log_in("supervisor")
    assert 403 == second.post(f"/desk/changes/{version(app)}/back", version=version(app)).status_code
    assert "supervisor" == person(app, "老赵").role


def test_a_lost_second_factor_is_removed_and_kept_in_the_audit(app: App, supervisor: Visitor):
    volunteer = person(app, "volunteer")
    with app.sessions.begin() as db:
        db.get_one(Staff, volunteer.id).factor_sealed = "sealed"
    assert "Remove the second factor" in supervisor.get(f"{PATH}/{volunteer.id}").text
    supervisor.post(f"{PATH}/{volunteer.id}/forget-factor")
    assert None is person(app, "volunteer").factor_sealed
    with app.sessions.read() as db:
        assert FactorForgotten(volunteer.id) in [line.deed for line in db.scalars(select(AuditLine))]


def test_the_second_of_two_editors_is_told(app: App, supervisor: Visitor):
    path, form = f"{PATH}/{person(app, 'volunteer').id}", {"role": "volunteer", "version": "0"}
    supervisor.post(path, communities="银杏社区", **form)
    answer = supervisor.post(path, communities="高塘社区", **form)
    assert 409 == answer.status_code
    assert "changed this" in answer.text


def test_who_is_here_now_is_told(supervisor: Visitor):
    page = supervisor.get(PATH).text
    assert 1 == page.count("here now")
