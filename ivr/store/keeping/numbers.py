"""Numbers sealed, whose rows are looked up by a hash of them."""

from typing import Any, cast

from sqlalchemy import Table, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from ivr.store.models import Base, CallerCard, LineChange, Phone
from ivr.store.models.phone import KEPT_BY, SEALED, TAIL_BY, TAIL_DIGITS
from ivr.store.models.sealed import opened, renewed
from ivr.store.sealing import Keyring, Unreadable

PHONES = cast(Table, Phone.__table__)


def renew(db: Session, keys: Keyring, row: dict[str, Any]) -> dict[str, Any] | None:
    """What the columns of this row (as they are kept) are to have from now on. Raises ``Unreadable``.

    While a key was lost its number may have got another row. Once that key is back this one is joined to it: None.
    """
    kept, dialect = row["number"] or row["e164"], db.get_bind().dialect
    e164 = opened(keys, SEALED.bound, kept)
    kept_by = KEPT_BY.process_bind_param(e164, dialect)
    if kept_by != row["e164"] and (other := db.scalar(select(Phone.id).where(Phone.kept_by == kept_by))):
        _join(db, row["id"], other)
        return None
    tail_by = TAIL_BY.process_bind_param(e164[-TAIL_DIGITS:], dialect)
    return {"number": renewed(keys, SEALED.bound, kept), "e164": kept_by, "tail_by": tail_by}


def _join(db: Session, row_id: int, other: int) -> None:
    """Have all that refers to this row refer to the *other*. Raises ``Unreadable`` where somebody must decide."""
    carded = exists().where(CallerCard.phone_id == row_id)
    if db.scalar(select(or_(carded, exists().where(LineChange.key == str(row_id))))):
        raise Unreadable(f"its number is also that of phones {other}, and here it has a card or a setting of its own")
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is PHONES.c.id for key in column.foreign_keys):
                db.execute(update(table).where(column == row_id).values({column.name: other}))
    db.execute(delete(PHONES).where(PHONES.c.id == row_id))
