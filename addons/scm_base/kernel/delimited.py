"""Text tables (.csv and friends) as a stream of rows: encoding and delimiter are found, memory stays constant."""

import codecs
import csv
import io

from . import encoding as encodings
from .problems import FileProblem

DELIMITERS = (",", ";", "\t", "|")
SNIFF_CHARS = 1 << 16
#: a longer cell is a quotation mark that was never closed
MAX_CELL = 1 << 17
#: a longer row is the same, or no table at all; this also bounds what is held in memory
MAX_ROW = 1 << 22


class Delimited:
    """An open text table: like a workbook with one sheet that has no name.

    ``replaced`` counts characters that stand for undecodable bytes, as far as the rows have been read.
    """

    kind = "csv"
    sheets = ("",)
    epoch_1904 = False

    def __init__(self, file, encoding=None, delimiter=None):
        self._file = file
        self.encoding = _declared(encoding) if encoding else encodings.detect(file)
        sample = self._sample()
        self._skip, declared = _separator_line(sample)
        self.delimiter = delimiter or declared or _sniff(sample)
        self.replaced = 0
        self._unread = 0

    def rows(self, _sheet=""):
        """Yield ``(number, values)``; empty cells are None. Numbers count rows as a spreadsheet would show them."""
        text = self._text()
        number = 0
        try:
            lines = self._counting(text)
            if self._skip:
                number = 1
                next(lines, None)
            # Excel writes quotes doubled, never escaped
            for cells in csv.reader(lines, delimiter=self.delimiter):
                number += 1
                self._unread = 0
                if max(map(len, cells), default=0) > MAX_CELL:
                    raise FileProblem("cell_too_long", row=number)
                yield number, tuple(cell if cell != "" else None for cell in cells)
        except UnicodeDecodeError as error:
            raise FileProblem("wrong_encoding", encoding=self.encoding.name, row=self._first_bad_row()) from error
        except csv.Error as error:
            code = "cell_too_long" if "field larger" in str(error) or "too long" in str(error) else "corrupted"
            raise FileProblem(code, row=number + 1, detail=str(error)) from error
        finally:
            text.detach()

    def close(self):
        """Nothing to give back: the file belongs to the caller."""

    def _counting(self, text):
        """Lines of the file; what makes one row must not grow without end."""
        self._unread = 0
        while line := text.readline(MAX_ROW):
            self._unread += len(line)
            if self._unread >= MAX_ROW:
                raise csv.Error("row too long")
            if self.encoding.broken:
                self.replaced += line.count("\ufffd")
            yield line

    def _text(self, errors=None):
        self._file.seek(0)
        errors = errors or ("replace" if self.encoding.broken else "strict")
        return io.TextIOWrapper(self._file, self.encoding.codec, errors=errors, newline="")

    def _sample(self):
        text = self._text()
        try:
            return text.read(SNIFF_CHARS)
        except UnicodeDecodeError as error:
            raise FileProblem("wrong_encoding", encoding=self.encoding.name, row=self._first_bad_row()) from error
        finally:
            text.detach()

    def _first_bad_row(self):
        """Decoding runs ahead of the rows, so the row of a bad byte has to be looked for."""
        text = self._text("replace")
        try:
            return next((number for number, line in enumerate(text, 1) if "\ufffd" in line), 1)
        finally:
            text.detach()


def _declared(name):
    try:
        codec = codecs.lookup(encodings.CODECS.get(name.lower(), name)).name
    except LookupError:
        raise FileProblem("unknown_encoding", encoding=name) from None
    known = {codecs.lookup(value).name: key for key, value in encodings.CODECS.items()}
    # a byte order mark may stand in front of what a person calls UTF-8
    return encodings.Encoding("utf-8-sig" if codec == "utf-8" else known.get(codec, codec))


def _separator_line(sample):
    """Excel's own hint, a first line like ``sep=;``: (is it there, the delimiter)."""
    first = sample.split("\n", 1)[0].rstrip("\r")
    if first.lower().startswith("sep=") and len(first) == 5:
        return True, first[4]
    return False, None


def _sniff(sample):
    """The delimiter that cuts most rows into one and the same number of cells."""
    lines = sample.splitlines()
    if len(sample) >= SNIFF_CHARS and len(lines) > 1:
        lines.pop()
    scores = {delimiter: _evenness(lines[:200], delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=scores.get)
    return best if scores[best] > 0 else ","


def _evenness(lines, delimiter):
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    if usual < 2:
        # a title above the table may outnumber a short table's rows
        wide = [width for width in widths if width > 1]
        return len(wide) / len(widths) / 2 if wide else 0.0
    return widths.count(usual) / len(widths) + usual / 1000


csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
