"""Handing a notice to a service over HTTP, and what its status means for the next try."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ivr.notify.errors import Busy, Down, NotAllowed, Rejected, Silent, Unreachable
from ivr.outbound import connect, http
from ivr.outbound.addresses import reach_of
from ivr.outbound.http import Answer, ask

JSON = {"Content-Type": "application/json; charset=utf-8"}


def post(url: str, body: bytes, headers: Mapping[str, str], *, local: bool) -> Answer:
    """Send *body* to an address that staff typed, and give back what came, whatever it says; see ``good``.

    ``local``: we are a demo on this machine. A redirect is not followed: what we send is a secret of this address.
    Raises ``NotAllowed``, ``Unreachable`` or ``Silent``.
    """
    reach = reach_of(url, local=local)
    if reach is None:
        raise NotAllowed
    with told():
        answer = ask("POST", url, reach=reach, body=body, headers=headers)
    if answer.cut == "short":
        raise Silent("the answer came only in part")
    return answer


@contextmanager
def told() -> Iterator[None]:
    """Say what went wrong on the way in the words of a notice that was not sent."""
    try:
        yield
    except connect.NotAllowed:
        raise NotAllowed from None
    except connect.Unreachable as error:
        raise Unreachable(str(error)) from None
    except http.Silent as error:
        raise Silent(str(error)) from None


def good(answer: Answer) -> Answer:
    """The answer, when its status is one of success. Raises ``Busy``, ``Down`` or ``Rejected``."""
    match answer.status:
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(f"HTTP {answer.status}", wait_s=wait_s(answer))
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Down(f"HTTP {status}", wait_s=wait_s(answer))
        case status if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Rejected(f"HTTP {status} {answer.text[:100]}")
    return answer


def wait_s(answer: Answer) -> float:
    """``Retry-After`` in seconds: it is a number of them, or a date."""
    retry_after = answer.headers.get("retry-after", "")
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else 0.0
