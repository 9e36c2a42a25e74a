"""The recordings of what the line says, as files of this machine: a call looks there, not into the database."""

import os
import tempfile
from pathlib import Path


class ClipFolder:
    """WAV files by their digest, each whole or not at all. What is missing is brought from the database again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        return self.folder / f"{digest}.wav"

    def put(self, digest: str, sound: bytes) -> None:
        """Raises ``OSError``."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(sound)
        os.replace(file.name, self.path(digest))
