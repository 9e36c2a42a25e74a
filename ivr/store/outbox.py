"""Work for later: a job's name and its ids, kept in the transaction that makes it necessary."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import Engine, TableClause, column, func, select, table, update
from sqlalchemy.orm import Session

APPLICATION = "hotline"
QUEUE = "later"
PATIENT = "patient"  # a lane of its own, for what may keep us waiting long: it must not fill the other one
CALLS = "calls"  # to be placed: no more a second than the carrier takes
VERSION = "hotline"  # DBOS would hash the code, and jobs of yesterday's code would wait for ever
FORGET_AT_ONCE = 1000
UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
LATELY = timedelta(days=1)
MAX_DEAD = 50  # shown at once


class Dead(NamedTuple):
    """A job that ended in an error: its queue's ``id``, its name and ids, and when it was given up."""

    id: str
    job: str
    ids: tuple[int, ...]
    at: datetime


class Later:
    """Enqueues jobs by name. Nobody but the worker knows what a name does.

    The queue's tables live in our own database, so a job exists exactly when its transaction committed.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.client = DBOSClient(
            system_database_engine=engine, application_name=APPLICATION, lazy=True, retry_connection_errors=False
        )

    def enqueue(self, db: Session, job: str, *ids: int, delay_s: float | None = None, lane: str = QUEUE) -> None:
        """Have *job* done once for these ids, after *delay_s* seconds: the same job and ids are never queued twice."""
        options = EnqueueOptions(
            queue_name=lane,
            workflow_name=job,
            workflow_id=_name(job, ids),
            app_version=VERSION,
        )
        if delay_s is not None:
            options["delay_seconds"] = delay_s
        self.client.enqueue_in_transaction(db, options, *ids)

    def unfinished(self, job: str) -> set[tuple[int, ...]]:
        """The ids for which *job* waits or is being done."""
        found = self.client.list_workflows(name=job, status=UNFINISHED, load_input=False, load_output=False)
        return {_ids(each.workflow_id) for each in found}

    def counts(self, now: datetime) -> dict[tuple[str, str], int]:
        """By job and state: how many are waiting, and how many failed within a day."""
        jobs = _jobs(self.engine.dialect.name).c
        lately = jobs.created_at > (now - LATELY).timestamp() * 1000
        counted = select(jobs.name, jobs.status, func.count()).group_by(jobs.name, jobs.status)
        wanted = jobs.status.in_(UNFINISHED) | (jobs.status.in_(FAILED) & lately)
        found: Counter[tuple[str, str]] = Counter()
        with self.engine.connect() as connection:
            for name, status, number in connection.execute(counted.where(wanted)):
                found[name, "waiting" if status in UNFINISHED else "failed"] += number
        return dict(found)

    def dead(self) -> Sequence[Dead]:
        """The jobs that ended in an error and that nobody has had tried again, the latest first."""
        jobs = _jobs(self.engine.dialect.name).c
        failed = select(jobs.workflow_uuid, jobs.name, jobs.updated_at).where(jobs.status.in_(FAILED))
        with self.engine.connect() as connection:
            rows = connection.execute(failed.order_by(jobs.updated_at.desc()).limit(MAX_DEAD)).all()
        return [Dead(id_, job, _ids(id_), datetime.fromtimestamp(at / 1000, UTC)) for id_, job, at in rows]

    def try_again(self, db: Session, ids: Sequence[str]) -> int:
        """Queue these dead jobs again as they were; how many were still dead. DBOS itself resumes none that ended."""
        jobs = _jobs(self.engine.dialect.name)
        anew = dict.fromkeys(("owner_xid", "error", "output", "started_at_epoch_ms", "completed_at"))
        again = update(jobs).where(jobs.c.workflow_uuid.in_(ids), jobs.c.status.in_(FAILED))
        queued = db.execute(again.values(status="ENQUEUED", queue_name=QUEUE, recovery_attempts=0, **anew))
        return int(queued.rowcount)  # type: ignore[attr-defined]  # an update has one

    def tried(self, job: str, first: int) -> int:
        """How many jobs of this name there have been whose first id is *first*."""
        more = self.client.list_workflows(workflow_id_prefix=_name(job, (first,)), load_input=False, load_output=False)
        return sum(_ids(each.workflow_id)[0] == first for each in more)

    def requeue_abandoned(self, alive: set[str]) -> list[str]:
        """Queue again what was begun by a worker that is not among *alive*; the names of those jobs.

        Done twice, or for a worker that only seemed dead, a job runs twice: jobs do not mind.
        """
        begun = self.client.list_workflows(status="PENDING", load_input=False, load_output=False)
        abandoned = [each.workflow_id for each in begun if each.executor_id not in alive]
        for name in abandoned:
            self.client.resume_workflow(name, queue_name=QUEUE)
        return abandoned

    def forget(self, done_before: datetime) -> None:
        """Drop some of the oldest jobs that ended before then; the rest the next time."""
        done = self.client.list_workflows(
            completed_before=done_before.isoformat(), limit=FORGET_AT_ONCE, load_input=False, load_output=False
        )
        if done:
            self.client.delete_workflows([each.workflow_id for each in done])


def _jobs(dialect: str) -> TableClause:
    """The queue's own table; DBOS would bring every row, whole. https://docs.dbos.dev/explanations/system-tables"""
    names = (
        *("workflow_uuid", "name", "status", "queue_name", "created_at", "updated_at", "completed_at"),
        *("started_at_epoch_ms", "recovery_attempts", "owner_xid", "output", "error"),
    )
    schema = "dbos" if dialect == "postgresql" else None
    return table("workflow_status", *map(column, names), schema=schema)


def _name(job: str, ids: tuple[int, ...]) -> str:
    return ":".join([job, *map(str, ids)])


def _ids(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split(":")[1:]))
