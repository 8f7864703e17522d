"""How tracking numbers are compared: whatever their case and the spaces in them."""

import re

from odoo.tools import SQL


def tracking_key(ref):
    """The number as it is compared; empty for none."""
    return re.sub(r"[ \t\n\r\u00a0\u3000]", "", ref or "").upper()


def tracking_key_sql(column):
    """The same of a column, in the words of the index on parcels and orphans."""
    return SQL("upper(regexp_replace(%s, '[ \\t\\n\\r\\u00a0\\u3000]', '', 'g'))", SQL.identifier(*column.split(".")))
