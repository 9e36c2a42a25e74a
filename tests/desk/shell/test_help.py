"""Help at the desk: for everybody who is logged in, and true to the pages it speaks of."""

import re
from html import unescape

import pytest
from sqlalchemy import update

from ivr.app import App
from ivr.store.models import ROLES, Staff
from routing import dial
from tests.builders import new_staff
from tests.desk.conftest import Visitor
from tests.desk.test_translations import catalog

HELP = "/desk/help"
QUOTED = re.compile(r"“([^”]+)”")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_leads_everybody_to_the_help(visitor: Visitor, role: str):
    visitor.log_in(role)

    assert f'href="{HELP}"' in visitor.get("/desk/audit").text
    assert 200 == visitor.get(HELP).status_code


def test_strangers_log_in_first(visitor: Visitor):
    assert visitor.get(HELP).location.startswith("/desk/login")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_emergency_numbers_are_those_that_callers_are_told(app: App, visitor: Visitor, language: str):
    visitor.log_in("volunteer")
    visitor.post("/desk/language", language=language, next=HELP)

    numbers = re.findall(r'href="tel:(\d+)"', visitor.get(HELP).text)
    told = dial.numbers(app.settings.hotline_region)
    assert ["120", "119", "110"] == numbers == list(dict.fromkeys(told.values()))


def test_supervisors_are_named(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        new_staff(db, "李四", "supervisor")
    visitor.log_in("volunteer")

    assert ["supervisor", "李四"] == re.findall(r"<li><bdi>(.*?)</bdi>", visitor.get(HELP).text)


def test_without_a_supervisor_there_is_still_somebody_to_ask(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        db.execute(update(Staff).where(Staff.role == "supervisor").values(role="officer"))
    visitor.log_in("volunteer")

    assert "Whoever gave you your name and password." in visitor.get(HELP).text


def test_a_message_leads_to_what_to_do_when_nobody_understands_it(desk, visitor: Visitor):
    visitor.log_in("officer")

    assert f'href="{HELP}#understand"' in visitor.get(f"/desk/tickets/{desk.here}").text
    assert 'id="understand"' in visitor.get(HELP).text


def test_what_cannot_be_played_has_no_such_link(desk, visitor: Visitor):
    visitor.log_in("volunteer")

    assert f"{HELP}#" not in visitor.get(f"/desk/tickets/{desk.here}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_that_is_named_is_there(visitor: Visitor, language: str):
    """What stands in quotation marks is a text of the desk, letter for letter; what people say is a sentence."""
    visitor.log_in("volunteer")
    visitor.post("/desk/language", language=language, next=HELP)
    named = {text for text in QUOTED.findall(unescape(visitor.get(HELP).text)) if text[-1] not in ".?。？"}
    known = {message.string if language == "zh" else message.id for message in catalog()}
    known |= {text[:1].upper() + text[1:] for text in known if isinstance(text, str)}

    assert 8 <= len(named)
    assert set() == named - known
