"""The overview: what is missing, whether all is well, and who can log in. Where an administrator begins."""

import time
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import glance, steps, told
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.troubles import TROUBLES
from ivr.desk.words.stuck import JOB_NAMES, SWEPT_NAMES
from ivr.store import condition, hotline, readiness
from ivr.store.access import audit, rules, swept
from ivr.store.directory import communities
from ivr.store.facts.audit import JobsTriedAgain, TriedAgain
from ivr.store.line import nuisance
from ivr.store.models import LoginSession, Staff
from ivr.store.people import staff as people
from ivr.store.tickets import confidence

LACKS = {  # what has failed; what was not set up yet is a step to going live
    "carrier": _l("The carrier's lists cannot be read: messages that it alone knows of may be missing."),
    "store": _l("Recordings cannot be stored."),
    "keys": _l("Some of what is kept cannot be opened: a key is missing, or it is damaged or gone."),
    "helpers": _l("Nobody can log in who sees tickets."),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in, and when they were last here."""

    staff: Staff
    seen_at: datetime | None


@bp.get("/overview")
@allow("see_health")
def show_home() -> str:
    engine, folder = app.sessions.engine, app.settings.data_dir
    troubles = [*readiness.database(engine), *readiness.damage(engine, folder), *readiness.disk(folder)]
    lately = readiness.left_lying(app.spool, time.time()), readiness.backup(folder, time.time())
    others = [trouble for found in (readiness.ahead(engine), *lately) for trouble in found]
    waiting, aside = app.spool.waiting()
    with app.sessions.read() as db:
        lacking = list(condition.lacking(db, now()))
        return render_template(
            "desk/running/home.html",
            failed=[LACKS[each] for each in lacking if each in LACKS],
            steps=steps.shown(app.golive.look(db, now())),
            unset="hours" in lacking,
            glance=glance.lines(db, lacking),
            troubles=[TROUBLES[trouble.kind] for trouble in troubles],
            others=[TROUBLES[trouble.kind] for trouble in others],
            waiting=waiting,
            aside=aside,
            dead=app.later.dead(),
            JOB_NAMES=JOB_NAMES,
            swept=swept.lately(db, now()),
            SWEPT_NAMES=SWEPT_NAMES,
            withheld=confidence.waiting_withheld(db, me()) if rules.may(me(), "open_confidential") else None,
            communities=communities.count(db),
            hours=_hours(db),
            people=_people(db),
            review=nuisance.to_review(db, now()),
        )


@bp.post("/overview/try-again")
@allow("mend")
def try_again() -> Response:
    """Have what was given up taken in once more."""
    requests = app.spool.try_again()
    if requests:
        with app.sessions.begin() as db:
            audit.append(db, me(), TriedAgain(requests), now())
    flash(ngettext("%(num)s request will be taken in again.", "%(num)s requests will be taken in again.", requests))
    return redirect(url_for("desk.show_home"))


@bp.post("/overview/jobs")
@allow("mend")
def do_again() -> Response:
    """Have these jobs, which ended in an error, done once more."""
    with app.sessions.begin() as db:
        jobs = app.later.try_again(db, request.form.getlist("job"))
        if jobs:
            audit.append(db, me(), JobsTriedAgain(jobs), now())
    flash(ngettext("%(num)s job will be done again.", "%(num)s jobs will be done again.", jobs))
    return redirect(url_for("desk.show_home"))


def _people(db: Session) -> list[Person]:
    """Everybody who can log in, by role and name. The number of queries is constant."""
    seen = dict(
        db.execute(select(LoginSession.staff_id, func.max(LoginSession.seen_at)).group_by(LoginSession.staff_id)).all()
    )
    return [Person(each, seen.get(each.id)) for each in people.everybody(db) if each.disabled_at is None]


def _hours(db: Session) -> str:
    return "; ".join(told.week(hotline.settings(db).hours))
