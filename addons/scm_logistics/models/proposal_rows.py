"""Proposals are written in one statement, and running twice proposes once."""

from odoo import fields
from odoo.tools import SQL
from psycopg2.extras import Json


def upsert_open(model, rows, subject, where):
    """Make one proposal per subject, or renew the one that stands open; what stays the same is not written.

    :param model: the proposals, with ``state``; those ``proposed`` or ``agreed`` are open, decided ones stay
    :param rows: dicts of column values, all with the same columns
    :param subject: column that says what a proposal is about
    :param where: condition of the partial unique index on the subject, as text
    """
    if not rows:
        return
    model.env.flush_all()
    columns = list(rows[0])
    changed = [name for name in columns if name != subject]
    now, uid = fields.Datetime.now(), model.env.uid
    values = [(*(_db_value(row[name]) for name in columns), now, now, uid, uid) for row in rows]
    model.env.cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (%(columns)s, create_date, write_date, create_uid, write_uid) VALUES %(values)s
            ON CONFLICT (%(subject)s) WHERE %(where)s
            DO UPDATE SET %(updates)s, write_date = EXCLUDED.write_date, write_uid = EXCLUDED.write_uid
             WHERE %(table)s.state IN ('proposed', 'agreed') AND ROW(%(old)s) IS DISTINCT FROM ROW(%(new)s)
            """,
            table=SQL.identifier(model._table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(SQL("%s", row) for row in values),
            subject=SQL.identifier(subject),
            where=SQL(where),
            updates=SQL(", ").join(
                SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in changed
            ),
            old=SQL(", ").join(SQL.identifier(model._table, name) for name in changed),
            new=SQL(", ").join(SQL.identifier("excluded", name) for name in changed),
        )
    )
    model.invalidate_model()


def _db_value(value):
    if isinstance(value, dict | list):
        return Json(value)
    return None if value is False else value
