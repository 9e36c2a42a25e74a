"""Why the carrier did not give us what we asked for."""

from typing import ClassVar


class NotGiven(Exception):
    """``trouble`` names the reason to staff, the text to the operator.

    ``in_doubt``: it may have been done all the same.
    """

    trouble: ClassVar[str]
    in_doubt = False


class NotReady(NotGiven):
    """The carrier does not have it, or not yet: a recording may appear a while after it was announced."""

    trouble = "not_ready"


class Refused(NotGiven):
    """The carrier does not accept our credentials."""

    trouble = "refused"


class Damaged(NotGiven):
    """The carrier has it, and it is no sound."""

    trouble = "damaged"


class Broken(NotGiven):
    """The carrier cannot be reached, or answered with something else."""

    trouble = "broken"


class Crowded(NotGiven):
    """The carrier wants to be asked later: nothing was done."""

    trouble = "crowded"


class Rejected(NotGiven):
    """The carrier does not do it for us, and will not the next time; ``code``: its error's number, if it has one."""

    trouble = "rejected"

    def __init__(self, text: str, code: int | None) -> None:
        super().__init__(text)
        self.code = code
