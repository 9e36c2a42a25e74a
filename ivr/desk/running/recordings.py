"""What the line says, in somebody's own voice: recorded as a draft, tried, published, and put back, text by text."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.saying import is_recordable, line_now
from ivr.desk.running.versions import overtaken, version_seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.uploads import takes as takes_bytes
from ivr.sound.converting import NotUsable, Sound, for_telephone
from ivr.store.facts import line
from ivr.store.line import changes, clips
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import LineChange, Take
from ivr.store.outgoing import takes
from ivr.store.outgoing.ordering import NotCalled
from ivr.store.outgoing.takes import Wish
from prompts import Pack
from prompts.checks import recorded_limit_s
from prompts.parts import NUMBERED

Page = Response | tuple[str, int]

MAX_BYTES = 12 * 2**20
REFUSED = {
    "none": _l("This is no sound file. WAV, MP3 and M4A are."),
    "damaged": _l("The file cannot be played: it is damaged, or something else under a sound file's name."),
    "video": _l("This is a video. Save its sound as M4A or MP3, and upload that."),
    "silent": _l("Nothing is to be heard in it."),
    "long": _l("Too long: at most %(most)s seconds here. Old ears cannot hold more."),
    "empty": _l("Choose a file, or record one."),
}
NOT_CALLED = {
    "unproved": _l("You have no telephone that was proved to ring: a supervisor enters it in the roster."),
    "engaged": _l("Your telephone is ringing, or in a call."),
    "being_called": _l("Your telephone is ringing, or in a call."),
    "no_line": _l("The hotline has no number to call from: an administrator must set HOTLINE_NUMBER."),
}
FAILED = _l("The recording could not be fetched from the carrier. Try again.")
PRESS = re.compile(r"[0-9a-f]{32}")  # made with the page, so that a press that is sent twice is one
DONE = {
    "draft": _l("Kept as a draft: the browser phone plays it, callers do not hear it yet."),
    "publish": _l("Published. Callers hear it from the next call on."),
    "discard": _l("The draft is gone."),
    "remove": _l("The voice says it again."),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """One text at one pace: what is played, what is only tried, and how it came to that."""

    name: str
    limit_s: float
    recording: LineChange | None
    draft: LineChange | None
    versions: Sequence[LineChange]
    trouble: str
    take: Take | None

    @property
    def failed(self) -> str:
        """Why the last one by telephone came to nothing."""
        if self.take is None or not self.take.trouble:
            return ""
        return str(REFUSED.get(self.take.trouble, FAILED)) % {"most": round(self.limit_s)}


@bp.get("/prompts/recording")
@allow("run_line")
def edit_recording() -> Page:
    if not request.args.get("part"):
        return redirect(url_for("desk.show_prompts"))
    return _form()


@bp.post("/prompts/recording")
@allow("run_line")
@takes_bytes(MAX_BYTES)
def save_recording() -> Page:
    """Keep a file as a draft, publish the draft, or let one of them go."""
    does, slow = request.form.get("does", "draft"), request.form.get("pace") == "slow"
    pack, text = _wanted(request.form.get("language", ""), request.form.get("part", ""))
    if does not in DONE:
        abort(400)
    draft = None
    if does == "draft":
        try:
            draft = _recorded(text, slow=slow)
        except NotUsable as refused:
            return _form(slow, reason(refused, recorded_limit_s(text, slow=slow)))
    try:
        with app.sessions.begin() as db:
            decide(db, line.recording_key(pack.language, text, slow=slow), does, draft)
    except Overtaken as quicker:
        return _form(slow, conflict=overtaken(quicker))
    flash(DONE[does])
    return redirect(_address(pack, text))


@bp.post("/prompts/recording/call")
@allow("run_line")
def ring_for_recording() -> Page:
    """Ring the telephone of who presses it: they say the text there."""
    slow, press = request.form.get("pace") == "slow", request.form.get("press", "")
    pack, text = _wanted(request.form.get("language", ""), request.form.get("part", ""))
    if not PRESS.fullmatch(press):
        abort(400)
    key = line.recording_key(pack.language, text, slow=slow)
    try:
        with app.sessions.begin() as db:
            takes.ring(db, app.later, me(), Wish(key, pack.language, text), f"press:{press}", app.terms, now())
    except NotCalled as refused:
        return _form(slow, str(NOT_CALLED[refused.why]))
    flash(_("Your telephone rings in a moment. Say the sentence there, and keep it with 1."))
    return redirect(_address(pack, text))


@bp.get("/prompts/recording/sound/<digest>")
@allow("run_line")
def recording_sound(digest: str) -> Response:
    """A version, as callers hear it."""
    with app.sessions.read() as db:
        sound = clips.sound(db, digest)
    if sound is None:
        abort(404)
    return send_file(BytesIO(sound), mimetype="audio/wav", conditional=True, etag=False)


def decide(db: Session, key: str, does: str, draft: line.RecordingDraft | None) -> None:
    """Do it with the recording of that key, unless somebody was quicker; what is published is a draft no more."""
    recording, tried = About(line.Recording, key), About(line.RecordingDraft, key)
    if does == "publish":
        kept = changes.now_in_force(db, tried)
        if not isinstance(kept, line.RecordingDraft):
            abort(409)
        published = line.Recording(kept.text, kept.sound, kept.seconds)
        changes.make(db, me(), recording, published, now(), seen=version_seen("version"))
    if does == "remove":
        changes.make(db, me(), recording, None, now(), seen=version_seen("version"))
    else:
        changes.make(db, me(), tried, draft, now(), seen=version_seen("draft_version"))


def _recorded(text: str, *, slow: bool) -> line.RecordingDraft:
    """The file of the form, made fit for the telephone and kept. Raises ``NotUsable``."""
    sound = sent(recorded_limit_s(text, slow=slow))
    if sound is None:
        raise NotUsable("empty")
    with app.sessions.begin() as db:
        return line.RecordingDraft(text, clips.keep(db, sound.data, sound.seconds, now()), sound.seconds)


def sent(most_s: float) -> Sound | None:
    """The form's file as the telephone's; None: it has none. Raises ``NotUsable``."""
    file = request.files.get("file")
    if file is None:
        return None
    with file.stream:
        content = file.read()
    return for_telephone(content, most_s) if content else None


def reason(refused: NotUsable, most_s: float) -> str:
    """What is wrong with a file, for who sent it."""
    return str(REFUSED[refused.reason]) % {"most": round(most_s)}


def _form(slow: bool = False, trouble: str = "", conflict: str = "") -> Page:
    given = request.form if request.method == "POST" else request.args
    pack, text = _wanted(given.get("language", ""), given.get("part", ""))
    with app.sessions.read() as db:
        paces = [_pace(db, pack, text, "ordinary", trouble * (not slow)), _pace(db, pack, text, "slow", trouble * slow)]
        html = render_template(
            "desk/running/recording.html",
            pack=pack,
            base=app.packs.get(pack.base or ""),
            text=text,
            numbered=NUMBERED,
            paces=paces,
            conflict=conflict,
            here=_address(pack, text),
            back=given.get("sentence", ""),
            most_mb=MAX_BYTES >> 20,
            press=secrets.token_hex(16),
            phone=app.settings.hotline_simulator,
        )
    return html, 422 if trouble else 409 if conflict else 200


def _pace(db: Session, pack: Pack, text: str, name: str, trouble: str) -> Pace:
    slow = name == "slow"
    key = line.recording_key(pack.language, text, slow=slow)
    recording, draft = (changes.latest(db, About(kind, key)) for kind in (line.Recording, line.RecordingDraft))
    versions = changes.history(db, About(line.Recording, key))
    return Pace(name, recorded_limit_s(text, slow=slow), recording, draft, versions, trouble, takes.latest(db, key))


def _address(pack: Pack, text: str) -> str:
    given = request.form if request.method == "POST" else request.args
    return url_for("desk.edit_recording", language=pack.language, part=text, sentence=given.get("sentence") or None)


def _wanted(language: str, text: str) -> tuple[Pack, str]:
    """The language and the text of it that is to be recorded; 404 when the line never says that."""
    with app.sessions.read() as db:
        made = line_now(db)
        pack = made.packs.get(language)
        if pack is None or not is_recordable(db, made, pack, text):
            abort(404)
    return pack, text
