"""``GET /metrics``: for Prometheus and its like, on this machine or with a token; for nobody else it is not there."""

import hmac
import os

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.app import app
from ivr.metrics import counted
from ivr.metrics.looked_up import LookedUp
from ivr.settings import LOOPBACK

bp = Blueprint("metrics", __name__)

PASSED_ON = ("X-Forwarded-For", "Forwarded", "Via")  # a proxy on this machine speaks for somebody elsewhere


@bp.get("/metrics")
def show() -> Response:
    """All numbers of this hotline, in Prometheus' text format."""
    if not (_is_here() or _has_token()):
        abort(404)
    looked_up = CollectorRegistry()
    looked_up.register(LookedUp(app))
    text = generate_latest(_processes()) + generate_latest(looked_up)
    return Response(text, content_type=CONTENT_TYPE_PLAIN_1_0_0, headers={"Cache-Control": "no-store"})


def _processes() -> CollectorRegistry:
    """What was counted, by all processes of this gunicorn where it has several."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return counted.REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library has no types
    return together


def _is_here() -> bool:
    return request.remote_addr in LOOPBACK and not any(header in request.headers for header in PASSED_ON)


def _has_token() -> bool:
    wanted = app.settings.hotline_metrics_token.get_secret_value()
    given = request.authorization
    token = (given.token or "") if given and given.type == "bearer" else ""
    return bool(wanted) and hmac.compare_digest(token.encode(), wanted.encode())
