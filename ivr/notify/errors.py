"""Why a notice was not sent, and what that means for the next try."""

from typing import ClassVar


class NotSent(Exception):
    """The service did not take it. ``trouble`` names the reason to staff, the text is what the service said.

    ``wait_s``: not again before that. ``in_doubt``: it may have got there all the same.
    """

    trouble: ClassVar[str]
    in_doubt: bool = False

    def __init__(self, said: str = "", *, wait_s: float = 0.0) -> None:
        super().__init__(said)
        self.said = said
        self.wait_s = wait_s


class Unreachable(NotSent):
    """Nobody answers there: nothing was handed over."""

    trouble = "unreachable"


class Silent(NotSent):
    """It was handed over, and no answer came in time."""

    trouble = "silent"
    in_doubt = True


class Down(NotSent):
    """The service says that something is wrong with itself."""

    trouble = "down"
    in_doubt = True


class Busy(NotSent):
    """The service wants us to wait."""

    trouble = "busy"


class Rejected(NotSent):
    """The service does not want it like this: a wrong key, a robot that was removed. People must mend that."""

    trouble = "rejected"


class NotAllowed(Rejected):
    """The address leads to where we do not go: not https, or into a private network."""

    trouble = "address"


class Unknowable(NotSent):
    """It may have been sent, and there is no way to find out; sending again could say it twice."""

    trouble = "unknowable"
    in_doubt = True


class Broken(Rejected):
    """Our own mistake."""

    trouble = "broken"
    in_doubt = True
