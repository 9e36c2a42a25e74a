"""A community's duty contact in a talk of a helper and a resident: who is on the line, and who belongs together."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Party(StrEnum):
    HELPER = "helper"
    RESIDENT = "resident"
    CONTACT = "contact"


class Contact(Enum):
    RUNG = auto()
    THERE = auto()  # 1 was pressed
    UNREACHED = auto()
    LEFT = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on the line, and whether the helper has brought the resident in (``joined``)."""

    helper: bool
    resident: bool
    contact: Contact
    joined: bool = False

    @property
    def room(self) -> frozenset[Party]:
        """Those who are to speak with each other now. While the contact is being rung that is nobody."""
        if self.contact is Contact.RUNG:
            return frozenset()
        there = self.contact is Contact.THERE
        waits = there and self.helper and not self.joined
        on = {Party.HELPER: self.helper, Party.CONTACT: there, Party.RESIDENT: self.resident and not waits}
        return frozenset(party for party, here in on.items() if here)
