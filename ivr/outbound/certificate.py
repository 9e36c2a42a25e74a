"""How long is the certificate of an https address good?"""

import socket
import ssl
import time
from urllib.parse import urlsplit

DAY_S = 24 * 3600
# Let's Encrypt's are renewed 30 days before their end; one that has fewer left was not.
RENEWED_DAYS, LAST_DAYS = 21, 7


def days_left(url: str, *, within_s: float, context: ssl.SSLContext | None = None) -> int:
    """For how many whole days from now. *context*: whom we believe, by default the system's authorities.

    Raises ``ssl.SSLCertVerificationError`` for one that nobody believes, ``OSError`` when there is no telling.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    with (
        socket.create_connection((host, parts.port or 443), within_s) as plain,
        (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host) as connection,
    ):
        told = connection.getpeercert() or {}
    return int((ssl.cert_time_to_seconds(str(told["notAfter"])) - time.time()) // DAY_S)
