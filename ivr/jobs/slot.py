"""Which worker am I? A name that stays the same when I am started again, and that no other living worker has."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from ivr.settings import Settings


@contextmanager
def claim_slot(settings: Settings) -> Iterator[str]:
    """The executor id of this process: its machine, its data folder and the first free slot there.

    The slot is ours as long as its file is locked; the kernel opens it when we die, however we die.
    """
    folder = settings.own_secret("worker.id")[:8]
    for number in count(1):
        with open(settings.data_dir / f"worker-{number}.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"{socket.gethostname()[:40]}-{folder}-{number}"
            return
