"""The public holidays of a country, with the days of rest and of work that it moves around them."""

from datetime import date

import holidays
from holidays.registry import COUNTRIES

from routing.hours import Day
from routing.timetable import Special

CODES = frozenset(codes[1] for codes in COUNTRIES.values())
LANGUAGES = {"zh": "zh_CN", "en": "en_US"}


def known(region: str) -> bool:
    """Whether the list has that country, by its two letters."""
    return region in CODES


def of_year(region: str, year: int, language: str, workday: Day, working: str) -> dict[date, Special]:
    """The days of *year* that differ from an ordinary week: closed on holidays, as long as on *workday* on weekends
    that are worked instead, which are called *working*. Names in *language* where the list has it.

    A country that announces each year's exchange of days late in the year before has only the holidays until then.
    """
    listed = holidays.country_holidays(region, years=year, language=_spoken(region, language))
    days = {day: Special((), name) for day, name in sorted(listed.items())}
    worked = (day for day in getattr(listed, "weekend_workdays", ()) if day.year == year)
    return days | {day: Special(workday, working) for day in worked}


def _spoken(region: str, language: str) -> str | None:
    """The list's name of that language, or of the country's own. Left out, it would be the environment's."""
    listed, wanted = holidays.country_holidays(region), LANGUAGES.get(language, language)
    return wanted if wanted in listed.supported_languages else listed.default_language
