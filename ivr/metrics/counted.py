"""What happens in a web process is counted where it happens; ``/metrics`` adds the processes up.

prometheus-client keeps the numbers in files of PROMETHEUS_MULTIPROC_DIR when that is set: deploy/gunicorn.py does.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
# Callers hear silence meanwhile; the carrier waits 15 s.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15)

WEBHOOKS = Counter(
    "hotline_webhooks",
    "The carrier's requests, by what became of them: answered, spooled, refused, failed",
    ("endpoint", "outcome"),
    registry=REGISTRY,
)
WEBHOOK_SECONDS = Histogram(
    "hotline_webhook_seconds",
    "From a carrier's request to its answer",
    ("endpoint",),
    buckets=SECONDS,
    registry=REGISTRY,
)
CALLS = Counter("hotline_calls", "Calls that came in", registry=REGISTRY)
CALLS_ENDED = Counter("hotline_calls_ended", "Calls that ended, by how", ("outcome",), registry=REGISTRY)
MATCHES = Counter(
    "hotline_matches", "What the matcher decided about a community that was named", ("decision",), registry=REGISTRY
)
EVERY = (WEBHOOKS, WEBHOOK_SECONDS, CALLS, CALLS_ENDED, MATCHES)


def webhook(endpoint: str, outcome: str, seconds: float) -> None:
    """One request of a carrier's has been answered."""
    WEBHOOKS.labels(endpoint, outcome).inc()
    WEBHOOK_SECONDS.labels(endpoint).observe(seconds)
