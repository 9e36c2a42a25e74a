"""The audit's page: one's own lines, or everybody's for those who read it."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.app import app
from ivr.desk.shell.guard import MAX_ID, allow, bp, me
from ivr.desk.words import AUDITED
from ivr.store.access import audit, subjects
from ivr.store.access.subjects import Known, Subject
from ivr.store.models import AuditLine
from ivr.store.models.ticket import number_of

PRINTED_LOG = re.compile(r"call log (?P<first>\S+) (?P<last>\S+) part (?P<part>\d+)")

# What somebody was refused: every action that ``ivr.store.access.rules`` grants.
ACTIONS = {
    "see_inbox": _l("see the inbox"),
    "see_ticket": _l("open the ticket"),
    "claim": _l("claim"),
    "type_ticket": _l("create a ticket"),
    "see_number": _l("see the caller's number and card"),
    "note": _l("write a note"),
    "contact": _l("log a call attempt"),
    "resolve": _l("resolve"),
    "close": _l("close"),
    "reopen": _l("reopen"),
    "listen": _l("listen to the message"),
    "correct": _l("correct what was understood"),
    "hand": _l("hand over"),
    "gather": _l("merge or split tickets"),
    "see_calls": _l("read the call log"),
    "see_call_counts": _l("see call figures"),
    "see_audit": _l("read the audit"),
    "see_health": _l("see the overview"),
    "use_phone": _l("call from the browser phone"),
    "teach": _l("accept community names"),
    "set_rules": _l("change rules"),
    "set_channels": _l("set up a channel"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the audit as it is read: who did ``what`` to whom, and the ticket it leads to."""

    at: datetime
    who: str
    what: str
    subject: str = ""
    ticket_id: int | None = None


@bp.get("/audit")
@allow("see_audit")
def show_audit() -> str:
    before = request.args.get("before", type=int)
    with app.sessions.read() as db:
        lines, more = audit.page(db, me(), before if before and before <= MAX_ID else None)
        read = [(line, subjects.read(line.subject)) for line in lines]
        known = subjects.known(db, me(), [subject for _line, subject in read if subject])
        told = [tell(line, subject, known) for line, subject in read]
    return render_template("desk/log/audit.html", lines=told, more=more)


def tell(line: AuditLine, subject: Subject | None, known: Known) -> Told:
    """The line in the page's language; what cannot be read is shown as it was kept."""
    who = line.staff.name if line.staff else ""
    what = str(AUDITED.get(line.action, line.action))
    if subject is None:
        return Told(line.at, who, what, _whole(line.subject))
    if subject.kind == "staff" and subject.id == line.staff_id:  # they logged in: their name stands there already
        return Told(line.at, who, what)
    if subject.token is not None:
        who = _("another system: %(name)s", name=known.tokens.get(subject.token, subject.token))
    words = _thing(subject, known)
    if subject.action:
        words = _("%(action)s: %(thing)s", action=ACTIONS.get(subject.action, subject.action), thing=words)
    ticket_id = known.recordings.get(subject.id) if subject.kind == "recording" else subject.id
    leads = subject.kind in ("ticket", "recording") and ticket_id in known.open_tickets
    return Told(line.at, who, what, words, ticket_id if leads else None)


def _thing(subject: Subject, known: Known) -> str:
    """What staff call the thing; a number when its name is gone, or is none of the reader's business."""
    match subject.kind:
        case "ticket":
            return _("Ticket %(number)s", number=number_of(subject.id))
        case "recording" if subject.id in known.recordings:
            return _("message of ticket %(number)s", number=number_of(known.recordings[subject.id]))
        case "recording":
            return _("a message")
        case "staff":
            return known.staff.get(subject.id, str(subject.id))
        case "alias":
            return _("name “%(name)s”", name=known.aliases.get(subject.id, subject.id))
        case "channel":
            return _("channel “%(name)s”", name=known.channels.get(subject.id, subject.id))
    return _("rule %(number)s", number=subject.id)


def _whole(text: str) -> str:
    """A subject that is no single thing: a print of the log, or the page that was refused."""
    if printed := PRINTED_LOG.fullmatch(text):
        return _("call log, %(first)s to %(last)s, part %(part)s", **printed.groupdict())
    if text == "type a ticket":
        return str(ACTIONS["type_ticket"])
    rule = getattr(current_app.view_functions.get(text), "rule", ())
    return str(ACTIONS[rule[0]]) if rule and rule[0] in ACTIONS else text
