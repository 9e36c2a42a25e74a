"""Applications under the gunicorn we ship, each on a port of its own, and what their processes spend."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
ACCOUNT_SID, AUTH_TOKEN = "AC" + "0" * 32, "benchmark-token-0123456789abcdef"
PORT = 18765
PATIENCE_S = 120


def base_url(port: int = PORT) -> str:
    return f"http://127.0.0.1:{port}"


def environment(database_url: str, data: Path, port: int = PORT) -> dict[str, str]:
    """What the hotline reads, for a server on *port*."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "HOTLINE_DATA_DIR": str(data),
        "HOTLINE_LOG_LEVEL": "ERROR",
        "PORT": str(port),
        "PUBLIC_BASE_URL": base_url(port),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn that answers: its own process, whose children are the workers."""

    process: psutil.Popen
    port: int

    @property
    def base_url(self) -> str:
        return base_url(self.port)

    def processor_s(self) -> float:
        """What it and its workers have spent so far, those included that are gone by now."""
        living = self.process.children(recursive=True)
        own = self.process.cpu_times()
        spent = own.user + own.system + own.children_user + own.children_system
        return spent + sum(times.user + times.system for times in (each.cpu_times() for each in living))


@contextmanager
def serving(application: str, environ: dict[str, str], *options: str) -> Iterator[Server]:
    """The application, ready to answer; with more *options* of gunicorn's."""
    command = ["gunicorn", "-c", "deploy/gunicorn.py", *options, application]
    with psutil.Popen(command, env=environ, cwd=ROOT) as process:
        server = Server(process, int(environ["PORT"]))
        try:
            wait(server.base_url)
            yield server
        finally:
            process.terminate()


def wait(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1)
        except urllib.error.HTTPError:
            return  # it answers: that is enough
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the server did not start")


def flask(*arguments: str, environ: dict[str, str]) -> None:
    """One of the hotline's commands."""
    subprocess.run(["flask", *arguments], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
