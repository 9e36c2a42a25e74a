"""Logging in and out."""

import hashlib

from flask import Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import devices
from ivr.desk.shell.guard import ANYONE, allow, bp, local_path, me, now
from ivr.desk.shell.language import remember
from ivr.store.access import audit, rules
from ivr.store.access.audit import Client
from ivr.store.facts.audit import CodeFailed, Deed, LoggedIn, LoggedOut, LoginFailed, LoginLocked
from ivr.store.models import Staff
from ivr.store.people import logins, passwords, second_factor, throttle
from ivr.store.people.names import normal
from ivr.store.people.throttle import Locked

PENDING = "pending"  # whose password was right, and whose second factor is still to come
PENDING_S = 300
SESSION_CHARS = 16  # of a login's hash: enough to tell two apart
PRESENT = "X-Present"  # a page that renews itself says by this whether somebody has touched it


class Reader:
    """A member of staff in one browser. Flask-Login keeps the *secret* in the signed cookie, and nothing else."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, staff: Staff, secret: str) -> None:
        self.staff = staff
        self.secret = secret

    def get_id(self) -> str:
        return self.secret


def register(flask: Flask) -> None:
    manager = LoginManager()
    manager.init_app(flask, add_context_processor=False)  # else every page asks the database, an apology too
    manager.session_protection = None  # it would log out whoever walks from one network into the next
    manager.user_loader(load)
    manager.unauthorized_handler(ask_to_log_in)


def load(secret: str) -> Reader | None:
    """Who the cookie's secret stands for, while that login lasts. Pages renewing themselves do not prolong it."""
    with app.sessions.read() as db:
        login = logins.find(db, secret, now())
    if login is None:
        return None
    if request.headers.get(PRESENT) != "0" and logins.needs_noticing(login, now()):
        with app.sessions.begin() as db:
            logins.notice(db, secret, now())
    audit.CLIENT.set(Client(request.remote_addr or "", login.id_sha256[:SESSION_CHARS]))
    return Reader(login.staff, secret)


def ask_to_log_in() -> Response:
    """To the login and back again; a form and a script are told 401 instead."""
    if request.method != "GET" or PRESENT in request.headers:
        abort(401)
    return redirect(url_for("desk.log_in", next=request.full_path.rstrip("?")))


@bp.get("/login")
@allow(ANYONE)
def log_in() -> Response | str:
    if current_user.is_authenticated:
        return redirect(home(me()))
    return render_template("desk/shell/login.html", next=local_path(request.args.get("next")))


@bp.post("/login")
@allow(ANYONE)
def try_to_log_in() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    target = local_path(request.form.get("next"))
    try:
        staff = passwords.authenticate(app.sessions, name, password, now(), devices.source())
    except passwords.LoginFailed:
        note_try(LoginFailed(), name)
        trouble = _("Wrong name or password.")
        return render_template("desk/shell/login.html", next=target, name=name, trouble=trouble), 401
    except Locked as locked:
        note_try(LoginLocked(), name)
        page = render_template("desk/shell/login.html", next=target, name=name, trouble=_wait(locked))
        return page, 429, {"Retry-After": str(locked.wait_s)}
    if staff.factor_sealed:
        session.clear()
        session[PENDING] = {"staff": staff.id, "password": _mark(staff), "at": now().timestamp(), "next": target}
        return redirect(url_for("desk.ask_code"))
    return enter(staff, target)


@bp.get("/login/code")
@allow(ANYONE)
def ask_code() -> Response | str:
    if PENDING not in session:
        return redirect(url_for("desk.log_in"))
    return render_template("desk/shell/code.html")


@bp.post("/login/code")
@allow(ANYONE)
def try_code() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The second step: a code of the telephone's, or a recovery code. Each counts once."""
    pending = session.get(PENDING)
    if pending is None or now().timestamp() - pending["at"] > PENDING_S:
        session.clear()
        flash(_("That took too long. Please log in again."))
        return redirect(url_for("desk.log_in"))
    tried = throttle.of_code(pending["staff"])
    try:
        with app.sessions.begin() as db:
            throttle.admit(db, tried, now())
        with app.sessions.begin() as db:
            staff = db.get_one(Staff, pending["staff"], with_for_update=True)
            if staff.disabled_at or _mark(staff) != pending["password"]:
                raise second_factor.WrongCode
            recovery = second_factor.check(db, app.seal, staff, request.form.get("code", ""), now())
            throttle.forgive(db, tried)
    except Locked as locked:
        note_try(LoginLocked(), pending["staff"])
        return render_template("desk/shell/code.html", trouble=_wait(locked)), 429, {"Retry-After": str(locked.wait_s)}
    except second_factor.WrongCode:
        note_try(CodeFailed(), pending["staff"])
        trouble = _("This code is not right. Use the newest one.")
        return render_template("desk/shell/code.html", trouble=trouble), 401
    return enter(staff, local_path(pending["next"]), recovery=recovery)


def enter(staff: Staff, target: str | None, *, recovery: bool = False) -> Response:
    """They are who they say: from now on this browser is theirs."""
    with app.sessions.begin() as db:
        secret = logins.start(db, staff, now(), request.remote_addr or "", request.user_agent.string)
        audit.CLIENT.set(Client(request.remote_addr or "", logins.id_of(secret)[:SESSION_CHARS]))
        audit.append(db, staff, LoggedIn(recovery), now())
    session.clear()  # nothing of the visitor's session becomes the member's
    login_user(Reader(staff, secret))
    answer = redirect(target or home(staff))
    devices.remember(answer, staff.id)
    if staff.language:
        remember(answer, staff.language)
    return answer


def note_try(deed: Deed, who: str | int) -> None:
    """Write down that somebody did not get in; of a name that nobody has, no more than that."""
    with app.sessions.begin() as db:
        theirs = Staff.id == who if isinstance(who, int) else Staff.name == normal(who)
        audit.append(db, db.scalars(select(Staff).where(theirs)).first(), deed, now())


def _wait(locked: Locked) -> str:
    return _("Too many attempts. Please wait %(seconds)s seconds and try again.", seconds=locked.wait_s)


def _mark(staff: Staff) -> str:
    """Says of a password no more than whether it is still the same."""
    return hashlib.sha256(staff.password_hash.encode()).hexdigest()


@bp.post("/logout")
@allow(ANYONE)
def log_out() -> Response:
    if current_user.is_authenticated:
        with app.sessions.begin() as db:
            logins.end(db, current_user.secret)
            audit.append(db, me(), LoggedOut(), now())
    session.clear()
    flash(_("You have been logged out."))
    return redirect(url_for("desk.log_in"))


def home(staff: Staff) -> str:
    """The page a role begins with."""
    return url_for("desk.show_inbox" if rules.may(staff, "see_inbox") else "desk.show_home")
