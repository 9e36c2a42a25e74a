"""What do callers notice of a reload? The slowest answer, while eight of them call on and on.

    python -m tests.bench.reload [--seconds 30] [--reloads 3] [--threads 8] [--directory FILE.csv]

The server is gunicorn as we ship it. Each round is calls for so many seconds; a quarter into it gunicorn is told to
reload (HUP, as `systemctl reload` does), so that it replaces its workers by new ones under load.
"""

import argparse
import signal
import tempfile
import threading
from pathlib import Path

from tests.bench.calling import call, measure
from tests.bench.serving import environment, flask, serving
from tests.bench.webhooks import SAMPLE, WARM_S


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--reloads", type=int, default=3)
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--directory", type=Path, default=SAMPLE)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        environ = environment(f"sqlite+pysqlite:///{folder}/hotline.db", Path(folder))
        flask("db", "upgrade", environ=environ)
        flask("directory", "import", str(options.directory), environ=environ)
        with serving("wsgi:app", environ) as server:
            measure("warm", server.base_url, call, WARM_S, options.threads)
            print(f"{'':10}{'webhooks':>10}{'p50 ms':>9}{'p99 ms':>9}{'slowest ms':>12}")
            for n in range(options.reloads + 1):
                before = {each.pid for each in server.process.children()}
                if n:
                    threading.Timer(options.seconds / 4, server.process.send_signal, [signal.SIGHUP]).start()
                round_ = measure("", server.base_url, call, options.seconds, options.threads)
                after = {each.pid for each in server.process.children()}
                if n and before & after:
                    raise SystemExit("the workers were not replaced: give them more --seconds")
                name = f"reload {n}" if n else "no reload"
                print(
                    f"{name:10}{len(round_.webhooks_ms):10}{round_.percentile_ms(50):9.1f}"
                    f"{round_.percentile_ms(99):9.1f}{max(round_.webhooks_ms):12.1f}"
                )


if __name__ == "__main__":
    main()
