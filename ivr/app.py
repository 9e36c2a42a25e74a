"""The application object, typed: what a view finds on it without asking twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from flask_openapi3.openapi import OpenAPI
from sqlalchemy.orm import Session

from ivr.carrier.account import SIMULATOR, TWILIO, Carrier, named
from ivr.line import LiveLine
from ivr.notify import Notifier
from ivr.settings import Settings
from ivr.sheets.day import Day
from ivr.store.access.refusals import Refusals
from ivr.store.directory.matcher import LiveMatcher
from ivr.store.figures.board import Board
from ivr.store.figures.period import Asked, Period
from ivr.store.files.audio import AudioStore
from ivr.store.files.spool import Spool, Spooled
from ivr.store.golive import Readiness
from ivr.store.models import Staff
from ivr.store.outbox import Later
from ivr.store.outgoing.ordering import Terms
from ivr.store.people.tokens import Pace
from ivr.store.seal import Seal
from ivr.store.sealing import Keyring
from ivr.store.session import Sessions
from prompts import Packs
from routing.automatic import APOLOGISED_WITHIN, Policy
from routing.hours import Hours
from routing.phone_numbers import Home, area_of, caller_id


class App(OpenAPI):
    """Flask, with the hotline's own parts."""

    settings: Settings
    sessions: Sessions
    matcher: LiveMatcher
    line: LiveLine
    later: Later
    keys: Keyring
    audio: AudioStore
    spool: Spool
    salvage: Callable[[Session, Spooled], None]
    carriers: dict[str, Carrier]
    seal: Seal
    pace: Pace
    refusals: Refusals
    notifier: Notifier
    golive: Readiness

    @property
    def packs(self) -> Packs:
        """Every language as it comes, with the dialects that were made here. What is said: ``line.packs``."""
        return self.line.line.spoken

    @property
    def languages(self) -> Packs:
        """Those that are no dialects: what people read, and notices are written in."""
        return {code: pack for code, pack in self.packs.items() if pack.base is None}

    def home(self, dialled: str | None = None) -> Home:
        """Where numbers lie that are written without country or area, in a call to *dialled* (E.164) or at the desk."""
        settings = self.settings
        return Home(settings.hotline_region, settings.hotline_area_code or area_of(dialled))

    @property
    def terms(self) -> Terms:
        """Under which calls are placed."""
        settings = self.settings
        numbers = (settings.hotline_number, *settings.numbers)
        ours = tuple(filter(None, (caller_id(each, self.home()) for each in numbers if each)))
        usual = TWILIO if named(TWILIO, self.carriers) else SIMULATOR
        return Terms(settings.calling_regions, Hours.daily(*settings.calling_hours), settings.zone, ours, usual)

    @property
    def closing(self) -> Policy | None:
        """How residents are asked whether it was right; None: they are not."""
        settings = self.settings
        if not settings.hotline_closing_calls:
            return None
        return Policy(settings.hotline_closing_tries, timedelta(hours=settings.hotline_closing_gap_h))

    @property
    def overdue(self) -> Policy | None:
        """How residents are told that their call back is late; None: they are not."""
        settings = self.settings
        if not settings.hotline_overdue_calls:
            return None
        return Policy(
            settings.hotline_overdue_tries, timedelta(minutes=settings.hotline_overdue_gap_min), APOLOGISED_WITHIN
        )

    def asked(self, staff: Staff, period: Period, now: datetime) -> Asked:
        """The figures of *period* that are asked for in the name of *staff*."""
        within_s, abandoned_s = self.settings.hotline_answer_within_s, self.settings.hotline_abandoned_min_s
        return Asked(staff, period.since, period.until, now, within_s, abandoned_s)

    def day(self, board: Board, language: str) -> Day:
        """The report of a day, in the words of a language that has a pack."""
        seconds = self.settings.hotline_answer_within_s, self.settings.hotline_abandoned_min_s
        return Day(board, self.line.now().spoken[language], seconds)


app = cast(App, current_app)
