"""Searching: every way a ticket can be meant, within what the reader may see, whatever is typed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.store.inbox import search
from ivr.store.models import CallerCard, Staff
from ivr.store.models.ticket import NUMBERS
from ivr.store.tickets import work
from routing.phone_numbers import Home
from tests.builders import new_community, new_phone, new_staff, new_ticket

HERE, THERE = "330206001001", "330206001002"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
HOME = Home("CN")
OTHER = "+8613900020001"  # the same last four digits as the usual caller's


def ways(db: Session, staff: Staff, text: str, **more) -> dict[str, list[int]]:
    return {each.way: [hit.ticket_id for hit in each.hits] for each in search.search(db, staff, text, HOME, **more)}


def test_a_ticket_is_found_in_every_way_it_can_be_meant(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    new_community(writing, HERE, aliases=["老街"])
    ticket = new_ticket(writing, claimed_by=supervisor)
    writing.add(CallerCard(phone_id=ticket.caller_id, name="王奶奶", updated_at=NOON, consent_at=NOON))
    work.note(writing, supervisor, ticket.id, "轮椅借给她了", NOON)
    found = [ticket.id]

    assert {"number": found} == ways(writing, supervisor, "1001")
    assert {"number": found} == ways(writing, supervisor, " 10-01 ")
    for typed in ("0001", "00 0001", "13800000001", "138-0000-0001", "+86 138 0000 0001", "008613800000001"):
        assert found == ways(writing, supervisor, typed)["phone"], typed
    for typed in ("银杏", "银杏社区", "银杏社区 · 新碶街道", "老街"):
        assert {"community": found} == ways(writing, supervisor, typed)
    assert {"name": found} == ways(writing, supervisor, "王奶奶")
    assert {"words": found} == ways(writing, supervisor, "轮椅")
    assert "轮椅借给她了" == search.search(writing, supervisor, "轮椅", HOME)[0].hits[0].words
    for typed in ("1002", "0002", "001", "13800000002", "李", "拐杖"):
        assert {} == ways(writing, supervisor, typed), typed


def test_a_ticket_number_that_was_given_twice_finds_both(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    first = new_ticket(writing, id=1)
    second = new_ticket(writing, id=1 + NUMBERS)

    assert first.number == second.number
    assert [second.id, first.id] == ways(writing, supervisor, first.number)["number"]


def test_a_masked_number_is_compared_by_the_digits_that_are_shown(writing: Session):
    """A volunteer who tries whole numbers learns nothing of a caller whose ticket is not theirs."""
    volunteer, supervisor = new_staff(writing), new_staff(writing, "李四", "supervisor")
    theirs = new_ticket(writing)
    mine = new_ticket(writing, caller=OTHER, claimed_by=volunteer)

    assert [mine.id, theirs.id] == ways(writing, volunteer, "0001")["phone"]
    for right_or_wrong in ("13800000001", "13811110001"):
        assert [theirs.id] == ways(writing, volunteer, right_or_wrong)["phone"]
    assert [mine.id, theirs.id] == ways(writing, volunteer, "13900020001")["phone"]
    assert [mine.id] == ways(writing, supervisor, "13900020001")["phone"]


def test_nothing_is_found_beyond_the_readers_communities(writing: Session):
    officer = new_staff(writing, role="officer", communities=[HERE])
    supervisor = new_staff(writing, "李四", "supervisor")
    new_community(writing, THERE, "高塘社区")
    there = new_ticket(writing, community=THERE, claimed_by=supervisor)
    writing.add(CallerCard(phone_id=there.caller_id, name="王奶奶", updated_at=NOON, consent_at=NOON))
    work.note(writing, supervisor, there.id, "轮椅", NOON)

    for typed in (there.number, "0001", "高塘", "王奶奶", "轮椅"):
        assert {} == ways(writing, officer, typed), typed
        assert [[there.id]] == list(ways(writing, supervisor, typed).values()), typed


def test_what_was_merged_into_another_ticket_is_not_found(writing: Session):
    supervisor = new_staff(writing, role="supervisor")
    kept = new_ticket(writing)
    new_ticket(writing, merged_into_id=kept.id, status="closed")

    assert [kept.id] == ways(writing, supervisor, "0001")["phone"]
    assert {} == ways(writing, supervisor, "1002")


def test_a_volunteer_finds_no_name_that_is_masked_for_them(writing: Session):
    """G3: until they claim it, a search for the name must not tell whose ticket it is; in no spelling."""
    volunteer, officer = new_staff(writing), new_staff(writing, "officer", "officer", communities=[HERE])
    ticket = new_ticket(writing, community=HERE)
    writing.add(CallerCard(phone_id=ticket.caller_id, name="王奶奶", updated_at=NOON, consent_at=NOON))
    for typed in ("王", "王奶奶", "wang", "wnn"):
        assert "name" not in ways(writing, volunteer, typed), typed
        assert not search.search(writing, volunteer, typed, HOME, "name")[0].hits
        assert [ticket.id] == ways(writing, officer, typed)["name"], typed

    work.claim(writing, volunteer, ticket.id, NOON)
    assert [ticket.id] == ways(writing, volunteer, "王")["name"]


@pytest.mark.parametrize(
    ("way", "typed"), [("phone", "0001"), ("community", "银杏"), ("name", "王"), ("words", "轮椅")]
)
def test_long_lists_go_on_page_by_page(writing: Session, monkeypatch: pytest.MonkeyPatch, way: str, typed: str):
    """Newest first, each once, to the end; the first look shows a few."""
    monkeypatch.setattr(search, "PAGE_TICKETS", 2)
    monkeypatch.setattr(search, "FEW_TICKETS", 1)
    supervisor = new_staff(writing, role="supervisor")
    writing.add(CallerCard(phone_id=new_phone(writing).id, name="王奶奶", updated_at=NOON, consent_at=NOON))
    found = [new_ticket(writing, claimed_by=supervisor).id for _ in range(5)]
    for each in found:
        work.note(writing, supervisor, each, "轮椅", NOON)

    assert found[-1:] == ways(writing, supervisor, typed)[way]
    pages, before = [], None
    while not pages or before:
        (page,) = search.search(writing, supervisor, typed, HOME, way, before)
        pages.append([hit.ticket_id for hit in page.hits])
        before = page.more
    assert [found[:2:-1], found[2:0:-1], found[:1]] == pages


def test_a_search_looks_at_so_many_lines_and_says_where_it_stopped(writing: Session, monkeypatch: pytest.MonkeyPatch):
    """Words that others wrote more often hide nothing: the list goes on behind them."""
    monkeypatch.setattr(search, "PAGE_TICKETS", 3)
    monkeypatch.setattr(search, "LINES_PER_TICKET", 1)
    officer = new_staff(writing, role="officer", communities=[HERE])
    supervisor = new_staff(writing, "李四", "supervisor")
    here, there = new_ticket(writing, claimed_by=officer), new_ticket(writing, community=THERE, claimed_by=supervisor)
    work.note(writing, supervisor, here.id, "轮椅", NOON)
    for _ in range(4):
        work.note(writing, supervisor, there.id, "轮椅", NOON)

    (nothing,) = search.search(writing, officer, "轮椅", HOME, "words")
    assert ((), True) == (nothing.hits, nothing.more is not None)
    (page,) = search.search(writing, officer, "轮椅", HOME, "words", nothing.more)
    assert ([here.id], None) == ([hit.ticket_id for hit in page.hits], page.more)


@pytest.mark.parametrize(
    "typed",
    [
        *("１００１", "#1001", "＃1001", "1001号", "1001 號", "No. 1001", "工单1001", "工单号：1001", "第1001号"),
        "10–01",
        *("1—00－1", "\u202a1001\u202c", "\u200b1\u200e001", "一〇〇一", "١٠٠١", "1001。", "ticket 1001"),
    ],
)  # fmt: skip
def test_a_ticket_number_is_found_however_it_is_written(writing: Session, typed: str):
    """O2"""
    ticket = new_ticket(writing)
    assert "1001" == ticket.number
    assert [ticket.id] == ways(writing, new_staff(writing, role="supervisor"), typed).get("number")


@pytest.mark.parametrize(
    "typed",
    [
        *("１３８００００００01", "\u202a138 0000 0001\u202c", "\u2066+86 138-0000-0001\u2069", "138–0000–0001"),
        *("+86\u00a0138\u20110000\u20110001", "电话：13800000001", "手机138 0000 0001", "tel. 13800000001"),
        *("138/0000/0001", "尾号0001", "０００1", "138−0000−0001", "8613800000001", "（＋８６）13800000001"),
    ],
)  # fmt: skip
def test_a_phone_number_is_found_however_it_was_pasted(writing: Session, typed: str):
    """O2: full width, every kind of dash, marks of direction that stand around a number which was pasted."""
    ticket = new_ticket(writing)
    assert [ticket.id] == ways(writing, new_staff(writing, role="supervisor"), typed).get("phone")


@pytest.mark.parametrize(
    "typed",
    [
        *("新碶街道", "新碶", "銀杏社區", "銀 杏", "银杏\u200b社区", "ＹＩＮＸＩＮＧ", "yinxing", "yin xing"),
        *("Yínxìng", "yinxingshequ", "yinxing shequ", "yxsq", "yinx", "xinqi", "xinqi jiedao"),
        *("xinqi yinxing", "银杏 xinqi", "laojie"),
    ],
)  # fmt: skip
def test_a_community_is_found_by_its_street_and_in_pinyin(writing: Session, typed: str):
    """O2: names, other names and streets, in characters of either kind, with tones or without, or by first letters."""
    new_community(writing, HERE, aliases=["老街"])
    new_community(writing, THERE, "高塘社区", "小港街道")
    new_ticket(writing, community=THERE)
    ticket = new_ticket(writing)
    assert [ticket.id] == ways(writing, new_staff(writing, role="supervisor"), typed).get("community")


def test_a_street_brings_the_tickets_of_all_its_communities(writing: Session):
    """O2: more of them than are ever suggested."""
    supervisor = new_staff(writing, role="supervisor")
    tickets = []
    for n in range(20):
        code = new_community(writing, f"3302060010{n:02}", f"第{n}社区").code
        tickets.append(new_ticket(writing, community=code).id)
    (found,) = search.search(writing, supervisor, "新碶街道", HOME, "community")
    assert tickets[::-1] == [hit.ticket_id for hit in found.hits]


@pytest.mark.parametrize("typed", ["wangnainai", "Wáng nǎinai", "wnn", "wang", "王奶奶", "吕", "lv", "lü", "lu", "lǚ"])
def test_a_callers_name_is_found_in_pinyin(writing: Session, typed: str):
    """O2"""
    tickets = []
    for name, number in (("王奶奶", "+8613800000001"), ("吕阿姨", "+8613800000002")):
        tickets.append(new_ticket(writing, caller=number))
        writing.add(CallerCard(phone_id=tickets[-1].caller_id, name=name, updated_at=NOON, consent_at=NOON))
    writing.flush()
    found = ways(writing, new_staff(writing, role="supervisor"), typed)["name"]
    assert [tickets[0].id if typed[0] in "王wW" else tickets[1].id] == found


@pytest.mark.parametrize("typed", ["轮椅", "輪椅"])
def test_words_are_found_in_either_kind_of_characters(writing: Session, typed: str):
    """O2: written in traditional ones, too."""
    supervisor = new_staff(writing, role="supervisor")
    tickets = [new_ticket(writing, claimed_by=supervisor) for _ in range(2)]
    for ticket, words in zip(tickets, ("轮椅", "輪椅"), strict=True):
        work.note(writing, supervisor, ticket.id, words, NOON)
    assert [tickets[1].id, tickets[0].id] == ways(writing, supervisor, typed)["words"]


NONSENSE = (
    *("", " ", "%", "_", "%%%%", "*", '"', "'", "''", "\\", "\0", "a\0b", "NEAR(a b)", "a AND", "OR", "^", "tokens:a"),
    *(
        "'; DROP TABLE tickets; --",
        "<script>",
        "🚑🚑",
        "\ud800",
        "١٢٣٤",
        "１２３４",
        "²²²²",
        "0" * 65_000,
        "药" * 65_000,
    ),
    *("a " * 30_000, "-1", "1e9", "99999999999999999999", "+", "++86", "\u202e1234", ":*", "a:*", "!a", "&|!<->"),
)


@pytest.mark.parametrize("text", NONSENSE)
def test_any_text_is_answered(writing: Session, text: str):
    new_ticket(writing)

    assert {} == ways(writing, new_staff(writing, role="supervisor"), text)
