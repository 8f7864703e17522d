"""How tracking numbers are compared: whatever their case and the spaces in them."""

from odoo.tools import SQL

from ..kernel.tracking_payload import BLANKS
from ..kernel.tracking_payload import same_number as tracking_key

__all__ = ["BLANKS", "tracking_key", "tracking_key_sql"]


def tracking_key_sql(column):
    """The same of a column, in the words of the index on parcels and orphans."""
    return SQL("upper(regexp_replace(%s, %s, '', 'g'))", SQL.identifier(*column.split(".")), BLANKS)
