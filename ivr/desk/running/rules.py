"""Who is told of what, and when: the rules, each a form that a supervisor fills in."""

from datetime import time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.forms import last_given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.shell.places import Place
from ivr.store.directory import lookup
from ivr.store.models import CommunityRow, NoticeRule
from ivr.store.notices import channels, rules
from routing import escalation

Page = Response | tuple[str, int]

LONGEST_MIN = 24 * 60

OCCASIONS = {
    "new": _l("A ticket is new, becomes urgent, is released or taken back, or the resident says it was not right"),
    "unclaimed": _l("Nobody has claimed it"),
    "due_soon": _l("The promised callback is due soon"),
    "overdue": _l("The promised callback is overdue"),
    "raised": _l("Escalated to a supervisor"),
    "report": _l("Every morning: yesterday's report"),
}
WRONG = {
    "occasion": _l("Choose from the list."),
    "minutes": _l("Enter minutes from 1 to 1440."),
    "where": _l("No community or street has this name. Choose one of the suggestions."),
    "need": _l("Choose from the list."),
    "hours": _l("Enter both times, such as 08:00 and 20:00, or neither."),
    "first": _l("Choose a channel."),
    "second": _l("Choose from the list."),
    "second_after_min": _l("Enter minutes from 1 to 1440."),
}


@bp.app_context_processor
def rule_words() -> dict[str, object]:
    return {"OCCASIONS": OCCASIONS}


@bp.get("/notices/rules/new")
@allow("set_rules")
def new_rule() -> Page:
    return _form({"occasion": "new", "minutes": "10", "second_after_min": "10"})


@bp.get(f"/notices/rules/<{ID}:rule_id>")
@allow("set_rules")
def edit_rule(rule_id: int) -> Page:
    with app.sessions.read() as db:
        kept = rules.rule(db, me(), rule_id)
        values = {
            "occasion": kept.occasion,
            "minutes": str(kept.minutes or 10),
            "where": lookup.label(kept.community) if kept.community else kept.street or "",
            "need": kept.need or "",
            "urgent_only": "1" if kept.urgent_only else "",
            "from": kept.hours.get("from", ""),
            "to": kept.hours.get("to", ""),
            "first": str(kept.first_id),
            "second": str(kept.second_id or ""),
            "second_after_min": str(kept.second_after_min or 10),
        }
    return _form(values, kept)


@bp.post("/notices/rules")
@allow("set_rules")
def add_rule() -> Page:
    return _save()


@bp.post(f"/notices/rules/<{ID}:rule_id>")
@allow("set_rules")
def change_rule(rule_id: int) -> Page:
    with app.sessions.read() as db:
        kept = rules.rule(db, me(), rule_id)
    return _save(kept)


@bp.post(f"/notices/rules/<{ID}:rule_id>/remove")
@allow("set_rules")
def remove_rule(rule_id: int) -> Page:
    with app.sessions.begin() as db:
        rules.remove(db, me(), rule_id, now())
    flash(_("Removed."))
    return redirect(url_for("desk.show_notices"))


def _save(kept: NoticeRule | None = None) -> Page:
    """Keep the rule; or give the form back with what was typed, and the reasons."""
    with app.sessions.begin() as db:
        wanted, wrong, place = _read(db)
        if not wrong:
            rules.save(db, me(), now(), wanted, kept.id if kept else None)
    if wrong:
        return _form(request.form.to_dict() | {"where": last_given(request.form, "where")}, kept, wrong, place)
    flash(_("Saved. It applies from now on."))
    return redirect(url_for("desk.show_notices"))


def _read(db: Session) -> tuple[dict[str, Any], set[str], Place]:
    """The rule that the form describes, the fields that are wrong, and the communities that it may name."""
    form, wrong = request.form, set()
    known = {str(channel.id): channel.id for channel in channels.in_service(db)}
    occasion = form.get("occasion", "")
    where, need = last_given(form, "where").strip(), form.get("need", "")
    place = places.named(db, where)
    community = place.row
    street = where if where and not community and _is_street(db, where) else None
    begins, ends = form.get("from", ""), form.get("to", "")
    minutes = _minutes(form.get("minutes")) if occasion in escalation.TIMED else 0
    second = form.get("second", "")
    later = _minutes(form.get("second_after_min")) if second else 0
    checks = {
        "occasion": occasion in (*escalation.OCCASIONS, *escalation.DAILY),
        "minutes": minutes is not None,
        "where": not where or community or street,
        "need": not need or need in the_line().every_need,
        "hours": (not begins and not ends) or (_is_time(begins) and _is_time(ends)),
        "first": form.get("first") in known,
        "second": not second or second in known,
        "second_after_min": later is not None,
    }
    wrong = {field for field, holds in checks.items() if not holds}
    wanted = {
        "occasion": occasion,
        "minutes": minutes,
        "community_code": community.code if community else None,
        "street": street,
        "need": need or None,
        "urgent_only": form.get("urgent_only") == "1",
        "hours": {"from": begins, "to": ends} if begins else {},
        "first_id": known.get(form.get("first", "")),
        "second_id": known.get(second),
        "second_after_min": later,
    }
    return wanted, wrong, place


def _form(
    values: dict[str, str], kept: NoticeRule | None = None, wrong: set[str] | None = None, place: Place | None = None
) -> Page:
    """The form, with the reason beside each wrong field."""
    trouble = {field: WRONG[field] for field in wrong or ()}
    if place and "where" in trouble:
        trouble["where"] = places.neither(place)
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/rule.html",
            values=values,
            rule=kept,
            channels=channels.in_service(db),
            needs=the_line().every_need,
            timed=escalation.TIMED,
            trouble=trouble,
            place=place,
        )
    return html, 422 if wrong else 200


def _is_street(db: Session, name: str) -> bool:
    return db.scalars(select(CommunityRow.code).where(CommunityRow.street == name).limit(1)).first() is not None


def _is_time(text: str) -> bool:
    """Whether it is a time as the form's field writes it."""
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False


def _minutes(text: str | None) -> int | None:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 4:
        return None
    return int(text) if 0 < int(text) <= LONGEST_MIN else None
