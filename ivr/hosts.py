"""Under which names we answer, and from which address a request comes."""

from flask import abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ivr.app import App
from ivr.app import app as current
from ivr.store.access import audit
from ivr.store.access.audit import Client

# A carrier's request is judged by its signature over PUBLIC_BASE_URL, whatever Host it comes with; a load balancer
# asks for our health under whichever name it likes.
ANY_HOST = ("/voice/", "/healthz", "/readyz", "/metrics")


def register(app: App) -> None:
    """Refuse pages under a stranger's name; take the client's address from our own proxies alone."""
    app.before_request(note_client)
    app.before_request(refuse_other_hosts)
    behind = ProxyFix(app.wsgi_app, x_for=app.settings.hotline_proxies, x_proto=0, x_host=0)
    app.wsgi_app = behind  # type: ignore[method-assign]  # as Flask's documentation has it


def note_client() -> None:
    """What the audit keeps of this request says where it came from."""
    audit.CLIENT.set(Client(request.remote_addr or ""))


def refuse_other_hosts() -> None:
    """400: what such a page says could lead elsewhere."""
    if request.path.startswith(ANY_HOST):
        return
    name = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    if name.strip("[]").lower() not in current.settings.hosts:
        abort(400)
