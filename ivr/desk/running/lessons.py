"""What callers said that the line misread: a supervisor says which words mean what staff then put, or that none do."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.own_words import refused
from ivr.desk.running.saying import line_now
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.line import Line
from ivr.store.facts import line
from ivr.store.line import changes, lessons
from ivr.store.line.lessons import Misread

Page = Response | tuple[str, int]


@bp.get("/needs/lessons")
@allow("teach")
def show_lessons() -> Page:
    return _page()


@bp.post("/needs/lessons")
@allow("teach")
def decide_lesson() -> Page:
    """Teach the words that were typed, or that nothing is to be learned. They are understood from the next call on."""
    key, need = given("lesson", "need")
    teaches = request.form.get("does") == "teach"
    words = " ".join(request.form.get("words", "").split()) if teaches else ""
    trouble = ""
    with app.sessions.begin() as db:
        changes.hold(db)
        made = line_now(db)
        misread = next((each for each in _waiting(db, made) if (each.key, each.need) == (key, need)), None)
        if misread:
            language = _root(made, misread.language)
            trouble = refused(made, language, [words], f"needs.{need}.") if teaches else ""
            if not trouble:
                changes.make(db, me(), lessons.about(key), line.Lesson(need, language, words), now())
    if misread is None:
        return _page(409, notice=_("Someone else has already decided this."))
    if trouble:
        return _page(422, trouble={(key, need): trouble}, typed={(key, need): words})
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_lessons"))


def _waiting(db: Session, made: Line) -> list[Misread]:
    """Those of languages and needs that there still are."""
    found = lessons.waiting(db, me(), now())
    return [each for each in found if each.language in made.spoken and each.need in made.needs.by_key]


def _root(made: Line, language: str) -> str:
    """The language whose words are read: of a dialect, that which it is one of."""
    return made.spoken[language].base or language


def _page(
    status: int = 200,
    *,
    notice: str = "",
    trouble: dict[tuple[str, str], str] | None = None,
    typed: dict[tuple[str, str], str] | None = None,
) -> Page:
    with app.sessions.read() as db:
        waiting = _waiting(db, line_now(db))
        html = render_template(
            "desk/running/lessons.html", waiting=waiting, notice=notice, trouble=trouble or {}, typed=typed or {}
        )
    return html, status
