"""Who is rung where nobody is on, set at the desk: the hotline's duty number, and a community's own contact."""

import pytest

from ivr.app import App
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Phone
from tests.desk.conftest import HERE, Visitor

HOURS, PLACE = "/desk/hours/duty", "/desk/directory/duty"
NUMBER, E164 = "0574 5550 0130", "+8657455500130"


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def version(app: App, about: About) -> str:
    with app.sessions.read() as db:
        return str(changes.version(db, about))


def test_the_duty_number_is_set_at_the_desk_and_put_back_with_one_press(app: App, supervisor: Visitor):
    """However it was typed; who did it stands in the changes, with the number masked, and in the audit."""
    assert 302 == supervisor.post(HOURS, duty=NUMBER, duty_hours="18-22", duty_version="0").status_code
    with app.sessions.read() as db:
        row = hotline.settings(db)
        assert (E164, 7 * [[["18:00", "22:00"]]]) == (row.duty_phone.e164, row.duty_hours["week"])
    page = supervisor.get("/desk/hours").text
    assert f'value="{E164}"' in page
    assert 'value="18:00-22:00"' in page
    listed = supervisor.get("/desk/changes").text
    assert "Duty number" in listed
    assert "•••• 0130" in listed
    assert "0130" not in listed.replace("•••• 0130", "")
    assert "changed the line" in supervisor.get("/desk/audit").text

    now_it_is = version(app, About(line.Duty))
    supervisor.post(f"/desk/changes/{now_it_is}/back", version=now_it_is)
    with app.sessions.read() as db:
        assert hotline.settings(db).duty_phone is None


def test_an_empty_number_rings_nobody(app: App, supervisor: Visitor):
    supervisor.post(HOURS, duty=NUMBER, duty_hours="", duty_version="0")
    supervisor.post(HOURS, duty="", duty_hours="", duty_version=version(app, About(line.Duty)))
    with app.sessions.read() as db:
        assert hotline.settings(db).duty_phone is None


@pytest.mark.parametrize("path", [HOURS, PLACE])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"duty": "1380013800"}, "1 digit is missing."),
        ({"duty": "120"}, "a public service"),
        ({"duty": "", "duty_hours": "18-22"}, "Required."),
        ({"duty": NUMBER, "duty_hours": "at night"}, "Not hours: “at night”."),
    ],
)
def test_what_is_wrong_comes_back_with_the_reason(
    app: App, supervisor: Visitor, path: str, typed: dict[str, str], told: str
):
    answer = supervisor.post(path, **{"code": HERE, "duty_hours": "", "duty_version": "0"} | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    for text in filter(None, typed.values()):
        assert f'value="{text}"' in answer.text
    with app.sessions.read() as db:
        assert hotline.settings(db).duty_phone is None
        assert {} == changes.decided(db).of(line.PlaceDuty)


@pytest.mark.parametrize("path", [HOURS, PLACE])
def test_the_second_of_two_is_told(app: App, supervisor: Visitor, path: str):
    first = {"code": HERE, "duty": NUMBER, "duty_hours": "", "duty_version": "0"}
    supervisor.post(path, **first)
    second = supervisor.post(path, **first | {"duty": "0574 5550 0131"})
    assert 409 == second.status_code
    assert "•••• 0130" in second.text
    assert 'value="0574 5550 0131"' in second.text


def test_a_community_has_its_own_contact(app: App, supervisor: Visitor):
    typed = {"contact": "陈书记", "duty": NUMBER, "duty_hours": "8:00-12:00 13:00-18:00"}
    assert 302 == supervisor.post(PLACE, code=HERE, duty_version="0", **typed).status_code
    page = supervisor.get(f"/desk/directory/place?code={HERE}").text
    for told in ("陈书记", E164, "08:00-12:00 13:00-18:00"):
        assert f'value="{told}"' in page
    assert "陈书记 •••• 0130" in supervisor.get("/desk/changes").text

    about = About(line.PlaceDuty, HERE)
    supervisor.post(PLACE, code=HERE, contact="", duty="", duty_hours="", duty_version=version(app, about))
    with app.sessions.read() as db:
        assert {} == changes.decided(db).of(line.PlaceDuty)
        assert db.query(Phone).filter_by(e164=E164).one()


def test_a_contact_of_no_community_is_none(app: App, supervisor: Visitor):
    answer = supervisor.post(PLACE, code="no such code", duty=NUMBER, duty_hours="", duty_version="0")
    assert "/desk/directory" == answer.location
    with app.sessions.read() as db:
        assert {} == changes.decided(db).of(line.PlaceDuty)


@pytest.mark.parametrize("path", [HOURS, PLACE])
def test_who_is_on_duty_cannot_be_put_on_the_nuisance_list(supervisor: Visitor, path: str):
    supervisor.post(path, code=HERE, duty=NUMBER, duty_hours="", duty_version="0")
    answer = supervisor.post("/desk/nuisance", phone=NUMBER, reason="test", ends="2099-01-01")
    assert 422 == answer.status_code
    assert "our own people" in answer.text
