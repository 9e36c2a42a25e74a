"""The steps to going live in words: what each lacks, what it is when it is done, and where it is taken."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l

from ivr.desk.shell.guard import me
from ivr.store.access import rules
from ivr.store.golive import STEPS


@dataclass(frozen=True, slots=True)
class Step:
    """``missing`` and ``done`` say how it stands. Where it is taken: a page of the desk (``endpoint``, whose link says
    ``does``, for who has ``permission``), or on the machine, by a command or a setting (``command``)."""

    missing: str
    done: str
    command: str = ""
    endpoint: str = ""
    does: str = ""
    permission: str = "run_line"
    anchor: str | None = None


WORDS = {
    "worker": Step(
        _l("The worker is not running: recordings are not fetched, and nobody is notified."),
        _l("The worker runs."),
        command="flask worker",
    ),
    "account": Step(
        _l("There is no carrier's account: no telephone can ring here."),
        _l("The carrier's account is set."),
        command="TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN",
    ),
    "address": Step(
        _l("No carrier can reach this address: it must be public, and begin with https://."),
        _l("Carriers can be given this address."),
        command="PUBLIC_BASE_URL",
    ),
    "simulator": Step(
        _l("The browser phone is on: anybody who opens it can play a caller."),
        _l("The browser phone is off."),
        command="HOTLINE_SIMULATOR=0",
    ),
    "backup": Step(
        _l("No backup was ever made: a broken disk would take every call with it."),
        _l("Backups are made."),
        command="docs/backup.md",
    ),
    "supervisor": Step(
        _l("There is no supervisor with a password that they alone have read."),
        _l("There is a supervisor."),
        endpoint="desk.show_people",
        does=_l("Add somebody"),
        permission="manage_people",
    ),
    "directory": Step(
        _l("No communities have been imported."),
        _l("Communities are known."),
        endpoint="desk.choose_list",
        does=_l("Import a list"),
    ),
    "sample": Step(
        _l("The directory is the sample: callers would be told telephone numbers that are made up."),
        _l("The directory is your own."),
        endpoint="desk.choose_list",
        does=_l("Import your list"),
    ),
    "hours": Step(
        _l("Nobody has said yet when somebody is there to call back."),
        _l("It is said when somebody is there to call back."),
        endpoint="desk.show_hours",
        does=_l("Set the hours"),
    ),
    "answers": Step(
        _l("Nobody is ever rung: no duty number, and nobody with a proved telephone has a shift."),
        _l("Somebody is rung when a caller asks for a person."),
        endpoint="desk.show_hours",
        does=_l("Set the duty number"),
        anchor="duty-number",
    ),
    "told": Step(
        _l("Nobody is notified of new tickets: they ring only where this desk is open."),
        _l("Somebody is notified of new tickets."),
        endpoint="desk.show_notices",
        does=_l("Set up notices"),
        permission="set_channels",
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A step for its reader: ``href`` is where they can take it; none: only told."""

    key: str
    done: bool
    text: str
    command: str
    href: str
    does: str


def shown(missing: tuple[str, ...]) -> list[Shown]:
    """Every step, those to be taken first."""
    return sorted((_shown(step, step not in missing) for step in STEPS), key=lambda each: each.done)


def _shown(key: str, done: bool) -> Shown:
    step = WORDS[key]
    if done:
        return Shown(key, done, str(step.done), "", "", "")
    leads = step.endpoint and rules.may(me(), step.permission)
    href = url_for(step.endpoint, _anchor=step.anchor) if leads else ""
    return Shown(key, done, str(step.missing), step.command, href, str(step.does))
