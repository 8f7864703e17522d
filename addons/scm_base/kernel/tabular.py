"""Rows of a user's .xls, .xlsx or text file, whatever its name says, in constant memory.

>>> data = "code;qty\\nA;1,5\\nB;2\\n".encode()
>>> inspect(data).delimiter
';'
>>> [row.values for row in read_rows(data)]
[('code', 'qty'), ('A', '1,5'), ('B', '2')]
>>> preview(data, {"product": ["code"], "quantity": ["qty"]}).mapping
{'product': 0, 'quantity': 1}

A source is ``bytes``, a path, or a binary file object that can seek. Everything that is wrong with a file raises
:class:`~.problems.FileProblem`. Cells come as the file holds them (text, float, int, bool, date, None, or
``FORMULA_WITHOUT_VALUE``); :mod:`.cells` turns them into numbers, dates and codes.

An .xls keeps its whole sheet in memory, as its format has 65,536 rows at most; an .xlsx its shared texts; a text file
one row. A formula of an .xls that was never calculated has no mark in the file and reads as 0.
"""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from . import encoding as encodings
from .cells import is_empty
from .delimited import Delimited
from .headers import guess_heading, suggest_mapping
from .problems import FileProblem
from .workbook import OLE2, Xls, Xlsx

MIB = 2**20
#: no program numbers its rows higher
LAST_ROW = 2**31 - 1


@dataclass(frozen=True)
class Limits:
    """What a file may cost. Rows and columns of one sheet; sizes in bytes.

    ``max_xls`` and ``max_part`` bound what is held in memory at once, ``max_ratio`` how strongly a part of an .xlsx of
    more than 20 MiB may be compressed (real worksheets: 5 to 40).
    """

    max_bytes: int = 512 * MIB
    max_xls: int = 128 * MIB
    max_unpacked: int = 2048 * MIB
    max_part: int = 256 * MIB
    max_ratio: int = 200
    max_rows: int = 2_000_000
    max_columns: int = 1_000


DEFAULT_LIMITS = Limits()


class Row(NamedTuple):
    """``number`` as a spreadsheet shows it, from 1."""

    number: int
    values: tuple


@dataclass(frozen=True)
class FileInfo:
    """What a file is. ``warnings`` are codes: encoding_guessed, bytes_replaced."""

    kind: str
    sheets: tuple[str, ...]
    epoch_1904: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """First rows of a sheet and what they seem to mean. ``heading_row`` is a row number (None: no headings)."""

    info: FileInfo
    sheet: str
    rows: tuple[Row, ...]
    heading_row: int | None
    headings: tuple = ()
    mapping: Mapping[str, int] = field(default_factory=dict)


def inspect(source, encoding=None, delimiter=None, limits=DEFAULT_LIMITS) -> FileInfo:
    """Kind, sheets, encoding and delimiter of a file, without reading its rows.

    :param encoding, delimiter: for a text file, when the user has said them
    :raises FileProblem:
    """
    with _opened(source, encoding, delimiter, limits) as table:
        return _info(table)


def read_rows(source, sheet=None, encoding=None, delimiter=None, limits=DEFAULT_LIMITS) -> Iterator[Row]:
    """Yield the rows that have content.

    :param sheet: name of a worksheet; None is the first
    :raises FileProblem: also in the middle, e.g. ``too_many_rows``
    """
    with _opened(source, encoding, delimiter, limits) as table:
        yield from _checked_rows(table, _chosen(table, sheet), limits)


def preview(
    source,
    fields: Mapping[str, Sequence[str]] | None = None,
    sheet=None,
    count=20,
    encoding=None,
    delimiter=None,
    limits=DEFAULT_LIMITS,
) -> Preview:
    """First rows, the likely heading row and a proposal which column is which field.

    :param fields: ``{field: accepted heading names}``
    :raises FileProblem: ``empty`` when the sheet has no row with content
    """
    fields = fields or {}
    with _opened(source, encoding, delimiter, limits) as table:
        name = _chosen(table, sheet)
        rows = tuple(islice(_checked_rows(table, name, limits), count))
        info = _info(table)
    if not rows:
        raise FileProblem("empty")
    position = guess_heading([row.values for row in rows], fields)
    if position is None:
        return Preview(info, name, rows, None)
    headings = rows[position].values
    return Preview(info, name, rows, rows[position].number, headings, suggest_mapping(headings, fields))


def _checked_rows(table, sheet, limits):
    count = 0
    for number, values in table.rows(sheet):
        width = len(values)
        while width and is_empty(values[width - 1]):
            width -= 1
        if not width:
            continue
        count += 1
        if number > LAST_ROW:
            raise FileProblem("corrupted", detail=f"row {number}")
        if count > limits.max_rows:
            raise FileProblem("too_many_rows", limit=limits.max_rows)
        if width > limits.max_columns:
            raise FileProblem("too_many_columns", limit=limits.max_columns, row=number)
        yield Row(number, values[:width])


def _chosen(table, sheet):
    if not table.sheets:
        raise FileProblem("empty")
    if sheet in (None, ""):
        return table.sheets[0]
    if sheet not in table.sheets:
        raise FileProblem("no_such_sheet", sheet=sheet, sheets=list(table.sheets))
    return sheet


def _info(table):
    if table.kind != "csv":
        return FileInfo(table.kind, table.sheets, table.epoch_1904)
    warnings = ("bytes_replaced",) if table.encoding.broken else () if table.encoding.sure else ("encoding_guessed",)
    return FileInfo("csv", table.sheets, False, table.encoding.name, table.delimiter, warnings)


@contextmanager
def _opened(source, encoding, delimiter, limits):
    with _binary(source) as file:
        table = _table(file, encoding, delimiter, limits)
        try:
            yield table
        finally:
            table.close()


@contextmanager
def _binary(source):
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield io.BytesIO(source)
    elif isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield file
    else:
        yield source


def _table(file, encoding, delimiter, limits):
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not size or not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileProblem("empty")
    kind = _kind(head)
    limit = limits.max_xls if kind == "xls" else limits.max_bytes
    if size > limit:
        raise FileProblem("too_large", size=size, limit=limit)
    if kind == "xlsx":
        return Xlsx(file, limits)
    if kind == "xls":
        return Xls(file, limits)
    if kind != "csv":
        raise FileProblem("not_a_table", kind=kind)
    return Delimited(file, encoding, delimiter)


#: first bytes -> kind; the name of a file is never asked
_MAGIC = (
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "xlsx"),
    (OLE2, "xls"),
    # worksheets of Excel 2 to 4, before OLE2
    (b"\x09\x00\x04\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "word"),
)


def _kind(head):
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<html" in start:
        return "html"
    if start.startswith(b"<?xml"):
        return "xml"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or encodings.utf16_without_mark(head):
        return "csv"
    control = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1a" for byte in head)
    return "unknown" if control > len(head) * 0.01 else "csv"
