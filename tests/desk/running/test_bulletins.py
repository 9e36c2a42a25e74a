"""Bulletins: typed once, checked, heard in their time, over by themselves; ended before, and put back."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.line import hearings
from ivr.store.models import LineChange
from prompts.parts import part
from tests.builders import new_call
from tests.desk.conftest import Visitor
from tests.sound.files import file

PATH = "/desk/bulletins"
TEXT = "明天上午停水，请早做准备。"


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def form(app: App, **fields: str) -> dict[str, str]:
    local = now().astimezone(app.settings.zone)
    begins, ends = (f"{local + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (-1, 5))
    return {"language": "zh", "said": TEXT, "begins": begins, "ends": ends, "communities": ""} | fields


def heard(app: App, after_h: float = 0) -> list[str]:
    with app.sessions.read() as db:
        made = app.line.at(hotline.settings(db).line_version)
    return [each.text for _key, each in made.bulletins(now() + timedelta(hours=after_h))]


def test_a_bulletin_is_heard_in_its_time_and_over_by_itself(app: App, supervisor: Visitor):
    supervisor.post(PATH, **form(app, communities="银杏社区"))
    assert ([TEXT], []) == (heard(app), heard(app, after_h=6))
    page = supervisor.get(PATH).text
    for told in (TEXT, "heard now", "银杏社区", "<bdi>supervisor</bdi>"):
        assert told in page


def test_how_many_calls_heard_it_is_told(app: App, supervisor: Visitor):
    supervisor.post(PATH, **form(app))
    with app.sessions.begin() as db:
        key = db.scalars(select(LineChange.key)).one()
        for call in (new_call(db), new_call(db)):
            hearings.note(db, key, call.id)
            hearings.note(db, key, call.id)  # again, on a key
    assert "said in 2 calls" in supervisor.get(PATH).text


def test_it_is_recorded_played_and_downloaded_for_loudspeakers(app: App, supervisor: Visitor):
    """As WAV and as MP3; the same words are played wherever they are said."""
    assert 302 == supervisor.post(PATH, file=(BytesIO(file("mp4")), "water.m4a"), **form(app)).status_code
    with app.sessions.read() as db:
        key = db.scalars(select(LineChange.key).where(LineChange.kind == line.Bulletin.kind)).one()
        packs = app.line.at(hotline.settings(db).line_version).packs
    assert packs["zh"].clip(part(TEXT))
    for kind, begins in (("wav", b"RIFF"), ("mp3", b"ID3")):
        answer = supervisor.get(f"{PATH}/sound?bulletin={key}&format={kind}")
        assert begins == answer.data[: len(begins)]
        assert f"bulletin.{kind}" in answer.headers["Content-Disposition"]
    assert "For loudspeakers" in supervisor.get(PATH).text
    assert 302 == supervisor.get(f"{PATH}/sound?bulletin=none").status_code


def test_what_is_no_recording_of_it_keeps_what_was_typed(app: App, supervisor: Visitor):
    answer = supervisor.post(PATH, file=(BytesIO("停水".encode()), "water.mp3"), **form(app))
    assert 422 == answer.status_code
    assert "no sound file" in answer.text
    assert TEXT in answer.text
    assert [] == heard(app)


def test_it_is_ended_before_and_put_back(app: App, supervisor: Visitor):
    supervisor.post(PATH, **form(app))
    with app.sessions.read() as db:
        change = db.scalars(select(LineChange)).one()
    supervisor.post(f"{PATH}/retire", bulletin=change.key, version=str(change.id))
    assert [] == heard(app)
    supervisor.post("/desk/changes/2/back", version="2")
    assert [TEXT] == heard(app)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"said": ""}, "Required."),
        ({"said": "明天{pause}停水"}, "Braces stand around"),
        ({"said": "Water is cut off tomorrow."}, "cannot say “Water”"),
        ({"said": "停水通知" * 30}, "Too long"),
        ({"language": "fr"}, "Choose from the list."),
        ({"begins": "tomorrow"}, "Not a date and a time."),
        ({"ends": "2020-01-01T08:00"}, "It must end after it begins"),
        ({"communities": "火星社区"}, "“火星社区”: No community has this name."),
    ],
)
def test_what_is_wrong_comes_back_with_the_reason(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    answer = supervisor.post(PATH, **form(app, **typed))
    assert 422 == answer.status_code
    assert told in answer.text
    assert [] == heard(app)
