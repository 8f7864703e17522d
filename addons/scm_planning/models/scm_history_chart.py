from datetime import timedelta

from odoo import api, fields, models


class ScmForecastChart(models.AbstractModel):
    _inherit = "scm.forecast.chart"

    @api.model
    @api.readonly
    def get_forecast_chart(self, product_id=False, warehouse_id=False, freq="W"):
        """History, forecast, events, stock-outs and errors of a product in a warehouse; public, also over RPC.

        Beside what the base returns: ``corrections``, one dict per week of history that was found not to belong, and
        ``can_correct``. See ``docs/integration.md``.
        """
        data = super().get_forecast_chart(product_id, warehouse_id, freq)
        lines = self.env["scm.history.correction"]
        if freq == "W" and data["history"]:
            first = fields.Date.to_date(data["history"][0][0]) - timedelta(days=7)
            lines = lines.search(
                [
                    ("product_id", "=", data["product"]["id"]),
                    ("warehouse_id", "=", data["warehouse"]["id"]),
                    ("date", ">=", first),
                ],
                order="date",
            )
        return data | {
            "corrections": [self._prepare_correction(line) for line in lines],
            "can_correct": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def _prepare_correction(self, line):
        labels = {name: dict(line._fields[name]._description_selection(self.env)) for name in ("reason", "state")}
        return {
            "id": line.id,
            "date": fields.Date.to_string(line.date),
            "raw": line.quantity_raw,
            "cleaned": line.quantity_cleaned,
            "used": line.quantity_used,
            "state": line.state,
            "state_label": labels["state"][line.state],
            "reason": line.reason,
            "reason_label": labels["reason"][line.reason],
            "share": line.share_explained,
            "explanation": line.explanation or "",
            "decided_by": line.user_id.name or "",
            "note": line.note or "",
        }
