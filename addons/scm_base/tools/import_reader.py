"""Reads a user's file by the mapping he confirmed: batches of parsed rows, and findings for what cannot be parsed."""

import base64
import csv
import io
from dataclasses import dataclass

from ..kernel.cells import is_empty, to_date, to_moment, to_number, to_text
from ..kernel.problems import ValueProblem
from ..kernel.tabular import read_rows

#: longer headings are cut: they are shown beside their column
MAX_HEADING = 200
#: a text that begins so is a formula to a spreadsheet
FORMULA_STARTS = tuple("=+-@\t\r")


@dataclass(frozen=True)
class MappedColumn:
    """A column of the file and the field it fills."""

    position: int
    field: str
    kind: str
    required: bool


@dataclass(frozen=True)
class ReadOptions:
    """How the user said that his file is to be read."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    heading_row: int = 0
    date_order: str = "ymd"
    decimal_mark: str | None = None
    epoch_1904: bool = False


class ImportReader:
    """``explain(code)`` gives the sentence for a problem of a cell, ``missing`` the one for an empty required cell."""

    def __init__(self, source, options, columns, explain, missing, make_row):
        self.source = source
        self.options = options
        self.columns = columns
        self.explain = explain
        self.missing = missing
        self.make_row = make_row
        self._parsers = {
            "text": lambda value: _storable(to_text(value)),
            "number": lambda value: to_number(value, options.decimal_mark),
            "date": lambda value: to_date(value, options.date_order, options.epoch_1904),
            "moment": lambda value: to_moment(value, options.date_order, options.epoch_1904),
        }

    def batches(self, report, size, after=0):
        """Yield ``(rows, read, last)``: parsed rows without findings, rows read, number of the last row.

        :param after: go on behind this row number
        """
        rows, read, last = [], 0, after
        start = max(self.options.heading_row, after)
        options = self.options
        for row in read_rows(self.source, options.sheet, options.encoding, options.delimiter):
            if row.number <= start:
                continue
            read, last = read + 1, row.number
            parsed = self._parse(row, report)
            if parsed:
                rows.append(parsed)
            if read == size:
                yield rows, read, last
                rows, read = [], 0
        if read:
            yield rows, read, last

    def _parse(self, row, report):
        values, good = {}, True
        for column in self.columns:
            cell = row.values[column.position] if column.position < len(row.values) else None
            try:
                value = self._parsers[column.kind](cell)
            except ValueProblem as problem:
                report.error(row.number, column.field, self.explain(problem.code), value=cell)
                good = False
                continue
            if column.required and (value is None or value == ""):
                report.error(row.number, column.field, self.missing)
                good = False
            values[column.field] = value
        return self.make_row(row.number, values) if good else None


def _storable(text):
    """PostgreSQL keeps no NUL characters."""
    return text.replace("\x00", "") if text else text


def heading(value):
    """A cell of the heading row as text."""
    return "" if value is None else _storable(str(value))[:MAX_HEADING]


def column_letter(position):
    """Name of a column as a spreadsheet shows it.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sample_text(values, count=3):
    """The first filled values of a column, for a person."""
    return ", ".join(_storable(str(value)[:40]) for value in [value for value in values if not is_empty(value)][:count])


def shown(value):
    """A cell as text for a person, short enough for a list."""
    return "" if value is None else _storable(str(value)[:200])


def csv_file(rows):
    """Rows as a base64 .csv that Excel reads as UTF-8; text cannot start a formula there.

    >>> base64.b64decode(csv_file([["=1+1", 2]]))[3:]
    b"'=1+1,2\\r\\n"
    """
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_STARTS else cell for cell in row] for row in rows
    )
    return base64.b64encode(buffer.getvalue().encode("utf-8-sig"))
