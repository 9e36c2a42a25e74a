"""How long is the certificate of our public address good?"""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from ivr.cli.findings import Finding, bad, note, ok
from ivr.outbound.certificate import LAST_DAYS, RENEWED_DAYS, days_left

WITHIN_S = 5


def check(url: str, context: ssl.SSLContext | None = None) -> Iterator[Finding]:
    """Nothing for http. *context*: whom we believe, by default the system's authorities."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return
    host = parts.hostname
    try:
        days = days_left(url, within_s=WITHIN_S, context=context)
    except ssl.SSLCertVerificationError as error:
        yield bad(f"certificate: {host} shows one that nobody believes ({error.verify_message}); renew it")
        return
    except OSError as error:
        yield note(f"certificate: not tried, {host} cannot be reached from here ({type(error).__name__})")
        return
    said = ok if days >= RENEWED_DAYS else note if days >= LAST_DAYS else bad
    yield said(f"certificate: {host}'s is good for {days} days" + ("" if said is ok else "; it was not renewed"))
