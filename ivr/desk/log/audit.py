"""The audit's page: one's own lines, or everybody's for those who read it."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ivr.app import app
from ivr.desk.shell.guard import allow, bp, id_in, me
from ivr.desk.words.stuck import SWEPT_NAMES
from ivr.store.access import audit, subjects
from ivr.store.access.subjects import Known
from ivr.store.facts import audit as deeds
from ivr.store.facts.audit import Deed
from ivr.store.models import AuditLine
from ivr.store.models.ticket import number_of

DONE: dict[type[Deed], str] = {
    deeds.Confidential: _l("made a ticket confidential"),
    deeds.NotConfidential: _l("ended a ticket's confidentiality"),
    deeds.OpenedAnyway: _l("opened a confidential ticket without being named on it"),
    deeds.Listened: _l("listened"),
    deeds.PrintedTicket: _l("printed"),
    deeds.PrintedLog: _l("printed"),
    deeds.Exported: _l("downloaded"),
    deeds.Typed: _l("entered by hand"),
    deeds.LoggedIn: _l("logged in"),
    deeds.LoginFailed: _l("failed to log in"),
    deeds.CodeFailed: _l("gave a wrong code of the second factor"),
    deeds.LoginLocked: _l("has to wait after too many attempts"),
    deeds.LoggedOut: _l("logged out"),
    deeds.PinSet: _l("set a PIN for the telephone"),
    deeds.RangIn: _l("rang in with the PIN"),
    deeds.PinFailed: _l("a wrong PIN was keyed at a staff telephone"),
    deeds.PinLocked: _l("PINs of a staff telephone are locked for a while"),
    deeds.Read: _l("read"),
    deeds.ApiRead: _l("read"),
    deeds.Refused: _l("was refused"),
    deeds.StaffChanged: _l("changed an account on the command line"),
    deeds.AuditCut: _l("deleted old lines of the audit"),
    deeds.Purged: _l("erased what was kept long enough"),
    deeds.PersonShown: _l("read everything about one number"),
    deeds.PersonErased: _l("erased everything about one number"),
    deeds.Held: _l("holds everything of a ticket"),
    deeds.Unheld: _l("holds a ticket no longer"),
    deeds.PasswordChanged: _l("changed the password"),
    deeds.FactorSet: _l("set up the second factor"),
    deeds.FactorRemoved: _l("removed the second factor"),
    deeds.CodesRenewed: _l("made new recovery codes"),
    deeds.LoginEnded: _l("ended a login elsewhere"),
    deeds.Denied: _l("was denied access"),
    deeds.AliasAccepted: _l("accepted a community name"),
    deeds.AliasDeclined: _l("declined a community name"),
    deeds.CardRead: _l("opened the caller's card"),
    deeds.CardChanged: _l("changed the caller's card"),
    deeds.CardErased: _l("erased the caller's card"),
    deeds.ChannelSet: _l("set up a channel"),
    deeds.ChannelRemoved: _l("removed a channel"),
    deeds.ChannelTested: _l("tested a channel"),
    deeds.RuleSet: _l("changed a rule"),
    deeds.RuleRemoved: _l("removed a rule"),
    deeds.LineChanged: _l("changed the line"),
    deeds.TriedAgain: _l("had requests taken in again"),
    deeds.JobsTriedAgain: _l("had jobs done again"),
    deeds.Swept: _l("seen to by itself"),
    deeds.LinkMade: _l("made a one-time link"),
    deeds.FactorForgotten: _l("removed somebody's second factor"),
    deeds.DirectoryImported: _l("imported a list of communities"),
    deeds.DirectoryExported: _l("downloaded the directory"),
    deeds.TokenMade: _l("made an API token"),
    deeds.TokenRevoked: _l("revoked an API token"),
}
EXPORTED = {"calls": _l("call log"), "tickets": _l("Tickets")}
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
    "pass_on": _l("pass a ticket to a partner line"),
    "gather": _l("merge or split tickets"),
    "keep_confidential": _l("make a ticket confidential"),
    "open_confidential": _l("open a confidential ticket"),
    "hold": _l("keep a ticket from being erased"),
    "see_raised": _l("see repeat callers"),
    "see_calls": _l("read the call log"),
    "see_logged_number": _l("see numbers in the call log"),
    "see_figures": _l("see call figures"),
    "export": _l("download calls and tickets"),
    "see_work": _l("see everybody's work"),
    "print_directory": _l("print the directory"),
    "find_community": _l("look up communities"),
    "see_names": _l("see community names"),
    "own_account": _l("see their own account"),
    "see_audit": _l("read the audit"),
    "see_whole_audit": _l("read the whole audit"),
    "read_help": _l("read the help"),
    "see_health": _l("see the overview"),
    "use_phone": _l("call from the browser phone"),
    "teach": _l("accept community names"),
    "see_person": _l("see or erase everything about one number"),
    "set_rules": _l("change rules"),
    "set_channels": _l("set up a channel"),
    "run_line": _l("change the line"),
    "mend": _l("have requests taken in again"),
    "manage_people": _l("change people"),
    "manage_everybody": _l("change supervisors and administrators"),
    "manage_tokens": _l("make API tokens"),
    "take_calls": _l("take calls"),
    "see_roster": _l("see the roster"),
    "set_roster": _l("change the roster"),
    "see_line": _l("see who waits and who is talking"),
}


REFUSED = {
    "signature": _l("a request that no carrier signed"),
    "token": _l("a request without a valid token"),
    "number": _l("a call to a number that is not ours"),
}
MAX_NAMED = 3  # tickets of a list that was read


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the audit as it is read: who did ``what`` to whom, and the ticket it leads to."""

    at: datetime
    who: str
    what: str
    subject: str = ""
    ticket_id: int | None = None
    address: str = ""
    count: int = 1


