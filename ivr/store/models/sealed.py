"""Columns that are sealed when a row is written and opened when it is read: see ``ivr.store.sealing``.

The keys are those that the engine was made with (``use``). A row keeps a text: a mark, and the envelope in base64. What
has no mark lies in the clear, from before there were keys, and is read as it is. A text whose key is lost is shown as a
lock with the key's id (``Locked``), and stays what it is when it is written back.
"""

import base64
import json
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from ivr.store.sealing import Keyring, Unreadable, is_sealed, sealed_with

MARK = "\N{LOCK WITH INK PEN}HL1:"
NO_KEYS = Keyring()
Do = Callable[[str, str], str]  # what is made of a text that is bound to this

_keys: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def use(dialect: Dialect, keys: Keyring) -> None:
    """Have what an engine with this *dialect* writes sealed, and what it reads opened, with these keys."""
    _keys[dialect] = keys


def keys_of(dialect: Dialect) -> Keyring:
    return _keys.get(dialect, NO_KEYS)


class Locked(str):
    """What is shown of a text whose key is lost. ``kept``: what the row holds."""

    kept: str

    def __new__(cls, kept: str) -> "Locked":
        shown = super().__new__(cls, f"\N{LOCK} {key_of_text(kept)}")
        shown.kept = kept
        return shown


class LockedState(dict[str, Any]):
    """The same of a dictionary: an empty one."""

    def __init__(self, kept: str) -> None:
        super().__init__()
        self.kept = kept


def key_of_text(kept: str) -> str | None:
    """The id of the key that a row's text is sealed with; None: it lies in the clear."""
    envelope = _envelope(kept)
    return sealed_with(envelope) if envelope else None


def seal(keys: Keyring, bound: str, text: str) -> str:
    """A text as a row keeps it; nothing of an empty one is hidden."""
    if isinstance(text, Locked):
        return text.kept
    return _marked(keys.seal(text.encode(), bound)) if text and keys.newest else text


def renewed(keys: Keyring, bound: str, kept: str) -> str:
    """What a row is to keep from now on in the place of *kept*. Raises ``Unreadable``."""
    envelope = _envelope(kept)
    return _marked(keys.renewed(envelope, bound)) if envelope else seal(keys, bound, kept)


def opened(keys: Keyring, bound: str, kept: str) -> str:
    """The text. Raises ``Unreadable``."""
    envelope = _envelope(kept)
    return keys.open(envelope, bound).decode() if envelope else kept


def _shown(keys: Keyring, bound: str, kept: str) -> str:
    try:
        return opened(keys, bound, kept)
    except Unreadable:
        return Locked(kept)


def _marked(envelope: bytes) -> str:
    return MARK + base64.urlsafe_b64encode(envelope).decode()


def _envelope(kept: str) -> bytes | None:
    """What lies behind the mark; None for a text in the clear, though somebody should have typed our mark."""
    if not kept.startswith(MARK):
        return None
    try:
        whole = len(kept) - (len(kept) - len(MARK)) % 4  # of one that was cut short there is still a head
        found = base64.b64decode(kept[len(MARK) : whole], altchars=b"-_", validate=True)
    except ValueError:
        return None
    return found if is_sealed(found) else None


def _json(value: Any) -> str:
    """As it is when it is sealed, and so a text, already."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class SealedText(TypeDecorator[str]):
    """A text. ``bound``: its column, whose it stays. ``size``: how many characters one in the clear may have."""

    impl = Text
    cache_ok = True

    def __init__(self, bound: str, size: int | None = None) -> None:
        super().__init__()
        self.bound, self.size = bound, size

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite minds no length, so its tables stay as they were."""
        stays = self.size is not None and dialect.name == "sqlite"
        return String(self.size) if stays else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else seal(keys_of(dialect), self.bound, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _shown(keys_of(dialect), self.bound, value)

    def mapped(self, kept: str, do: Do) -> str:
        """What the row keeps, with *do* done to what is sealed in it."""
        return do(self.bound, kept)


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A dictionary, sealed whole: the row keeps one text."""

    impl = JSON
    cache_ok = True

    def __init__(self, bound: str) -> None:
        super().__init__()
        self.bound = bound

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:
        if isinstance(value, LockedState) and not value:
            return value.kept
        return seal(keys_of(dialect), self.bound, _json(value)) if value and keys_of(dialect).newest else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(opened(keys_of(dialect), self.bound, value))
        except Unreadable:
            return LockedState(value)

    def mapped(self, kept: Any, do: Do) -> Any:
        """As of ``SealedText``."""
        return do(self.bound, _json(kept)) if kept else kept


class SealedParts(TypeDecorator[dict[str, Any]]):
    """A dictionary of which *texts*, and *parts* that are no texts, are sealed; the database may ask for the rest."""

    impl = JSON
    cache_ok = True

    def __init__(self, bound: str, texts: tuple[str, ...] = (), parts: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.bound, self.texts, self.parts = bound, texts, parts

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        keys = keys_of(dialect)
        if value is None or keys.newest is None:
            return value and value | {n: t.kept for n in self.texts if isinstance(t := value.get(n), Locked)}
        return self.mapped(value, lambda bound, text: seal(keys, bound, text))

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """A part whose key is lost is left out."""
        if value is None:
            return None
        keys, found = keys_of(dialect), dict(value)
        for name in self.texts:
            if isinstance(kept := value.get(name), str):
                found[name] = _shown(keys, self.bound_to(name), kept)
        for name in self.parts:
            if isinstance(kept := value.get(name), str):
                part = _shown(keys, self.bound_to(name), kept)
                found[name] = None if isinstance(part, Locked) else json.loads(part)
        return {name: part for name, part in found.items() if part is not None or value[name] is None}

    def bound_to(self, name: str) -> str:
        return f"{self.bound}.{name}"

    def mapped(self, kept: dict[str, Any], do: Do) -> dict[str, Any]:
        """As of ``SealedText``."""
        inside = [name for name in (*self.texts, *self.parts) if kept.get(name) is not None]
        return kept | {name: do(self.bound_to(name), _json(kept[name])) for name in inside}
