"""Work for later: a job's name and its ids, kept in the transaction that makes it necessary."""

from datetime import datetime

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import Engine
from sqlalchemy.orm import Session

APPLICATION = "hotline"
QUEUE = "later"
PATIENT = "patient"  # a lane of its own, for what may keep us waiting long: it must not fill the other one
VERSION = "hotline"  # DBOS would hash the code, and jobs of yesterday's code would wait for ever
FORGET_AT_ONCE = 1000
UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]


class Later:
    """Enqueues jobs by name. Nobody but the worker knows what a name does.

    The queue's tables live in our own database, so a job exists exactly when its transaction committed.
    """

    def __init__(self, engine: Engine) -> None:
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


def _name(job: str, ids: tuple[int, ...]) -> str:
    return ":".join([job, *map(str, ids)])


def _ids(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split(":")[1:]))
