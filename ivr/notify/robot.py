"""What a group robot's answer means. Its own code says more than the status: some come with 200, some with 400."""

from collections.abc import Mapping

from ivr.notify.errors import Busy, Rejected
from ivr.notify.post import good, wait_s
from ivr.outbound.http import Answer


def accepted(answer: Answer, code: object, message: object, later: Mapping[int, float]) -> str:
    """What the robot said, when it took the message: its code is 0.

    ``later``: codes for "busy" and "too often", with the seconds in which it takes nothing, as its maker says; 0 when
    it doesn't. Raises ``Busy`` for these, ``Rejected`` for another code, and as ``good`` does.
    """
    said = f"{code} {message}"
    if isinstance(code, int) and code in later:
        raise Busy(said, wait_s=max(later[code], wait_s(answer)))
    good(answer)
    if code != 0:
        raise Rejected(said)
    return said
