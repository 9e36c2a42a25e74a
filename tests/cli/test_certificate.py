"""What ``flask doctor`` says of the certificate at the public address."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.cli import certificate as checked
from ivr.cli.findings import Level
from tests.certificate import certificate


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, ssl.SSLContext]]:
    """The address of a server of this machine, and a context that believes it; its certificate is good for a day."""
    file = certificate(tmp_path, "localhost")
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    here.wrap_socket(listener.accept()[0], server_side=True).close()
                except ssl.SSLError:
                    continue  # whoever does not believe us
                except OSError:
                    return  # the listener is closed

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://localhost:{listener.getsockname()[1]}", ssl.create_default_context(cafile=str(file))
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("days", "level"), [(0, Level.BAD), (-10, Level.NOTE), (-40, Level.OK)])
def test_it_says_for_how_long_it_is_good(
    server: tuple[str, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, days: int, level: Level
):
    """Seen from today, from ten days and from forty days ago."""
    seen_at = (datetime.now(UTC) + timedelta(days=days)).timestamp()
    monkeypatch.setattr(time, "time", lambda: seen_at)
    (finding,) = checked.check(*server)
    assert level == finding.level
    assert "is good for" in finding.text


def test_one_that_nobody_believes_is_bad(server: tuple[str, ssl.SSLContext]):
    (finding,) = checked.check(server[0])
    assert (Level.BAD, True) == (finding.level, "nobody believes" in finding.text)


def test_what_cannot_be_reached_is_not_tried():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (finding,) = checked.check(f"https://localhost:{port}")
    assert (Level.NOTE, True) == (finding.level, "not tried" in finding.text)


def test_a_demo_has_none():
    assert [] == list(checked.check("http://127.0.0.1:8000"))
