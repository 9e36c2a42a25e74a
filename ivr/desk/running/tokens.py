"""Which other systems may use the API: a token for each, shown once, and revoked."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.access import audit, rules
from ivr.store.facts.audit import TokenMade, TokenRevoked
from ivr.store.models import ApiToken
from ivr.store.people import tokens
from ivr.store.people.tokens import NameTaken

Page = Response | tuple[str, int]

MAX_NAME_CHARS = 64
A_YEAR = timedelta(days=365)


@bp.get("/tokens")
@allow("manage_tokens")
def show_tokens() -> Page:
    return _page({})


@bp.post("/tokens")
@allow("manage_tokens")
def add_token() -> Page:
    name = request.form.get("name", "").strip()
    if not 0 < len(name) <= MAX_NAME_CHARS or not name.isprintable():
        return _page({"name": name}, _("A name has 1 to 64 characters."))
    try:
        with app.sessions.begin() as db:
            secret = tokens.add(db, name, now(), lasts=A_YEAR)
            made = tokens.find(db, secret, now())
            if made:
                audit.append(db, me(), TokenMade(made.id), now())
    except NameTaken:
        return _page({"name": name}, _("There is, or was, a token of this name. Choose another."))
    return _page({}, secret=secret)


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


def _page(values: dict[str, str], trouble: str = "", secret: str = "") -> Page:
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/tokens.html",
            tokens=tokens.everyone(db),
            values=values,
            trouble={"name": trouble} if trouble else {},
            secret=secret,
        )
    return html, 422 if trouble else 200
