"""The ``flask`` commands: parse, call one function, say what changed.

Answers go to stdout, all else to stderr. None ever asks a question when nobody sits at the keyboard.
"""

from flask import Flask

from ivr.cli import (
    answering,
    audit,
    database,
    demo,
    directory,
    doctor,
    figures,
    flow,
    keeping,
    keys,
    phone,
    reconcile,
    report,
    roles,
    sbom,
    shifts,
    spool,
    staff,
    tokens,
    worker,
)

COMMANDS = (
    answering.claims,
    answering.duty,
    answering.hours,
    audit.audit,
    database.db,
    demo.demo,
    directory.directory,
    doctor.doctor,
    figures.figures,
    flow.flow,
    keeping.keeping,
    keys.keys,
    phone.phone,
    reconcile.reconcile,
    report.report,
    roles.roles,
    sbom.sbom,
    shifts.shifts,
    spool.spool,
    staff.staff,
    tokens.token,
    worker.worker,
)


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
