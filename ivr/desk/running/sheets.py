"""What is wrong with a list of communities, in the language of the page."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from routing.directory.faults import Problem

PROBLEMS = (
    _l("is neither UTF-8, UTF-16 nor GBK text; save it as “CSV UTF-8”"),
    _l("is not CSV: %(error)s"),
    _l("the file is larger than %(mb)s MB"),
    _l("the workbook has no sheet with rows"),
    _l("is not a sound Excel workbook; save it again, or as “CSV UTF-8”"),
    _l("column %(columns)s is missing from the header"),
    _l("column %(columns)s stands twice in the header"),
    _l("has %(cells)s cells where the header has %(wanted)s"),
    _l("the file has a header but no rows"),
    _l("is an old Excel workbook (.xls); save it as .xlsx or as “CSV UTF-8”"),
    _l("the file is not sound gzip: %(error)s"),
    _l(
        "%(field)s %(value)s is a number that a spreadsheet has rounded, its last digits are lost: "
        "format the column as text, enter the numbers again, save and import that file"
    ),
    _l("has more than %(most)s aliases"),
    _l("keypad %(value)s is not three digits from 100 to 999"),
    _l("%(field)s %(value)s is not a phone number such as 0574 5550 0100 or +8657455500100"),
    _l("%(field)s %(value)s lacks its area code"),
    _l("%(field)s %(value)s are not hours such as 08:00-12:00 13:00-18:00"),
    _l("%(field)s is empty"),
    _l("%(field)s is longer than %(most)s characters"),
    _l("%(field)s %(value)s contains a control character"),
    _l("%(field)s %(value)s looks like a spreadsheet formula"),
    _l("%(field)s %(value)s stands already in row %(row)s"),
)


def reason(problem: Problem) -> str:
    """The problem as a page tells it."""
    return str(gettext(problem.text) % problem.values)
