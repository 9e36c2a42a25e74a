"""The list of public holidays, as it comes with the library that is kept."""

from datetime import date, time

from routing import public_holidays
from routing.timetable import Special

WORKDAY = ((time(8), time(17)),)


def test_chinas_year_has_its_holidays_and_the_weekends_worked_for_them():
    """2026, as the State Council announced it in November 2025 (Guobanfa Mingdian 2025 No. 7)."""
    days = public_holidays.of_year("CN", 2026, "zh", WORKDAY, "上班")
    assert Special((), "国庆节") == days[date(2026, 10, 1)]
    assert Special((), "春节") == days[date(2026, 2, 17)]
    assert Special(WORKDAY, "上班") == days[date(2026, 10, 10)]
    assert {2026} == {day.year for day in days}


def test_holidays_are_named_in_the_readers_language_where_the_list_has_it():
    assert "New Year's Day" == public_holidays.of_year("CN", 2026, "en", WORKDAY, "worked")[date(2026, 1, 1)].name
    assert "Neujahr" == public_holidays.of_year("DE", 2026, "zh", WORKDAY, "上班")[date(2026, 1, 1)].name


def test_which_countries_the_list_has():
    assert public_holidays.known("CN")
    assert not public_holidays.known("XX")
