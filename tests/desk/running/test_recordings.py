"""A sentence in somebody's own voice: kept as a draft, tried, published, put back; what is no recording is refused."""

from io import BytesIO
from urllib.parse import quote

import numpy as np
import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from ivr.app import App
from ivr.line import LiveLine
from ivr.store import hotline
from ivr.store.files.clips import ClipFolder
from ivr.store.models import Clip
from prompts import Packs
from prompts.recordable import is_made
from tests.desk.conftest import Visitor
from tests.sound.files import file, voice

PATH = "/desk/prompts/recording"
TEXT = "再见"  # of goodbye.end, without its mark
ABOUT = {"language": "zh", "part": TEXT, "pace": "ordinary", "version": "0", "draft_version": "0"}


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def send(supervisor: Visitor, content: bytes, **fields: str) -> TestResponse:
    return supervisor.post(PATH, file=(BytesIO(content), "clip.wav"), **ABOUT | {"does": "draft"} | fields)


def said(app: App) -> tuple[Packs, Packs]:
    """What callers hear, and what the browser phone does."""
    with app.sessions.read() as db:
        now = app.line.at(hotline.settings(db).line_version)
    return now.packs, now.drafts


def played(app: App, language: str = "zh") -> tuple[bool, bool]:
    return tuple(packs[language].clip(TEXT) is not None for packs in said(app))


def test_a_recording_is_tried_published_played_and_put_back(app: App, supervisor: Visitor):
    """By every process: another one, on another machine, has the clip from the database."""
    assert 302 == send(supervisor, file("wav")).status_code
    assert (False, True) == played(app)
    supervisor.post(PATH, **ABOUT | {"does": "publish", "draft_version": "1"})
    assert (True, True) == played(app)
    page = supervisor.get(f"{PATH}?language=zh&part={TEXT}").text
    assert page.count("· <bdi>supervisor</bdi>") == 2  # what is heard, and its version

    elsewhere = LiveLine(app.sessions, app.line.line.shipped, ClipFolder(app.settings.data_dir / "elsewhere"))
    clip = elsewhere.at(3).packs["zh"].clip(TEXT)
    with app.test_client().get(f"/voice/audio/{clip.name}") as answer:
        assert (200, clip.file.read_bytes()) == (answer.status_code, answer.data)
        assert "max-age=31536000" in answer.headers["Cache-Control"]

    supervisor.post("/desk/changes/2/back", version="2")
    assert (False, False) == played(app)


def test_a_clip_deleted_under_a_running_hotline_is_said_and_whoever_still_asks_for_it_hears_it(
    app: App, supervisor: Visitor
):
    """F30: its file, then its row. A document that names it is never answered with an error."""
    send(supervisor, file("wav"))
    clip = said(app)[1]["zh"].clip(TEXT)
    sound = clip.file.read_bytes()
    clip.file.unlink()
    assert (False, False) == played(app)
    with app.test_client().get(f"/voice/audio/{clip.name}") as answer:
        assert sound == answer.data
    with app.sessions.begin() as db:
        db.execute(delete(Clip))
    with app.test_client().get(f"/voice/audio/{clip.name}") as answer:
        assert (200, "audio/wav") == (answer.status_code, answer.mimetype)
    assert 404 == supervisor.get(f"{PATH}/sound/{clip.name[5:-4]}").status_code


def test_the_slow_lane_has_a_recording_of_its_own(app: App, supervisor: Visitor):
    send(supervisor, file("wav"), pace="slow")
    pack = said(app)[1]["zh"]
    assert (None, True) == (pack.clip(TEXT), pack.slowly.clip(TEXT) is not None)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (file("wav", np.zeros(16_000)), "Nothing is to be heard"),
        ("再见。".encode(), "no sound file"),
        (b"ID3" + b"a text " * 500, "damaged, or something else"),
        (file("mp4", film=True), "a video"),
        (file("wav", voice(20)), "at most 6 seconds"),
        (b"", "Choose a file"),
    ],
)
def test_what_is_no_recording_is_refused_and_the_old_one_stays(
    app: App, supervisor: Visitor, content: bytes, told: str
):
    answer = send(supervisor, content)
    assert 422 == answer.status_code
    assert told in answer.text
    assert (False, False) == played(app)


