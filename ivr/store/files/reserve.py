"""Room on the disk that nobody uses, given back when there is none left: what callers say just then still lands."""

import os
import shutil
from pathlib import Path

RESERVED_BYTES = 16 * 2**20  # some four thousand requests, each with a block of its own
FREE_BYTES = 4 * RESERVED_BYTES  # so much must be left before any is set aside


class Reserve:
    """A file of the data folder. The worker makes it, whoever finds the disk full removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def there(self) -> bool:
        return self.path.exists()

    def keep(self) -> bool:
        """Make it, where it is missing and there is room. Whether it is there."""
        if self.there or shutil.disk_usage(self.path.parent).free < FREE_BYTES:
            return self.there
        unfinished = self.path.with_suffix(".part")
        with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            os.posix_fallocate(file.fileno(), 0, RESERVED_BYTES)
        unfinished.rename(self.path)
        return True

    def give_back(self) -> bool:
        """Make room. Whether there was any to be made."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        return True
