"""Lists of the suite leave Odoo as workbooks that explain themselves: units in the headings, and definitions."""

import json

from odoo.http import request

from odoo.addons.web.controllers.export import ExcelExport, ExportXlsxWriter, GroupExportXlsxWriter

#: formats of numbers that Odoo's writer does not know
PERCENT = "0.0%"


class _Explained:
    """What both of Odoo's writers (plain and grouped) do differently for lists of the suite."""

    def __init__(self, fields, columns_headers, row_count, explained):
        super().__init__(fields, columns_headers, row_count)
        self.explained = explained
        self.percent_style = self.workbook.add_format({"text_wrap": True, "num_format": PERCENT})
        self.percent_group_style = self.workbook.add_format(
            {"text_wrap": True, "bold": True, "bg_color": "#e9ecef", "num_format": PERCENT}
        )

    def write(self, row, column, cell_value, style=None):
        """A text is written as text: one that begins with "=" is no formula, and no text is a link."""
        if isinstance(cell_value, str):
            self.worksheet.write_string(row, column, cell_value, style)
            return
        if isinstance(cell_value, float) and self.explained["units"][column] == "percent":
            style = self.percent_group_style if style is self.header_bold_style_float else self.percent_style
        super().write(row, column, cell_value, style)

    def close(self):
        workbook = request.env["scm.workbook"]
        workbook._definitions(
            self.workbook,
            workbook._formats(self.workbook),
            self.explained["title"],
            self.explained["rows"],
            self.explained["notes"],
            {self.worksheet.name.lower()},
        )
        return super().close()


class ExplainedXlsxWriter(_Explained, ExportXlsxWriter):
    pass


class ExplainedGroupXlsxWriter(_Explained, GroupExportXlsxWriter):
    pass


class ScmExcelExport(ExcelExport):
    """Odoo's export of lists; those with a field of the suite get units and definitions."""

    def base(self, data):
        params = json.loads(data)
        # an export to be imported again keeps its technical headings alone
        explain = not params.get("import_compat") and request.env["scm.export"]._is_ours(
            params.get("model"), [field.get("name") for field in params.get("fields", ())]
        )
        request.scm_export = params if explain else None
        return super().base(data)

    def _explained(self, fields, columns_headers):
        """``(headings with units, what the last sheet says)``, or none for what is not of the suite."""
        params = getattr(request, "scm_export", None)
        if not params:
            return columns_headers, None
        return request.env["scm.export"]._explain(params, fields, columns_headers)

    def from_group_data(self, fields, columns_headers, groups):
        headers, explained = self._explained(fields, columns_headers)
        if not explained:
            return super().from_group_data(fields, columns_headers, groups)
        with ExplainedGroupXlsxWriter(fields, headers, groups.count, explained) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value

    def from_data(self, fields, columns_headers, rows):
        headers, explained = self._explained(fields, columns_headers)
        if not explained:
            return super().from_data(fields, columns_headers, rows)
        with ExplainedXlsxWriter(fields, headers, len(rows), explained) as writer:
            for number, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    writer.write_cell(number, place, value)
        return writer.value
