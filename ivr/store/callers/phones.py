"""Telephone numbers: normalised once, kept once."""

import phonenumbers
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import Phone

# What carriers send for a caller who withholds the number: the words anonymous, restricted, blocked, unknown and
# unavailable spelt on a keypad. https://www.twilio.com/docs/voice/twiml
WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})

FEWEST_DIGITS = 8  # with the country code; a subscriber has six at the least


def normal(raw: str, region: str) -> str | None:
    """*raw* as E.164, or None when it is no telephone number (withheld, a SIP address, nonsense).

    ``region``: ISO country of numbers written without a country code.
    """
    if raw.removeprefix("+") in WITHHELD or ":" in raw or "@" in raw:
        return None
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dictated(raw: str, region: str) -> str | None:
    """The same for what a person typed: a number that is too short is a service's, or a slip of the finger."""
    number = normal(raw, region)
    return number if number and len(number) > FEWEST_DIGITS else None


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
