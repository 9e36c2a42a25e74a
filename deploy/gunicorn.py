"""How gunicorn serves the hotline: `gunicorn -c deploy/gunicorn.py wsgi:app`, behind nginx or Caddy in production.

Bare gunicorn stalls on sixteen slow clients; a proxy that waits for the whole request is part of the installation.
"""

import os
import subprocess
import sys
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


def on_starting(server: Any) -> None:
    """Load the application once, in a process of its own: its last words and exit status become ours.

    A worker that refuses its configuration would be started again for ever.
    """
    tried = subprocess.run([sys.executable, "-c", "import wsgi"], check=False)
    if tried.returncode:
        sys.exit(tried.returncode)
