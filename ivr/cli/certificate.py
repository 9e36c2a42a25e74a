"""How long is the certificate of our public address good?"""

import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from ivr.cli.findings import Finding, bad, note, ok

WITHIN_S = 5
DAY_S = 24 * 3600
# Let's Encrypt's are renewed 30 days before their end; one that has fewer left was not.
RENEWED_DAYS, LAST_DAYS = 21, 7


def check(url: str, context: ssl.SSLContext | None = None) -> Iterator[Finding]:
    """Nothing for http. *context*: whom we believe, by default the system's authorities."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), WITHIN_S) as plain,
            (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host) as connection,
        ):
            told = connection.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield bad(f"certificate: {host} shows one that nobody believes ({error.verify_message}); renew it")
        return
    except OSError as error:
        yield note(f"certificate: not tried, {host} cannot be reached from here ({type(error).__name__})")
        return
    days = int((ssl.cert_time_to_seconds(str(told["notAfter"])) - time.time()) // DAY_S)
    said = ok if days >= RENEWED_DAYS else note if days >= LAST_DAYS else bad
    yield said(f"certificate: {host}'s is good for {days} days" + ("" if said is ok else "; it was not renewed"))
