"""The studio: sentences found, rewritten as drafts, refused with the reason, published, put back."""

import pytest

from ivr.app import App
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from prompts import Packs
from tests.builders import new_staff
from tests.desk.conftest import Visitor

PATH = "/desk/prompts"
GREETING = {"sentence": "zh/greet", "version": "0", "draft_version": "0"}
OWN = "{hotline}，您好，请讲。"


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def said(app: App) -> tuple[Packs, Packs]:
    """What callers hear, and what the browser phone does."""
    with app.sessions.read() as db:
        now = app.line.at(hotline.settings(db).line_version)
    return now.packs, now.drafts


def test_every_sentence_of_a_language_stands_where_it_is_said(app: App, supervisor: Visitor):
    page = supervisor.get(f"{PATH}?language=zh").text
    assert all(f"sentence=zh/{key}" in page for key in app.packs["zh"].say)
    assert page.index("greet") < page.index("community.ask") < page.index("goodbye.end")


@pytest.mark.parametrize(("query", "found"), [("q=哪个社区", True), ("q=community.ask", True), ("q=糖果", False)])
def test_a_sentence_is_found_by_its_words_and_its_key(supervisor: Visitor, query: str, found: bool):
    assert found == ("sentence=zh/community.ask" in supervisor.get(f"{PATH}?language=zh&{query}").text)


def test_a_draft_is_heard_in_the_browser_phone_alone(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/sentence", does="draft", said=OWN, **GREETING)
    packs, drafts = said(app)
    assert (app.packs["zh"].say["greet"], OWN) == (packs["zh"].say["greet"], drafts["zh"].say["greet"])
    assert "draft" in supervisor.get(f"{PATH}?only=drafts").text


def test_a_draft_is_published_and_put_back(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/sentence", does="draft", said=OWN, **GREETING)
    supervisor.post(f"{PATH}/sentence", does="publish", said=OWN, **GREETING | {"draft_version": "1"})
    assert [OWN, OWN] == [packs["zh"].say["greet"] for packs in said(app)]
    page = supervisor.get(f"{PATH}/sentence?sentence=zh/greet").text
    assert "supervisor" in page
    assert "Discard the draft" not in page

    answer = supervisor.post("/desk/changes/2/back", version="2", next="/desk/prompts/sentence?sentence=zh/greet")
    assert answer.location == "/desk/prompts/sentence?sentence=zh/greet"
    assert [app.packs["zh"].say["greet"]] * 2 == [packs["zh"].say["greet"] for packs in said(app)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("您好。", "{hotline} is missing"),
        ("{hotline}<break/>", "would be read aloud"),
        ("{hotline}，请按7。", "Key 7 does nothing here."),
        ("{hotline}，hello。", "cannot say “hello”"),
        ("{hotline}" + "，请您慢慢说" * 20, "Too long"),
        ("", "Required."),
    ],
)
@pytest.mark.parametrize("does", ["draft", "publish"])
def test_what_is_wrong_is_refused_and_the_old_one_stays(
    app: App, supervisor: Visitor, does: str, typed: str, told: str
):
    answer = supervisor.post(f"{PATH}/sentence", does=does, said=typed, **GREETING)
    assert 422 == answer.status_code
    assert told in answer.text
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert (app.packs, app.packs) == said(app)


def test_the_second_of_two_editors_is_told(app: App, supervisor: Visitor):
    with app.sessions.begin() as db:
        other = new_staff(db, "李四", "supervisor")
        now = other.created_at
        changes.make(db, other, About(line.Sentence, "zh/greet"), line.Sentence("{hotline}，请讲。"), now)
    answer = supervisor.post(f"{PATH}/sentence", does="publish", said=OWN, **GREETING)
    assert 409 == answer.status_code
    assert "李四 changed this" in answer.text
    assert OWN in answer.text


def test_what_is_published_as_it_comes_is_nobodys_own(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/sentence", does="publish", said=OWN, **GREETING)
    supervisor.post(f"{PATH}/sentence", does="ships", said="", **GREETING | {"version": "1"})
    assert app.packs["zh"] is said(app)[0]["zh"]


@pytest.mark.parametrize("sentence", ["", "zh", "zh/none", "fr/greet"])
def test_a_sentence_that_is_none(supervisor: Visitor, sentence: str):
    assert 302 == supervisor.get(f"{PATH}/sentence?sentence={sentence}").status_code
    assert 404 == supervisor.post(f"{PATH}/sentence", **GREETING | {"sentence": sentence}, said="x").status_code
