"""The page of names: what callers seem to say, what speaks against it, and what was decided."""

import pytest
from sqlalchemy import event, select

from ivr.app import App
from ivr.store import hotline
from ivr.store.facts.audit import AliasAccepted
from ivr.store.models import Alias, AliasProposal, AuditLine
from tests.builders import new_call, new_proposal, new_ticket, new_turn
from tests.desk.conftest import HERE, THERE, Visitor

PATH = "/desk/aliases"


def propose(app: App, heard: str, community: str = HERE, text: str = "", times: int = 1) -> int:
    """A phrase that was heard in so many calls; the proposal's id."""
    with app.sessions.begin() as db:
        proposal = None
        for _ in range(times):
            call = new_call(db, ticket=new_ticket(db))
            turn = new_turn(db, call, "community", {"kind": "speech", "text": text or heard})
            proposal = proposal or new_proposal(db, turn, heard, community)
        return proposal.id


def aliases(app: App) -> list[tuple[str, str]]:
    with app.sessions.read() as db:
        return [(alias.community_code, alias.name) for alias in db.scalars(select(Alias))]


@pytest.fixture
def supervisor(app: App, visitor: Visitor) -> Visitor:
    with app.sessions.begin() as db:  # the fixtures' directory was put there without an import
        hotline.directory_changed(db)
    visitor.log_in("supervisor")
    return visitor


def test_a_proposal_tells_what_was_heard_and_for_whom(app: App, supervisor: Visitor):
    """The name alone in front, the caller's words behind, and how often."""
    propose(app, "老鹰山", text="我住老鹰山那边")
    page = supervisor.get(PATH).text

    for told in ("“老鹰山”", "银杏社区", "“我住老鹰山那边”", "heard in 1 call", 'value="老鹰山"'):
        assert told in page


def test_whom_it_could_be_confused_with_is_shown(app: App, supervisor: Visitor):
    """高唐 is nearly 高塘社区."""
    propose(app, "膏塘")

    assert "Could be confused with:" in supervisor.get(PATH).text


@pytest.mark.parametrize(
    ("heard", "doubt"),
    [
        ("高塘", "Another community sounds the same"),
        ("菜场门口", "Too general: every place has one"),
        ("山", "Too short"),
    ],
)
def test_what_must_not_be_taught_is_marked_and_refused(app: App, supervisor: Visitor, heard: str, doubt: str):
    """The warning stands there before anybody presses, and the press changes nothing."""
    proposal = propose(app, heard)
    assert doubt in supervisor.get(PATH).text

    answer = supervisor.post(f"{PATH}/{proposal}/accept", alias=heard, shown="proposed")
    assert 422 == answer.status_code
    assert 'aria-invalid="true"' in answer.text
    assert [] == aliases(app)


def test_an_accepted_name_is_taught_and_the_audit_says_by_whom(app: App, supervisor: Visitor):
    """Mended first: the supervisor knows what the place is really called."""
    proposal = propose(app, "老鹰山后面")

    assert PATH == supervisor.post(f"{PATH}/{proposal}/accept", alias="老鹰山", shown="proposed").location
    assert [(HERE, "老鹰山")] == aliases(app)
    with app.sessions.read() as db:
        line = db.scalars(select(AuditLine).where(AuditLine.kind == AliasAccepted.kind)).one()
        assert ("supervisor", AliasAccepted(proposal)) == (line.staff.name, line.deed)
    assert "accepted a community name" in supervisor.get("/desk/audit").text


def test_a_declined_proposal_leaves_the_list_and_can_be_accepted_after_all(app: App, supervisor: Visitor):
    proposal = propose(app, "老鹰山")
    supervisor.post(f"{PATH}/{proposal}/decline", shown="proposed")
    assert "Accept after all" in supervisor.get(PATH).text

    supervisor.post(f"{PATH}/{proposal}/accept", alias="老鹰山", shown="declined")
    assert [(HERE, "老鹰山")] == aliases(app)
    assert "Undo" in supervisor.get(PATH).text


def test_who_decides_on_an_old_page_is_shown_the_new_one(app: App, supervisor: Visitor):
    proposal = propose(app, "老鹰山")
    supervisor.post(f"{PATH}/{proposal}/accept", alias="老鹰山", shown="proposed")
    answer = supervisor.post(f"{PATH}/{proposal}/decline", shown="proposed")

    assert 409 == answer.status_code
    assert "Someone else has already decided this." in answer.text
    assert [(HERE, "老鹰山")] == aliases(app)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_a_form_without_its_fields_is_a_bad_request(app: App, supervisor: Visitor, verb: str):
    assert 400 == supervisor.post(f"{PATH}/{propose(app, '老鹰山')}/{verb}", state="accepted").status_code
    assert 404 == supervisor.post(f"{PATH}/999/{verb}", alias="老鹰山", shown="proposed").status_code


def test_an_admin_reads_figures_and_nobodys_words(app: App, visitor: Visitor):
    propose(app, "老鹰山")
    visitor.log_in("admin")
    page = visitor.get(PATH).text

    assert "How well communities are understood" in page
    assert "老鹰山" not in page


def test_the_page_asks_the_database_as_often_for_many_as_for_one(app: App, supervisor: Visitor):
    """Proposals of both kinds, heard in several calls each."""
    asked: list[str] = []
    event.listen(app.sessions.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def queries() -> int:
        asked.clear()
        supervisor.get(PATH)
        return len(asked)

    propose(app, "老鹰山")
    supervisor.get(PATH)  # builds the matcher
    few = queries()
    for n in range(10):
        propose(app, f"老鹰山{'一二三四五六七八九十'[n]}", (HERE, THERE)[n % 2], times=3)
    with app.sessions.begin() as db:
        for proposal in db.scalars(select(AliasProposal).limit(3)):
            proposal.state, proposal.decided_at = "declined", proposal.proposed_at
    assert few == queries()


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_was_heard_is_text(app: App, supervisor: Visitor, payload: str):
    """In the list, and in the field after a refusal."""
    proposal = propose(app, payload)
    refused = supervisor.post(f"{PATH}/{proposal}/accept", alias=payload, shown="proposed")

    for page in (supervisor.get(PATH), refused):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
