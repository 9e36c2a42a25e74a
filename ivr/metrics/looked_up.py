"""What is looked up when somebody asks: the database, the queue, the disk."""

import math
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import App
from ivr.store import readiness, whole
from ivr.store.reports.gauges import Gauges, gauges


class LookedUp(Collector):
    """The gauges of one scrape. While the database is away, what is not in it is told all the same."""

    def __init__(self, app: App) -> None:
        self.app = app

    def collect(self) -> Iterator[Metric]:
        yield from self._disk()
        now = datetime.now(UTC)
        try:
            with self.app.sessions.read() as db:
                found = gauges(db, now)
            jobs = self.app.later.counts(now)
        except SQLAlchemyError:
            yield GaugeMetricFamily("hotline_database_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("hotline_database_up", "Whether the database answers", 1)
        yield from _of_tables(found, now)
        waiting = GaugeMetricFamily("hotline_jobs", "Jobs of the queue", labels=("job", "state"))
        for (job, state), number in jobs.items():
            waiting.add_metric((job, state), number)
        yield waiting

    def _disk(self) -> Iterator[Metric]:
        folder = self.app.settings.data_dir
        spool = GaugeMetricFamily("hotline_spool_requests", "Requests kept on the disk", labels=("state",))
        for state, number in zip(("waiting", "aside"), self.app.spool.waiting(), strict=True):
            spool.add_metric((state,), number)
        yield spool
        oldest_s = self.app.spool.oldest_s(time.time()) or 0
        yield GaugeMetricFamily("hotline_spool_oldest_seconds", "How long the first of them has waited", oldest_s)
        free = shutil.disk_usage(folder).free
        yield GaugeMetricFamily("hotline_disk_free_bytes", "What is left of the data folder's disk", free)
        made_s = readiness.backup_made_s(folder)
        if made_s is not None:
            age_s = max(0.0, time.time() - made_s)
            yield GaugeMetricFamily("hotline_backup_age_seconds", "Since the last backup left its mark", age_s)
        if self.app.settings.sqlite and (last := whole.last(folder)):
            yield GaugeMetricFamily("hotline_database_whole", "Whether its file was, at the last look", last.is_whole)
            age_s = max(0.0, time.time() - last.at_s)
            yield GaugeMetricFamily("hotline_database_look_age_seconds", "Since that look", age_s)


def _of_tables(found: Gauges, now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily("hotline_calls_open", "Calls that go on", found.open_calls)
    tickets = GaugeMetricFamily("hotline_tickets_waiting", "Tickets that nobody has settled", labels=("urgent",))
    for urgent in (False, True):
        tickets.add_metric((str(urgent).lower(),), found.tickets.get(urgent, 0))
    yield tickets
    recordings = GaugeMetricFamily(
        "hotline_recordings_expected", "Messages on their way, by trouble", labels=("trouble",)
    )
    for reason, number in (found.recordings or {"none": 0}).items():
        recordings.add_metric((reason,), number)
    yield recordings
    oldest_s = _age_s(found.oldest_recording, now) if found.oldest_recording else 0
    yield GaugeMetricFamily("hotline_recordings_oldest_seconds", "How long the first of them is on its way", oldest_s)
    yield GaugeMetricFamily("hotline_notices_failed", "Notices given up within a day", found.failed_notices)
    beat_s = _age_s(found.heartbeat, now) if found.heartbeat else math.inf
    yield GaugeMetricFamily("hotline_worker_heartbeat_seconds", "Since any worker gave a sign", beat_s)
    asked = GaugeMetricFamily(
        "hotline_carrier_check_seconds", "Since the carrier was compared with", labels=("carrier",)
    )
    wrong = GaugeMetricFamily("hotline_carrier_trouble", "What was wrong with it then", labels=("carrier", "trouble"))
    for carrier, (at, trouble) in found.checks.items():
        asked.add_metric((carrier,), _age_s(at, now))
        if trouble:
            wrong.add_metric((carrier, trouble), 1)
    yield from (asked, wrong)
    yield GaugeMetricFamily("hotline_resealing", "Whether more is to be sealed under the newest key", found.resealing)
    yield GaugeMetricFamily("hotline_sealed_unopened", "What could not be opened to be sealed under it", found.unopened)


def _age_s(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
