"""Work for later: a job's name and its ids, kept in the transaction that makes it necessary."""

from dbos import DBOSClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

QUEUE = "later"
VERSION = "hotline"  # DBOS would hash the code, and jobs of yesterday's code would wait for ever


class Later:
    """Enqueues jobs by name. Nobody but the worker knows what a name does.

    The queue's tables live in our own database, so a job exists exactly when its transaction committed.
    """

    def __init__(self, engine: Engine) -> None:
        self.client = DBOSClient(system_database_engine=engine, lazy=True)

    def enqueue(self, db: Session, job: str, *ids: int) -> None:
        """Have *job* done once for these ids: the same job for the same ids is never queued twice."""
        options = {
            "queue_name": QUEUE,
            "workflow_name": job,
            "workflow_id": ":".join([job, *map(str, ids)]),
            "app_version": VERSION,
        }
        self.client.enqueue_in_transaction(db, options, *ids)
