"""Shifts as an iCalendar feed. https://www.rfc-editor.org/rfc/rfc5545"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from routing.roster.shift import Shift

LINE_BYTES = 75  # longer lines are folded, RFC 5545 3.1
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def feed(shifts: Iterable[Shift], title: str, host: str, now: datetime) -> str:
    """The calendar of these shifts; *host* makes their ids unique in the world."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{host}//roster//EN", f"X-WR-CALNAME:{_text(title)}"]
    for shift in shifts:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{shift.person}-{_moment(shift.span.starts)}@{host}",
            f"DTSTAMP:{_moment(now)}",
            f"DTSTART:{_moment(shift.span.starts)}",
            f"DTEND:{_moment(shift.span.ends)}",
            f"SUMMARY:{_text(title)}",
            "END:VEVENT",
        ]
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.translate(ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Never in the middle of a character: a line that goes on begins with a blank."""
    part, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
