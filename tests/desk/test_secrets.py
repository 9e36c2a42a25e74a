"""What somebody may not know of a person stands on no page, in no list, no print, no download and no answer of theirs.

The pages are not listed here: every role begins at its addresses and follows every link, so a new page is walked too.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from ivr.app import App
from ivr.store.models import CallerCard, HistoryLine, Phone, Recording, Staff
from ivr.store.people import tokens
from ivr.store.tickets import confidence
from tests.builders import new_call, new_recording, new_staff, new_ticket, new_turn
from tests.desk.conftest import HERE, THERE, Visitor
from tests.desk.shell.test_guard import desk_routes

LINK = re.compile(r'(?:href|action|src|data-url)="(/desk/[^"#]*)"')
MAX_WAYS = 6  # to ask for one page: filters, days, pages of a list
LAST_ID = 5  # two tickets of the desk's, three of the town's


class Resident(NamedTuple):
    """Somebody's secrets, each unlike any other text."""

    number: str
    name: str
    card: str
    family: str
    words: str
    note: str

    @property
    def person(self) -> tuple[str, ...]:
        """What only those know who may read the number: by the table, card and name with it."""
        return self.number, self.name, self.card, self.family

    @property
    def ticket(self) -> tuple[str, ...]:
        """What stands in the ticket itself."""
        return self.words, self.note


NEAR = Resident("13911112222", "欧阳秘甲", "红门后第三户甲", "13922223333", "我要买秘方甲", "备注秘密甲")
FAR = Resident("13944445555", "欧阳秘乙", "红门后第三户乙", "13955556666", "我要买秘方乙", "备注秘密乙")
KEPT = Resident(
    "13966667777", "欧阳秘丙", "红门后第三户丙", "13988889999", "我要买秘方丙", "备注秘密丙"
)  # confidential
LOST = "13977778888"  # rang and said nothing: no ticket
# By role, what no answer may hold. Volunteers without communities see every ticket, its people masked until they claim.
HIDDEN = {
    "volunteer": {*KEPT, *NEAR.person, *FAR.person, LOST},
    "officer": {*KEPT, *FAR.person, *FAR.ticket, LOST},
    "supervisor": {*KEPT},
    "admin": {*KEPT, *NEAR.person, *FAR.person, *NEAR.ticket, *FAR.ticket, LOST},
}


@pytest.fixture
def town(app: App, desk: object) -> None:
    """A resident here and one there, each with a card, a message, a note and a call; and a call without a word. Here
    lives one more, whose ticket is for one officer alone.
    """
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        supervisor = db.scalars(select(Staff).where(Staff.role == "supervisor")).one()
        for resident, code in ((NEAR, HERE), (FAR, THERE), (KEPT, HERE)):
            ticket = new_ticket(db, community=code, caller=f"+86{resident.number}")
            call = new_call(db, ticket=ticket, caller=f"+86{resident.number}")
            new_turn(db, call, heard={"kind": "speech", "text": resident.words})
            app.audio.put(new_recording(db, call).path, b"RIFF")
            family = Phone(e164=f"+86{resident.family}")
            db.add(family)
            db.flush()
            db.add(
                CallerCard(
                    phone_id=ticket.caller_id,
                    name=resident.name,
                    address=resident.card,
                    family_phone_id=family.id,
                    consent_at=now,
                    consent_by_id=supervisor.id,
                    updated_at=now,
                )
            )
            note = {"text": resident.note}
            db.add(HistoryLine(ticket_id=ticket.id, at=now, staff_id=supervisor.id, kind="note", detail=note))
        new_call(db, caller=f"+86{LOST}", outcome="hung_up")
        named = new_staff(db, "named", "officer", communities=[HERE])
        ticket.urgent = True
        confidence.keep(db, named, ticket.id, [], now)


