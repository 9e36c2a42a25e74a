"""Forms with a file: larger than any other form, for those few views that take one, and for who is logged in."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user

# A file goes to the disk in portions of 64 kB; each counts as memory together with what was left of the one before.
IN_MEMORY_BYTES = 4 * 64 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def takes(most_bytes: int) -> Callable[[View], View]:
    """The view takes a form of so many bytes, its file included."""

    def mark(view: View) -> View:
        view.takes_bytes = most_bytes  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def takes_at_most() -> int:
    """Bytes that the view of this request takes with a file; 0: it takes none."""
    most: int = getattr(current_app.view_functions.get(request.endpoint or ""), "takes_bytes", 0)
    return most


def register(app: Flask) -> None:
    """Before anything reads the form."""

    @app.before_request
    def make_room() -> None:
        most = takes_at_most()
        if most and current_user.is_authenticated:
            request.max_content_length = most
            request.max_form_memory_size = IN_MEMORY_BYTES
