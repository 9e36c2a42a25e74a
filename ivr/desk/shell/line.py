"""The line as it is when a page is made: one statement a page."""

from flask import g

from ivr.app import app
from ivr.line import Line


def the_line() -> Line:
    if "line" not in g:
        g.line = app.line.now()
    line: Line = g.line
    return line
