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
from ivr.store.sealing import HEAD_BYTES, Keyring, Opened, sealed_with

# Of a bucket: somebody may be waiting for the sound. By itself obstore tries for three minutes.
PATIENCE: dict[str, Any] = {
    "client_options": {"connect_timeout": "3s", "timeout": "30s", "allow_http": True},  # as its endpoint is written
    "retry_config": {"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
}


class AudioStore:
    """Sound files by name, in the place the URL says (``file:///…``, ``s3://bucket/…`` and what else obstore knows).

    A file is there whole or not at all, and once ``put`` has returned it survives a power cut. With keys it is sealed
    (see ``ivr.store.sealing``), bound to its name; what was put there before there were any can still be read.
    """

    def __init__(self, url: str, keys: Keyring | None = None) -> None:
        """Raises ``ConfigError`` when there can be no such place."""
        self.keys = keys or Keyring()
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
        self._put(name, self.keys.seal(data, _bound(name)))

    def _put(self, name: str, kept: bytes) -> None:
        obstore.put(self.store, name, kept)
        if self.folder:  # obstore renames a finished file into place, but leaves the rest to the kernel
            flush(self.folder / name)
            flush((self.folder / name).parent)

    def read(self, name: str) -> bytes:
        """The whole file. Raises ``FileNotFoundError`` when there is none, and ``Unreadable``."""
        return self.keys.open(self._get(name), _bound(name))

    def _get(self, name: str) -> bytes:
        return bytes(obstore.get(self.store, name).bytes())

    def open(self, name: str) -> Opened:
        """The file, to be read from anywhere in it and in pieces. Raises ``FileNotFoundError`` and ``Unreadable``."""
        return Opened(lambda start, end: self._part(name, start, end), self._kept_bytes(name), self.keys, _bound(name))

    def _kept_bytes(self, name: str) -> int:
        return obstore.head(self.store, name)["size"]

    def _part(self, name: str, start: int, end: int) -> bytes:
        return bytes(obstore.get_range(self.store, name, start=start, end=end)) if start < end else b""

    def size(self, name: str) -> int:
        """Bytes of the sound. Raises ``FileNotFoundError`` when there is none, and ``Unreadable``."""
        return self.open(name).size

    def sealed_with(self, name: str) -> str | None:
        """The id of the key that the file is sealed with; None: it lies in the clear. Raises ``FileNotFoundError``."""
        return sealed_with(self._part(name, 0, min(HEAD_BYTES, self._kept_bytes(name))))

    def seal(self, name: str) -> bool:
        """Have the file sealed with the newest key; False when it was. Raises like ``read``, and nothing is changed."""
        if self.sealed_with(name) == self.keys.newest:
            return False
        self._put(name, self.keys.renewed(self._get(name), _bound(name)))
        return True

    def delete(self, name: str) -> None:
        """Make sure that nothing lies under *name*."""
        try:
            obstore.delete(self.store, name)
        except FileNotFoundError:
            return


def _bound(name: str) -> str:
    return f"recording {name}"
