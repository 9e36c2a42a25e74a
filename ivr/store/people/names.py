"""What staff are called: one name, however it is typed, and none that could be taken for another's."""

import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import Staff

MAX_NAME_CHARS = 64

# Letters of other scripts that look like ours, and the digits that do.
LOOKALIKES = str.maketrans("аеорсухіјѕһԁԛԝ" + "αονρυικτ" + "01", "aeopcyxijshdqw" + "aovpuikt" + "ol")


class BadName(ValueError):
    """This name cannot be given. The text says why; ``kind``: length, invisible, taken or alike, and whose."""

    def __init__(self, text: str, kind: str, other: str = "") -> None:
        super().__init__(text)
        self.kind, self.other = kind, other


def normal(name: str) -> str:
    """The form in which a name is stored and compared: however it was typed, it is the same person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def check_name(db: Session, name: str) -> None:
    """Raise ``BadName`` for a name that is empty, unprintable, or would be taken for somebody else's."""
    if not 0 < len(name) <= MAX_NAME_CHARS:
        raise BadName(f"a name has 1 to {MAX_NAME_CHARS} characters", "length")
    if not name.isprintable():
        raise BadName("a name cannot contain invisible characters", "invisible")
    for taken in db.scalars(select(Staff.name)):
        if taken.translate(LOOKALIKES) == name.translate(LOOKALIKES):
            if taken == name:
                raise BadName(f"{taken} is there already", "taken", taken)
            raise BadName(f"looks like {taken}, who is there already", "alike", taken)
