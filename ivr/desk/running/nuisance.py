"""The nuisance list: whose calls ring nobody for a while, why, until when, and whether that is still needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import allow, bp, id_in, me, now
from ivr.desk.shell.numbers import why_not
from ivr.store import hotline
from ivr.store.access import rules
from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.line import changes, nuisance
from ivr.store.line.changes import Overtaken
from ivr.store.models import Call, CommunityRow, LineChange, LinePerson, Phone
from routing.phone_numbers import dictated

Page = Response | tuple[str, int]

MAX_REASON_CHARS = 120
MAX_DAYS = 180  # whoever is still a nuisance then is looked at again
FIRST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Shown:
    """A number on the page: since when and by whom, until when, and how often it has rung since."""

    phone: Phone
    change: LineChange
    reason: str
    ends: datetime
    over: bool
    review: bool
    calls: int


@bp.get("/nuisance")
@allow("run_line")
def show_nuisance() -> Page:
    """The list; with the number of a ticket's caller in the form, when somebody comes from there."""
    return _page({"ticket": request.args.get("ticket", ""), "ends": _day(FIRST_DAYS)})


@bp.post("/nuisance")
@allow("run_line")
def add_nuisance() -> Page:
    with app.sessions.begin() as db:
        number, wrong = _number(db)
        reason, ends = _why(wrong), _ends(wrong)
        if not wrong:
            phone = phones.keep(db, number)
            listed = line.Nuisance(reason, str(ends), phone.tail)
            changes.make(db, me(), nuisance.about(phone), listed, now())
    if wrong:
        return _page(request.form.to_dict(), wrong)
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_nuisance"))


@bp.post("/nuisance/change")
@allow("run_line")
def change_nuisance() -> Page:
    """Keep a number on the list until another day, or take it off."""
    wrong: dict[str, str] = {}
    ends, off = _ends(wrong), request.form.get("does") == "remove"
    with app.sessions.read() as db:
        phone = db.get(Phone, id_in(request.form.get("listed")) or 0)
        before = changes.now_in_force(db, nuisance.about(phone)) if phone else None
    if phone is None or not isinstance(before, line.Nuisance):
        return redirect(url_for("desk.show_nuisance"))
    if wrong and not off:
        return _page({"ends": _day(FIRST_DAYS)}, {"listed": wrong["ends"]})
    after = None if off else line.Nuisance(before.reason, str(ends), before.tail)
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), nuisance.about(phone), after, now(), seen=seen())
    except Overtaken as quicker:
        return _page({"ends": _day(FIRST_DAYS)}, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_nuisance"))


def _number(db: Session) -> tuple[str, dict[str, str]]:
    """Whom the form is about: the caller of a ticket that its reader sees, or a number that was typed."""
    if ticket_id := id_in(request.form.get("ticket")):
        ticket = rules.ticket(db, me(), ticket_id)
        if ticket.caller is None:
            return "", {"phone": _("This caller withheld the number: it cannot be listed.")}
        return ticket.caller.e164, _ours(db, ticket.caller.e164)
    typed = request.form.get("phone", "").strip()
    number = dictated(typed, app.home())
    return (number, _ours(db, number)) if number else ("", {"phone": why_not(typed)})


def _ours(db: Session, number: str) -> dict[str, str]:
    """Numbers of our own people and places are none: who rings from there is at work."""
    duty = hotline.settings(db).duty_phone
    office = select(CommunityRow.code).where((CommunityRow.phone == number) | (CommunityRow.dialled == number))
    helper = select(LinePerson.staff_id).join(Phone, Phone.id == LinePerson.phone_id).where(Phone.e164 == number)
    contacts = [each.phone for each in changes.decided(db).of(line.PlaceDuty).values()]
    contact = select(Phone.id).where(Phone.e164 == number, Phone.id.in_(contacts))
    found = (db.scalar(each.limit(1)) for each in (contact, office, helper))
    ours = (duty and duty.e164 == number) or any(found)
    return {"phone": _("This is a number of our own people or of a community's office.")} if ours else {}


def _why(wrong: dict[str, str]) -> str:
    reason = " ".join(request.form.get("reason", "").split())
    if not reason or len(reason) > MAX_REASON_CHARS:
        wrong["reason"] = _("Please write something, at most %(number)s characters.", number=MAX_REASON_CHARS)
    return reason


def _ends(wrong: dict[str, str]) -> datetime | None:
    """The end of the last day it is for."""
    try:
        last = date.fromisoformat(request.form.get("ends", "").strip())
    except ValueError:
        last = date.min
    if not date.fromisoformat(_day(0)) <= last <= date.fromisoformat(_day(MAX_DAYS)):
        wrong["ends"] = _("A day from today on, within %(days)s days.", days=MAX_DAYS)
        return None
    return datetime.combine(last + timedelta(days=1), time(), app.settings.zone)


def _day(ahead: int) -> str:
    return (now().astimezone(app.settings.zone).date() + timedelta(days=ahead)).isoformat()


def _page(values: Mapping[str, str], wrong: dict[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        ticket_id = id_in(values.get("ticket"))
        html = render_template(
            "desk/running/nuisance.html",
            listed=_shown(db),
            ticket=rules.ticket(db, me(), ticket_id) if ticket_id else None,
            values={"phone": "", "reason": ""} | dict(values),
            trouble=wrong or {},
            conflict=conflict,
            whole=rules.may(me(), "see_logged_number"),
            first=_day(0),
            last=_day(MAX_DAYS),
        )
    return html, 422 if wrong else 409 if conflict else 200


def _shown(db: Session) -> list[Shown]:
    found = nuisance.listed(db)
    rang = _calls(db, [(phone.id, change.at) for phone, change, _ in found])
    shown = []
    for phone, change, each in found:
        ends = each.ends_at
        over = not each.holds(now())
        shown.append(
            Shown(phone, change, each.reason, ends, over, not over and ends <= now() + nuisance.REVIEW, rang[phone.id])
        )
    return sorted(shown, key=lambda each: each.over)


def _calls(db: Session, since: list[tuple[int, datetime]]) -> dict[int, int]:
    counts = {}
    for phone_id, at in since:
        calls = select(func.count()).select_from(Call).where(Call.caller_id == phone_id, Call.started_at >= at)
        counts[phone_id] = db.scalar(calls) or 0
    return counts
