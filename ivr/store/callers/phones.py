"""Telephone numbers: each kept once."""

from collections.abc import Collection
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Select, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.insert import INSERTS
from ivr.store.models import Phone
from ivr.store.models.phone import columns_of
from ivr.store.models.sealed import keys_of

PHONES = cast(Table, Phone.__table__)


def keep(db: Session, e164: str) -> Phone:
    """The row of this number, made when it is new; two calls at once make one row."""
    ids(db, {e164})
    row: Phone = db.scalars(_rows(Phone, e164)).one()
    return row


def ids(db: Session, numbers: Collection[str]) -> dict[str, int]:
    """The ids of these numbers (E.164), which are probably new: those that are get a row."""
    return {e164: _id(db, e164) for e164 in sorted(numbers)}


def _id(db: Session, e164: str) -> int:
    dialect = db.get_bind().dialect
    row_id: int | None = None
    if keys_of(dialect).newest:  # perhaps in the clear, from before there were keys: its hash would be new
        row_id = db.scalar(_rows(Phone.id, e164))
    if row_id is None:
        row_id = db.scalar(_new(dialect.name), columns_of(e164))
    return row_id if row_id is not None else int(db.scalars(_rows(Phone.id, e164)).one())


def _rows(what: Any, e164: str) -> Select[Any]:
    return select(what).where(Phone.e164 == e164).order_by(Phone.id).limit(1)


@cache
def _new(dialect: str) -> Executable:
    new: Executable = INSERTS[dialect](PHONES).on_conflict_do_nothing().returning(PHONES.c.id)
    return new


def forget(db: Session, phone: Phone) -> None:
    """Erase this number, unless something else still refers to it."""
    try:
        with db.begin_nested():
            db.delete(phone)
    except IntegrityError:
        db.refresh(phone)
