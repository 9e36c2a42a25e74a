"""What goes on paper: the log book, slips for the stairwell, the directory for the wall."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.log import book, days
from ivr.desk.log.calls import filtered, filters
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.language import pack
from ivr.desk.words import OUTCOMES, PLACE_STATES, need_label
from ivr.store import hotline
from ivr.store.access import audit, rules
from ivr.store.calls.log import Filter
from ivr.store.facts.audit import Deed, PrintedLog, PrintedTicket
from ivr.store.models import Ticket
from ivr.store.reports import printing

Page = str | tuple[str, int]

MAX_DAYS = 31  # on one print of the log
MAX_PARTS = 10_000
BLANK_LINES = 6  # after the last call, for a pen
BLANK_SHEET = 15  # lines of an empty sheet: the book for a day without computers
SLIP_CHARS = 140  # of a note, in the type of a slip


@bp.get("/paper")
@allow("print_directory")
def show_paper() -> Page:
    """What can be printed, for whoever looks for it."""
    return render_template("desk/log/print/choose.html", today=days.today())


@bp.get("/paper/calls")
@allow("see_calls")
def print_calls() -> Page:
    """The log book of some days, with the log's own filters; who printed it is kept."""
    first, last, trouble = _days_asked_for()
    part = min(max(request.args.get("part", default=1, type=int), 1), MAX_PARTS)
    with app.sessions.read() as db:
        wanted, community, place = filtered(db, first, last)
        if place and place.trouble:
            trouble["community"] = place.trouble
        lines, total = ([], 0) if trouble else printing.log(db, me(), wanted, part)
        if part > 1 and not lines:
            abort(404)
        html = _printed(
            "desk/log/print/calls.html",
            rows=book.rows(lines, printing.cards(db, {line.entry.caller_id for line in lines}), one_day=first == last),
            total=total,
            begin=(part - 1) * printing.MAX_LINES,
            part=part,
            parts=range(1, -(-total // printing.MAX_LINES) + 1),
            blank=BLANK_LINES if lines else BLANK_SHEET,
            first=first,
            last=last,
            narrowed=_narrowed(wanted, community),
            filters=filters(),
            place=place,
            trouble=trouble,
        )
    if trouble:
        return html, 422
    _keep([PrintedLog(first.isoformat(), last.isoformat(), part)])
    return html


@bp.get("/paper/slips")
@allow("see_ticket")
def print_slips() -> Page:
    """All that I have in hand, for a round of the stairwells."""
    with app.sessions.read() as db:
        tickets, total = printing.slips(db, me())
        html = _slips(db, tickets, total)
    _keep([PrintedTicket(ticket.id) for ticket in tickets])
    return html


@bp.get(f"/paper/slips/<{ID}:ticket_id>")
@allow("see_ticket")
def print_slip(ticket_id: int) -> Page:
    with app.sessions.read() as db:
        html = _slips(db, [printing.slip(db, me(), ticket_id)], 1)
    _keep([PrintedTicket(ticket_id)])
    return html


@bp.get("/paper/directory")
@allow("print_directory")
def print_directory() -> Page:
    """Every community with the number to key for it, by street."""
    with app.sessions.read() as db:
        wall, now_decided = printing.wall(db), app.line.at(hotline.settings(db).line_version)
    statuses = {code: PLACE_STATES[state] for code, state in now_decided.statuses.items()}
    districts = len({each.district for each in wall.streets})
    return _printed("desk/log/print/directory.html", wall=wall, districts=districts, statuses=statuses)


def _days_asked_for() -> tuple[date, date, dict[str, str]]:
    """The days of the address, today unless it says otherwise; and what is wrong with them, by field."""
    typed = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    read = {name: days.read(text) for name, text in typed.items()}
    trouble = {name: _("Not a date.") for name, text in typed.items() if text and not read[name]}
    last = read["to"] or read["from"] or days.today()
    first = read["from"] or last
    if last < first:
        trouble["to"] = _("The last day is before the first.")
    elif last - first >= timedelta(days=MAX_DAYS):
        trouble["to"] = _("At most %(number)s days can be printed at once. Choose fewer.", number=MAX_DAYS)
    return first, last, trouble


def _narrowed(wanted: Filter, community: str) -> list[str]:
    """The filters in words: a sheet that leaves calls out says so."""
    pack = app.packs.get(wanted.language or "")
    told = (
        str(OUTCOMES[wanted.outcome]) if wanted.outcome else "",
        need_label(wanted.need) if wanted.need else "",
        community,
        pack.name if pack else "",
        {True: _("only test calls"), False: _("without test calls"), None: ""}[wanted.test],
    )
    return [each for each in told if each]


def _slips(db: Session, tickets: Sequence[Ticket], total: int) -> str:
    """The slips; what a caller's card says of the door is for whoever may ring them."""
    ours = [ticket.caller_id for ticket in tickets if rules.may(me(), "see_number", ticket)]
    histories = printing.histories(db, tickets)
    return _printed(
        "desk/log/print/slips.html",
        tickets=tickets,
        total=total,
        cards=printing.cards(db, ours),
        words={ticket.id: list(book.words(histories[ticket.id], ticket.calls, SLIP_CHARS)) for ticket in tickets},
        messages={ticket.id: list(book.messages(ticket.recordings)) for ticket in tickets},
    )


def _printed(template: str, **told: Any) -> str:
    """A sheet, which says whose hotline it comes from."""
    hotline = app.settings.hotline_name or pack().hotline
    return render_template(template, hotline=hotline, number=app.settings.hotline_number, **told)


def _keep(deeds: Sequence[Deed]) -> None:
    """In the audit, once for a page that is loaded again within minutes."""
    with app.sessions.begin() as db:
        audit.append_once(db, me(), deeds, now())
