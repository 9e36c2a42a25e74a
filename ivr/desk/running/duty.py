"""Whose telephone rings where nobody is on, as a form has it: a number, and when it is rung."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.shell.numbers import why_not
from ivr.store.facts import line
from ivr.store.facts.line import Setting
from ivr.store.models import Phone
from routing import timetable
from routing.directory.contacts import MAX_NAME_CHARS
from routing.phone_numbers import dictated
from routing.timetable import Unreadable

FIELDS = ("contact", "duty", "duty_hours")
WRONG = {
    "stretch": _l(
        "Not hours: “%(text)s”. Write them like 08:00-12:00 13:00-18:00; only the last may end after midnight."
    ),
    "date": _l("No date begins this line: “%(text)s”. Write it like 2026-10-01."),
    "twice": _l("A day may stand here once: “%(text)s”."),
    "long": _l("The remark is too long: “%(text)s”."),
    "many": _l("Too many days: %(text)s."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """``number`` E.164, None: nobody is rung. ``kept`` as ``Hours.of`` reads it; ``wrong``: why a field is."""

    contact: str
    number: str | None
    kept: dict[str, object]
    wrong: Mapping[str, str]


def fields() -> dict[str, str]:
    """What stands in the form."""
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def typed() -> Typed:
    """What the form says. Its hours are those of every day; none: day and night."""
    texts, wrong = fields(), {}
    number = dictated(texts["duty"], app.home()) if texts["duty"] else None
    if texts["duty"] and number is None:
        wrong["duty"] = why_not(texts["duty"])
    elif number is None and (texts["contact"] or texts["duty_hours"]):
        wrong["duty"] = _("Required.")
    kept: dict[str, object] = {}
    try:
        kept = timetable.every_day(texts["duty_hours"])
    except Unreadable as fault:
        wrong["duty_hours"] = unreadable(fault)
    return Typed(" ".join(texts["contact"].split())[:MAX_NAME_CHARS], number, kept, wrong)


def shown(db: Session, decided: Setting | None) -> dict[str, str]:
    """What is in force, for the form's fields."""
    if not isinstance(decided, line.Duty | line.PlaceDuty) or (phone := db.get(Phone, decided.phone)) is None:
        return dict.fromkeys(FIELDS, "")
    name = decided.name if isinstance(decided, line.PlaceDuty) else ""
    return {"contact": name, "duty": phone.e164, "duty_hours": timetable.of_a_day(decided.kept)}


def unreadable(fault: Unreadable) -> str:
    """Why hours are none, said beside their field."""
    return str(WRONG[fault.kind]) % {"text": fault.text}
