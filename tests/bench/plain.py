"""The other baseline: the same call as one writes it with Flask, SQLAlchemy's ORM and twilio's own classes.

Nothing clever and nothing left out that a tutorial has: the signature is checked, the call has a row and the ticket
has one, each answer is committed before it is given. No repeated requests, no history, no worker, no second language.
"""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response, abort, g, request, url_for
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

VOICE = {"voice": "Google.cmn-CN-Wavenet-A", "language": "cmn-CN"}
NEEDS = {"1": "medicine", "2": "food", "3": "transport", "4": "other"}
SIGNED = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
ENGINE = create_engine(os.environ["DATABASE_URL"], pool_size=20)
Sessions = sessionmaker(ENGINE)
app = Flask(__name__)


class Base(DeclarativeBase):
    pass


class Community(Base):
    __tablename__ = "plain_communities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    keypad: Mapped[str] = mapped_column(unique=True)


class Call(Base):
    __tablename__ = "plain_calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    caller: Mapped[str]
    called: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ticket: Mapped["Ticket | None"] = relationship(back_populates="call")


class Ticket(Base):
    __tablename__ = "plain_tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("plain_calls.id"), index=True)
    need: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("plain_communities.id"))
    status: Mapped[str] = mapped_column(default="new")
    opened_at: Mapped[datetime]
    recording_sid: Mapped[str | None]
    recording_seconds: Mapped[int | None]
    call: Mapped[Call] = relationship(back_populates="ticket")
    community: Mapped[Community | None] = relationship()


if ENGINE.dialect.name == "sqlite":

    @event.listens_for(ENGINE, "connect")
    def configure(connection: Any, record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


@app.cli.command()
@click.argument("directory", type=Path)
def prepare(directory: Path) -> None:
    """Make the tables, and fill the directory."""
    Base.metadata.create_all(ENGINE)
    with open(directory, encoding="utf-8") as listed, Sessions.begin() as db:
        db.add_all(Community(name=row["name"], keypad=row["keypad"]) for row in csv.DictReader(listed))


@app.before_request
def signed() -> None:
    given = request.headers.get("X-Twilio-Signature", "")
    if not SIGNED.validate(request.url, request.form, given):
        abort(403)


@app.before_request
def connected() -> None:
    g.db = Sessions()


@app.teardown_request
def closed(error: BaseException | None) -> None:
    if db := g.pop("db", None):
        db.close()


@app.post("/voice/incoming")
def incoming() -> Response:
    db: Session = g.db
    form = request.form
    db.add(Call(sid=form["CallSid"], caller=form["From"], called=form["To"], started_at=datetime.now(UTC)))
    db.commit()
    answer = VoiceResponse()
    gather = asking(answer, url_for("need"), 1, "买药,买菜,用车")
    gather.say("您好，社区热线。买药请按1，买菜请按2，用车请按3，别的事请按4。", **VOICE)
    answer.redirect(url_for("need"))
    return xml(answer)


@app.post("/voice/need")
def need() -> Response:
    call = current()
    call.ticket = Ticket(need=NEEDS.get(request.form.get("Digits", ""), "other"), opened_at=datetime.now(UTC))
    g.db.commit()
    answer = VoiceResponse()
    names = g.db.scalars(select(Community.name).order_by(Community.id)).all()
    gather = asking(answer, url_for("community"), 3, ",".join(names))
    gather.say("您住在哪个社区？请说出社区的名字，或者按三位号码。", **VOICE)
    answer.redirect(url_for("community"))
    return xml(answer)


@app.post("/voice/community")
def community() -> Response:
    call = current()
    keyed = select(Community).where(Community.keypad == request.form.get("Digits", ""))
    found = call.ticket.community = g.db.scalars(keyed).one_or_none()
    g.db.commit()
    answer = VoiceResponse()
    answer.say(f"{found.name if found else '好的'}。请在嘀声后说出您的姓名、住址和需要，说完请按井号键。", **VOICE)
    recorded = url_for("recording", _external=True)
    answer.record(
        action=url_for("message"), max_length=120, finish_on_key="#", recording_status_callback=recorded, timeout=10
    )
    answer.redirect(url_for("message"))
    return xml(answer)


@app.post("/voice/message")
def message() -> Response:
    keep_recording(current())
    g.db.commit()
    answer = VoiceResponse()
    gather = asking(answer, url_for("goodbye"), 1, "重说")
    gather.say("记下了。要重说请按2。", **VOICE)
    answer.redirect(url_for("goodbye"))
    return xml(answer)


@app.post("/voice/goodbye")
def goodbye() -> Response:
    call = current()
    answer = VoiceResponse()
    answer.say(f"两小时内给您回电。您的编号是{call.ticket.id}。再见。", **VOICE)
    answer.hangup()
    return xml(answer)


@app.post("/voice/recording")
def recording() -> Response:
    keep_recording(current())
    g.db.commit()
    return Response(status=204)


@app.post("/voice/status")
def status() -> Response:
    call = current()
    call.ended_at = datetime.now(UTC)
    g.db.commit()
    return Response(status=204)


def current() -> Any:
    """The call that the request is about, with its ticket."""
    call = g.db.scalars(select(Call).where(Call.sid == request.form["CallSid"])).one_or_none()
    return call or abort(404)


def keep_recording(call: Any) -> None:
    call.ticket.recording_sid = request.form["RecordingSid"]
    call.ticket.recording_seconds = int(request.form["RecordingDuration"])


def asking(answer: VoiceResponse, action: str, digits: int, hints: str) -> Gather:
    return answer.gather(
        input="dtmf speech", action=action, num_digits=digits, timeout=8, language="cmn-Hans-CN", hints=hints
    )


def xml(answer: VoiceResponse) -> Response:
    return Response(str(answer), content_type="text/xml")
