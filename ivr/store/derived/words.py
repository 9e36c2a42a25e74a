"""The index of words: what staff wrote in histories, and callers' names. Both databases get the same tokens.

The databases cut text in their own ways, and neither cuts Chinese, so we do: words as they are, Chinese as overlapping
pairs of characters. A history line never changes, so it is indexed once, by its id; to which ticket it belongs is asked
when somebody searches. Calls write no words, so they pay nothing.

With keys, what is sealed where it stands must not lie open here: the index has keyed hashes for the tokens, and for
every beginning that may be searched for. What was indexed before there were keys is hashed by the sweeps, bit by bit.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    column,
    event,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
    union,
    update,
)
from sqlalchemy.orm import Session

from ivr.store.facts.history import Entry
from ivr.store.models import CallerCard, HistoryLine, IndexedUpTo, blind
from ivr.store.models.blind import Hashes
from ivr.store.models.sealed import Locked
from routing.speech import romanised
from routing.speech.normalise import normal

LINES, CARDS = "history_words", "card_words"  # keyed by the history line's id, and by the card's phone
HASHED = {LINES: 3, CARDS: 1}  # with keys; how short a beginning may be, of what is not written together
HASH_CHARS = 16  # hexadecimal: 64 bits, of which one in a million lines is no other's
HASHED_SO = ""  # the text whose hash is in every entry of hashes, and tells it from one of tokens

WRITTEN_TOGETHER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{WRITTEN_TOGETHER}]+|[^\W_{WRITTEN_TOGETHER}]+")
TOGETHER = re.compile(rf"[{WRITTEN_TOGETHER}]")
MAX_TOKEN_CHARS = 32
MAX_ASKED = 16  # tokens of a search; the rest of a longer one is left out
MIN_BEGINNING_CHARS = 3  # from here on the last word may still be going on

SETTLED = timedelta(minutes=10)  # no transaction takes longer, so no line of a lower id is still to come
BATCH_LINES = 500
MERGED_PAGES = 500  # of 4 KiB, in one transaction
LINES_DONE, CARDS_DONE = 1, 2  # which row says how far a sweep has come
LATEST_KEYS = 50_000  # lines with words are about a quarter of these: a word of one line in fifty is found among them


def tokens(words: str) -> list[str]:
    """What *words* are found by. Every character of Chinese begins one token: 降压药 is 降压, 压药 and 药."""
    runs = dict.fromkeys((*_runs(words), *_runs(normal(words))))  # as it is written, and in its one spelling
    found = [token for run in runs for token in ([*_pairs(run), run[-1]] if TOGETHER.match(run) else [run])]
    return list(dict.fromkeys(token[:MAX_TOKEN_CHARS] for token in found))


def asked(words: str, *, beginnings: bool = False) -> list[tuple[str, bool]]:
    """What somebody searches for: tokens that must all be there, and whether each may be but the beginning of one.

    The last word may, if it is not too short; with *beginnings* every word may.
    """
    runs, found = _runs(words), []
    for n, run in enumerate(runs):
        if not TOGETHER.match(run):
            going_on = n == len(runs) - 1 and len(run) >= MIN_BEGINNING_CHARS
            found.append((run[:MAX_TOKEN_CHARS], going_on or (beginnings and not run.isdigit())))
        elif len(run) == 1:
            found.append((run, True))
        else:
            found += [(pair, False) for pair in _pairs(run)]
    return list(dict.fromkeys(found))[:MAX_ASKED]


def matching(
    db: Session, index: str, words: str, before: int | None = None, limit: int = -1, *, beginnings: bool = False
) -> Select[Any] | None:
    """The keys (``id``) in *index* of what contains these words, the highest first; None when they are no words."""
    wanted = asked(words, beginnings=beginnings)
    if not wanted:
        return None
    key, condition = _match(db, index, wanted)
    query = select(key.label("id")).select_from(table(index)).where(condition)
    if before is not None:
        query = query.where(key < before)
    if limit < 0:
        return query.order_by(key.desc())
    if _sqlite(db):
        return query.order_by(key.desc()).limit(limit)  # FTS5 reads from the highest key down
    return _newest(query, index, condition, before, limit)


def _newest(
    query: Select[Any], index: str, condition: ColumnElement[bool], before: int | None, limit: int
) -> Select[Any]:
    """For PostgreSQL, which has no index by words and key: among the latest, and among all if those are too few.

    Asked for the newest matches it guesses how many there are, and guesses wrong: in a million lines it read every key
    to find none of a number, and sorted all that have a common word, 100 to 250 ms (``tests/bench/desk.py``).
    """
    entries = table(index, column("id"), column("tokens"))
    top = select(func.max(entries.c.id))
    latest = select(entries).order_by(entries.c.id.desc())
    if before is not None:
        top, latest = top.where(entries.c.id < before), latest.where(entries.c.id < before)
    # OFFSET 0: the words are looked for among these alone, not in the index of all words
    few = latest.where(entries.c.id > top.scalar_subquery() - LATEST_KEYS).offset(0).subquery(index)
    near = select(few.c.id).where(condition).limit(limit).cte("near")
    found = select(func.count()).select_from(near).scalar_subquery()
    # + 0: else it would read every key down to the last match, be it the first ever
    far = query.where(found < limit).order_by((entries.c.id + 0).desc()).limit(limit).cte("far")
    both = union(select(near.c.id), select(far.c.id)).subquery()
    return select(both.c.id).order_by(both.c.id.desc()).limit(limit)


def write(db: Session, index: str, entries: Iterable[tuple[int, str]]) -> None:
    """Have these keys be found by these words, and by no others."""
    shown = _shown_by(db, index)
    cut = {key: shown(tokens(words)) for key, words in entries}
    if gone := [key for key, found in cut.items() if not found]:
        remove(db, index, gone)
    found = {key: found for key, found in cut.items() if found}
    if not found:
        return
    rows: list[dict[str, Any]]
    if _sqlite(db):
        insert = f"INSERT OR REPLACE INTO {index} (rowid, tokens) VALUES (:key, :tokens)"  # noqa: S608 - our own names
        rows = [{"key": key, "tokens": " ".join(words)} for key, words in found.items()]
    else:
        insert = (
            # the table is one of our own two names, as above
            f"INSERT INTO {index} (id, tokens) VALUES (:key, array_to_tsvector(CAST(:tokens AS text[]))) "  # noqa: S608
            "ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens"
        )
        rows = [{"key": key, "tokens": words} for key, words in found.items()]
    db.connection().execute(text(insert), rows)


def _shown_by(db: Session, index: str) -> Callable[[list[str]], list[str]]:
    """What the index has for tokens: they themselves, or hashes."""
    hashes = _hashes(db, index)

    def shown(found: list[str]) -> list[str]:
        if not hashes or not found:
            return found
        whole = [_whole(token) for token in found]
        begun = [_begun(token[:n]) for token in found for n in range(_shortest(index, token), len(token) + 1)]
        return [hashes.of(each).hex()[:HASH_CHARS] for each in dict.fromkeys((HASHED_SO, *whole, *begun))]

    return shown


def _hashes(db: Session, index: str) -> Hashes:
    return blind.hashes(db.get_bind().dialect, index) if index in HASHED else Hashes()


def _shortest(index: str, token: str) -> int:
    return 1 if TOGETHER.match(token) else HASHED[index]


def _whole(token: str) -> str:
    return f"={token}"


def _begun(beginning: str) -> str:
    return f"^{beginning}"


def remove(db: Session, index: str, keys: Sequence[int]) -> None:
    """Have these keys be found no longer."""
    name = "rowid" if _sqlite(db) else "id"
    statement = text(f"DELETE FROM {index} WHERE {name} = :key")  # noqa: S608 - our own names
    db.connection().execute(statement, [{"key": key} for key in keys])


def words_of(kind: str, detail: dict[str, Any]) -> str:
    """What somebody wrote in a history line of this kind."""
    entry = Entry.read(kind, detail)
    return " ".join(each for each in entry.written() if not isinstance(each, Locked)) if entry else ""


def keep_up(session: Session, _context: Any = None) -> None:
    """After every flush of ours: index what it brought. No verb has to think of it, so none can forget."""
    new = [each for each in session.new if isinstance(each, HistoryLine)]
    if lines := [(line.id, words) for line in new if (words := words_of(line.kind, line.detail))]:
        write(session, LINES, lines)
    changed = [each for each in (*session.new, *session.dirty) if isinstance(each, CallerCard)]
    if cards := [
        (card.phone_id, _of_card(card.name))
        for card in changed
        if inspect(card).attrs.name.history.has_changes() and not isinstance(card.name, Locked)
    ]:
        write(session, CARDS, cards)
    if gone := [each.id for each in session.deleted if isinstance(each, HistoryLine)]:
        remove(session, LINES, gone)
    if gone := [each.phone_id for each in session.deleted if isinstance(each, CallerCard)]:
        remove(session, CARDS, gone)


def _of_card(name: str | None) -> str:
    """A caller's name, and how it is typed in Latin letters."""
    return " ".join((name or "", *romanised.spellings(name or "")))


