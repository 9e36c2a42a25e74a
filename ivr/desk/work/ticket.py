"""A ticket's page. A press that came too late gets the page as it is now, what changed, and what had been typed."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session, defer, joinedload, selectinload
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import error_pages, places
from ivr.desk.shell.forms import FORM_OF, filled, offered, seen
from ivr.desk.shell.guard import ID, allow, bp, me, not_found, now
from ivr.desk.shell.line import the_line
from ivr.desk.words import clock, said_of_need
from ivr.desk.work import history
from ivr.store import hotline
from ivr.store.access import rules
from ivr.store.callers import cards
from ivr.store.facts import history as entries
from ivr.store.facts.turns import Candidate
from ivr.store.line import contacts, partners
from ivr.store.models import Call, HistoryLine, LegalHold, Staff, Ticket, Turn
from ivr.store.outgoing import callbacks, results, transfers
from ivr.store.tickets import confidence, conflicts, correcting, drafts, handing, lapsing, merging, passing, verbs
from ivr.store.tickets import history as lines
from ivr.store.tickets.work import TriesMissing
from routing import attempts, timetable
from routing.directory import Community

RECENT = 4  # entries of the history that are read at once; the earlier ones wait behind a fold

Page = Response | tuple[str, int] | error_pages.Page


@bp.get(f"/tickets/<{ID}:ticket_id>")
@allow("see_ticket")
def show_ticket(ticket_id: int) -> Page:
    return page(ticket_id, onward=True)


@bp.get(f"/tickets/<{ID}:ticket_id>/news")
@allow("see_ticket")
def ticket_news(ticket_id: int) -> Response:
    """Whether the open page is still true: 304, or 200 when something was added to the history."""
    with app.sessions.read() as db:
        rules.ticket(db, me(), ticket_id)
        etag = str(lines.newest(db, ticket_id))
    answer = make_response("", 304 if request.if_none_match.contains(etag) else 200)
    answer.set_etag(etag)
    return answer


def act(ticket_id: int, verb: str, do: Callable[[Session], Ticket], done: str, *fields: str) -> Page:
    """Do it unless the ticket changed in a way that matters to this *verb*; then show the ticket it led to.

    What had been typed in *fields* is sent now, and forgotten as a draft. What is sent twice is done once. Who does
    not see the ticket any more is led to the inbox.
    """
    with app.sessions.begin() as db:
        line = seen()
        said = _said(*fields, "outcome")
        if line is not None and conflicts.pressed_twice(db, me(), ticket_id, verb, line, said, now()):
            ticket = rules.ticket(db, me(), ticket_id)
        else:
            if line is not None:
                conflicts.refuse(db, me(), ticket_id, verb, line)
            ticket = do(db)
        drafts.clear(db, me(), ticket_id, *fields)
        visible = rules.sees(me(), ticket)
        place = ticket.community.name if ticket.community else ""
    flash(done)
    if not visible:
        flash(_("Ticket %(number)s now belongs to %(place)s.", number=ticket.number, place=place))
        return redirect(url_for("desk.show_inbox"))
    sent = f"sent-{fields[0]}" if fields else None  # tells the page's script that the words have arrived
    return redirect(url_for("desk.show_ticket", ticket_id=ticket.id, _anchor=sent))


def _said(*fields: str) -> set[str]:
    """What the form says, as the history would have it."""
    return {text for field in fields if (text := verbs.perhaps_written(request.form.get(field, ""), field))}


@bp.errorhandler(verbs.Overtaken)
def overtaken(error: verbs.Overtaken) -> Page:
    match error:
        case verbs.AlreadyClaimed(holder=holder):
            notice = _("%(name)s already has it.", name=holder)
        case verbs.Merged():
            notice = _("It was merged into another ticket: this one.")
        case verbs.NotClaimed():
            notice = _("You no longer have this ticket.")
        case verbs.NotOpen():
            notice = _("It has been resolved in the meantime.")
        case verbs.NotResolved():
            notice = _("It has already been reopened or closed.")
        case handing.TooLate(due_at=due_at):
            notice = _(
                "It could be returned until %(time)s. Please continue, or hand it over to someone else.",
                time=clock(due_at),
            )
        case _:
            notice = _("It changed while you had it open, so nothing was saved. Please check, then press again.")
    return again(409, notice=notice)


@bp.errorhandler(verbs.BadValue)
def bad_value(error: verbs.BadValue) -> Page:
    texts = {
        "community": places.unknown(),
        "need": _("No such need."),
        "to": _("This person cannot take it. Choose someone else."),
        "readers": _("Somebody you chose cannot see this ticket. Please choose again."),
        "due": _("Choose a time limit."),
        "outcome": _("Choose how it went."),
        "result": _("Choose how it ended."),
        "number": _("No open ticket has this number, or it is this ticket."),
        "partner": _("Choose the partner."),
        "reference": _("A reference of at most %(number)s characters.", number=passing.MAX_REFERENCE_CHARS),
        "came": _("Choose how it ended."),
        "call": _("This call cannot be split off."),
        "lift": _("Tick the box, then press again."),
    }
    too_much = _("Please write something, at most %(number)s characters.", number=verbs.MAX_TEXT_CHARS)
    said = texts.get(error.field, too_much)
    if isinstance(error, TriesMissing):
        said = ngettext(
            "%(num)s more attempt needed: call %(tries)s times, "
            "or wait %(days)s days after the first attempt, before giving up.",
            "%(num)s more attempts needed: call %(tries)s times, "
            "or wait %(days)s days after the first attempt, before giving up.",
            error.missing,
            tries=attempts.TRIES,
            days=attempts.PATIENCE.days,
        )
    if isinstance(error, correcting.Ambiguous):
        said = places.which(error.perhaps)
    if isinstance(error, merging.OtherCaller):
        said = _("That ticket belongs to another caller. If it is the same matter, tick the box and press again.")
    other_caller = isinstance(error, merging.OtherCaller)
    perhaps = error.perhaps if isinstance(error, correcting.Ambiguous) else ()
    return again(422, trouble={error.field: said}, other_caller=other_caller, perhaps=perhaps)


def again(status: int, **shown: Any) -> Page:
    """The page after a press that led to nothing; whoever does not see the ticket is told no more than ever."""
    try:
        return page((request.view_args or {})["ticket_id"], status, **shown)
    except rules.NotFound as error:
        return not_found(error)


def page(
    ticket_id: int,
    status: int = 200,
    *,
    notice: str = "",
    trouble: dict[str, str] | None = None,
    other_caller: bool = False,
    perhaps: Sequence[Community] = (),
    onward: bool = False,
) -> Page:
    """The ticket as it is now; with what stood in the way of the reader's last press, and what they had typed.

    ``onward``: who asks for one that was merged into another is led there.
    """
    with app.sessions.read() as db:
        changes = lines.since(db, ticket_id, line, me()) if notice and (line := seen()) is not None else []
        ticket = _whole(db, ticket_id)
        if onward and ticket.id != ticket_id:
            return redirect(url_for("desk.show_ticket", ticket_id=ticket.id))
        settings = hotline.settings(db)  # held here: who asks for them again is not asking the database
        told = lines.of(db, ticket)
        passed = passing.current(told)
        forms = offered(me(), ticket, now(), passed=passed is not None)
        telephone, called = None, None
        if "attempt" in forms:
            telephone, called = callbacks.telephone_and_newest(db, me(), ticket.id)
        words, left = filled(forms, request.form, drafts.of(db, me(), ticket.id))
        html = render_template(
            "desk/work/ticket.html",
            ticket=ticket,
            card=cards.shown_to(db, me(), ticket),
            here=url_for("desk.show_ticket", ticket_id=ticket.id),
            forms=forms,
            words=words,
            left=left,
            history=history.tell(db, told),
            said=said_of_need(turn for call in ticket.calls for turn in call.turns),
            taken_down=[line for line in told if isinstance(line.entry, entries.Typed)],
            changes=history.tell(db, changes),
            handed=_handed(told, ticket),
            passed_on=_passed_on(told, ticket),
            lost=_lost(told, ticket),
            passed=passed,
            taken_from=passing.taken_from(told),
            partners=partners.offered(the_line().decided) if "pass_on" in forms else {},
            hours_of=timetable.of_a_day,
            heard_by=_heard_by(told),
            press=secrets.token_hex(16),
            telephone=telephone,
            called=called,
            in_talk=rules.may(me(), "take_calls") and transfers.bridge(db, me(), ticket) is not None,
            talk=results.unsaid(db, me(), ticket, called, now()) if "attempt" in forms else None,
            lapses_at=lapsing.lapses_at(ticket, settings),
            tries=attempts.TRIES,
            soonest="30" if ticket.due_at - now() < handing.USUAL else "120",
            takers=handing.takers(db, ticket) if "hand" in forms else [],
            readers=confidence.candidates(db, ticket) if "confidential" in forms else [],
            named={reader.staff_id for reader in ticket.readers} if ticket.confidential else set(),
            others=merging.others_of_caller(db, me(), ticket),
            suggestions=[] if perhaps else _suggested(ticket),
            perhaps=perhaps,
            on_duty=contacts.of(db, ticket.community_code),
            needs=the_line().needs.rows,
            etag=lines.newest(db, ticket.id),
            notice=notice,
            trouble=trouble or {},
            other_caller=other_caller,
            typed=request.form,
            drafted=FORM_OF,
            RECENT=RECENT,
        )
    return html, status


def _whole(db: Session, ticket_id: int) -> Ticket:
    """With all that is shown of it; the one that it was merged into, if it was. Raises ``NotFound``."""
    query = rules.visible_tickets(me()).where(Ticket.id == ticket_id)
    ticket = db.scalars(query.options(*_everything())).one_or_none()
    if ticket is None:
        raise rules.NotFound(ticket=ticket_id)
    return _whole(db, ticket.merged_into_id) if ticket.merged_into_id else ticket


def _everything() -> tuple[Any, ...]:
    return (
        joinedload(Ticket.caller),
        joinedload(Ticket.community),
        joinedload(Ticket.claimed_by).lazyload(Staff.communities),
        joinedload(Ticket.handed_by).lazyload(Staff.communities),
        joinedload(Ticket.hold).joinedload(LegalHold.by),
        selectinload(Ticket.recordings),
        selectinload(Ticket.calls).selectinload(Call.turns).options(defer(Turn.reply)),
    )


def _last_hand(told: Sequence[HistoryLine]) -> HistoryLine | None:
    return next((line for line in reversed(told) if type(line.entry) in conflicts.HANDS), None)


def _handed(told: Sequence[HistoryLine], ticket: Ticket) -> HistoryLine | None:
    """The line that says from whom its holder has the ticket, and why; None when they claimed it."""
    last = _last_hand(told)
    match last and last.entry:
        case entries.Handed(to=holder) | entries.Returned(to=holder) if holder == ticket.claimed_by_id:
            return last if ticket.status == "claimed" else None
    return None


def _passed_on(told: Sequence[HistoryLine], ticket: Ticket) -> HistoryLine | None:
    """The line that says why whoever had the ticket gave it to whoever is free, while nobody has taken it."""
    last = _last_hand(told)
    freed = last is not None and isinstance(last.entry, entries.Freed | entries.CameBack) and last.staff
    return last if freed and ticket.status == "new" else None


def _lost(told: Sequence[HistoryLine], ticket: Ticket) -> HistoryLine | None:
    """The line that says that the reader's claim has lapsed, while nobody has taken the ticket since."""
    last = _last_hand(told)
    lapsed = last is not None and last.entry == entries.Lapsed(me().id)
    return last if lapsed and ticket.status == "new" else None


def _heard_by(told: Sequence[HistoryLine]) -> dict[int, list[HistoryLine]]:
    """Who has listened, by recording."""
    heard: dict[int, list[HistoryLine]] = {}
    for line in told:
        if isinstance(line.entry, entries.Listened):
            heard.setdefault(line.entry.recording, []).append(line)
    return heard


def _suggested(ticket: Ticket) -> list[Candidate]:
    """Communities that the caller may have meant, best first: each is one press away."""
    found: dict[str, Candidate] = {}
    for call in ticket.calls:
        for turn in call.turns:
            for candidate in turn.understood.get("match", {}).get("candidates", ()):
                found.setdefault(candidate["code"], candidate)
    found.pop(ticket.community_code or "", None)
    return sorted(found.values(), key=lambda candidate: -candidate["score"])[:3]
