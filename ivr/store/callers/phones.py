"""Telephone numbers: each kept once."""

from collections.abc import Collection
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.insert import INSERTS, insert_new
from ivr.store.models import Phone

PHONES = cast(Table, Phone.__table__)


def keep(db: Session, e164: str) -> Phone:
    """The row of this number, made when it is new; two calls at once make one row."""
    insert_new(db, Phone, e164=e164)
    return db.scalars(select(Phone).where(Phone.e164 == e164)).one()


def ids(db: Session, numbers: Collection[str]) -> dict[str, int]:
    """The ids of these numbers (E.164), which are probably new: those that are get a row."""
    return {e164: _id(db, e164) for e164 in sorted(numbers)}


def _id(db: Session, e164: str) -> int:
    row_id = db.scalar(_new(db.get_bind().dialect.name), {"e164": e164})
    return row_id if row_id is not None else db.scalars(select(Phone.id).where(Phone.e164 == e164)).one()


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
