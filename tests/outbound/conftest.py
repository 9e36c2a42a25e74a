"""No proxy but a test's own, servers on this machine, and a name server that says what a test wants."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from tests.servers import Server, resolving, serving


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """``serve(write)``: a server that lives as long as the test."""
    with ExitStack() as stack:
        yield lambda *given, **named: stack.enter_context(serving(*given, **named))


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """``resolves(["93.184.215.14"], ["127.0.0.1"])``: see ``resolving``."""
    return partial(resolving, monkeypatch)