@bp.get("/audit")
@allow("see_audit")
def show_audit() -> str:
    with app.sessions.read() as db:
        lines, more = audit.page(db, me(), id_in(request.args.get("before")))
        known = subjects.known(db, me(), [line.deed for line in lines])
        told = [tell(line, known) for line in lines]
    return render_template("desk/log/audit.html", lines=told, more=more)


def tell(line: AuditLine, known: Known) -> Told:
    """The line in the page's language; one that nobody can read any more is shown as it was kept."""
    who = line.staff.name if line.staff else ""
    deed = line.deed
    kind = type(deed) if deed else Deed.KINDS.get(line.kind)
    what = str(DONE[kind]) if kind in DONE else line.kind
    if deed is None:
        return Told(line.at, who, what, line.subject)
    if isinstance(deed, deeds.Listened | deeds.ApiRead) and deed.token is not None:
        who = _("another system: %(name)s", name=known.tokens.get(deed.token, deed.token))
    return Told(line.at, who, what, _about(deed, known), _ticket(deed, known), line.address, line.count)


def _ticket(deed: Deed, known: Known) -> int | None:
    """The ticket that the line leads to, if the reader may open it."""
    detail = deed.detail()
    ticket_id = detail.get("ticket") or known.recordings.get(detail.get("recording", 0))
    return ticket_id if ticket_id in known.open_tickets else None


def _about(deed: Deed, known: Known) -> str:
    """What it was done with; of what was refused, also what that was."""
    match deed:
        case deeds.PrintedLog(first, last, part):
            return _("call log, %(first)s to %(last)s, part %(part)s", first=first, last=last, part=part)
        case deeds.LoggedIn(recovery=True):
            return _("with a recovery code")
        case deeds.PasswordChanged(link=True):
            return _("by a one-time link")
        case deeds.Exported(what, first, last, rows, reason):
            return _(
                "%(what)s, %(first)s to %(last)s, %(rows)s lines: %(reason)s",
                what=EXPORTED.get(what, what),
                first=first,
                last=last,
                rows=rows,
                reason=reason,
            )
        case deeds.OpenedAnyway(ticket, reason):
            return _("Ticket %(number)s: %(reason)s", number=number_of(ticket), reason=reason)
        case deeds.Read(_, tickets, calls):
            whose = [_("Ticket %(number)s", number=number_of(ticket)) for ticket in tickets[:MAX_NAMED]]
            more = len(tickets) + len(calls) - len(whose)
            return ", ".join([*whose, *([ngettext("%(num)s more", "%(num)s more", more)] if more else [])])
        case deeds.ApiRead(_, what, first, last, rows):
            list_ = EXPORTED.get(what, what)
            return _("%(list)s: %(rows)s, %(first)s to %(last)s", list=list_, rows=rows, first=first, last=last)
        case deeds.Refused(what):
            return str(REFUSED.get(what, what))
        case deeds.Purged(audio, texts, cards, numbers):
            return _(
                "messages: %(audio)s, words: %(words)s, cards: %(cards)s, numbers: %(numbers)s",
                audio=audio,
                words=texts,
                cards=cards,
                numbers=numbers,
            )
        case deeds.PersonShown(tickets, calls, reason) | deeds.PersonErased(tickets, calls, reason=reason):
            about = _("tickets: %(tickets)s, calls: %(calls)s", tickets=tickets, calls=calls)
            return f"{about} · {reason}" if reason else about
        case deeds.AuditCut(lines=number) | deeds.DirectoryExported(rows=number):
            return ngettext("%(num)s line", "%(num)s lines", number)
        case deeds.JobsTriedAgain(jobs=number):
            return ngettext("%(num)s job", "%(num)s jobs", number)
        case deeds.Swept(what, number):
            return _("%(what)s: %(number)s", what=SWEPT_NAMES.get(what, what), number=number)
        case deeds.DirectoryImported():
            return _("%(added)s new, %(changed)s changed, %(retired)s retired", **deed.detail())
        case deeds.Denied(action=str(action)):
            words, thing = str(ACTIONS.get(action, action)), _thing(deed, known)
            return _("%(action)s: %(thing)s", action=words, thing=thing) if thing else words
    return _thing(deed, known)


def _thing(deed: Deed, known: Known) -> str:
    """What staff call the thing; a number when its name is gone, or is none of the reader's business."""
    match deed.detail():
        case {"ticket": thing}:
            return _("Ticket %(number)s", number=number_of(thing))
        case {"recording": thing} if thing in known.recordings:
            return _("message of ticket %(number)s", number=number_of(known.recordings[thing]))
        case {"recording": _}:
            return _("a message")
        case {"alias": thing}:
            return _("name “%(name)s”", name=known.aliases.get(thing, thing))
        case {"channel": thing}:
            return _("channel “%(name)s”", name=known.channels.get(thing, thing))
        case {"rule": thing}:
            return _("rule %(number)s", number=thing)
        case {"staff": thing}:
            return _("account “%(name)s”", name=known.people.get(thing, thing))
        case {"token": thing}:
            return _("token “%(name)s”", name=known.tokens.get(thing, thing))
        case {"change": thing}:
            return _("change %(number)s", number=thing)
        case {"requests": number}:
            return ngettext("%(num)s request", "%(num)s requests", number)
    return ""
