from odoo import api, fields, models

#: alerts of one event, those with most lost revenue
MOST_ALERTS = 50


class ScmEventPage(models.AbstractModel):
    """The alerts of a running event."""

    _inherit = "scm.event.page"

    @api.model
    def _alert_rows(self, watch):
        """What runs out before the running event ends, as ``scm.alert._sync`` takes it."""
        moment = self._moment(watch, False)
        measures = self._measures(moment)
        items = self._items(moment, measures["units"]["pace"])
        short = self._shortages(moment, items)[:MOST_ALERTS]
        names = self._product_names([items["product"][row] for row, *_rest in short])
        return [
            {
                "subject_key": f"{watch.id}:{int(items['warehouse'][row])}:{int(items['product'][row])}",
                "name": self.env._(
                    "%(product)s: %(units)s missing, %(event)s",
                    product=names.get(int(items["product"][row]), ""),
                    units=round(float(units)),
                    event=watch.occurrence_id.display_name,
                ),
                "product_id": int(items["product"][row]),
                "warehouse_id": int(items["warehouse"][row]),
                "money_at_stake": float(lost),
                "severity": "critical" if hours <= 24 else "warning",
                "why": self._alert_why(moment, items, row, hours, units, remedy),
            }
            for row, hours, units, lost, remedy in short
        ]

    @api.model
    def _alert_why(self, moment, items, row, hours, units, remedy):
        terms = (
            ("event_expected", items["total"][row]),
            ("event_sold", items["actual"][row]),
            ("event_rest", items["rest"][row]),
            ("event_free", items["free"][row]),
            ("event_due", items["due"][row]),
        )
        return {
            "value": round(float(units), 2),
            "unit": "Units",
            "method": "event_runs_out",
            "formula": "event_runs_out_formula",
            "sample": moment.watch.past_count,
            "window": {
                "from": fields.Date.to_string(moment.watch.occurrence_id.date_start),
                "to": fields.Date.to_string(moment.watch.occurrence_id.date_end),
            },
            "terms": [
                *({"code": code, "value": round(float(value), 2), "unit": "Units"} for code, value in terms),
                {"code": "event_hours", "value": round(float(hours), 1)},
                {"code": "event_remedy", "value": f"event_remedy_{remedy}"},
            ],
            "notes": [f"event_basis_{moment.watch.basis}"],
        }
