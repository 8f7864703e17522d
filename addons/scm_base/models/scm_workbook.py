import io
import re
from datetime import date, datetime

import pytz
import xlsxwriter
from odoo import api, fields, models

from ..tools.zones import local_moment, zone_name

#: Excel formats of units; shares are shown as per cent
NUMBER_FORMATS = {
    "percent": "0.0%",
    "money": "#,##0.00",
    "count": "#,##0",
    "number": "#,##0",
    "days": "#,##0.0",
    "hours": "#,##0.0",
    "weeks": "#,##0.0",
    "minutes": "#,##0.0",
    "ratio": "0.00",
    "ppm": "#,##0",
    "kg": "#,##0.000",
    "quantity": "#,##0.##",
}
#: what Excel does not take in the name of a sheet, and its longest name
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31


class ScmWorkbook(models.AbstractModel):
    """Workbooks (.xlsx) that explain themselves: units in the headings, and a last sheet with definitions.

    Numbers and dates are cells of their kind; a text that begins with "=", "+", "-" or "@" stays a text.
    """

    _name = "scm.workbook"
    _description = "Workbooks with Units and Definitions"

    @api.model
    def _workbook(self, title, sheets, notes=()):
        """Bytes of an .xlsx.

        :param title: what the workbook is
        :param sheets: ``[{"name", "columns": [{"label", "unit", "definition", "width"}], "rows": [[value]]}]``; a unit
            is one of ``scm.units._words`` (or a text of its own), only ``label`` is needed. A row may also be
            ``{"values": [...], "units": [...]}`` where each cell has a unit of its own. False is an empty cell; a truth
            is written as Yes or No.
        :param notes: ``[(label, text)]`` such as filters, shown above the definitions
        """
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        formats = self._formats(book)
        taken = set()
        for sheet in sheets:
            self._write_sheet(book.add_worksheet(self._sheet_name(sheet["name"], taken)), formats, sheet)
        rows = [
            (sheet["name"], column["label"], column.get("unit"), column.get("definition"))
            for sheet in sheets
            for column in sheet["columns"]
        ]
        self._definitions(book, formats, title, rows, notes, taken)
        book.close()
        return out.getvalue()

    @api.model
    def _formats(self, book):
        return {
            **{unit: book.add_format({"num_format": text}) for unit, text in NUMBER_FORMATS.items()},
            "bold": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "label": book.add_format({"bold": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "plain": book.add_format({"num_format": "#,##0.##"}),
        }

    @api.model
    def _sheet_name(self, name, taken):
        """A name that Excel takes and no other sheet has."""
        name = FORBIDDEN.sub(" ", name or "").strip()[:LONGEST_NAME] or "Sheet"
        number, unique = 1, name
        while unique.lower() in taken:
            number += 1
            unique = f"{name[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        taken.add(unique.lower())
        return unique

    @api.model
    def _heading(self, label, unit):
        """``Label [unit]``, the unit once."""
        word = self._unit_word(unit)
        if not word or word == self._words_of_units()["number"] or f"({word})" in label:
            return label
        return f"{label} [{word}]"

    @api.model
    def _words_of_units(self):
        return self.env["scm.units"]._words() | {"count": self.env._("number"), "ppm": self.env._("ppm")}

    @api.model
    def _unit_word(self, unit):
        return self._words_of_units().get(unit, unit) if unit else ""

    def _write_sheet(self, page, formats, sheet):
        columns = sheet["columns"]
        for number, column in enumerate(columns):
            page.write_string(0, number, self._heading(column["label"], column.get("unit")), formats["bold"])
            page.set_column(number, number, column.get("width", 16))
        units = [column.get("unit") for column in columns]
        for number, row in enumerate(sheet["rows"], start=1):
            values, own = (row["values"], row["units"]) if isinstance(row, dict) else (row, units)
            for place, (value, unit) in enumerate(zip(values, own, strict=True)):
                self._write_cell(page, formats, number, place, value, unit)
        page.freeze_panes(1, 1)
        if sheet["rows"]:
            page.autofilter(0, 0, len(sheet["rows"]), len(columns) - 1)

    def _write_cell(self, page, formats, row, column, value, unit):
        if value is None or value is False:
            return
        if value is True:
            page.write_string(row, column, self.env._("Yes"))
        elif isinstance(value, datetime):
            page.write_datetime(row, column, value, formats["datetime"])
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])
        elif isinstance(value, int | float):
            page.write_number(row, column, value, formats.get(unit, formats["plain"]))
        else:
            # write_string: a text that begins with "=" is no formula
            page.write_string(row, column, str(value)[: page.xls_strmax])

    # What it all means

    @api.model
    def _made(self):
        """``[(label, text)]``: company, time zone, made when and by whom."""
        zone = self.env.user.tz or zone_name(self.env.company)
        zone = zone if zone in pytz.all_timezones_set else "UTC"
        now = local_moment(fields.Datetime.now(), zone)
        return [
            (self.env._("Company"), ", ".join(self.env.companies.mapped("name"))),
            (self.env._("Time Zone"), zone),
            (self.env._("Made on"), now.strftime("%Y-%m-%d %H:%M")),
            (self.env._("Made by"), self.env.user.name),
        ]

    @api.model
    def _definitions(self, book, formats, title, rows, notes, taken):
        """Last sheet: what this is, of what, made when, and each column with unit and meaning.

        :param rows: ``[(sheet, label, unit, definition)]``; ``sheet`` may be a technical name instead
        """
        page = book.add_worksheet(self._sheet_name(self.env._("Definitions"), taken))
        page.write_string(0, 0, title, formats["title"])
        line = 1
        for label, text in [*self._made(), *notes]:
            page.write_string(line, 0, str(label), formats["label"])
            page.write_string(line, 1, str(text))
            line += 1
        line += 1
        heads = (self.env._("In"), self.env._("Column"), self.env._("Unit"), self.env._("Definition"))
        for column, head in enumerate(heads):
            page.write_string(line, column, head, formats["bold"])
        for number, (sheet, label, unit, definition) in enumerate(rows, start=line + 1):
            for column, text in enumerate((sheet, label, self._unit_word(unit), definition)):
                page.write_string(number, column, str(text or ""), formats["wrap"])
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 28)
        page.set_column(2, 2, 18)
        page.set_column(3, 3, 90)
        return page
