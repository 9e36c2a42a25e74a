"""The worker process: it does the queued jobs, and again and again what nobody asks for."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from dbos import DBOS

from ivr.app import App
from ivr.errors import ConfigError
from ivr.jobs import Job, discover
from ivr.jobs.slot import claim_slot
from ivr.store import schema, workers
from ivr.store.outbox import APPLICATION, CALLS, PATIENT, QUEUE, VERSION

log = structlog.get_logger()

AT_ONCE = 48  # jobs of one worker; they mostly wait for carriers. A poll takes no more: this is 96 recordings a second
PATIENT_AT_ONCE = 8  # with those above fewer than DBOS has threads (64)
CALLS_AT_ONCE = 4
POLL_S = 0.5
STOP_WITHIN_S = 25  # platforms kill what has not stopped after 30 s


def run(app: App) -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun. Raises ``ConfigError`` on an old database."""
    with app.sessions.read() as db:
        if not schema.is_current(db.connection()):
            raise ConfigError("DATABASE_URL: the tables are missing or old; run flask db upgrade first.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with claim_slot(app.settings) as executor_id:
        _beat(app, executor_id)  # before DBOS: the engine's first connection puts SQLite into WAL mode
        jobs = list(discover())
        launch(app, jobs, executor_id)
        log.info("the worker is ready", executor=executor_id, jobs=sorted(job.name for job in jobs))
        _go_round(app, jobs, executor_id, stop)
        DBOS.destroy(workflow_completion_timeout_sec=STOP_WITHIN_S)
        with app.sessions.begin() as db:
            workers.leave(db, executor_id)
    log.info("the worker has stopped")


def launch(app: App, jobs: list[Job], executor_id: str) -> None:
    """Start doing queued jobs, beginning with those that this worker had begun when it last died."""
    logging.getLogger("dbos").addHandler(logging.NullHandler())  # without one it would write past our masked log
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": app.sessions.engine.url.render_as_string(hide_password=False),
            "application_version": VERSION,
            "executor_id": executor_id,
            "log_level": "WARNING",
            "run_migrations": False,  # flask db upgrade does
        }
    )
    for job in jobs:
        DBOS.workflow(name=job.name)(_bound(app, job))
    DBOS.launch()
    for lane, at_once in ((QUEUE, AT_ONCE), (PATIENT, PATIENT_AT_ONCE)):
        DBOS.register_queue(lane, worker_concurrency=at_once, polling_interval_sec=POLL_S)
    pace = app.settings.twilio_calls_per_s  # of all workers together
    DBOS.register_queue(
        CALLS,
        limiter={"limit": pace, "period": 1.0},
        worker_concurrency=CALLS_AT_ONCE,
        polling_interval_sec=POLL_S,
    )


def _bound(app: App, job: Job) -> Callable[..., None]:
    """What DBOS calls: the job with its application. It records nothing but that the job is done."""

    def do(*ids: int) -> None:
        job.do(app, *ids)

    return do


def _go_round(app: App, jobs: list[Job], executor_id: str, stop: threading.Event) -> None:
    """Beat, and do what is to be done every so often. A round that failed is told, and tried again the next time."""
    rounds = [Job("beat", lambda app: _beat(app, executor_id), workers.BEAT_S), *(job for job in jobs if job.every_s)]
    due = dict.fromkeys((job.name for job in rounds), time.monotonic())
    while not stop.wait(max(0.0, min(due.values()) - time.monotonic())):
        for job in rounds:
            if due[job.name] <= time.monotonic() and not stop.is_set():
                try:
                    job.do(app)
                except Exception as error:
                    log.error("a round failed", job=job.name, error=type(error).__name__, exc_info=error)
                due[job.name] = time.monotonic() + (job.every_s or 0)


def _beat(app: App, executor_id: str) -> None:
    with app.sessions.begin() as db:
        workers.beat(db, executor_id, datetime.now(UTC))
