from odoo import models


class ScmCareRule(models.Model):
    """What rules would do now, on or off. Writes nothing."""

    _inherit = "scm.care.rule"

    def preview(self):
        """Cases that these rules would open now, as if only they were on.

        :return: a list of dicts: ``rule_id``, ``order_id``, ``order``, ``partner_id``, ``parcel_id``, ``state`` (would
            be: proposed, approved, held_out, over_budget), ``days_late``, ``is_predicted``, ``fault``,
            ``order_value``, ``amount``, ``why``
        """
        self.check_access("read")
        # sudo: late orders of companies whose rules the user may see; he gets numbers and names, no documents
        found = []
        for company, rules in self.sudo().grouped("company_id").items():
            found += rules._prepare_cases(company)
        orders = self.env["sale.order"].sudo().browse([one["order_id"] for one in found])
        names = {order.id: order.name for order in orders}
        kept = ("rule_id", "order_id", "partner_id", "parcel_id", "state", "days_late", "is_predicted", "fault")
        return [
            {
                **{name: one[name] for name in kept},
                "order": names[one["order_id"]],
                "order_value": float(one["order_value"]),
                "amount": one["amount"],
                "why": one["why"],
            }
            for one in found
        ]

    def action_preview(self):
        """Show what these rules would do now."""
        lines = self.env["scm.care.preview"].create(
            [{name: value for name, value in one.items() if name != "order"} for one in self.preview()]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_care_preview_action")
        return action | {"domain": [("id", "in", lines.ids)]}
