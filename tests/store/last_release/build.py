"""Make ``rows.json`` and ``spooled.json``: a small hotline as the last release keeps it. Numbers and names are made up.

Run in a checkout of that release, with its own packages and tests; then write its head into ``RELEASE``::

    git worktree add ../release 955269e && cd ../release
    python ../hotline/tests/store/last_release/build.py ../hotline/tests/store/last_release

It only calls what that release has, so it changes with the next one.
"""

import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from sqlalchemy import MetaData, select

import ivr  # noqa: F401 - first, so that everything gets the sound SQLite; after the path to it
from ivr.app import App
from ivr.factory import create_app
from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.phone.transport import into
from ivr.settings import Settings
from ivr.store import (
    audit,
    cards,
    channels,
    communities,
    contact,
    correcting,
    handing,
    listening,
    schema,
    sorting,
    tickets,
    typed,
)
from ivr.store.models import Base, Call, Recording, Ticket
from tests.builders import new_staff
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.stories.conftest import HOTLINE, TOWN

NOW = datetime.now(UTC)


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        settings = Settings.load(
            hotline_data_dir=Path(data),
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            public_base_url="http://localhost",
        )
        app = create_app(settings)
        schema.upgrade(app.sessions.engine)
        live_through(app)
        (folder / "rows.json").write_text(json.dumps(rows(app), ensure_ascii=False, indent=0) + "\n")
        said = {"SpeechResult": "我要买药", "From": "+8613800000009", "To": HOTLINE}
        app.spool.append({"AccountSid": ACCOUNT_SID, "CallSid": "CA" + "e" * 32, **said}, "failed")
        spooled = next(app.spool.folder.glob("*.json"))
        (folder / "spooled.json").write_text(spooled.read_text())


def live_through(app: App) -> None:
    """Calls of every sort, then what staff made of them."""
    with app.sessions.begin() as db:
        communities.put(db, TOWN, NOW, replace=False)
    line = Line("http://localhost", ACCOUNT_SID, AUTH_TOKEN, into(app.test_client()), number=HOTLINE)

    def phone(caller: str | None) -> Handset:
        return Handset(line, caller=caller)

    phone("+8613800000001").dial().press("1").speak("迎新社区").press("1").leave_message(seconds=12)
    phone("+8613800000002").dial().speak("我在银杏社区，家里没吃的了").leave_message(seconds=20)
    phone("+8613800000003").dial().speak("我摔倒了").leave_message(seconds=5)
    phone("+8613800000004").dial().press("3").speak("今天天气很好").speak("新碶街道").leave_message(seconds=9)
    phone(None).dial().press("2").press("102").press("13800000005#").leave_message(seconds=7)
    phone("+8613800000006").dial().hang_up()
    phone("+8613800000001").dial().leave_message(seconds=8)
    phone("+8613800000007").dial().press("4").speak("老鹰山后面").speak("老鹰山后面").leave_message(seconds=6)
    with app.sessions.begin() as db:
        one, two = (new_staff(db, name, "supervisor") for name in ("supervisor", "second"))
        helper = new_staff(db, "helper", "volunteer")
        by_id = {ticket.id: ticket for ticket in db.scalars(select(Ticket))}
        first, second, third, fourth, fifth, sixth = sorted(by_id)
        at = NOW + timedelta(minutes=1)
        tickets.claim(db, one, first, at)
        contact.attempt(db, one, first, "no_answer", "晚点再打", at)
        tickets.note(db, one, first, "女儿周日会来", at)
        handing.hand_on(db, one, first, two.id, "下班了", at + timedelta(hours=2), at)
        handing.give_back(db, two, first, "不顺路", at)
        tickets.on_the_way(db, one, first, True, at)
        tickets.resolve(db, one, first, "药店已送到", at)
        tickets.close(db, one, first, "收到了", at)
        tickets.claim(db, helper, third, at)
        correcting.correct_community(db, helper, third, "330206001002", at)
        correcting.correct_need(db, one, fourth, "medicine", at)
        correcting.correct_community(db, one, sixth, "330206001003", at)
        sorting.merge(db, one, fifth, by_id[second].number, at, sure=True)
        slip = typed.Slip("+8613800000008", None, "村口老房子", "food", False, "米没有了", "zh")
        typed.open_ticket(db, one, slip, at + timedelta(hours=2), at)
        message = db.scalars(select(Recording).where(Recording.ticket_id == second)).first()
        listening.heard(db, one, message, at)
        card = dict.fromkeys(cards.FIELDS, "") | {"name": "王奶奶", "medicine_until": date(2026, 12, 31).isoformat()}
        cards.change(db, one, second, card, at, version=0, consent=True, matcher=app.matcher.matcher, region="CN")
        channel = channels.save(
            db, one, at, app.seal, kind="wecom", name="值班群", language="zh", values={"url": "https://example.org/x"}
        )
        for staff, action, subject in (
            (one, "logged_in", f"staff {one.id}"),
            (helper, "denied", f"claim ticket {first}"),
            (helper, "denied", "desk.show_aliases"),
            (helper, "denied", f"listen to recording {message.id}"),
            (helper, "denied", "recording 999"),
            (helper, "denied", "type a ticket"),
            (one, "printed", "call log 2026-03-01 2026-03-02 part 1"),
            (one, "printed", f"ticket {second}"),
            (one, "channel_tested", f"channel {channel.id}"),
            (one, "alias_accepted", "alias 1"),
            (one, "denied", "something that no release has said"),
        ):
            audit.append(db, staff, action, subject, at)
        for call in db.scalars(select(Call).where(Call.ended_at.is_(None))):
            call.ended_at = at


def rows(app: App) -> dict[str, list[dict[str, object]]]:
    """Every row of every table of ours; times in UTC, as ISO texts."""
    tables = MetaData()
    with app.sessions.engine.connect() as connection:
        tables.reflect(connection, only=list(Base.metadata.tables))
        return {
            table.name: [{name: _plain(value) for name, value in row._mapping.items()} for row in found]
            for table in tables.sorted_tables
            if (found := connection.execute(select(table)).all())
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
