"""How a line of the log book reads on paper: the columns of the book that lay beside the telephone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import format_datetime
from flask_babel import gettext as _

from ivr.desk.shell.guard import now
from ivr.desk.shell.reading import number_in_log
from ivr.desk.words import FLAGS, OUTCOMES, STATUSES, clock, need_label, question_label, readable_number, spoken_length
from ivr.store.calls.log import GOING_ON
from ivr.store.facts import history as entries
from ivr.store.models import Call, CallerCard, HistoryLine, Recording, Ticket
from ivr.store.reports.printing import Line
from routing.questions import About

WORDS_CHARS = 160  # of notes in a cell; the whole of them is on the ticket's page
LATEST_NOTES = 2
AUDIBLE = ("expected", "fetched")


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is printed; empty text where nothing is known, for a pen."""

    time: str
    ticket: str
    caller: str
    name: str
    community: str
    street: str
    kind: str
    urgent: bool
    content: str
    holder: str
    result: str


def rows(lines: Iterable[Line], cards: Mapping[int, CallerCard], *, one_day: bool) -> list[Row]:
    """The lines in words. What was noted about a ticket stands at its first line; later calls refer to it."""
    told: set[int] = set()
    written = []
    for line in lines:
        again = line.ticket is not None and line.ticket.id in told
        if line.ticket:
            told.add(line.ticket.id)
        written.append(_row(line, cards, again=again, time="HH:mm" if one_day else "MM-dd HH:mm"))
    return written


def _row(line: Line, cards: Mapping[int, CallerCard], *, again: bool, time: str) -> Row:
    ticket, number = line.ticket, number_in_log(line.entry)
    card = cards.get(line.entry.caller_id or 0) if number and number.startswith("+") else None  # masked: no name either
    community = ticket.community if ticket else None
    return Row(
        time=format_datetime(line.at, time),
        ticket=ticket.number if ticket else "",
        caller=readable_number(number) if number or line.call else "",  # who came to the window withheld nothing
        name=card.name or "" if card else "",
        community=community.name if community else "",
        street=community.street if community else "",
        kind=need_label(ticket.need) if ticket and ticket.need else "",
        urgent=bool(ticket and ticket.urgent),
        content=" · ".join(_content(line, again=again)),
        holder=_holder(line),
        result=result(ticket) if ticket else "",
    )


def _content(line: Line, *, again: bool) -> Iterable[str]:
    call, ticket = line.call, line.ticket
    if again:
        yield _("The caller called again")
    if call and not ticket:
        yield str(OUTCOMES.get(call.outcome or GOING_ON, call.outcome or ""))
        if call.left_at:
            yield _("left at: %(question)s", question=question_label(call.left_at))
    if call:
        yield from messages(call.recordings)
    if ticket and not again:
        yield from words(ticket.history, [call] if call else [])
        yield from (str(FLAGS[flag]) for flag in ("wants_person", "no_audio", "test") if flag in ticket.flags)
        if "incomplete" in ticket.flags and not ticket.typed_by_id:
            yield str(FLAGS["incomplete"])


def messages(recordings: Iterable[Recording]) -> Iterable[str]:
    """``message 0:12`` for each that can be listened to."""
    for recording in recordings:
        if recording.state in AUDIBLE:
            yield f"{_('message')} {spoken_length(recording.seconds)}" if recording.seconds else _("message")


def words(history: Iterable[HistoryLine], calls: Iterable[Call], chars: int = WORDS_CHARS) -> Iterable[str]:
    """The latest notes; without any, what the caller was heard to need. Each at most *chars* long."""
    noted = (entries.Note, entries.Typed, entries.Attempt)
    notes = [entry.text for line in history if isinstance(entry := line.entry, noted) and entry.text]
    if notes:
        yield from (shortened(note, chars) for note in notes[-LATEST_NOTES:])
        return
    for call in calls:
        for turn in call.turns:
            if turn.about == About.NEED and turn.words:
                yield _("“%(words)s”", words=shortened(turn.words, chars))


def _holder(line: Line) -> str:
    if line.ticket and line.ticket.claimed_by:
        return line.ticket.claimed_by.name
    return _("the person on duty") if line.call and line.call.taken_at else ""


def result(ticket: Ticket) -> str:
    """What was done and when; of what is not done yet, how far it is."""
    if ticket.merged_into:
        return _("merged into ticket %(number)s", number=ticket.merged_into.number)
    if not ticket.is_open:
        ends = (line.entry for line in reversed(ticket.history))
        last = next((entry for entry in ends if isinstance(entry, entries.Resolved)), entries.Resolved())
        told = [
            _("could not be reached") if last.result == "not_reached" else "",
            shortened(last.done, WORDS_CHARS),
            _("resolved at %(time)s", time=clock(ticket.resolved_at)) if ticket.resolved_at else "",
        ]
        return " · ".join(filter(None, told)) or str(STATUSES[ticket.status])
    state = _("on the way") if ticket.on_the_way_at else str(STATUSES[ticket.status])
    return f"{state} · {_('overdue')}" if ticket.due_at <= now() else state


def shortened(text: str, chars: int) -> str:
    """*text* on one line, with an ellipsis where it was cut."""
    text = " ".join(text.split())
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"
