"""Making sure that what was written survives a power cut."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Wait until *path* is on the disk: a file's content, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
