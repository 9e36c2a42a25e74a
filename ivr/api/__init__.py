"""What other systems see: tickets, calls and recordings as JSON, with a bearer token."""

from pathlib import Path

from ivr.api import calls, recordings, schemas, tickets
from ivr.api.blueprint import SECURITY, bad_request, bp, speak_json
from ivr.app import App

__all__ = ["bp", "calls", "recordings", "register", "tickets"]

DOCS = (Path(__file__).parent / "docs.html").read_text()


def register(app: App) -> None:
    """Give the application its API, the description of it and a page to read that on."""
    app.security_schemes = SECURITY
    app.validation_error_model = schemas.BadRequest
    app.validation_error_callback = bad_request
    app.config["OPENAPI_HTML_STRING"] = app.config["SWAGGER_HTML_STRING"] = DOCS
    app.register_api(bp)
    app.after_request(speak_json)
