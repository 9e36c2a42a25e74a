"""The queue of writers: nobody waits for ever, whoever is in front, and nobody keeps a place that he does not need."""

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import exc

from ivr.store.session import Sessions, make_engine
from ivr.store.writers import WritersQueue

SHORT_S = 0.05
ENOUGH_S = 20
HANG = "import fcntl, sys; file = open(sys.argv[1], 'a'); fcntl.flock(file, 2); print(flush=True); sys.stdin.read()"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "hotline.db"


@contextmanager
def another_process_writes(database: Path) -> Iterator[None]:
    """It has the lock and does not move, until the end of the block."""
    command = [sys.executable, "-c", HANG, f"{database}-writers"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.communicate()


def has_a_turn(queue: WritersQueue) -> bool:
    with queue.turn():
        return True


def free(database: Path) -> bool:
    """Whether another process could have its turn now."""
    with open(f"{database}-writers", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def soon(condition: threading.Event) -> bool:
    return condition.wait(ENOUGH_S)


def test_a_thread_is_told_when_the_others_take_too_long(database: Path):
    """A caller hears an apology in time rather than silence."""
    queue = WritersQueue(str(database), SHORT_S)
    inside, done = threading.Event(), threading.Event()

    def dawdle() -> None:
        with queue.turn():
            inside.set()
            done.wait(ENOUGH_S)

    slow = threading.Thread(target=dawdle)
    slow.start()
    assert soon(inside)
    with pytest.raises(exc.TimeoutError):
        has_a_turn(queue)
    done.set()
    slow.join()
    assert has_a_turn(queue)


def test_a_process_is_told_when_another_takes_too_long(database: Path):
    """F7: Again and again, with one thread that waits at the lock; then it goes on."""
    queue = WritersQueue(str(database), SHORT_S)
    with another_process_writes(database):
        for _ in range(3):
            with pytest.raises(exc.TimeoutError):
                has_a_turn(queue)
        assert 1 == sum(thread.name == "writers" for thread in threading.enumerate())
    queue.patience_s = ENOUGH_S
    assert has_a_turn(queue)
    assert free(database)


def test_a_process_that_waits_goes_on_as_soon_as_it_can(database: Path):
    queue, patient = WritersQueue(str(database), ENOUGH_S), threading.Event()
    waiting = threading.Thread(target=lambda: has_a_turn(queue) and patient.set())
    with another_process_writes(database):
        waiting.start()
        assert not patient.wait(SHORT_S)
    assert soon(patient)
    waiting.join()


def test_who_gave_up_keeps_nobody_out(database: Path):
    """What waited at the lock for them lets go of it as soon as it has it."""
    queue = WritersQueue(str(database), SHORT_S)
    with another_process_writes(database):
        with pytest.raises(exc.TimeoutError):
            has_a_turn(queue)
        waiting = queue.waiting
    assert waiting is not None
    waiting.join(ENOUGH_S)
    assert free(database)
    assert has_a_turn(queue)
    assert free(database)


def test_thread_process_and_database_are_waited_for_no_longer_together(database: Path):
    """O11: whoever queued for most of the time does not wait for a stranger's lock as long again."""
    sessions = Sessions(make_engine(f"sqlite+pysqlite:///{database}"), patience_s=SHORT_S)
    stranger = make_engine(f"sqlite+pysqlite:///{database}").connect()
    stranger.exec_driver_sql("BEGIN IMMEDIATE")
    began_s = time.monotonic()
    with pytest.raises(exc.OperationalError, match="locked"), sessions.begin():
        pass
    assert time.monotonic() - began_s < 2
    stranger.close()
    with sessions.begin() as db:
        assert 5_000 == db.connection().exec_driver_sql("PRAGMA busy_timeout").scalar(), "it is patient again"
    sessions.engine.dispose()
