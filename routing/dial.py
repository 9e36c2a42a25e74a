"""Which number is dialled for which emergency, in the country where the hotline stands?"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

OTHERS = "others"
TABLE: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("emergency_numbers.toml").read_text("utf-8")
)


def numbers(region: str) -> Mapping[str, str]:
    """The number for each kind of emergency in a *region* (ISO 3166, two letters)."""
    return TABLE.get(region, TABLE[OTHERS])
