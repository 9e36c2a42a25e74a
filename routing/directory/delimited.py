"""A CSV file as programs write it: its encoding and its separator are found, never asked for.

Excel writes UTF-8 with a byte order mark ("CSV UTF-8"), the system's own encoding ("CSV": GBK in China), or UTF-16 with
tabs ("Unicode text"); and it separates by semicolons where the decimal sign is a comma. A first line ``sep=;`` is
Excel's own way to name the separator.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from routing.directory.faults import RowError, SheetError

SEPARATORS = ",;\t|，；"
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
HEAD_BYTES = 2**16  # in which the header stands
UNREADABLE = "is neither UTF-8, UTF-16 nor GBK text; save it as “CSV UTF-8”"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. ``named``: its first line is Excel's, and no row."""

    encoding: str
    separator: str
    named: bool


def dialect(chunks: Iterable[bytes], required: tuple[str, ...]) -> Dialect:
    """How the file of these bytes is written. Raises ``SheetError`` when it is no text in an encoding that we know."""
    head, encoding = _encoding(chunks)
    first, _, _rest = head.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    if named := SEP.fullmatch(first):
        return Dialect(encoding, named[1], named=True)
    return Dialect(
        encoding, max(SEPARATORS, key=lambda each: (_columns(first, each, required), each == ",")), named=False
    )


def rows(file: BinaryIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers; cells without outer space. Raises ``SheetError``."""
    with io.TextIOWrapper(file, dialect.encoding, newline="") as text:
        if dialect.named:
            text.readline()
        yield from _cells(text, dialect.separator)


def _cells(file: TextIO, separator: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(file, strict=True, delimiter=separator), 1):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise SheetError([RowError.of(number + 1, "is not CSV: %(error)s", error=error)]) from error


def _columns(header: str, separator: str, required: tuple[str, ...]) -> int:
    """How many of the required columns a header has, if it is separated so."""
    names = unicodedata.normalize("NFKC", header) if separator in ",;\t|" else header
    return len({name.strip(' "').casefold() for name in names.split(separator)} & set(required))


def _encoding(chunks: Iterable[bytes]) -> tuple[str, str]:
    """The beginning of the text, and the first encoding that all of it has."""
    head = b""
    decoders: dict[str, codecs.IncrementalDecoder] = {}
    at: dict[str, int] = {}  # the row in which each stopped making sense
    row = 1
    for chunk in chunks:
        head = head or chunk[:HEAD_BYTES]
        decoders = decoders or {name: codecs.getincrementaldecoder(name)() for name in _likely(head)}
        for name in decoders.keys() - at.keys():
            _try(decoders[name], chunk, name, row, at)
        row += chunk.count(b"\n")
    for name in decoders.keys() - at.keys():
        _try(decoders[name], b"", name, row, at, final=True)
    if "utf-8" in at and _rather_utf8(head):  # one bad byte, which GB18030 would take with all the others
        raise SheetError([RowError.of(at["utf-8"], UNREADABLE)])
    if found := next((name for name in decoders if name not in at), ""):
        return head.decode(found, errors="ignore"), found
    if decoders:
        raise SheetError([RowError.of(max(at.values()), UNREADABLE)])
    return "", "utf-8"


def _rather_utf8(head: bytes) -> bool:
    """Whether most of what is not ASCII makes sense as UTF-8: of GBK almost nothing does."""
    beyond = [letter for letter in head.decode("utf-8", "replace") if ord(letter) > 127]
    return len(beyond) > 2 * beyond.count("\ufffd")


def _likely(head: bytes) -> list[str]:
    """The encodings to try, in order: GB18030 takes almost any bytes for text, so it comes last."""
    for mark, name in BOMS.items():
        if head.startswith(mark):
            return [name]
    if b"\0" in head[:200]:  # letters of the header in two bytes each
        return ["utf-16-le" if head[1:2] == b"\0" else "utf-16-be"]
    return ["utf-8", "gb18030"]


def _try(
    decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, row: int, at: dict[str, int], *, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        at[name] = row + error.object.count(b"\n", 0, error.start)
