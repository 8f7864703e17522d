from odoo import api, models


class ScmRegions(models.AbstractModel):
    """The region page as a workbook."""

    _inherit = "scm.regions"

    @api.model
    def _page_workbook(self, page):
        """Bytes of an .xlsx of what :meth:`get_regions` returned: a row per region, each figure with its change."""
        measures = [measure for measure in page["measures"] if measure["is_known"]]
        columns = [{"label": self.env._("Country"), "width": 22}, {"label": self.env._("Region"), "width": 28}]
        for measure in measures:
            columns += self._measure_columns(measure)
        rows = [self._sheet_row(self.env._("All"), "", page["total"], measures)]
        for country in page["countries"]:
            rows.append(self._sheet_row(country["name"], "", country, measures))
            rows += [
                self._sheet_row(country["name"], region["name"], region, measures) for region in country["regions"]
            ]
        names = {one["id"]: one["name"] for one in page["warehouses"] + page["categories"]}
        notes = [
            (self.env._("Days"), f"{page['date_from']} – {page['date_to']}"),
            (self.env._("Compared with"), f"{page['compare_from']} – {page['compare_to']}"),
        ]
        if page["warehouse_id"]:
            notes.append((self.env._("Warehouse"), names[page["warehouse_id"]]))
        if page["category_id"]:
            notes.append((self.env._("Category"), names.get(page["category_id"], "")))
        sheet = {"name": self.env._("Regions"), "columns": columns, "rows": rows}
        return self.env["scm.workbook"]._workbook(self.env._("Regions with Growth"), [sheet], notes)

    @api.model
    def _measure_columns(self, measure):
        name, unit = measure["name"], measure["unit"]
        change = "percent" if measure["is_sum"] else unit
        growth = self.env._("In this period over the paired days before, less 1; the interval holds 95 % of the time.")
        difference = self.env._("In this period less the paired days before; the interval holds 95 % of the time.")
        definition = growth if measure["is_sum"] else difference
        return [
            {"label": name, "unit": unit, "definition": measure["formula"]},
            {"label": self.env._("%(name)s before", name=name), "unit": unit, "definition": measure["formula"]},
            {"label": self.env._("%(name)s: change", name=name), "unit": change, "definition": definition},
            {"label": self.env._("%(name)s: at least", name=name), "unit": change, "definition": definition},
            {"label": self.env._("%(name)s: at most", name=name), "unit": change, "definition": definition},
        ]

    @api.model
    def _sheet_row(self, country, region, row, measures):
        values = [country, region]
        for measure in measures:
            own = row["measures"].get(measure["code"], {})
            values += [own.get(key, False) for key in ("value", "before", "change", "low", "high")]
        return values
