"""The second factor: codes that count once and not for long, and codes for when the telephone is lost."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import RecoveryCode, Staff
from ivr.store.people import second_factor
from ivr.store.people.second_factor import WrongCode
from ivr.store.seal import Seal
from tests.builders import new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEAL = Seal("k" * 40)


def code(at: datetime = NOON) -> str:
    return pyotp.TOTP(SECRET).at(at)


@pytest.fixture
def person(writing: Session) -> Staff:
    return new_staff(writing)


@pytest.fixture
def codes(writing: Session, person: Staff) -> list[str]:
    """Of a person who has set it up a minute ago."""
    before = NOON - timedelta(minutes=1)
    return list(second_factor.take(writing, SEAL, person, SECRET, code(before), before))


def test_a_code_counts_once(writing: Session, person: Staff, codes: list[str]):
    """A85: whoever looks over a shoulder comes too late."""
    assert second_factor.check(writing, SEAL, person, code(), NOON) is False
    with pytest.raises(WrongCode):
        second_factor.check(writing, SEAL, person, code(), NOON)


@pytest.mark.parametrize(("off_s", "good"), [(-300, False), (-60, False), (-30, True), (30, True), (60, False)])
def test_a_telephones_clock_may_be_half_a_minute_off(writing: Session, person: Staff, codes, off_s: int, good: bool):
    """A85"""
    typed = code(NOON + timedelta(minutes=2, seconds=off_s))
    if good:
        second_factor.check(writing, SEAL, person, f" {typed[:3]} {typed[3:]} ", NOON + timedelta(minutes=2))
        return
    with pytest.raises(WrongCode):
        second_factor.check(writing, SEAL, person, typed, NOON + timedelta(minutes=2))


@pytest.mark.parametrize("typed", ["", "000000", "12345", "１２３４５６", "\ud800", "' OR 1=1"])
def test_what_is_no_code_is_refused(writing: Session, person: Staff, codes, typed: str):
    with pytest.raises(WrongCode):
        second_factor.check(writing, SEAL, person, typed, NOON)


def test_a_recovery_code_stands_for_the_telephone_once(writing: Session, person: Staff, codes: list[str]):
    """However it is written; another person's is none; new ones end the old ones."""
    assert 10 == len(set(codes)) == second_factor.codes_left(writing, person)
    assert second_factor.check(writing, SEAL, person, codes[0].upper().replace("-", " "), NOON) is True
    other = new_staff(writing, "li")
    for who, typed in ((person, codes[0]), (other, codes[1])):
        with pytest.raises(WrongCode):
            second_factor.check(writing, SEAL, who, typed, NOON)
    second_factor.renew_codes(writing, person)
    writing.flush()
    with pytest.raises(WrongCode):
        second_factor.check(writing, SEAL, person, codes[1], NOON)


def test_the_database_holds_neither_the_secret_nor_a_code(writing: Session, person: Staff, codes: list[str]):
    writing.flush()
    kept = str(writing.execute(select(Staff.factor_sealed)).all() + writing.execute(select(RecoveryCode.sha256)).all())

    assert SECRET not in kept
    assert not any(each in kept or each.replace("-", "") in kept for each in codes)


def test_without_its_key_the_recovery_codes_are_left(writing: Session, person: Staff, codes: list[str]):
    other = Seal("another" * 8)
    with pytest.raises(WrongCode):
        second_factor.check(writing, other, person, code(), NOON)
    assert second_factor.check(writing, other, person, codes[0], NOON)


def test_an_offer_is_for_one_person_and_a_quarter_of_an_hour(writing: Session, person: Staff):
    sealed = second_factor.offer(SEAL, person, NOON)
    secret = second_factor.offered(SEAL, person, sealed, NOON + second_factor.OFFER_LASTS)

    assert 32 == len(secret)
    assert secret not in sealed
    assert second_factor.offered(SEAL, person, sealed, NOON + second_factor.OFFER_LASTS + timedelta(seconds=1)) is None
    assert second_factor.offered(SEAL, new_staff(writing, "li"), sealed, NOON) is None
    assert second_factor.offered(SEAL, person, "nonsense", NOON) is None
