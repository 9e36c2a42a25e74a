"""The second factor: a code from the person's own telephone that changes every half minute, or a kept one.

RFC 6238, as every authenticator app has it. The secret is sealed where it is kept, recovery codes only as hashes.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ivr.store.models import RecoveryCode, Staff
from ivr.store.seal import Seal, Unreadable

STEP_S = 30
DRIFT = (0, -1, 1)  # a telephone's clock may be half a minute off
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits
OFFER_LASTS = timedelta(minutes=15)


class WrongCode(ValueError):
    """The code is not right, too old, or was used before."""


def offer(seal: Seal, person: Staff, now: datetime) -> str:
    """A new secret for them, sealed, to be handed to ``take`` with a code that proves they have it."""
    until = int((now + OFFER_LASTS).timestamp())
    return seal.close({"staff": str(person.id), "secret": pyotp.random_base32(), "until": str(until)})


def offered(seal: Seal, person: Staff, sealed: str, now: datetime) -> str | None:
    """The secret of an offer of ours to this person; None when it is another's, too old, or no offer."""
    try:
        values = seal.open(sealed)
    except Unreadable:
        return None
    fits = values.get("staff") == str(person.id) and int(values.get("until", 0)) >= now.timestamp()
    return values.get("secret") if fits else None


def address(secret: str, person: Staff, issuer: str) -> str:
    """What an authenticator app reads from the picture."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=person.name, issuer_name=issuer))


def take(db: Session, seal: Seal, person: Staff, secret: str, code: str, now: datetime) -> Sequence[str]:
    """From now on this secret is asked for; the recovery codes, which are shown once. Raises ``WrongCode``."""
    person.factor_step = _step(secret, code, 0, now)
    person.factor_sealed = seal.close({"secret": secret})
    return renew_codes(db, person)


def remove(db: Session, person: Staff) -> None:
    """From now on the password is enough."""
    person.factor_sealed, person.factor_step = None, 0
    db.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))


def renew_codes(db: Session, person: Staff) -> Sequence[str]:
    """New recovery codes; the old ones are worth nothing."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))
    codes = [_readable(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(sha256=_hash(code), staff_id=person.id) for code in codes)
    return codes


def codes_left(db: Session, person: Staff) -> int:
    count = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == person.id)
    return db.scalar(count) or 0


def check(db: Session, seal: Seal, person: Staff, code: str, now: datetime) -> bool:
    """Take a code, which is worth nothing from then on; whether it was a recovery code. Raises ``WrongCode``.

    *person* is locked by the caller, so that one code cannot be used twice at once. A secret that our key cannot open
    any more leaves the recovery codes.
    """
    kept = db.get(RecoveryCode, _hash(code))
    if kept and kept.staff_id == person.id:
        db.delete(kept)
        return True
    try:
        secret = seal.open(person.factor_sealed or "")["secret"]
    except Unreadable:
        raise WrongCode from None
    person.factor_step = _step(secret, code, person.factor_step, now)
    return False


def _step(secret: str, code: str, after: int, now: datetime) -> int:
    """The half minute whose code this is, later than *after*. Raises ``WrongCode``."""
    plain = "".join(code.split())
    this = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in (this + drift for drift in DRIFT):
        if step > after and compare_digest(totp.generate_otp(step).encode(), plain.encode(errors="replace")):
            return step
    raise WrongCode


def _readable(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))


def _hash(code: str) -> str:
    """As typed, with or without the strokes. A plain hash does: 80 random bits cannot be guessed."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()
