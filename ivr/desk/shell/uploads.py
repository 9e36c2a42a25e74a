"""Forms with a file: larger than any other form, for those few views that take one, and for who is logged in."""

from collections.abc import Callable

from flask import Flask, request
from flask_login import current_user

from ivr.desk.shell.guard import View


def takes(most_bytes: int) -> Callable[[View], View]:
    """The view takes a form of so many bytes, its file included."""

    def mark(view: View) -> View:
        view.takes_bytes = most_bytes  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def register(app: Flask) -> None:
    """Before anything reads the form."""

    @app.before_request
    def make_room() -> None:
        most = getattr(app.view_functions.get(request.endpoint or ""), "takes_bytes", 0)
        if most and current_user.is_authenticated:
            request.max_content_length = most
