"""Who works for the line: adding them, what they may do and where, a link for a new password, and stopping them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell import places
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.words import ROLES as ROLE_NAMES
from ivr.store.access import audit, rules
from ivr.store.directory import lookup
from ivr.store.facts import audit as deeds
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import ROLES, CommunityRow, LoginSession, Staff
from ivr.store.people import links, second_factor
from ivr.store.people import staff as people
from ivr.store.people.names import BadName, check_name, normal

Page = Response | tuple[str, int]

HERE = timedelta(minutes=5)  # an open page asks every few seconds
SHOWN_COMMUNITIES = 3
BAD_NAMES = {
    "length": _l("A name has 1 to 64 characters."),
    "invisible": _l("There are invisible characters in it. Type it anew."),
    "taken": _l("“%(other)s” is there already."),
    "alike": _l("Looks like “%(other)s”, who is there already."),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the page: when they were last here, and the first of their communities; ``more`` are not named."""

    staff: Staff
    seen_at: datetime | None
    communities: Sequence[str]
    more: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says, and why a field is wrong."""

    role: str
    communities: list[str]
    wrong: dict[str, str]


@bp.get("/people")
@allow("manage_people")
def show_people() -> str:
    with app.sessions.read() as db:
        listed, gone = _listed(db, people.everybody(db)), _listed(db, people.stopped(db))
    return render_template(
        "desk/running/people.html", people=listed, stopped=gone, here_after=now() - HERE, may_change=_may_change
    )


@bp.get("/people/new")
@allow("manage_people")
def new_person() -> Page:
    return _form({"role": "volunteer"})


@bp.post("/people")
@allow("manage_people")
def add_person() -> Page:
    """Somebody new, with a link by which they choose a password that nobody else has read."""
    name = normal(request.form.get("name", ""))
    with app.sessions.begin() as db:
        wanted = _read(db)
        try:
            check_name(db, name)
        except BadName as bad:
            wanted.wrong["name"] = str(BAD_NAMES[bad.kind]) % {"other": bad.other}
        if wanted.wrong:
            return _form(request.form.to_dict(), wrong=wanted.wrong)
        person = people.add(db, name=name, role=wanted.role, password=None, communities=wanted.communities, now=now())
        person.disabled_at = now()  # until the change that is kept lets them in
        after = line.Person(person.name, person.role, person.community_codes)
        changes.make(db, me(), About(line.Person, str(person.id)), after, now())
        code = _link(db, person)
    return _form(_values(person.id), person, link=code)


@bp.get(f"/people/<{ID}:staff_id>")
@allow("manage_people")
def show_person(staff_id: int) -> Page:
    return _form(_values(staff_id), _person(staff_id))


@bp.post(f"/people/<{ID}:staff_id>")
@allow("manage_people")
def change_person(staff_id: int) -> Page:
    """Another role, other communities; or stopped, or let in again."""
    person, does = _person(staff_id), request.form.get("does", "")
    with app.sessions.read() as db:
        wanted = _read(db)
    if wanted.wrong:
        return _form(request.form.to_dict(), person, wanted.wrong)
    stopped = does == "stop" or (does != "start" and person.disabled_at is not None)
    after = line.Person(person.name, wanted.role, wanted.communities, stopped)
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), About(line.Person, str(staff_id)), after, now(), seen=seen())
    except Overtaken as quicker:
        return _form(request.form.to_dict(), person, conflict=overtaken(quicker))
    flash(_("They can log in no longer; what they had in hand is offered to everybody.") if stopped else _("Saved."))
    return redirect(url_for("desk.show_people"))


@bp.post(f"/people/<{ID}:staff_id>/link")
@allow("manage_people")
def make_link(staff_id: int) -> Page:
    """A link by which they choose a new password; the old one goes on until they do."""
    person = _person(staff_id)
    with app.sessions.begin() as db:
        code = _link(db, db.get_one(Staff, staff_id))
    return _form(_values(staff_id), person, link=code)


@bp.post(f"/people/<{ID}:staff_id>/forget-factor")
@allow("manage_people")
def forget_factor(staff_id: int) -> Page:
    """They lost their telephone, and the codes that stand for it."""
    _person(staff_id)
    with app.sessions.begin() as db:
        second_factor.remove(db, db.get_one(Staff, staff_id))
        audit.append(db, me(), deeds.FactorForgotten(staff_id), now())
    flash(_("Their password alone lets them in, until they set up a second factor again."))
    return redirect(url_for("desk.show_person", staff_id=staff_id))


def _person(staff_id: int) -> Staff:
    """The person, for somebody who may change them. Raises ``NotFound`` or ``Forbidden``."""
    with app.sessions.read() as db:
        person = db.get(Staff, staff_id)
    if person is None:
        raise rules.NotFound(staff=staff_id)
    if not _may_change(person):
        raise rules.Forbidden("manage_everybody", staff=staff_id)
    return person


def _may_change(person: Staff) -> bool:
    return person.id != me().id and rules.may_manage(me(), person.role)


def _link(db: Session, person: Staff) -> str:
    """Behind the #, which browsers send to nobody: it stands in no log."""
    audit.append(db, me(), deeds.LinkMade(person.id), now())
    return f"{app.settings.base_url}{url_for('desk.open_link')}#{links.make(db, person, now())}"


