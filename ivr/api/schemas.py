"""What the API answers: the shape of a ticket, a call and a recording, and of a refusal."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ivr.store.models import STATUSES
from ivr.store.models.recording import STATES

OUTCOMES = ("message", "person", "goodbye", "hung_up", "staff", "lost_track")

Status = Literal[STATUSES]  # type: ignore[valid-type]  # known when it runs
State = Literal[STATES]  # type: ignore[valid-type]  # known when it runs
Outcome = Literal[OUTCOMES]  # type: ignore[valid-type]  # known when it runs
Need = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$", description="medicine, food …; supervisors may add some")]
E164 = Annotated[str, Field(description="An international telephone number, E.164", examples=["+8613800000001"])]
Sid = Annotated[str, Field(description="The carrier's id")]


class Problem(BaseModel):
    """Why there is no answer, in one sentence."""

    error: str


class BadParameter(BaseModel):
    """One parameter that cannot be used."""

    name: str
    reason: str


class BadRequest(Problem):
    """What was asked makes no sense."""

    parameters: list[BadParameter]


class Community(BaseModel):
    code: str
    name: str
    street: str


class Recording(BaseModel):
    sid: Sid
    seconds: int | None = Field(description="Null while the carrier has not said")
    state: State
    url: str | None = Field(description="Where the sound is, for the same token; null when there is none to have")


class Heard(BaseModel):
    """What the caller did. ``kind``: keys, speech, silence, a recording …; ``text``: the keys or the words."""

    kind: str
    text: str | None


class Understood(Heard):
    """The last thing heard at a question, and what was made of it."""

    understood: dict[str, object]


class Ticket(BaseModel):
    number: str = Field(description="What the caller was told, digit by digit", examples=["101"])
    status: Status
    need: Need | None
    community: Community | None
    caller: E164 | None = Field(
        description="Whom to call back; null when withheld, or when the token has no scope `numbers`"
    )
    language: str
    urgent: bool
    flags: list[str] = Field(examples=[["incomplete", "community_unknown"]])
    call_sid: Sid | None = Field(description="The first call")
    call_sids: list[Sid]
    opened_at: datetime
    attempts: int = Field(description="Tries to reach the caller, since they were last reached")
    last_attempt_at: datetime | None
    on_the_way_at: datetime | None = Field(description="Somebody set out to the resident")
    raised_at: datetime | None = Field(
        description="The caller rang so often, or waits so long, that a supervisor should look"
    )
    resolved_at: datetime | None
    reopened_at: datetime | None = Field(description="The last time that a finished ticket was opened again")
    closed_at: datetime | None = Field(description="The resident confirmed")
    linked_to: str | None = Field(description="The number of the caller's other open ticket when this one was opened")
    recordings: list[Recording]
    heard: dict[str, Understood] = Field(description="What was understood, by question")


class Tickets(BaseModel):
    items: list[Ticket]
    next: str | None = Field(description="The cursor of the next page; null at the end")
    after: str | None = Field(
        default=None, description="Asked with `after`: what to ask with next time, at once or later"
    )


class Turn(BaseModel):
    n: int
    asked: str | None = Field(description="The question; null at the first request, when nothing had been asked")
    heard: Heard
    at: datetime
    ms: int = Field(description="From the question to the answer, as the caller lived it")


class Call(BaseModel):
    call_sid: Sid
    caller: E164 | None
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None = Field(description="Null while the call goes on")
    left_at: str | None = Field(description="The question at which the caller left")
    turns: list[Turn]
    ticket: str | None = Field(description="The number of its ticket")


class Calls(BaseModel):
    items: list[Call]
    next: str | None = Field(description="The cursor of the next page; null at the end")
    after: str | None = Field(
        default=None, description="Asked with `after`: what to ask with next time, at once or later"
    )
