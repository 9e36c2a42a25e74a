"""Who may open which page: every view names its rule, and one without a rule is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.error_pages import Page, error_page
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Denied
from ivr.store.models import MAX_ID, Staff

log = structlog.get_logger()

# Templates and scripts of all rooms stand beside them, in the desk itself.
bp = Blueprint("desk", "ivr.desk", url_prefix="/desk", template_folder="templates", static_folder="static")

ID = f"int(max={MAX_ID})"

OWN_ACCOUNT = "own_account"
ANYONE = "anyone"  # the rule of the few pages that are there before the login
OPEN_ENDPOINTS = frozenset({"desk.static"})  # Flask's own view, which cannot name a rule
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


def allow(*actions: str) -> Callable[[View], View]:
    """The view is for whoever may do one of these (see ``ivr.store.access.rules``), or for ``ANYONE``."""

    def mark(view: View) -> View:
        view.rule = actions  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def me() -> Staff:
    """Whoever is logged in."""
    staff: Staff = current_user.staff
    return staff


def now() -> datetime:
    return datetime.now(UTC)


def id_in(text: str | None) -> int | None:
    """The id that a field or an address names; None when it names none."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        return None
    return int(text) if 0 < int(text) <= MAX_ID else None


def local_path(target: str | None) -> str | None:
    """*target* when it is a page of ours: the path of an address, never another host's."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or "\\" in target
        or not target.isprintable()
    ):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


@bp.before_request
def refuse_by_default() -> Response | None:
    """Let pass what a rule permits, to those whom it permits."""
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    if request.method not in SAFE_METHODS and not same_origin():
        abort(400)
    if any("\0" in value for value in request.values.values()):  # no keyboard has it, and PostgreSQL keeps none
        abort(400)
    rule = getattr(current_app.view_functions[request.endpoint or ""], "rule", ())
    return None if ANYONE in rule else refuse_unless(*rule)


def refuse_unless(*actions: str) -> Response | None:
    """Let pass whoever may do one of these; who is not logged in is asked to."""
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # set by Flask-Login
    if not any(rules.may(me(), action) for action in actions):
        note_denial(Denied(next(iter(actions), None)))
        abort(403)
    if OWN_ACCOUNT not in actions and unfinished(me()):
        return redirect(url_for("desk.show_account")) if request.method == "GET" else abort(403)
    return None


def unfinished(staff: Staff) -> bool:
    """Whether they have to see to their own account first: a password that others have read, no second factor."""
    lacks_factor = staff.factor_sealed is None and app.settings.needs_second_factor(staff.role)
    return lacks_factor or (staff.password_printed and app.settings.is_public)


def same_origin() -> bool:
    """Whether a form was sent by a page of ours, as far as the browser says. The token decides, this only adds."""
    origin = request.headers.get("Origin", "null")
    ours = origin in ("null", app.settings.base_url, request.host_url.rstrip("/"))
    return ours and request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def note_denial(denied: Denied) -> None:
    """Keep in the audit that somebody reached for what is not theirs; they are refused if it cannot be kept, too."""
    try:
        with app.sessions.begin() as db:
            audit.append(db, me(), denied, now())
    except SQLAlchemyError as error:
        log.warning("refusal not written", endpoint=request.endpoint, error=type(error).__name__)


@bp.errorhandler(rules.NotFound)
def not_found(error: rules.NotFound) -> Page:
    """Another community's thing and a thing that never was look the same."""
    note_denial(error.denied)
    return error_page(NotFound())


@bp.errorhandler(rules.Forbidden)
def forbidden(error: rules.Forbidden) -> Page:
    note_denial(error.denied)
    return error_page(Forbidden())
