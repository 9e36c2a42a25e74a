"""Calls that go on are led elsewhere: done twice, it is the same.

https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource
"""

from http import HTTPStatus
from urllib.parse import quote

from ivr.carrier.account import Carrier, unreached
from ivr.carrier.errors import Rejected
from ivr.carrier.placing import RETRY, failure
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import Silent

NOT_IN_PROGRESS = 21220  # https://www.twilio.com/docs/api/errors/21220


def move(carrier: Carrier, sid: str, url: str) -> bool:
    """Have the call go on with what *url* says; False: it is over. Raises ``NotGiven``."""
    try:
        answer = carrier.post(f"Calls/{quote(sid, safe='')}.json", {"Url": url + RETRY})
    except (NotAllowed, Unreachable, Silent) as error:
        raise unreached(error) from None
    if answer.status == HTTPStatus.OK:
        return True
    if answer.status == HTTPStatus.NOT_FOUND:
        return False
    trouble = failure(answer)
    if isinstance(trouble, Rejected) and trouble.code == NOT_IN_PROGRESS:
        return False
    raise trouble
