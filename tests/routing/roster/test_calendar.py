"""What a calendar program reads."""

from datetime import UTC, datetime, timedelta

from routing.roster.calendar import feed
from routing.roster.shift import Shift, Span

START = datetime(2026, 3, 2, 0, tzinfo=UTC)


def test_a_shift_is_an_event_in_utc():
    lines = feed([Shift(3, Span(START, START + timedelta(hours=12)))], "值班, 红领热线", "hotline.example", START)
    assert "DTSTART:20260302T000000Z\r\nDTEND:20260302T120000Z\r\n" in lines
    assert "UID:3-20260302T000000Z@hotline.example\r\n" in lines
    assert "SUMMARY:值班\\, 红领热线\r\n" in lines
    assert lines.endswith("END:VCALENDAR\r\n")


def test_a_long_line_is_folded_between_characters():
    lines = feed([], "值" * 60, "hotline.example", START).split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert f"X-WR-CALNAME:{'值' * 60}" in "".join(line.removeprefix(" ") for line in lines)
