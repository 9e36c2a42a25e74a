"""What happens later. A job is a file of its own, with a function of the file's name.

``def fetch_recording(app, recording_id)`` in ``fetch_recording.py`` does what ``later.enqueue(db, "fetch_recording",
7)`` asked for: at least once, so doing it again must change nothing. A file with ``EVERY_S`` is done by every worker
again and again, that many seconds apart, without being asked.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """``do(app, *ids)``; ``every_s`` None: only when it was enqueued."""

    name: str
    do: Callable[..., Any]
    every_s: float | None


def discover() -> Iterator[Job]:
    """Every job there is."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if do := getattr(module, found.name, None):
            yield Job(found.name, do, getattr(module, "EVERY_S", None))
