"""In which language a page is written: the reader's own choice, else the browser's, else the hotline's."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask_babel import Babel, get_locale, get_translations
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ANYONE, allow, bp, local_path, me
from ivr.desk.shell.line import the_line
from ivr.settings import Settings
from ivr.store.models import Staff
from prompts import Pack

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "language"
A_YEAR_S = 365 * 24 * 3600


def register(app: Flask, settings: Settings) -> None:
    default = settings.hotline_language if settings.hotline_language in LANGUAGES else "en"

    def chosen() -> str:
        cookie = request.cookies.get(COOKIE)
        if cookie in LANGUAGES:
            return cookie
        return request.accept_languages.best_match(LANGUAGES, default)

    Babel(
        app,
        default_locale=default,
        default_timezone=settings.hotline_time_zone,
        default_translation_directories="desk/translations",
        locale_selector=chosen,
    )
    app.jinja_env.globals.update(get_locale=get_locale, languages=LANGUAGES)
    jinja: Any = app.jinja_env  # its extension for texts adds a method that no type knows of
    jinja.install_gettext_callables(_once, _counted, newstyle=True)


def _once(message: str) -> str:
    """The text in the page's language, looked up once a page: thirty rows of the inbox say the same words."""
    return _kept(message, lambda: get_translations().ugettext(message))


def _counted(one: str, many: str, number: int) -> str:
    return _kept((one, number), lambda: get_translations().ungettext(one, many, number))


def _kept(text: Hashable, look_up: Callable[[], str]) -> str:
    texts: dict[Hashable, str] = g.setdefault("texts", {})
    if text not in texts:
        texts[text] = look_up()
    return texts[text]


def pack() -> Pack:
    """The pack of the page's language: it has the names of needs and questions."""
    packs = the_line().spoken
    return packs.get(str(get_locale())) or next(iter(packs.values()))


@bp.post("/language")
@allow(ANYONE)
def switch_language() -> Response:
    """Write every page in the language of the form, here and wherever this person logs in next."""
    language = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next")) or url_for("desk.show_inbox"))
    if language not in LANGUAGES:
        return answer
    if current_user.is_authenticated:
        with app.sessions.begin() as db:
            db.get_one(Staff, me().id).language = language
    remember(answer, language)
    return answer


def remember(answer: Response, language: str) -> None:
    """Have the browser know the language, so that a page can be written without asking the database."""
    secure = app.settings.is_public
    answer.set_cookie(COOKIE, language, max_age=A_YEAR_S, secure=secure, httponly=True, samesite="Lax")
