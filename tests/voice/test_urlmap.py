"""Every address below /voice/ is a signed POST, but for sounds: the packs' own, and a message to whoever left it."""

import re
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from ivr.app import App
from ivr.line import LiveLine
from ivr.store.models import AUTOMATIC
from ivr.voice.automatic import KINDS
from ivr.voice.twiml import last_words
from ivr.voice.urls import Urls
from prompts import load_packs
from prompts.pack import HERE
from prompts.parts import part

PARTS = ("answer", "resident", "leg", "machine", "parted", "result")
NEXT = ("<int:asked>", "left")
PARTY = "<any(helper, resident, contact):party>"
SOUNDS = ("clips.clip", "clips.made", "playback.message", "playback.take_sound")


def voice_rules(app: App) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice")]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """No database is asked: none of these requests gets that far."""
    return f"sqlite+pysqlite:///{tmp_path / 'none.db'}"


def test_there_are_no_others(app: App):
    """A new one has to be thought about, here and in the design."""
    assert {
        "/voice/incoming", "/voice/turn/<int:n>", "/voice/status", "/voice/recording",
        "/voice/whisper/<int:ring>", "/voice/whisper/<int:ring>/answer", "/voice/rung/<int:ring>",
        "/voice/callback/<int:outgoing>", *(f"/voice/callback/<int:outgoing>/{each}" for each in PARTS),
        "/voice/contact/<int:outgoing>", "/voice/contact/<int:outgoing>/answer", "/voice/transfer/wait/<language>",
        *(f"/voice/transfer/<int:transfer>/{PARTY}/{each}" for each in NEXT),
        "/voice/placed/<int:outgoing>", "/voice/placed/<int:outgoing>/fallback",
        "/voice/fallback", "/voice/fallback/message", "/voice/audio/<language>/<name>", "/voice/audio/desk/<name>",
        "/voice/message/<token>", "/voice/take/<int:outgoing>", "/voice/take/<int:outgoing>/heard",
        "/voice/take/<int:outgoing>/answer", "/voice/take/sound/<token>",
        f"/voice/{KINDS}/<int:outgoing>", f"/voice/{KINDS}/<int:outgoing>/turn/<int:n>",
        *(f"/voice/{KINDS}/<int:outgoing>/{each}" for each in ("recording", "machine", "fallback")),
    } == {rule.rule for rule in voice_rules(app)}  # fmt: skip


def test_each_is_a_post_that_wants_a_signature(app: App, client: FlaskClient):
    for rule in voice_rules(app):
        if rule.endpoint in SOUNDS:
            continue
        assert {"POST", "OPTIONS"} == rule.methods
        path = re.sub("<int:[a-z]+>", "1", rule.rule).replace(KINDS, "overdue").replace(PARTY, "helper")
        for method in ("POST", "OPTIONS"):
            assert 403 == client.open(path, method=method).status_code, (method, path)
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            assert 405 == client.open(path, method=method).status_code, (method, path)


def test_a_desk_login_or_a_token_is_no_signature(client: FlaskClient):
    """A94: Who may read tickets may not speak for a carrier."""
    client.set_cookie("hotline", "anything")
    assert 403 == client.post("/voice/incoming", headers={"Authorization": "Bearer x"}).status_code


def test_every_address_we_give_out_exists(app: App):
    """What a document names is answered here."""
    urls = Urls("http://localhost")
    adapter = app.url_map.bind("localhost")
    of_a_ring = (urls.whisper(7), urls.whisper_answer(7), urls.rung(7))
    of_a_callback = (urls.callback(7, part) for part in PARTS)
    alone = [urls.automatic(kind, 7) for kind in AUTOMATIC]
    of_these = (address for each in alone for address in (each.turn(3), each.recording()))
    for address in (urls.turn(3), urls.recording(), *of_these, *of_a_ring, *of_a_callback, urls.fallback_message()):
        adapter.match(address.removeprefix("http://localhost").partition("#")[0], method="POST")


def test_a_recorded_sentence_needs_no_signature_and_may_be_kept(app: App, client: FlaskClient, tmp_path: Path):
    """Its name changes with its content."""
    copytree(HERE, tmp_path, dirs_exist_ok=True, ignore=ignore_patterns("*.py", "audio"))
    (tmp_path / "audio" / "zh").mkdir(parents=True)
    (tmp_path / "audio" / "zh" / "hello.mp3").write_bytes(b"ID3 hello")
    app.line = LiveLine(app.sessions, load_packs(tmp_path), app.line.folder)
    pack = app.packs["zh"]
    address = f"/voice/audio/{pack.clips[part(pack.say['hello'])].name}"

    with client.get(address) as answer:
        assert (200, b"ID3 hello", "audio/mpeg") == (answer.status_code, answer.data, answer.mimetype)
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_a_recorded_sentence_that_goes_away_under_a_running_server_is_spoken(
    app: App, client: FlaskClient, tmp_path: Path
):
    """F30: it is offered no more; and whoever was offered it before hears half a second of silence, not a failure."""
    copytree(HERE, tmp_path, dirs_exist_ok=True, ignore=ignore_patterns("*.py", "audio"))
    file = tmp_path / "audio" / "zh" / "hello.mp3"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"ID3 hello")
    app.line = LiveLine(app.sessions, load_packs(tmp_path), app.line.folder)
    pack = app.packs["zh"]
    offered = Urls("http://localhost").clip(pack.clips[part(pack.say["hello"])].name)
    assert f"<Play>{offered}</Play>" in said("hello", app)

    file.unlink()
    assert pack.say["hello"].split("{")[0] in said("hello", app)
    for gone in (offered, f"/voice/audio/desk/{'0' * 32}.wav"):
        answer = client.get(gone)
        assert (200, "audio/wav", "no-store") == (answer.status_code, answer.mimetype, answer.headers["Cache-Control"])
        assert answer.data.startswith(b"RIFF")


def said(key: str, app: App) -> str:
    return last_words(key, app.packs, "zh", Urls("http://localhost"))


@pytest.mark.parametrize(
    "path",
    [
        "zh/hello.mp3",
        "xx/hello.mp3",
        "zh/..%2f..%2fzh.toml",
        "zh/../zh.toml",
        "zh/%00",
        "....//zh/x",
        "zh/",
        "desk/x.wav",
    ],
)
def test_nothing_else_is_served_from_there(client: FlaskClient, path: str):
    """A68"""
    assert 404 == client.get(f"/voice/audio/{path}").status_code
