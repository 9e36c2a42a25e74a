"""How a long list is read in parts: ``limit`` and ``cursor`` come in, ``items`` and ``next`` go out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from ivr.store.models import MAX_ID
from ivr.store.reports.export import Row, Window
from ivr.store.reports.feed import News

Absent = SkipJsonSchema[None]  # a parameter that is not given is absent, never null, so its description says no null


def optional(description: str) -> Any:
    """A parameter that may be absent."""
    return Field(None, description=description, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    del schema["default"]


def utc(at: datetime) -> datetime:
    """*at* as UTC, which is also what a time without a zone is taken for. Raises ValueError beyond the calendar."""
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is not in our calendar") from None


Cursor = Annotated[int, Field(ge=1, le=MAX_ID)]
After = Annotated[int, Field(ge=0, le=MAX_ID)]
Time = Annotated[datetime, AfterValidator(utc)]
Sid = Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,64}$")]


class PageQuery(BaseModel):
    """What every list takes. A parameter nobody knows is refused: a mistyped filter must not show everything."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="How many items at most")
    cursor: Cursor | Absent = optional("The `next` of the page before")
    since: Time | Absent = optional("Only what began then (ISO 8601) or later")
    after: After | Absent = optional(
        "What is new since: 0 at first, then the answer's own `after`. Oldest news first, and none is missed"
    )

    @property
    def news_after(self) -> int | None:
        """Where the news begin; None when pages are asked for. A ``next`` is given back as ``cursor`` here, too."""
        return None if self.after is None else max(self.after, self.cursor or 0)

    @property
    def window(self) -> Window:
        """One row more than the page holds: it tells whether there is another page."""
        return Window(self.limit + 1, self.cursor, self.since)

    def page(self, rows: Sequence[Row]) -> tuple[Sequence[Row], str | None]:
        """The rows of this page, and the cursor of the next; None at the end."""
        if len(rows) <= self.limit:
            return rows, None
        return rows[: self.limit], str(rows[self.limit - 1].id)


def news_cursors(news: News[Row]) -> dict[str, str | None]:
    """Where to go on: ``next`` while there is more already, ``after`` whenever one asks again."""
    return {"next": str(news.after) if news.more else None, "after": str(news.after)}
