import json

from odoo import api, models


class ScmOrderPlanRow(models.AbstractModel):
    """Planned orders shared among vendors, each with its why."""

    _inherit = "scm.order.plan.row"

    @api.model
    def _order_table(self, data):
        table = super()._order_table(data)
        if data.company.scm_vendor_choice == "priority" and not data.company.scm_vendor_split:
            return table
        return self.env["scm.vendor.choice"]._share_orders(data, table)

    @api.model
    def _order_rows(self, data, orders):
        names, rows = super()._order_rows(data, orders)
        if "choice" in orders and len(rows):
            place = names.index("why")
            currency = data.company.currency_id.name
            rows = [
                (*row[:place], self._with_choice(row[place], choice, currency), *row[place + 1 :]) if choice else row
                for row, choice in zip(rows, orders["choice"].tolist(), strict=True)
            ]
        return names, rows

    @api.model
    def _with_choice(self, text, choice, currency):
        """The why record, JSON text as the plan writes it, with what spoke for this vendor."""
        why = json.loads(text)
        terms = [{"code": code, "value": value, "unit": currency} for code, value in choice["money"]]
        terms += [
            {"code": "choice_late_days", "value": choice["late_days"], "unit": "days"},
            {"code": "choice_late_sample", "value": choice["late_sample"], "unit": ""},
            {"code": "choice_defects", "value": choice["defects"], "unit": "percent"},
        ]
        terms += [{"code": "choice_grade", "value": choice["grade"], "unit": ""}] if choice["grade"] else []
        if choice["share"] < 1:
            terms.append({"code": "choice_share", "value": choice["share"], "unit": "percent"})
        terms += [{"code": name, "value": cost, "unit": currency} for name, cost in choice["others"]]
        return json.dumps(why | {"terms": [*why["terms"], *terms], "notes": [*why["notes"], *choice["notes"]]})
