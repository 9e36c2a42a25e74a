"""Where sound files lie: a local folder, or a bucket at S3, Google, Azure and their like."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from ivr.errors import ConfigError
from ivr.store.files.disk import flush

# Of a bucket: somebody may be waiting for the sound. By itself obstore tries for three minutes.
PATIENCE: dict[str, Any] = {
    "client_options": {"connect_timeout": "3s", "timeout": "30s", "allow_http": True},  # as its endpoint is written
    "retry_config": {"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
}


class AudioStore:
    """Sound files by name, in the place the URL says (``file:///…``, ``s3://bucket/…`` and what else obstore knows).

    A file is there whole or not at all, and once ``put`` has returned it survives a power cut.
    """

    def __init__(self, url: str) -> None:
        """Raises ``ConfigError`` when there can be no such place."""
        self.folder: Path | None = None
        try:
            if url.startswith("file:"):
                self.folder = Path(unquote(urlsplit(url).path))
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            elsewhere = urlsplit(url).scheme not in ("file", "memory")
            self.store = from_url(url, **PATIENCE) if elsewhere else from_url(url)
        except (OSError, ValueError, BaseError) as error:
            reason = getattr(error, "strerror", None) or "write it like file:///srv/recordings or s3://bucket/folder"
            raise ConfigError(f"HOTLINE_AUDIO_URL: recordings cannot be kept there ({reason}).") from None

    def put(self, name: str, data: bytes) -> None:
        """Keep *data* under *name*; what lay there before is replaced."""
        obstore.put(self.store, name, data)
        if self.folder:  # obstore renames a finished file into place, but leaves the rest to the kernel
            flush(self.folder / name)
            flush((self.folder / name).parent)

    def read(self, name: str) -> bytes:
        """The whole file. Raises ``FileNotFoundError`` when there is none."""
        return bytes(obstore.get(self.store, name).bytes())

    def size(self, name: str) -> int:
        """Bytes. Raises ``FileNotFoundError`` when there is none."""
        return obstore.head(self.store, name)["size"]

    def delete(self, name: str) -> None:
        """Make sure that nothing lies under *name*."""
        try:
            obstore.delete(self.store, name)
        except FileNotFoundError:
            return
