import pytest

from ivr.phone.handset import Handset
from tests.phone.hotline import Hotline


@pytest.fixture
def hotline() -> Hotline:
    return Hotline()


@pytest.fixture
def phone(hotline: Hotline) -> Handset:
    return Handset(hotline.line())
