from odoo import api, fields, models


class ScmControlTower(models.AbstractModel):
    """The morning page as a workbook: figures with unit and target, their last days, and what each of them means."""

    _inherit = "scm.control.tower"

    @api.model
    def _workbook(self, tower):
        """Bytes of an .xlsx of what :meth:`get_tower` returned; percentages are shares shown as per cent."""
        notes = [(self.env._("Day"), tower["date"])]
        warehouse = next((one["name"] for one in tower["warehouses"] if one["id"] == tower["warehouse_id"]), "")
        if warehouse:
            notes.append((self.env._("Warehouse"), warehouse))
        sheets = [self._sheet_of_figures(tower), self._sheet_of_days(tower), self._sheet_of_meanings(tower)]
        return self.env["scm.workbook"]._workbook(self.env._("Control Tower"), sheets, notes)

    def _sheet_of_figures(self, tower):
        units = self.env["scm.metric"]._fields["unit"]._description_selection(self.env)
        units = dict(units) | {"money": self.env.company.currency_id.name}
        areas = dict(tower["areas"])
        labels = (
            (self.env._("Area"), 18),
            (self.env._("Figure"), 28),
            (tower["date"], 14),
            (self.env._("A week before"), 14),
            (self.env._("Target"), 14),
            (self.env._("Unit"), 12),
            (self.env._("n"), 10),
            (self.env._("Cause"), 60),
        )
        rows = []
        for tile in tower["tiles"]:
            unit, cause = tile["unit"], tile["note"]["text"] if tile["note"] else ""
            values = [areas.get(tile["area"], ""), tile["name"], tile["value"], tile["weekday"], tile["target"]]
            rows.append(
                {
                    "values": [*values, units[unit], tile["sample"], cause],
                    "units": [False, False, unit, unit, unit, False, "count", False],
                }
            )
        columns = [{"label": label, "width": width} for label, width in labels]
        return {"name": self.env._("Figures"), "columns": columns, "rows": rows}

    def _sheet_of_days(self, tower):
        """The last days of the figures of a day, one column each; a gap stays empty."""
        metrics = self.env["scm.metric"].browse([tile["id"] for tile in tower["tiles"]])
        weekly = {metric.id for metric in metrics if metric.grain == "week"}
        tiles = [tile for tile in tower["tiles"] if tile["id"] not in weekly]
        columns = [{"label": self.env._("Day"), "width": 12}]
        columns += [{"label": tile["name"], "unit": tile["unit"], "definition": tile["formula"]} for tile in tiles]
        last = fields.Date.to_date(tower["date"])
        length = len(tiles[0]["trend"]) if tiles else 0
        rows = [
            [fields.Date.subtract(last, days=back), *(tile["trend"][-1 - back] for tile in tiles)]
            for back in reversed(range(length))
        ]
        return {"name": self.env._("Days"), "columns": columns, "rows": rows}

    def _sheet_of_meanings(self, tower):
        metrics = self.env["scm.metric"].browse([tile["id"] for tile in tower["tiles"]])
        labels = (
            (self.env._("Figure"), 28),
            (self.env._("Formula"), 100),
            ("SCOR", 10),
            (self.env._("Version"), 10),
            (self.env._("Owner"), 20),
        )
        rows = [
            [metric.name, metric.formula, metric.scor or "", metric.version, metric.user_id.name or ""]
            for metric in metrics
        ]
        columns = [{"label": label, "width": width} for label, width in labels]
        return {"name": self.env._("Metrics"), "columns": columns, "rows": rows}
