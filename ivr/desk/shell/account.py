"""One's own page: the password, the second factor, and where one is logged in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import segno
from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ANYONE, allow, bp, me, now
from ivr.store.access import audit, rules
from ivr.store.answering import pins
from ivr.store.facts.audit import CodesRenewed, Deed, FactorRemoved, FactorSet, LoginEnded, PasswordChanged, PinSet
from ivr.store.models import LinePerson, LoginSession, Staff
from ivr.store.people import links, logins, passwords, second_factor, throttle
from ivr.store.people import staff as people
from ivr.store.people.passwords import BadPassword, Weakness

Page = str | Response | tuple[str, int]
QR_SCALE = 5
BROWSERS = (
    "Edg",
    "OPR",
    "Firefox",
    "Chrome",
    "Safari",
)  # in this order: the later ones stand in the earlier one's name
SHOWN = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
WEAK = {
    Weakness.OWN_WORDS: _l("Beside your name and the hotline's own words there is too little of it."),
    Weakness.COMMON: _l("This is among the first passwords that anybody would try."),
}


@dataclass(frozen=True, slots=True)
class Login:
    """One browser in which the reader is logged in; ``here``: this one."""

    session: LoginSession
    browser: str
    here: bool


class Mistaken(Exception):
    """A field was filled in wrongly: its name, and what to do about it."""

    def __init__(self, field: str, trouble: str) -> None:
        super().__init__(field)
        self.field, self.trouble = field, trouble


@bp.get("/account")
@allow("own_account")
def show_account() -> str:
    return account()


@bp.post("/account/password")
@allow("own_account")
def change_password() -> Page:
    """Who changes it says the old one again, and is logged out everywhere else."""
    try:
        with changing(PasswordChanged()) as (db, person):
            set_new(db, person)
            address, agent = request.remote_addr or "", request.user_agent.string
            secret = logins.start(db, person, now(), address, agent)
    except Mistaken as mistake:
        return account(mistake), 422
    session["_user_id"] = secret  # the login goes on, under another secret
    flash(_("Your password has been changed. Everywhere else you have been logged out."))
    return redirect(url_for("desk.show_account"))


@bp.post("/account/pin")
@allow("take_calls")
def set_pin() -> Page:
    """Six keys for the telephone, by whoever says the password again."""
    try:
        with changing(PinSet()) as (db, person):
            pin = request.form.get("pin", "")
            if pin != request.form.get("pin-again", ""):
                raise Mistaken("pin-again", _("The two are not the same."))
            pins.set_pin(db, person, pin, app.settings.cookie_key, now())
    except pins.BadPin:
        trouble = _("A PIN has six digits, not in a row, not all alike, and not out of your phone number.")
        return account(Mistaken("pin", trouble)), 422
    except Mistaken as mistake:
        return account(mistake), 422
    flash(_("Your PIN is set."))
    return redirect(url_for("desk.show_account"))


@bp.post("/account/factor")
@allow("own_account")
def set_factor() -> Page:
    """The code proves that the telephone has the secret. The recovery codes are shown now and never again."""
    secret = second_factor.offered(app.seal, me(), request.form.get("offer", ""), now())
    if secret is None:
        return account(Mistaken("code", _("That took too long. Scan the picture again."))), 422
    try:
        with changing(FactorSet(), password=False) as (db, person):
            codes = second_factor.take(db, app.seal, person, secret, request.form.get("code", ""), now())
    except second_factor.WrongCode:
        return account(Mistaken("code", _("This code is not right. Use the newest one.")), request.form["offer"]), 422
    return render_template("desk/shell/recovery.html", codes=codes)


@bp.post("/account/factor/codes")
@allow("own_account")
def renew_codes() -> Page:
    try:
        with changing(CodesRenewed()) as (db, person):
            if person.factor_sealed is None:
                raise Mistaken("code", _("Set up the second factor first."))
            codes = second_factor.renew_codes(db, person)
    except Mistaken as mistake:
        return account(mistake), 422
    return render_template("desk/shell/recovery.html", codes=codes)


@bp.post("/account/factor/remove")
@allow("own_account")
def remove_factor() -> Page:
    if app.settings.needs_second_factor(me().role):
        abort(403)
    try:
        with changing(FactorRemoved()) as (db, person):
            second_factor.remove(db, person)
    except Mistaken as mistake:
        return account(mistake), 422
    flash(_("The second factor has been removed."))
    return redirect(url_for("desk.show_account"))


@bp.post("/account/logins/end")
@allow("own_account")
def end_login() -> Response:
    with app.sessions.begin() as db:
        logins.end_one(db, me(), request.form.get("login", ""))
        audit.append(db, me(), LoginEnded(), now())
    flash(_("You have been logged out there."))
    return redirect(url_for("desk.show_account"))


@bp.get("/new-password")
@allow(ANYONE)
def open_link() -> str:
    """Where a one-time link leads. Its code stands behind the #: a script puts it into the form, or its owner does."""
    return render_template("desk/shell/new_password.html", needed=passwords.MIN_CHARS)