def _read(db: Session) -> Wanted:
    role, wrong = request.form.get("role", ""), {}
    if role not in ROLES or not rules.may_manage(me(), role):
        wrong["role"] = _("Choose from the list.")
    codes, unknown = places.listed(db, request.form.get("communities", ""))
    if unknown:
        wrong["communities"] = unknown
    elif role == "officer" and not codes:
        wrong["communities"] = _("An officer sees the tickets of their communities and no others: name one.")
    return Wanted(role, codes, wrong)


def _values(staff_id: int) -> dict[str, str]:
    with app.sessions.read() as db:
        person = db.get(Staff, staff_id)
        if person is None:
            raise rules.NotFound(staff=staff_id)
        rows = db.scalars(select(CommunityRow).where(CommunityRow.code.in_(person.community_codes)))
        communities = "\n".join(_label(db, row) for row in rows)
    return {"name": person.name, "role": person.role, "communities": communities}


def _label(db: Session, row: CommunityRow) -> str:
    """As it is typed; by its code where another community has the same name and street."""
    text = lookup.label(row)
    return text if len(lookup.named(db, text)) == 1 else row.code


def _form(
    values: dict[str, str],
    person: Staff | None = None,
    wrong: dict[str, str] | None = None,
    *,
    conflict: str = "",
    link: str = "",
) -> Page:
    with app.sessions.read() as db:
        version = changes.version(db, About(line.Person, str(person.id))) if person else 0
        current = db.get(Staff, person.id) if person else None
    html = render_template(
        "desk/running/person.html",
        person=current,
        values=values,
        trouble=wrong or {},
        conflict=conflict,
        link=link,
        lasts_days=links.LASTS.days,
        version=version,
        roles=[(role, ROLE_NAMES[role]) for role in ROLES if rules.may_manage(me(), role)],
    )
    return html, 422 if wrong else 409 if conflict else 200


def _listed(db: Session, those: Iterable[Staff]) -> list[Listed]:
    """By role, then by name. The number of queries is constant."""
    last = dict(
        db.execute(select(LoginSession.staff_id, func.max(LoginSession.seen_at)).group_by(LoginSession.staff_id)).all()
    )
    everyone = sorted(those, key=lambda person: (-ROLES.index(person.role), person.name))
    codes = {code for person in everyone for code in person.community_codes[:SHOWN_COMMUNITIES]}
    named = dict(db.execute(select(CommunityRow.code, CommunityRow.name).where(CommunityRow.code.in_(codes))).all())
    return [
        Listed(
            person,
            last.get(person.id),
            [named.get(code, code) for code in person.community_codes[:SHOWN_COMMUNITIES]],
            max(0, len(person.communities) - SHOWN_COMMUNITIES),
        )
        for person in everyone
    ]
