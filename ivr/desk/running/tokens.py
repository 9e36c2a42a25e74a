"""Which other systems may use the API: a token for each, shown once, and revoked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.access import audit, rules
from ivr.store.facts.audit import TokenMade, TokenRevoked
from ivr.store.models import SCOPES, ApiToken, CommunityRow
from ivr.store.models.access import PER_MINUTE
from ivr.store.people import tokens
from ivr.store.people.tokens import NameTaken

Page = Response | tuple[str, int]

MAX_NAME_CHARS = 64
MOST = {"days": 3650, "per_minute": 60_000}
SCOPE_NAMES = {
    "tickets": _l("tickets"),
    "calls": _l("the call log"),
    "recordings": _l("messages, as sound"),
    "numbers": _l("whole telephone numbers in these"),
}
NEW: Mapping[str, Any] = {"scopes": ["tickets"], "days": "365", "per_minute": str(PER_MINUTE)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for, and what is wrong with it by field."""

    name: str
    scopes: Sequence[str]
    communities: Sequence[str]
    days: int
    per_minute: int
    wrong: Mapping[str, str]


@bp.get("/tokens")
@allow("manage_tokens")
def show_tokens() -> Page:
    return _page(NEW)


@bp.post("/tokens")
@allow("manage_tokens")
def add_token() -> Page:
    """It reads what was ticked, of these communities, for so many days, so often: nothing more is ever given it."""
    with app.sessions.read() as db:
        wanted = _read(db)
    if wanted.wrong:
        return _page(_typed(), wanted.wrong)
    try:
        with app.sessions.begin() as db:
            secret = tokens.add(
                db,
                wanted.name,
                now(),
                scopes=wanted.scopes,
                communities=wanted.communities,
                lasts=timedelta(days=wanted.days),
                per_minute=wanted.per_minute,
            )
            made = tokens.find(db, secret, now())
            if made:
                audit.append(db, me(), TokenMade(made.id), now())
    except NameTaken:
        return _page(_typed(), {"name": _("There is, or was, a token of this name. Choose another.")})
    return _page(NEW, secret=secret)


@bp.post(f"/tokens/<{ID}:token_id>/revoke")
@allow("manage_tokens")
def revoke_token(token_id: int) -> Page:
    with app.sessions.begin() as db:
        token = db.get(ApiToken, token_id)
        if token is None:
            raise rules.NotFound(token=token_id)
        tokens.revoke(db, token.name, now())
        audit.append(db, me(), TokenRevoked(token_id), now())
    flash(_("“%(name)s” can use the API no longer.", name=token.name))
    return redirect(url_for("desk.show_tokens"))


def _read(db: Session) -> Wanted:
    form, wrong = request.form, {}
    name = form.get("name", "").strip()
    if not 0 < len(name) <= MAX_NAME_CHARS or not name.isprintable():
        wrong["name"] = _("A name has 1 to 64 characters.")
    scopes = [scope for scope in SCOPES if scope in form.getlist("scopes")]
    if not set(scopes) - {"numbers"}:
        wrong["scopes"] = _("Tick what it may read.")
    communities, unknown = places.listed(db, form.get("communities", ""))
    if unknown:
        wrong["communities"] = unknown
    days, per_minute = (_number(form.get(field, ""), most) for field, most in MOST.items())
    for field, number in (("days", days), ("per_minute", per_minute)):
        if not number:
            wrong[field] = _("A number from 1 to %(most)s.", most=MOST[field])
    return Wanted(name, scopes, communities, days, per_minute, wrong)


def _number(typed: str, most: int) -> int:
    """What was typed, when it is a number from 1 to *most*; else 0."""
    typed = typed.strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(most)) else 0
    return number if number <= most else 0


def _typed() -> dict[str, Any]:
    return {**request.form.to_dict(), "scopes": request.form.getlist("scopes")}


def _page(values: Mapping[str, Any], trouble: Mapping[str, str] | None = None, secret: str = "") -> Page:
    with app.sessions.read() as db:
        every = tokens.everyone(db)
        codes = {code for token in every for code in token.communities}
        html = render_template(
            "desk/running/tokens.html",
            tokens=every,
            names=dict(
                db.execute(select(CommunityRow.code, CommunityRow.name).where(CommunityRow.code.in_(codes))).all()
            ),
            scopes=SCOPE_NAMES,
            values=values,
            trouble=trouble or {},
            secret=secret,
        )
    return html, 422 if trouble else 200
