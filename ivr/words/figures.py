"""What each figure is called and how it is counted: the one place, for pages, sheets, letters and docs/figures.md."""

from typing import NamedTuple

from flask_babel import format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

HOUR_MIN = 60


class Told(NamedTuple):
    """A figure's name and definition. ``{answer}`` and ``{abandoned}`` in it are settings, in seconds."""

    name: str
    meaning: str

    def defined(self, answer_s: int, abandoned_s: int) -> str:
        return str(self.meaning).format(answer=answer_s, abandoned=abandoned_s)


CALLS = {
    "calls": Told(
        _l("Calls"),
        _l("Calls that began on these days, in the hotline's time zone. Test calls are never counted in any figure."),
    ),
    "by_person": Told(_l("Answered by a person"), _l("Somebody at the duty number pressed 1 and took the call.")),
    "message": Told(_l("Left a message"), _l("No person took the call, and a message was recorded.")),
    "completed": Told(
        _l("Ended without a message"), _l("No person took the call; the line said goodbye and nothing was recorded.")
    ),
    "abandoned": Told(
        _l("Hung up"),
        _l(
            "The caller hung up after {abandoned} seconds or later, before a message was recorded or a person answered."
        ),
    ),
    "too_short": Told(
        _l("Hung up at once"), _l("The caller hung up within {abandoned} seconds: most often a wrong number.")
    ),
    "lost_track": Told(_l("Ending unknown"), _l("The carrier never said how the call ended.")),
    "going_on": Told(_l("Still on the line"), _l("The call has not ended yet, and no person has taken it.")),
    "wanted_person": Told(
        _l("Asked for a person"), _l("The caller asked for a person by key or word, or a person took the call.")
    ),
    "within_of_start": Told(
        _l("Person within {answer} s of the start"),
        _l(
            "A person took the call at most {answer} seconds after it began. The rate is of calls that asked for a "
            "person."
        ),
    ),
    "within_of_wish": Told(
        _l("Person within {answer} s of asking"),
        _l(
            "A person took the call at most {answer} seconds after the caller first asked for one; of a call in which "
            "nobody asked, after it began. The rate is of calls that asked for a person."
        ),
    ),
    "repeat": Told(_l("From repeat callers"), _l("Calls from numbers that called three times or more on these days.")),
}
UNDERSTOOD = {
    "place_first": Told(
        _l("Community understood at once"),
        _l("Calls that named a community in words: it was understood after one question at most."),
    ),
    "place_asked": Told(_l("Community understood after asking"), _l("It was understood after further questions.")),
    "place_missed": Told(_l("Community not understood"), _l("A community was named, and none was understood.")),
    "place_corrected": Told(
        _l("Community corrected"), _l("Staff later changed the community, whatever the call had understood.")
    ),
}
TICKETS = {
    "tickets": Told(
        _l("Tickets"),
        _l("Tickets opened on these days by a call or by hand, without tests and without those merged into another."),
    ),
    "urgent": Told(_l("Urgent"), _l("Tickets that an emergency word or a member of staff made urgent.")),
    "by_hand": Told(_l("Entered by hand"), _l("Tickets that staff entered, not a call.")),
    "claimed": Told(
        _l("Claimed"),
        _l("Tickets that somebody claimed. The time runs from the opening to the first claim."),
    ),
    "contacted": Told(
        _l("Caller reached"),
        _l(
            "Tickets whose caller somebody spoke to: on the line, by calling back and reaching them, or by resolving "
            "the ticket as helped. The time runs from the opening to the first of these."
        ),
    ),
    "resolved": Told(
        _l("Resolved"),
        _l("Tickets that are resolved or closed now. The time runs from the opening to the last time it was resolved."),
    ),
    "kept": Told(_l("Promise kept"), _l("The caller was reached by the time the ticket promised.")),
    "tried": Told(
        _l("Tried in time"),
        _l("The promised time is over and the caller was not reached by then, but somebody had tried."),
    ),
    "broken": Told(_l("Promise broken"), _l("The promised time is over, and nobody had tried to call by then.")),
    "pending": Told(
        _l("Promise pending"), _l("The promised time is still to come, and the caller has not been reached.")
    ),
    "confirmed": Told(
        _l("Confirmed by telephone"),
        _l("Tickets whose resident, asked by the hotline's own call, said that it was right."),
    ),
    "not_right": Told(
        _l("Not right, by telephone"),
        _l("Tickets whose resident, asked so, said that it was not right. Each was opened again, unless it was open."),
    ),
    "rated_good": Told(
        _l("Help was good"),
        _l(
            "Tickets whose caller said so by a key, asked after a talk with a person, or by the hotline's own call "
            "once they had said that it was right. Volunteers count what was said of themselves alone."
        ),
    ),
    "rated_bad": Told(_l("Help was not good"), _l("The same, where they said that it was not.")),
}
STANDING = {
    "waiting": Told(_l("Waiting now"), _l("Tickets that are open now, whenever they were opened.")),
    "unclaimed": Told(_l("Unclaimed now"), _l("Open tickets that nobody has.")),
    "overdue": Told(_l("Overdue now"), _l("Open tickets whose promised time is over.")),
}
WORK = {
    "held": Told(_l("Held now"), _l("Open tickets that this person has claimed.")),
    "settled": Told(_l("Resolved by them"), _l("Tickets that this person resolved on these days, each once.")),
    "stretch": Told(
        _l("Hours at a stretch"),
        _l(
            "The longest run of this person's entries in tickets' histories that reaches into these days, without a "
            "pause of four hours. More than twelve hours are marked: somebody should go home."
        ),
    ),
}
QUALITY = {
    "no_community": Told(_l("Without a community"), _l("Tickets whose community nobody has found out.")),
    "doubled": Told(
        _l("Doubled"), _l("Tickets beside another one of the same caller and need, opened within a day of it.")
    ),
    "no_sound": Told(_l("Message missing"), _l("Tickets with a message whose sound never arrived.")),
    "impossible_number": Told(
        _l("Impossible number"),
        _l("Tickets whose caller's number has fewer than eight or more than fifteen digits, or eight zeros in a row."),
    ),
    "never_spoken": Told(
        _l("Done without contact"), _l("Tickets resolved as helped though nobody noted that they spoke to the caller.")
    ),
}
TABLES = {
    "times": Told(
        _l("How long it took"),
        _l(
            "Half of the tickets took no longer than the median, nine in ten no longer than the 90 % value; both are "
            "times that occurred. Times are the first of their kind and stay when a ticket is handed on or closed."
        ),
    ),
    "by_hour": Told(_l("Calls by hour"), _l("Calls by the hour on the clock at which they began.")),
    "by_day": Told(
        _l("Calls by day"),
        _l("Calls by the day on which they began. A day is 23 or 25 hours long when clocks change."),
    ),
    "left_at": Told(_l("Where callers hung up"), _l("Calls that were hung up, by the question that was open.")),
    "by_need": Told(
        _l("By need"),
        _l("Tickets and broken promises of these days, and what is overdue now, by need as it stands now."),
    ),
    "by_community": Told(_l("By community"), _l("The same by community, as it stands now.")),
    "corrections": Told(
        _l("Corrected since"),
        _l(
            "What staff changed on a later day in tickets of these days. The figures have it already; a report printed "
            "before may show others."
        ),
    ),
    "before": Told(
        _l("A week before"), _l("The same figures of the same weekdays, one week earlier, as they stand now.")
    ),
}
# What a correction changed, by the history's kind.
CORRECTED = {
    "community": _l("Community"),
    "need": _l("Need"),
    "merged": _l("merged into another ticket"),
    "reopened": _l("reopened"),
}
EVERY = CALLS | UNDERSTOOD | TICKETS | STANDING | WORK | QUALITY | TABLES


def share(part: int, whole: int) -> str:
    """``37%``; nothing of nothing."""
    return str(format_percent(part / whole)) if whole else ""


def minutes(time_min: float | None) -> str:
    """``3 min``, ``2 h 5 min``; less than a minute is said to be that."""
    if time_min is None:
        return "–"
    if time_min < 1:
        return str(_("under 1 min"))
    hours, rest = divmod(round(time_min), HOUR_MIN)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))
