import io

import xlsxwriter
from odoo import api, fields, models

NUMBER_FORMATS = {
    "percent": "0.0%",
    "money": "#,##0",
    "count": "#,##0",
    "days": "#,##0.0",
    "hours": "#,##0.0",
    "ratio": "0.00",
    "ppm": "#,##0",
    "kg": "#,##0.000",
}


class ScmControlTower(models.AbstractModel):
    """The morning page as a workbook: figures with unit and target, their last days, and what each of them means."""

    _inherit = "scm.control.tower"

    @api.model
    def _workbook(self, tower):
        """Bytes of an .xlsx of what :meth:`get_tower` returned; percentages are shares shown as per cent."""
        metrics = self.env["scm.metric"].browse([tile["id"] for tile in tower["tiles"]])
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {unit: book.add_format({"num_format": text}) for unit, text in NUMBER_FORMATS.items()}
        self._sheet_of_figures(book, bold, formats, tower)
        self._sheet_of_days(book, bold, formats, tower)
        self._sheet_of_meanings(book, bold, metrics)
        book.close()
        return out.getvalue()

    def _sheet_of_figures(self, book, bold, formats, tower):
        sheet = book.add_worksheet(self.env._("Figures")[:31])
        units = dict(self.env["scm.metric"]._fields["unit"]._description_selection(self.env))
        areas = dict(tower["areas"])
        heads = (
            self.env._("Area"),
            self.env._("Figure"),
            tower["date"],
            self.env._("A week before"),
            self.env._("Target"),
            self.env._("Unit"),
            self.env._("n"),
            self.env._("Cause"),
        )
        sheet.write_row(0, 0, heads, bold)
        for row, tile in enumerate(tower["tiles"], start=1):
            sheet.write_string(row, 0, areas.get(tile["area"], ""))
            sheet.write_string(row, 1, tile["name"])
            for column, value in enumerate((tile["value"], tile["weekday"], tile["target"]), start=2):
                if value is not False:
                    sheet.write_number(row, column, value, formats[tile["unit"]])
            sheet.write_string(row, 5, self._unit_name(tile["unit"], units))
            sheet.write_number(row, 6, tile["sample"])
            # write_string: a note that begins with "=" is no formula
            sheet.write_string(row, 7, tile["note"]["text"] if tile["note"] else "")
        sheet.set_column(0, 1, 24)
        sheet.set_column(2, 6, 14)
        sheet.set_column(7, 7, 60)
        sheet.freeze_panes(1, 2)

    def _unit_name(self, unit, units):
        return self.env.company.currency_id.name if unit == "money" else units[unit]

    def _sheet_of_days(self, book, bold, formats, tower):
        """The last days of the figures of a day, one column each; a gap stays empty."""
        sheet = book.add_worksheet(self.env._("Days")[:31])
        daily = self.env["scm.metric"].browse([tile["id"] for tile in tower["tiles"]])
        weekly = {metric.id for metric in daily if metric.grain == "week"}
        tiles = [tile for tile in tower["tiles"] if tile["id"] not in weekly]
        sheet.write_row(0, 0, [self.env._("Day"), *(tile["name"] for tile in tiles)], bold)
        length = len(tiles[0]["trend"]) if tiles else 0
        last = fields.Date.to_date(tower["date"])
        for back in range(length):
            row = length - back
            sheet.write_string(row, 0, fields.Date.to_string(fields.Date.subtract(last, days=back)))
            for column, tile in enumerate(tiles, start=1):
                value = tile["trend"][-1 - back]
                if value is not False:
                    sheet.write_number(row, column, value, formats[tile["unit"]])
        sheet.set_column(0, len(tiles), 14)
        sheet.freeze_panes(1, 1)

    def _sheet_of_meanings(self, book, bold, metrics):
        sheet = book.add_worksheet(self.env._("Definitions")[:31])
        heads = (self.env._("Figure"), self.env._("Formula"), "SCOR", self.env._("Version"), self.env._("Owner"))
        sheet.write_row(0, 0, heads, bold)
        for row, metric in enumerate(metrics, start=1):
            sheet.write_string(row, 0, metric.name)
            sheet.write_string(row, 1, metric.formula)
            sheet.write_string(row, 2, metric.scor or "")
            sheet.write_number(row, 3, metric.version)
            sheet.write_string(row, 4, metric.user_id.name or "")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        sheet.freeze_panes(1, 0)
