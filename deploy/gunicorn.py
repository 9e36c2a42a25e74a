"""How gunicorn serves the hotline: `gunicorn -c deploy/gunicorn.py wsgi:app`, behind nginx or Caddy in production.

Bare gunicorn stalls on sixteen slow clients; a proxy that waits for the whole request is part of the installation.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import gunicorn

gunicorn.SERVER = "hotline"  # the Server header: which program and version answers is nobody's business

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"  # threads wait for commits; gevent won nothing and endangers the database drivers
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 16
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000  # a leak never grows old
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeats; a slow disk is no death
loglevel = "warning"  # our own events are JSON lines; and a refused configuration is told in one line
control_socket_disable = True  # gunicorn 27 would open one below the user's home

COUNTED = "PROMETHEUS_MULTIPROC_DIR"  # where the web processes write what they count, for /metrics to add up

BOOT_S = 20  # a new worker needs four seconds of processor time; one that needs longer is given up waiting for


def on_starting(server: Any) -> None:
    """Load the application once, in a process of its own: its last words and exit status become ours.

    A worker that refuses its configuration would be started again for ever.
    """
    os.environ[COUNTED] = tempfile.mkdtemp(prefix="hotline-metrics-")
    tried = subprocess.run([sys.executable, "-c", "import wsgi"], check=False)
    if tried.returncode:
        sys.exit(tried.returncode)


def child_exit(server: Any, worker: Any) -> None:
    """What the process counted stays; what it was just doing does not."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Begin at nothing the next time: the one who reads it knows what to make of that."""
    shutil.rmtree(os.environ[COUNTED], ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Answer nobody before all is loaded that the first answer needs."""
    from ivr.app import App
    from ivr.warm import warm

    if isinstance(worker.wsgi, App):
        warm(worker.wsgi)


def on_reload(server: Any) -> None:
    """Let the workers that are there go on until new ones can take their place, one after the other.

    gunicorn starts the new ones and stops the old ones at the same moment, and callers wait for seconds until the new
    ones have loaded everything. Here it finds the new ones started, and has but to stop the old ones.
    """
    for _ in range(server.cfg.workers):
        until = time.monotonic() + BOOT_S
        fresh = server.WORKERS[server.spawn_worker()]
        born = fresh.tmp.last_update()
        while fresh.tmp.last_update() == born and time.monotonic() < until:  # it stirs when it serves
            server.reap_workers()  # one that cannot start ends gunicorn, as it does without us
            time.sleep(0.05)
    server.cfg.set("workers", 0)  # as many are still to be started