def index_anew(db: Session) -> None:
    """Have the sweeps look at everything once more: for hashes, where there are tokens."""
    db.execute(update(IndexedUpTo).values(line_id=0))


def purge(db: Session, index: str, *, begin: bool) -> bool:
    """Some of the work of leaving nothing of what was taken out of the index: SQLite merges it away at its leisure, a
    bit at a time. *begin*: with all there is. Whether there may be more. https://www.sqlite.org/fts5.html#the_merge_command
    """
    if not _sqlite(db):
        return False
    driver: Any = db.connection().connection.driver_connection
    before = driver.total_changes
    step = -MERGED_PAGES if begin else MERGED_PAGES
    db.connection().execute(text(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', :step)"), {"step": step})  # noqa: S608 - our own names
    return bool(driver.total_changes - before > 1)


def catch_up_cards(db: Session) -> bool:
    """Index some of the cards that were written before names were found by pinyin, or before there were keys. Whether
    there may be more."""
    done = db.get_one(IndexedUpTo, CARDS_DONE, with_for_update=True)
    following = select(CallerCard.phone_id, CallerCard.name).where(CallerCard.phone_id > done.line_id)
    batch = db.execute(following.order_by(CallerCard.phone_id).limit(BATCH_LINES)).all()
    write(db, CARDS, [(key, _of_card(name)) for key, name in batch if not isinstance(name, Locked)])
    if batch:
        done.line_id = batch[-1][0]
    return len(batch) == BATCH_LINES


def catch_up(db: Session, now: datetime) -> bool:
    """Index some of the lines that nobody has: those of before there was an index, or keys. Whether there may be
    more."""
    done = db.get_one(IndexedUpTo, LINES_DONE, with_for_update=True)
    following = select(HistoryLine.id, HistoryLine.kind, HistoryLine.detail, HistoryLine.at).where(
        HistoryLine.id > done.line_id
    )
    batch = db.execute(following.order_by(HistoryLine.id).limit(BATCH_LINES)).all()
    settled = [line for line in batch if line.at < now - SETTLED]
    worded = {line.id: words for line in settled if (words := words_of(line.kind, line.detail))}
    known = _among(db, LINES, list(worded)) if worded else set()
    write(db, LINES, ((key, words) for key, words in worded.items() if key not in known))
    if settled:
        done.line_id = settled[-1].id
    return len(settled) == BATCH_LINES


def _runs(words: str) -> list[str]:
    return RUN.findall(unicodedata.normalize("NFKC", words).casefold())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _match(db: Session, index: str, wanted: list[tuple[str, bool]]) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """The key, and the condition in the database's own language. A token holds letters and digits alone."""
    hashes = _hashes(db, index)
    asked_for = [_ways(hashes, *each) for each in wanted]
    if _sqlite(db):
        phrase = " AND ".join(f"({' OR '.join(_fts5(*way) for way in ways)})" for ways in asked_for)
        # bindparams gives a TextClause, which a WHERE takes as it takes a ColumnElement
        return _key(db, index), text(f"{index} MATCH :words").bindparams(words=phrase)  # type: ignore[return-value]
    phrase = " & ".join(f"({' | '.join(_tsquery(*way) for way in ways)})" for ways in asked_for)
    return _key(db, index), text("tokens @@ CAST(:words AS tsquery)").bindparams(words=phrase)  # type: ignore[return-value]


def _ways(hashes: Hashes, token: str, beginning: bool) -> list[tuple[str, bool]]:
    """As what a token may stand in the index: itself, from before there were keys, or its hashes."""
    meant = _begun(token) if beginning else _whole(token)
    return [(token, beginning), *((each.hex()[:HASH_CHARS], False) for each in hashes.every(meant))]


def _fts5(token: str, beginning: bool) -> str:
    return f'"{token}"{"*" * beginning}'


def _tsquery(token: str, beginning: bool) -> str:
    return f"'{token}'{':*' * beginning}"


def _among(db: Session, index: str, keys: list[int]) -> set[int]:
    """Those of these keys that are in the index as they would be written today; *keys*: some, and close together."""
    key = _key(db, index)
    there = select(key).select_from(table(index, column("tokens"))).where(key.between(min(keys), max(keys)))
    if hashes := _hashes(db, index):
        there = there.where(_match(db, index, [(hashes.of(HASHED_SO).hex()[:HASH_CHARS], False)])[1])
    return set(db.scalars(there)) & set(keys)


def _key(db: Session, index: str) -> ColumnElement[int]:
    return literal_column(f"{index}.{'rowid' if _sqlite(db) else 'id'}")


def _sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"


event.listen(Session, "after_flush", keep_up)
