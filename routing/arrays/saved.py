"""How are arrays kept in one file that many processes share? Written whole, checked, and mapped rather than read.

The first line says what is in the file; it starts with the check sum of everything behind it. The arrays follow, each
where a processor likes it to begin.
"""

import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

ALIGNED = 64  # bytes
CHUNK = 2**20
SUM = 8  # hexadecimal digits

T = TypeVar("T")


class Unusable(ValueError):
    """The file is not what is wanted; the text says why."""


def save(path: Path, source: str, tree: object) -> None:
    """Keep a dataclass of arrays (and of such dataclasses) that was made of *source*.

    Whoever has mapped the file before keeps what it held. Raises ``OSError``.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in _flat(tree)}
    table, at = {}, 0
    for name, array in arrays.items():
        table[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    head = json.dumps({"by": built_by(), "of": source, "arrays": table}).encode()
    head += b" " * (-(SUM + len(head) + 1) % ALIGNED) + b"\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            file.write(b"0" * SUM + head)
            check = zlib.crc32(head)
            for array in arrays.values():
                data = array.tobytes() + bytes(-array.nbytes % ALIGNED)
                file.write(data)
                check = zlib.crc32(data, check)
            file.seek(0)
            file.write(f"{check:0{SUM}x}".encode())
            file.flush()
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def load(path: Path, source: str, kind: type[T]) -> T:
    """What ``save`` has kept, as it was: read-only, in memory only as far as it is looked at, shared by processes.

    Raises ``Unusable`` for a file that is not there or damaged, and for one of another source or another program.
    """
    try:
        with open(path, "rb") as file:
            head = _head(file)
            if head["by"] != built_by():
                raise Unusable("another version of the program built it")
            if head["of"] != source:
                raise Unusable("it was built of another list")
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            start = file.seek(0) or len(file.readline())
    except FileNotFoundError:
        raise Unusable("there is none yet") from None
    except OSError as error:
        raise Unusable(f"it cannot be read: {error.strerror}") from error
    arrays = {
        name: np.ndarray(shape, dtype, buffer=memory, offset=start + at)
        for name, (dtype, shape, at) in head["arrays"].items()
    }
    return _tree(kind, arrays)


@cache
def built_by() -> str:
    """This program: its code and data, and the dictionary that says how characters are read."""
    folder = Path(__file__).parents[1]
    digest = sha256(version("pypinyin").encode())
    for path in sorted((*folder.rglob("*.py"), *folder.glob("data/*.toml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _head(file: BinaryIO) -> dict[str, Any]:
    expected, head = file.read(SUM), file.readline()
    check = zlib.crc32(head)
    while chunk := file.read(CHUNK):
        check = zlib.crc32(chunk, check)
    if expected != f"{check:0{SUM}x}".encode():
        raise Unusable("it is damaged")
    described: dict[str, Any] = json.loads(head)
    return described


def _flat(tree: Any, prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays of a tree with their names: ``names.rows.starts``."""
    for field in fields(tree):
        value = getattr(tree, field.name)
        if is_dataclass(value):
            yield from _flat(value, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, value


def _tree(kind: type[T], arrays: Mapping[str, NDArray[Any]], prefix: str = "") -> T:
    parts: dict[str, Any] = {}
    for name, part in get_type_hints(kind).items():
        deeper = isinstance(part, type) and is_dataclass(part)
        parts[name] = _tree(part, arrays, f"{prefix}{name}.") if deeper else arrays[prefix + name]
    return kind(**parts)
