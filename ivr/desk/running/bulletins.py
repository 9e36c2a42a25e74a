"""Bulletins: what every caller of a time and an area hears after the greeting, until it is over by itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.prompts import WRONG
from ivr.desk.running.recordings import MAX_BYTES, reason, sent
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell import places
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.uploads import takes
from ivr.sound.converting import NotUsable, Sound, as_mp3
from ivr.store.facts import line
from ivr.store.line import changes, clips, hearings
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import CommunityRow, LineChange
from prompts.checks import free_faults, tidy
from prompts.parts import part
from routing import needs

Page = Response | tuple[str, int]

MAX_CHARS = 400
MOST_S = 20  # a caller waits for the menu meanwhile
STATES = {"now": _l("heard now"), "coming": _l("coming"), "over": _l("over")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A bulletin on the page: who made it so, whether it is heard, in how many calls it was, and its recording."""

    key: str
    bulletin: line.Bulletin
    change: LineChange
    state: str
    communities: Sequence[str]
    calls: int
    recording: line.Recording | None

    @property
    def text(self) -> str:
        """What its recording is known by."""
        return part(self.bulletin.text)


@bp.get("/bulletins")
@allow("run_line")
def show_bulletins() -> Page:
    local = now().astimezone(app.settings.zone)
    return _page({"language": app.settings.hotline_language, "begins": f"{local:%Y-%m-%dT%H:%M}"})


@bp.post("/bulletins")
@allow("run_line")
@takes(MAX_BYTES)
def add_bulletin() -> Page:
    """Heard from its begin to its end; nobody has to take it back."""
    with app.sessions.read() as db:
        bulletin, wrong = _read(db)
    sound = None
    try:
        sound = sent(MOST_S)
    except NotUsable as refused:
        wrong["file"] = reason(refused, MOST_S)
    if wrong:
        return _page(request.form.to_dict(), wrong)
    with app.sessions.begin() as db:
        changes.make(db, me(), About(line.Bulletin, secrets.token_hex(8)), bulletin, now())
        if sound:
            _record(db, bulletin, sound)
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_bulletins"))


@bp.post("/bulletins/retire")
@allow("run_line")
def retire_bulletin() -> Page:
    """Not heard any more, before its end."""
    about = About(line.Bulletin, request.form.get("bulletin", "")[:32])
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), about, None, now(), seen=seen())
    except Overtaken as quicker:
        return _page({}, conflict=overtaken(quicker))
    flash(_("It is not heard any more."))
    return redirect(url_for("desk.show_bulletins"))


@bp.get("/bulletins/sound")
@allow("run_line")
def bulletin_sound() -> Response:
    """Its recording, for loudspeakers: WAV, or MP3 for those that take nothing else."""
    key, kind = request.args.get("bulletin", "")[:32], request.args.get("format", "wav")
    with app.sessions.read() as db:
        bulletin = changes.now_in_force(db, About(line.Bulletin, key))
        recording = _recording(db, bulletin) if isinstance(bulletin, line.Bulletin) else None
        sound = clips.sound(db, recording.sound) if recording else None
    if sound is None:
        flash(_("There is no recording of it."))
        return redirect(url_for("desk.show_bulletins"))
    content = as_mp3(sound) if kind == "mp3" else sound
    name, mimetype = (f"bulletin.{kind}", "audio/mpeg") if kind == "mp3" else ("bulletin.wav", "audio/wav")
    return send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)


def _record(db: Session, bulletin: line.Bulletin, sound: Sound) -> None:
    """Have it played instead of said. The same text is the same recording."""
    text = part(bulletin.text)
    made = line.Recording(text, clips.keep(db, sound.data, sound.seconds, now()), sound.seconds)
    changes.make(db, me(), About(line.Recording, line.recording_key(bulletin.language, text)), made, now())


def _recording(db: Session, bulletin: line.Bulletin) -> line.Recording | None:
    key = line.recording_key(bulletin.language, part(bulletin.text))
    found = changes.now_in_force(db, About(line.Recording, key))
    return found if isinstance(found, line.Recording) else None


def _read(db: Session) -> tuple[line.Bulletin, dict[str, str]]:
    form, wrong = request.form, {}
    text, language = tidy(form.get("said", ""))[: MAX_CHARS + 1], form.get("language", "")
    pack = app.packs.get(language)
    if pack is None:
        wrong["language"] = _("Choose from the list.")
    elif faults := free_faults(pack, text, MOST_S):
        wrong["said"] = " ".join(str(WRONG[each.kind]) % {"what": each.what} for each in faults)
    begins, ends = _moment(form.get("begins", "")), _moment(form.get("ends", ""))
    if begins is None:
        wrong["begins"] = _("Not a date and a time.")
    if ends is None or (begins and ends <= begins) or ends <= now():
        wrong["ends"] = _("It must end after it begins, and after now.")
    areas, unknown = places.listed(db, form.get("communities", ""))
    if unknown:
        wrong["communities"] = unknown
    return line.Bulletin(text, language, str(begins), str(ends), areas, form.get("asked") == "1"), wrong


def _moment(typed: str) -> datetime | None:
    """What a field for a date and a time holds, in the hotline's zone."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=app.settings.zone)
    except ValueError:
        return None


def _page(values: Mapping[str, str], wrong: dict[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/bulletins.html",
            bulletins=_shown(db),
            values=values,
            trouble=wrong or {},
            conflict=conflict,
            packs=app.packs,
            states=STATES,
            digit=needs.NEWS_DIGIT,
            news_number=app.settings.hotline_news_number,
            most_mb=MAX_BYTES >> 20,
            most_s=MOST_S,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _shown(db: Session) -> list[Shown]:
    """What is heard now first, then what comes, then what is over."""
    shown, heard = [], hearings.counts(db)
    for key, change in changes.latest_of(db, line.Bulletin).items():
        bulletin = change.is_now
        if not isinstance(bulletin, line.Bulletin):
            continue
        state = "now" if bulletin.holds(now()) else "coming" if now() < bulletin.begins_at else "over"
        named = db.scalars(select(CommunityRow.name).where(CommunityRow.code.in_(bulletin.areas)))
        shown.append(Shown(key, bulletin, change, state, named.all(), heard.get(key, 0), _recording(db, bulletin)))
    return sorted(shown, key=lambda each: (list(STATES).index(each.state), each.bulletin.begins_at))
