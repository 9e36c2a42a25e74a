"""The web process as a process of its own, to be killed: what it had in its memory is gone."""

import subprocess
import sys
import time
from dataclasses import dataclass, field

from ivr.phone.transport import NoAnswer, over_http

PROGRAM = """
import sys, wsgi
from werkzeug.serving import make_server
make_server("127.0.0.1", int(sys.argv[1]), wsgi.app, threaded=True).serve_forever()
"""
PATIENCE_S = 60


@dataclass
class WebProcess:
    """One at a time, always at the same port. ``environment``: what it reads."""

    port: int
    environment: dict[str, str]
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-c", PROGRAM, str(self.port)]
        self.running.append(subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL))  # noqa: S603 - our own
        ask, deadline = over_http(), time.monotonic() + PATIENCE_S
        while True:
            assert time.monotonic() < deadline, "the web process did not start"
            try:
                ask("GET", f"http://127.0.0.1:{self.port}/healthz", None, {})
                return
            except NoAnswer:
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL: it writes nothing any more, and answers nobody."""
        for process in self.running:
            process.kill()
            process.wait()
        self.running.clear()

    def restart(self) -> None:
        self.kill()
        self.start()
