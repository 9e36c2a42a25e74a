"""Downloads of calls and tickets: the list in front of somebody as a file, with their reason in the audit."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response, abort, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import to_user_timezone
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.figures import asking
from ivr.desk.figures.board import listed_in_address
from ivr.desk.log import days
from ivr.desk.log.calls import SHOWN_DAYS, filtered
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.words import OUTCOMES, STATUSES, need_label, question_label, readable_number
from ivr.sheets import files
from ivr.sheets.cells import Line
from ivr.store.access import audit
from ivr.store.calls.log import GOING_ON
from ivr.store.facts.audit import Exported
from ivr.store.models.ticket import number_of
from ivr.store.reports import downloads

Page = Response | str | tuple[str, int]

MIN_REASON, MAX_REASON = 2, 200  # characters: 月报 says it


@bp.get("/download/calls", defaults={"what": "calls"})
@bp.get("/download/tickets", defaults={"what": "tickets"})
@allow("export")
def ask_why(what: str) -> Page:
    return _form(what)


@bp.post("/download/calls", defaults={"what": "calls"})
@bp.post("/download/tickets", defaults={"what": "tickets"})
@allow("export")
def download(what: str) -> Page:
    """The file; or the form again, with what is wrong beside its field."""
    reason, kind = (text.strip() for text in given("reason", "format"))
    if kind not in files.KINDS:
        abort(400)
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        return _form(what, reason, _("Say in a few words what it is for."))
    try:
        with app.sessions.read() as db:
            number, heads, lines = (_calls if what == "calls" else _tickets)(db)
            made = files.as_csv(heads, lines) if kind == "csv" else files.as_xlsx((_title(what), heads, lines))
    except downloads.TooMany:
        return _form(what, reason, _("More than %(number)s lines. Choose fewer days.", number=downloads.MAX_ROWS))
    first, last = (day.isoformat() for day in _days(what))
    with app.sessions.begin() as db:
        audit.append(db, me(), Exported(what, first, last, number, reason), now())
    return send_file(made, files.KINDS[kind], as_attachment=True, download_name=f"{what}-{first}-{last}.{kind}")


def _form(what: str, reason: str = "", trouble: str = "") -> Page:
    first, last = _days(what)
    html = render_template(
        "desk/figures/export.html",
        what=what,
        title=_title(what),
        first=first,
        last=last,
        reason=reason,
        trouble=trouble,
    )
    return (html, 422) if trouble else html


def _title(what: str) -> str:
    return _("Call log") if what == "calls" else _("Tickets")


def _days(what: str) -> tuple[Any, Any]:
    """The days of the address, as the list reads them."""
    if what == "tickets":
        chosen = asking.days_asked_for()
        if chosen.trouble:
            abort(404)
        return chosen.period.first, chosen.period.last
    last = days.read(request.args.get("to")) or days.today()
    return days.read(request.args.get("from")) or last - timedelta(days=SHOWN_DAYS - 1), last


def _calls(db: Session) -> tuple[int, list[str], Iterator[Line]]:
    wanted, _community, _place = filtered(db, *_days("calls"))
    number, rows = downloads.calls(db, me(), wanted)
    heads = [
        *(_("Time"), _("Length (s)"), _("Caller"), _("How it ended"), _("Left at"), _("Asked for a person")),
        *(_("Answered by a person"), _("Message (s)"), _("Language"), _("Test calls"), _("Ticket"), _("Need")),
        *(_("Status"), _("Community"), _("Street")),
    ]
    return number, heads, map(_call, rows)


def _call(row: Any) -> Line:
    return (
        to_user_timezone(row.started_at),
        (row.ended_at - row.started_at).total_seconds() if row.ended_at else None,
        readable_number(downloads.caller(row)),
        str(OUTCOMES.get(row.outcome or GOING_ON, row.outcome)),
        question_label(row.left_at) if row.left_at else "",
        _local(row.wants_person_at),
        _local(row.taken_at),
        row.message_s,
        _language(row.language),
        _("yes") if row.test else "",
        number_of(row.ticket_id) if row.ticket_id else "",
        need_label(row.need) if row.ticket_id else "",
        str(STATUSES[row.status]) if row.ticket_id else "",
        row.community,
        row.street,
    )


def _tickets(db: Session) -> tuple[int, list[str], Iterator[Line]]:
    number, rows = downloads.of_tickets(db, asking.days_asked_for().asked(), listed_in_address())
    heads = [
        *(_("Number"), _("Opened"), _("Need"), _("Community"), _("Street"), _("Caller"), _("Language"), _("urgent")),
        *(_("Status"), _("Promised"), _("Claimed"), _("Caller reached"), _("Resolved"), _("Claimed by")),
    ]
    return number, heads, map(_ticket, rows)


def _ticket(row: Any) -> Line:
    return (
        number_of(row.id),
        _local(row.opened_at),
        need_label(row.need),
        row.community,
        row.street,
        readable_number(downloads.caller(row)),
        _language(row.language),
        _("yes") if row.urgent else "",
        str(STATUSES[row.status]),
        _local(row.due_at),
        _local(row.claimed_at),
        _local(row.contacted_at),
        _local(row.resolved_at),
        row.holder,
    )


def _local(moment: Any) -> Any:
    return to_user_timezone(moment) if moment else None


def _language(code: str) -> str:
    return app.packs[code].name if code in app.packs else code
