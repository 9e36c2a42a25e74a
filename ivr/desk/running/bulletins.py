"""Bulletins: what every caller of a time and an area hears after the greeting, until it is over by itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.prompts import WRONG
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell import places
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import Call, CommunityRow, LineChange
from prompts.checks import free_faults, tidy

Page = Response | tuple[str, int]

MAX_CHARS = 400
MOST_S = 20  # a caller waits for the menu meanwhile
STATES = {"now": _l("heard now"), "coming": _l("coming"), "over": _l("over")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A bulletin on the page: who made it so, whether it is heard, and in how many calls of its time it could be."""

    key: str
    bulletin: line.Bulletin
    change: LineChange
    state: str
    communities: Sequence[str]
    calls: int


@bp.get("/bulletins")
@allow("run_line")
def show_bulletins() -> Page:
    local = now().astimezone(app.settings.zone)
    return _page({"language": app.settings.hotline_language, "begins": f"{local:%Y-%m-%dT%H:%M}"})


@bp.post("/bulletins")
@allow("run_line")
def add_bulletin() -> Page:
    """Heard from its begin to its end; nobody has to take it back."""
    with app.sessions.read() as db:
        bulletin, wrong = _read(db)
    if wrong:
        return _page(request.form.to_dict(), wrong)
    with app.sessions.begin() as db:
        changes.make(db, me(), About(line.Bulletin, secrets.token_hex(8)), bulletin, now())
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
    return line.Bulletin(text, language, str(begins), str(ends), areas), wrong


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
            most_s=MOST_S,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _shown(db: Session) -> list[Shown]:
    """What is heard now first, then what comes, then what is over."""
    shown = []
    for key, change in changes.latest_of(db, line.Bulletin).items():
        bulletin = change.is_now
        if not isinstance(bulletin, line.Bulletin):
            continue
        begins, ends = datetime.fromisoformat(bulletin.begins), datetime.fromisoformat(bulletin.ends)
        state = "over" if ends <= now() else "coming" if begins > now() else "now"
        named = db.scalars(select(CommunityRow.name).where(CommunityRow.code.in_(bulletin.areas)))
        calls = 0 if bulletin.areas else _calls(db, bulletin.language, begins, ends)
        shown.append(Shown(key, bulletin, change, state, named.all(), calls))
    return sorted(shown, key=lambda each: (list(STATES).index(each.state), each.bulletin.begins))


def _calls(db: Session, language: str, begins: datetime, ends: datetime) -> int:
    """Calls of its time in its language: so many have heard it, or cut it short."""
    of_its_time = (Call.started_at >= begins, Call.started_at < ends, Call.language == language)
    return db.scalar(select(func.count()).select_from(Call).where(*of_its_time)) or 0
