"""What every answer tells the browser: nothing inline, nothing from elsewhere, nothing kept."""

from flask import Flask, request
from flask_talisman import Talisman
from werkzeug.wrappers import Response

from ivr.settings import Settings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's own symbols
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The browser phone plays back what it has just recorded.
PHONE_POLICY = POLICY | {"media-src": "'self' blob:"}
DOCS = ("openapi.openapi", "swagger.swagger")  # the API's description needs one inline script
NOTHING = "camera=(), geolocation=(), microphone={}, payment=(), usb=()"
STATIC = "/static/"
RECORDING = ("/desk/prompts/recording", "/desk/bulletins")  # where somebody speaks into the browser
CARRIERS = "voice"  # the blueprint whose answers are documents for carriers
A_DAY_S = 24 * 3600


class Secured(Talisman):  # type: ignore[misc]  # the library has no types
    """What Talisman tells browsers. No browser shows what a carrier is answered, and every caller waits for that."""

    def _set_response_headers(self, response: Response) -> Response:
        return response if request.blueprint == CARRIERS else super()._set_response_headers(response)


def register(app: Flask, settings: Settings) -> None:
    @app.after_request  # registered before Talisman's, so it runs after it
    def finish(response: Response) -> Response:
        if request.blueprint == CARRIERS:
            return response
        phone = request.path.startswith("/phone/")
        speaks = phone or request.path.startswith(RECORDING)
        response.headers["Permissions-Policy"] = NOTHING.format("(self)" if speaks else "()")
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if phone:
            response.headers["Content-Security-Policy"] = "; ".join(
                f"{name} {value}" for name, value in PHONE_POLICY.items()
            )
        if STATIC in request.path:
            response.headers["Cache-Control"] = f"public, max-age={A_DAY_S}"
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    for page in filter(None, map(app.view_functions.get, DOCS)):
        page.talisman_view_options = {"content_security_policy_nonce_in": ["script-src"]}  # type: ignore[attr-defined]  # Talisman looks there
    Secured(
        app,
        content_security_policy=POLICY,
        force_https=False,  # the proxy in front does that; callers' webhooks are never redirected
        frame_options="DENY",
        permissions_policy={},
        referrer_policy="no-referrer",
        session_cookie_secure=settings.is_public,
        session_cookie_samesite="Lax",
        strict_transport_security=settings.is_public,
        strict_transport_security_include_subdomains=False,
    )
