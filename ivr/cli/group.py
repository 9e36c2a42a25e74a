"""How a group of commands fails: with one line for the operator instead of a traceback."""

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class Group(AppGroup):
    """Commands that need the database."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(trouble(error)) from None


def trouble(error: Exception) -> str:
    """A database error in one line, without its statement and without any credentials."""
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    if "no such table" in reason or "does not exist" in reason:
        return "The database is not up to date. Run: flask db upgrade"
    return f"DATABASE_URL: the database cannot be used ({reason})."