@bp.post("/new-password")
@allow(ANYONE)
def use_link() -> Page:
    try:
        with app.sessions.begin() as db:
            person = links.whose(db, request.form.get("link", ""), now())
            set_new(db, person)
            audit.append(db, person, PasswordChanged(link=True), now())
    except links.DeadLink:
        mistake = Mistaken("link", _("This link was used or is too old. Ask for a new one."))
    except Mistaken as error:
        mistake = error
    else:
        flash(_("Your new password is set. Log in with it."))
        return redirect(url_for("desk.log_in"))
    kept = request.form.get("link", "")
    return render_template("desk/shell/new_password.html", needed=passwords.MIN_CHARS, mistake=mistake, link=kept), 422


@contextmanager
def changing(deed: Deed, *, password: bool = True) -> Iterator[tuple[Session, Staff]]:
    """A change of one's own account, by whoever says the password again; kept in the audit. Raises ``Mistaken``."""
    if password:
        say_again(request.form.get("current", ""))
    with app.sessions.begin() as db:
        person = db.get_one(Staff, me().id, with_for_update=True)
        yield db, person
        audit.append(db, person, deed, now())


def say_again(password: str) -> None:
    """Raises ``Mistaken`` when it is not the reader's password, or was tried too often."""
    tried = throttle.of_code(me().id)
    try:
        with app.sessions.begin() as db:
            throttle.admit(db, tried, now())
        right = passwords.is_right(me(), password)
    except throttle.Locked as locked:
        trouble = _("Too many attempts. Please wait %(seconds)s seconds and try again.", seconds=locked.wait_s)
        raise Mistaken("current", trouble) from None
    if not right:
        raise Mistaken("current", _("This is not your password."))
    with app.sessions.begin() as db:
        throttle.forgive(db, tried)


def set_new(db: Session, person: Staff) -> None:
    """The password in the form, typed twice. Raises ``Mistaken``."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise Mistaken("again", _("The two are not the same."))
    try:
        people.set_password(db, person, new, app.settings.own_words)
    except BadPassword as bad:
        short = _("A password has %(count)s characters or more.", count=bad.needed)
        raise Mistaken("new", short if bad.why is Weakness.SHORT else str(WEAK[bad.why])) from None


def account(mistake: Mistaken | None = None, offer: str | None = None) -> str:
    """The page, with what is wrong beside its field."""
    person = me()
    with app.sessions.read() as db:
        alive = logins.alive(db, person, now())
        left = second_factor.codes_left(db, person)
        line = db.get(LinePerson, person.id, options=[joinedload(LinePerson.phone)])
    offer = offer or second_factor.offer(app.seal, person, now())
    secret = second_factor.offered(app.seal, person, offer, now()) or ""
    name = app.settings.hotline_name or _("Hotline desk")
    return render_template(
        "desk/shell/account.html",
        mistake=mistake,
        logins=_told(alive),
        line=line if rules.may(person, "take_calls") else None,
        left=left,
        offer=offer,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        picture=segno.make(second_factor.address(secret, person, name)).svg_data_uri(scale=QR_SCALE),
        needed=passwords.MIN_CHARS_WITH_FACTOR if person.factor_sealed else passwords.MIN_CHARS,
        required=app.settings.needs_second_factor(person.role),
    )


def _told(alive: Sequence[LoginSession]) -> list[Login]:
    here = logins.id_of(current_user.secret)
    return [Login(each, browser(each.agent), each.id_sha256 == here) for each in alive]


def browser(agent: str) -> str:
    """What people call it: "Firefox, Windows"; "" when it says nothing we know."""
    name = next((SHOWN.get(each, each) for each in BROWSERS if each in agent), "")
    system = next((each for each in SYSTEMS if each in agent), "")
    return ", ".join(filter(None, (name, system.removesuffix(" OS X"))))
