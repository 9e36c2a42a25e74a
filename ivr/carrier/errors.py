"""Why the carrier did not give us what we asked for."""

from typing import ClassVar


class NotGiven(Exception):
    """``trouble`` names the reason to staff, the text to the operator."""

    trouble: ClassVar[str]


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