def test_what_is_too_large_is_refused_with_how_much_may_come(supervisor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """By its announced length: two hundred megabytes are never read."""
    view = supervisor.client.application.view_functions["desk.save_recording"]
    monkeypatch.setattr(view, "takes_bytes", 2 * 2**20)
    answer = send(supervisor, bytes(3 * 2**20))
    assert 413 == answer.status_code
    assert "2 MB at most" in answer.text


def test_the_second_of_two_editors_is_told(supervisor: Visitor):
    send(supervisor, file("wav"))
    answer = send(supervisor, file("wav", voice(1)))
    assert 409 == answer.status_code
    assert "supervisor changed this" in answer.text


@pytest.mark.parametrize(("language", "text"), [("zh", "糖果"), ("fr", "再见")])
def test_what_the_line_never_says_cannot_be_recorded(supervisor: Visitor, language: str, text: str):
    assert 404 == supervisor.get(f"{PATH}?language={language}&part={text}").status_code
    assert 404 == send(supervisor, file("wav"), language=language, part=text).status_code


def test_numbers_times_and_names_are_listed_with_what_is_missing(app: App, supervisor: Visitor):
    page = supervisor.get("/desk/prompts/parts?language=zh").text
    for text in ("№1", "买药", "8点半", "明天", "银杏社区", "新碶街道"):
        assert f"part={quote(text)}" in page, text
    assert "0 of 10 recorded" in page
    assert "高塘社区" not in supervisor.get("/desk/prompts/parts?language=zh&q=银杏").text


def test_a_dialect_is_made_here_and_offered_when_it_is_ready(app: App, supervisor: Visitor):
    """Its sentences are red until somebody records them; callers are not told of it before."""
    path = "/desk/prompts/dialects"
    new = {"name": "宁波话", "base": "zh", "code": "ningbo", "digit": "5", "version": "0"}
    assert 302 == supervisor.post(path, **new).status_code
    listed = "/desk/prompts?language=zh-ningbo&only=missing"
    assert "sentence=zh-ningbo/goodbye.end" in supervisor.get(listed).text
    about = {"language": "zh-ningbo"}
    send(supervisor, file("wav"), **about)
    supervisor.post(PATH, **ABOUT | about | {"does": "publish", "draft_version": "2"})
    assert ((True, True), (False, False)) == (played(app, "zh-ningbo"), played(app))
    assert "sentence=zh-ningbo/goodbye.end" not in supervisor.get(listed).text
    dialect = said(app)[0]["zh-ningbo"]
    assert f"{sum(is_made(dialect, key) for key in dialect.say)} of {len(dialect.say)}" in supervisor.get(path).text

    assert not said(app)[0]["zh-ningbo"].offered
    supervisor.post(path, known="1", code="zh-ningbo", offered="1", version="1")
    assert said(app)[0]["zh-ningbo"].offered


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"digit": "8"}, "means something else already"),
        ({"digit": "1"}, "means something else already"),
        ({"name": "(宁波|话)"}, "Letters alone"),
        ({"code": "Ningbo!"}, "small letters"),
        ({"base": "fr"}, "Choose from the list."),
    ],
)
def test_a_dialect_that_cannot_be_is_refused(app: App, supervisor: Visitor, typed: dict[str, str], told: str):
    new = {"name": "宁波话", "base": "zh", "code": "ningbo", "digit": "5", "version": "0"} | typed
    answer = supervisor.post("/desk/prompts/dialects", **new)
    assert 422 == answer.status_code
    assert told in answer.text
    assert {"zh", "en"} == set(said(app)[0])
