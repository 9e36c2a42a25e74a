"""How does a leg go on that the carrier was told to lead elsewhere in mid-talk?"""

from typing import Self

from ivr.phone.acts import Parted
from ivr.phone.handset import Handset
from ivr.phone.verbs import Dial


class Moved(Handset):
    """The leg that was dialled by *phone*, from the document at *url* on.

    https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource
    """

    def __init__(self, phone: Handset, url: str) -> None:
        leg, dial = phone.other, phone.waiting
        if leg is None or not isinstance(dial, Dial):
            raise ValueError("nobody was put through to this phone")
        super().__init__(phone.line, leg.origin, leg.target, repeats=phone.repeats, holds=phone.holds)
        self.sid, self.parent, self.status = leg.sid, leg.parent, "in-progress"
        self.status_url = dial.numbers[0].status_url or self.status_url
        self._course = self.follow(url)

    @classmethod
    def out_of(cls, phone: Handset, url: str) -> Self:
        """Both ask: the dialled leg at *url*, and the one that had dialled it, whose <Dial> is over."""
        moved = cls(phone, url).dial()
        phone.do(Parted())
        return moved
