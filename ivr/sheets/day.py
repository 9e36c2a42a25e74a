"""The day's report as a workbook and as a letter: the board's figures with their meaning."""

from collections.abc import Iterator
from typing import IO
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from ivr.sheets.cells import Line
from ivr.sheets.files import as_xlsx
from ivr.store.figures.board import Board
from ivr.store.figures.corrections import Correction
from ivr.store.models.ticket import number_of
from ivr.words import figures as words
from ivr.words.figures import Told, minutes, share
from prompts import Pack

LETTER = ("calls", "by_person", "message", "abandoned", "tickets", "kept", "tried", "broken", "pending")


class Day:
    """One board in the words of *pack*. ``seconds``: the two settings that definitions name."""

    def __init__(self, board: Board, pack: Pack, seconds: tuple[int, int]) -> None:
        self.board, self.pack, self.seconds = board, pack, seconds

    def title(self) -> str:
        return str(_("Report of %(day)s", day=self.board.period.first))

    def letter(self) -> list[str]:
        """The main figures, a line each."""
        board = self.board
        counted = [f"{self.name(key)}: {board.counts[key]} ({board.before[key]})" for key in LETTER]
        standing = [f"{self.name(key)}: {number}" for key, number in board.standing.items()]
        return [*counted, *standing, _("In brackets: a week before.")]

    def workbook(self) -> IO[bytes]:
        board, zone = self.board, self.board.period.zone
        figure, number, before = _("Figure"), _("Number"), _("A week before")
        shares = [_("Tickets"), self.name("broken"), self.name("overdue")]
        return as_xlsx(
            (_("Figures"), [figure, number, _("Share"), before, _("What they mean")], self._figures()),
            (_("Times"), [figure, number, _("Median"), _("90% within"), before], self._times()),
            (
                _("Hours"),
                [_("Hour"), _("Calls"), before],
                ((h, n, board.hours_before[h]) for h, n in board.hours.items()),
            ),
            (_("Questions"), [_("Question"), self.name("abandoned")], self._questions()),
            (_("Needs"), [_("Need"), *shares], ((self._need(each.key), *each.counts.values()) for each in board.needs)),
            (_("Communities"), [_("Community"), *shares], self._communities()),
            (_("People"), [_("Name"), *(self.name(key) for key in words.WORK)], self._work()),
            (_("Corrections"), [_("Time"), _("Name"), _("Ticket"), "", _("before"), _("after")], self._put_right(zone)),
        )

    def name(self, key: str) -> str:
        told = words.EVERY[key]
        return Told(told.name, told.name).defined(*self.seconds)

    def changed(self, correction: Correction) -> tuple[str, str, str]:
        """What was corrected, and from what to what."""
        say = self._need if correction.what == "need" else self._place
        change = (
            ("", "") if correction.what in ("merged", "reopened") else (say(correction.before), say(correction.after))
        )
        return (str(words.CORRECTED[correction.what]), *change)

    def _figures(self) -> Iterator[Line]:
        board = self.board
        for part, whole in ((words.CALLS, "calls"), (words.UNDERSTOOD, ""), (words.TICKETS, "tickets")):
            for key in part:
                rate = share(board.counts[key], board.counts[whole]) if whole and key != whole else ""
                yield self.name(key), board.counts[key], rate, board.before[key], self._meaning(key)
        for key, number in (*board.standing.items(), *board.quality.items()):
            yield self.name(key), number, "", None, self._meaning(key)

    def _hours(self) -> Iterator[Line]:
        for hour, number in self.board.hours.items():
            yield hour, number, self.board.hours_before[hour]

    def _times(self) -> Iterator[Line]:
        for key, spread in self.board.times.items():
            before = minutes(self.board.times_before[key].median_min)
            yield self.name(key), spread.count, minutes(spread.median_min), minutes(spread.ninety_min), before

    def _questions(self) -> Iterator[Line]:
        for step, number in self.board.left_at:
            yield self.pack.steps.get(step or "", step or _("before any question")), number

    def _communities(self) -> Iterator[Line]:
        for each in self.board.communities:
            yield self._place(each.key), *each.counts.values()

    def _work(self) -> Iterator[Line]:
        for each in self.board.work:
            yield each.staff.name, each.held, each.settled, minutes(each.stretch.total_seconds() / 60)

    def _put_right(self, zone: ZoneInfo) -> Iterator[Line]:
        for each in self.board.corrections:
            yield each.at.astimezone(zone), each.who, number_of(each.ticket_id), *self.changed(each)

    def _meaning(self, key: str) -> str:
        return words.EVERY[key].defined(*self.seconds)

    def _need(self, key: str | None) -> str:
        return self.pack.needs.get(key or "", key or _("need unknown"))

    def _place(self, code: str | None) -> str:
        row = self.board.places.get(code or "")
        return f"{row.name} {row.street}" if row else code or _("community unknown")
