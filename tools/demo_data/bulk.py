"""Fast loading: COPY with the indexes and foreign keys away, rows made from a prototype that Odoo itself has written.

A prototype is a row as the ORM leaves it (a delivered order line, say). Only the columns that differ from record to
record are given; all others are copied from it, so that every stored field, of whatever addon is installed, has the
value that Odoo would have stored.
"""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from datetime import date, datetime

import numpy as np

CHUNK = 50_000


def cell(value) -> str:
    """One value in PostgreSQL's text format of COPY.

    >>> cell(None), cell(True), cell('a\\tb'), cell(2.5)
    ('\\\\N', 't', 'a\\\\tb', '2.5')
    """
    if value is None:
        return "\\N"
    if isinstance(value, (bool, np.bool_)):
        return "t" if value else "f"
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _texts(values) -> list[str]:
    """A column as texts; arrays go the quick way. NaT and NaN mean NULL."""
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "M":
            texts = np.char.replace(np.datetime_as_string(values), "T", " ")
            return np.where(np.isnat(values), "\\N", texts).tolist()
        if values.dtype.kind == "b":
            return np.where(values, "t", "f").tolist()
        if values.dtype.kind == "f":
            return ["\\N" if v != v else repr(v) for v in values.tolist()]
        if values.dtype.kind in "iu":
            return list(map(str, values.tolist()))
    return [cell(value) for value in values]


class Loader:
    """COPY into tables of one cursor, with running ids."""

    def __init__(self, cr):
        self.cr = cr
        self._next = {}
        self._written = set()

    def ids(self, table: str, count: int) -> np.ndarray:
        """The next `count` free ids of a table."""
        if table not in self._next:
            self.cr.execute(f'SELECT COALESCE(MAX(id), 0) + 1 FROM "{table}"')
            self._next[table] = self.cr.fetchone()[0]
        first = self._next[table]
        self._next[table] = first + int(count)
        return np.arange(first, first + count)

    def copy(self, table: str, columns: dict, prototype: dict | None = None) -> None:
        """Write rows: `columns` are sequences of one length, the rest comes from `prototype`.

        History was last written when it was made: what asks for "changed since" must not take it all for new.
        """
        count = len(next(iter(columns.values())))
        if not count:
            return
        if "create_date" in columns:
            columns = {"write_date": columns["create_date"], **columns}
        constants = {name: value for name, value in (prototype or {}).items() if name not in columns and name != "id"}
        names = [f'"{name}"' for name in (*columns, *constants)]
        tail = "".join("\t" + cell(value) for value in constants.values()) + "\n"
        texts = [_texts(values) for values in columns.values()]
        statement = f'COPY "{table}" ({", ".join(names)}) FROM STDIN'
        self._written.add(table)
        for start in range(0, count, CHUNK):
            rows = zip(*(column[start : start + CHUNK] for column in texts), strict=False)
            self.cr.copy_expert(statement, io.StringIO("".join("\t".join(row) + tail for row in rows)))

    def analyze(self) -> None:
        """Let the planner know what was written: within one transaction nobody else would tell it."""
        for table in sorted(self._written):
            self.cr.execute(f'ANALYZE "{table}"')

    def set_id_sequences(self) -> None:
        """Let the ORM go on behind the ids used here."""
        for table, following in self._next.items():
            self.cr.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, following])


@contextmanager
def bare_tables(cr, tables):
    """Take indexes and foreign keys off while loading, and put them back: several times as quick as keeping them."""
    cr.execute(
        """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
             FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2""",
        [list(tables)],
    )
    keys = cr.fetchall()
    cr.execute(
        """SELECT quote_ident(c.relname), pg_get_indexdef(i.indexrelid)
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique ORDER BY 1""",
        [list(tables)],
    )
    indexes = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cr.execute(definition)
    for table, name, definition in keys:
        cr.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in tables:
        cr.execute(f"ANALYZE {table}")
