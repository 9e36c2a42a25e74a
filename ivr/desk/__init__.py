"""What staff see: the desk at /desk/, its login, its languages, and what every page of ours is wrapped in.

A page, or a group of them, is a file of its own here: being there is enough.
"""

import importlib
import pkgutil

from flask import Flask, redirect, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from ivr.desk import words
from ivr.desk.shell import error_pages, headers, language, login, uploads
from ivr.desk.shell.guard import bp
from ivr.settings import Settings


def register(app: Flask, settings: Settings) -> CSRFProtect:
    """Give the application the desk. The answer exempts blueprints whose requests are signed or carry a token."""
    public = settings.is_public
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hotline" if public else "hotline",
        SESSION_COOKIE_SECURE=public,
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open for a whole shift; the token ends with the login
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our policy leaves out; see guard.same_origin
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.static_url_path = "/static"  # Bootstrap-Flask makes its own address from it
    Bootstrap5(app)
    uploads.register(app)
    csrf = CSRFProtect(app)
    headers.register(app, settings)
    language.register(app, settings)
    login.register(app)
    error_pages.register(app)
    words.register(app)
    for page in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(page.name)
    app.register_blueprint(bp)
    app.add_url_rule("/", "front_door", front_door)
    return csrf


def front_door() -> Response:
    """Who comes without an address is staff."""
    return redirect(url_for("desk.show_inbox"))
