"""An S3-compatible store of one bucket, as much of it as we need: objects put, read and deleted over HTTP."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FakeBucket:
    """``away``: it answers that it is out of service."""

    url: str
    objects: dict[str, bytes] = field(default_factory=dict)
    away: bool = False

    def environment(self) -> dict[str, str]:
        """What the hotline's environment says of it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }


@contextmanager
def fake_bucket() -> Iterator[FakeBucket]:
    """A bucket that lives as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: bytes = b"", head: bool = False, part: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            if part:
                self.send_header("Content-Range", part)
            self.send_header("Last-Modified", "Sun, 29 Nov 2026 08:00:00 GMT")
            self.end_headers()
            if not head:
                self.wfile.write(body)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if bucket.away:
                return self.answer(400, b"<Error><Code>OutOfService</Code></Error>")
            bucket.objects[self.path] = body
            return self.answer(200)

        def do_GET(self, head: bool = False) -> None:
            if bucket.away:
                return self.answer(400, b"<Error><Code>OutOfService</Code></Error>", head)
            found = bucket.objects.get(self.path)
            if found is None:
                return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>", head)
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if part and not head:
                first, last = map(int, part.groups())
                return self.answer(206, found[first : last + 1], part=f"bytes {first}-{last}/{len(found)}")
            return self.answer(200, found, head)

        def do_HEAD(self) -> None:
            self.do_GET(head=True)

        def do_POST(self) -> None:
            """Many at once: ``?delete`` with their names."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            for name in re.findall(r"<Key>(.*?)</Key>", body):
                bucket.objects.pop(f"{self.path.partition('?')[0]}/{name}", None)
            self.answer(200, b"<DeleteResult></DeleteResult>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        bucket = FakeBucket(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield bucket
        finally:
            server.shutdown()
            thread.join()
