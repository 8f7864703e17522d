"""What an interface brings may be anything. The name of an argument says what it is, as everywhere in the suite.

========================================  ===================================================================
``..._id``                                an id, or nothing
``..._ids``                               a list of ids, or nothing
``date``, ``date_...``, ``day``,          a day as text (``YYYY-MM-DD``, with or without a time), or nothing
``week``, ``until``, ``..._at``
default is a number; quantity, days, ..   a finite number, or nothing; a whole one where the default is whole
default is a text; reason, text, note,..  a text, or nothing
rows, lines, parts, entries               a list of named values
values, filters, payload, ...             named values
========================================  ===================================================================

Nothing is False or an empty text; None is the same where an argument may be left out, and then its default. What is in
named values is the method's own business.
"""

import math
from inspect import Parameter

from odoo.exceptions import UserError
from odoo.fields import Date

#: the largest id that PostgreSQL keeps
LARGEST_ID = 2**31 - 1
#: beyond this a quantity or an amount is a slip of the keyboard
LARGEST_NUMBER = 1e15
#: rows that one call may skip or give
MOST_ROWS = 1_000_000
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999

DAYS = {"date", "day", "until"}
NUMBERS = {"quantity", "days", "week", "weeks", "months", "position", "qty_checked", "qty_rejected"}
PAGES = {"limit", "offset"}
TEXTS = {
    "answer", "basis", "bucket", "cause", "channel", "code", "colour", "comment", "conditions", "defect", "dimension",
    "level", "measure", "message", "method", "note", "only", "outcome", "place", "reason", "ref", "requested_by",
    "res_model", "search", "sort", "status", "sub_status", "text", "time",
}  # fmt: skip
ROWS = {"entries", "lines", "parts", "rows"}
VALUES = {"answers", "cell", "facts", "filters", "payload", "quantities", "row", "values"}


def check(env, name, value, default=Parameter.empty):
    """Say in a sentence what is wanted where the value cannot be meant."""
    if value is None and default is Parameter.empty:
        raise UserError(env._("%(name)s: give it, it is needed.", name=name))
    if _is_nothing(value):
        return
    kind = kind_of(name, default)
    if kind and not kind(value):
        raise UserError(_wanted(env, kind, name, value))


def check_ids(env, ids):
    """The ids on which a method is called."""
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in ids):
        raise UserError(env._("Give the ids of records as whole numbers."))


def kind_of(name, default):
    """The test for an argument, from its name and what it is when it is not given; None where anything goes."""
    if name.endswith("_ids"):
        return _is_ids
    if name.endswith("_id"):
        return _is_id
    if name in DAYS or name.startswith("date_") or name.endswith("_at"):
        return _is_day
    if name in ROWS:
        return _is_rows
    if name in VALUES:
        return _is_values
    if isinstance(default, str) or name in TEXTS:
        return _is_text
    if name in PAGES:
        return _is_count
    if isinstance(default, int) and not isinstance(default, bool):
        return _is_whole
    if isinstance(default, float) or name in NUMBERS:
        return _is_number
    return None


def _is_nothing(value):
    return value is None or value is False or (isinstance(value, str) and not value)


def _is_id(value):
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and int(value) <= LARGEST_ID
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID


def _is_ids(value):
    return isinstance(value, (list, tuple)) and all(one is False or _is_id(one) for one in value)


def _is_number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return not math.isnan(value) and abs(value) <= LARGEST_NUMBER


def _is_whole(value):
    return _is_number(value) and value == int(value) and abs(value) <= LARGEST_ID


def _is_count(value):
    return _is_whole(value) and 0 <= value <= MOST_ROWS


def _is_text(value):
    return isinstance(value, str)


def _is_day(value):
    if not isinstance(value, str):
        return hasattr(value, "year")
    try:
        day = Date.to_date(value)
    except ValueError:
        return False
    return bool(day) and EARLIEST_YEAR <= day.year <= LATEST_YEAR


def _is_rows(value):
    return isinstance(value, (list, tuple)) and all(isinstance(row, dict) for row in value)


def _is_values(value):
    return isinstance(value, dict)


def _wanted(env, kind, name, value):
    text = str(value)
    values = {"name": name, "value": text if len(text) <= 60 else f"{text[:57]}..."}
    if kind is _is_day:
        return env._("%(name)s: '%(value)s' is not a day: write it as YYYY-MM-DD.", **values)
    if kind is _is_id:
        return env._("%(name)s: give the id of a record, not %(value)s.", **values)
    if kind is _is_ids:
        return env._("%(name)s: give a list of ids, not %(value)s.", **values)
    if kind is _is_text:
        return env._("%(name)s: give a text, not %(value)s.", **values)
    if kind is _is_rows:
        return env._("%(name)s: give a list of rows with named values, not %(value)s.", **values)
    if kind is _is_values:
        return env._("%(name)s: give named values, not %(value)s.", **values)
    if kind in (_is_whole, _is_count):
        return env._("%(name)s: give a whole number, not %(value)s.", **values)
    return env._("%(name)s: give a number, not %(value)s.", **values)