def walk(app: App, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Every page that can be reached by a link, and every address with every id."""
    waiting = [
        path.replace("/1", f"/{n}")
        for _, method, path in desk_routes(app)
        if method == "GET"
        for n in range(1, LAST_ID + 1)
    ]
    seen: set[str] = set()
    ways: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        ways[path.split("?")[0]] += path not in seen
        if path in seen or ways[path.split("?")[0]] > MAX_WAYS or path.endswith(".js") or "/static/" in path:
            continue
        seen.add(path)
        answer = visitor.get(path)
        yield path, answer
        waiting += [unescape(link) for link in LINK.findall(answer.text if answer.mimetype == "text/html" else "")]


def told(answer: TestResponse) -> str:
    """All that an answer says, a workbook's cells too, without the spaces in numbers."""
    data = answer.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return re.sub(r"[\s\u00a0\u2009\u202f\-]|<[^>]{1,40}>", "", unescape(data.decode(errors="replace")))


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("role", HIDDEN)
def test_no_page_tells_a_role_what_it_may_not_know(app: App, visitor: Visitor, role: str):
    """A51, A87, A88, A109: nor does any address; the supervisor's walk proves that there is something to find."""
    visitor.log_in(role)
    found: set[str] = set()
    for path, answer in walk(app, visitor):
        text = told(answer)
        leaks = {secret for secret in HIDDEN[role] if secret in text}
        assert not leaks, (path, leaks)
        address = unquote(path + answer.headers.get("Location", ""))
        assert not [secret for secret in (*NEAR, *FAR, *KEPT, LOST) if secret in address], address
        found |= {secret for secret in (*NEAR, *FAR, LOST) if secret in text}
    if role == "supervisor":
        assert {*NEAR, *FAR, LOST} == found


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("role", ["volunteer", "officer", "supervisor"])
def test_no_search_tells_it(app: App, visitor: Visitor, role: str):
    """By what they do know: the beginning of a name or a number, the last digits, a word of a message."""
    visitor.log_in(role)
    for resident in (NEAR, FAR, KEPT):
        for text in ("欧阳", resident.name[:3], resident.number[:7], resident.number[-4:], "秘方", "备注", "红门"):
            visitor.post("/desk/search", text=text)
            for path in ("/desk/search", *(f"/desk/search?way={way}" for way in ("number", "phone", "name", "words"))):
                answer = told(visitor.get(path))
                assert not [secret for secret in HIDDEN[role] if secret in answer], (text, path)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", [KEPT.number, KEPT.words, *FAR.ticket, *FAR.person, NEAR.name, NEAR.number])
def test_what_may_not_be_known_finds_nothing(app: App, visitor: Visitor, text: str):
    """G3: else a search says that somebody with this name or number is there."""
    with app.sessions.begin() as db:
        new_staff(db, "far away", "officer", communities=["330206009001"])
    visitor.log_in("far away")
    visitor.post("/desk/search", text=text)
    assert "/desk/tickets/" not in visitor.get("/desk/search").text.replace("/desk/tickets/new", "")


@pytest.mark.usefixtures("town")
def test_who_is_named_on_a_confidential_ticket_reads_it(app: App, visitor: Visitor):
    """Else the walks above would prove nothing of it."""
    visitor.log_in("named")
    pages = [visitor.get(path) for path in ("/desk/", "/desk/tickets/5", "/desk/tickets/5/card", "/desk/paper/calls")]
    text = "".join(map(told, pages))
    assert not [secret for secret in KEPT if secret not in text]


@pytest.mark.usefixtures("town")
def test_a_ticket_by_hand_tells_nothing_of_its_number(app: App, visitor: Visitor):
    """G4: typed by somebody to whom that resident's tickets do not exist."""
    visitor.log_in("officer")
    form = {"number": FAR.number, "need": "medicine", "community": HERE, "note": "请回电", "urgent": ""}
    answers = [visitor.post("/desk/tickets/new", **form), visitor.get("/desk/tickets/new"), visitor.get("/desk/")]
    secrets = {*FAR.person, *FAR.ticket} - {FAR.number}  # they have just typed that one themselves
    for answer in answers:
        assert not [secret for secret in secrets if secret in told(answer)]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"communities": [HERE], "scopes": ["tickets", "calls", "recordings"]}, HIDDEN["officer"] | {*NEAR.person}),
        ({}, HIDDEN["supervisor"]),
    ],
    ids=["of one community, without numbers", "for everything"],
)
def test_no_answer_of_the_api_tells_it(app: App, given: dict[str, list[str]], hidden: set[str]):
    with app.sessions.begin() as db:
        token = tokens.add(db, "map", datetime.now(UTC), **given)
        kept = db.scalars(select(Recording).where(Recording.ticket_id == LAST_ID)).one().sid
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    assert 404 == client.get(f"/api/v1/recordings/{kept}").status_code
    for path in ("tickets", "tickets?after=0", "calls", "calls?after=0", "openapi.json"):
        answer = client.get(f"/api/v1/{path}")
        assert 200 == answer.status_code
        assert not [secret for secret in hidden if secret in told(answer)], path
