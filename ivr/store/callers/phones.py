"""Telephone numbers: each kept once."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import Phone


def keep(db: Session, e164: str) -> Phone:
    """The row of this number, made when it is new; two calls at once make one row."""
    insert_new(db, Phone, e164=e164)
    return db.scalars(select(Phone).where(Phone.e164 == e164)).one()


def forget(db: Session, phone: Phone) -> None:
    """Erase this number, unless something else still refers to it."""
    try:
        with db.begin_nested():
            db.delete(phone)
    except IntegrityError:
        db.refresh(phone)
