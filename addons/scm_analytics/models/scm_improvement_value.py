from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.scm_base.models.scm_alert_type import AREAS

from ..kernel.value_realised import Claim, spread


class ScmImprovementValue(models.Model):
    """Money that an improvement is worth in a month of the year that follows it; each day of a scope counts once."""

    _name = "scm.improvement.value"
    _description = "Value of an Improvement by Month"
    _log_access = False
    _order = "month desc, id"
    _rec_name = "improvement_id"

    improvement_id = fields.Many2one("scm.improvement", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    area = fields.Selection(AREAS, readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True, ondelete="set null")
    basis = fields.Selection([("measured", "Measured"), ("stated", "Stated")], "Value from", readonly=True)
    days = fields.Integer("Days Counted", readonly=True, help="Days of the month that no earlier improvement counts.")
    amount = fields.Monetary("Value Realised", readonly=True, help="Value of a year, by the day.")

    _month_idx = models.Index("(company_id, month)")

    @api.model
    def _rebuild(self, companies):
        """Write the months of all improvements of companies again, from those that worked: two queries and a create."""
        # sudo: sums for whoever may read improvements of the company; the callers checked who may change one
        rows = self.sudo()
        worked = rows.env["scm.improvement"].search(
            [
                ("company_id", "in", companies.ids),
                ("scm_value_basis", "!=", False),
                ("after_from", "!=", False),
            ],
            order="id",
        )
        rows.search([("company_id", "in", companies.ids)], order="id").unlink()
        for improvements in worked.grouped("company_id").values():
            rows.create(improvements._prepare_months())
        return True

    @api.model
    def _check_reader(self):
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(
                self.env._("Improvements are for supply chain users. Ask your administrator for the role.")
            )


class ScmImprovement(models.Model):
    _inherit = "scm.improvement"

    def _prepare_months(self):
        """Values of :class:`ScmImprovementValue` for improvements of one company that worked."""
        improvements = {one.id: one for one in self}
        claims = [Claim(one.id, one._value_keys(), one.after_from, one.scm_value_realised) for one in self]
        return [
            {
                "improvement_id": number,
                "company_id": improvements[number].company_id.id,
                "month": month,
                "area": improvements[number].area,
                "user_id": improvements[number].user_id.id,
                "basis": improvements[number].scm_value_basis,
                "days": days,
                "amount": amount,
            }
            for number, month, days, amount in spread(claims)
        ]

    def _value_keys(self):
        """What makes two improvements claim the same money: what they were opened for, or measure and scope."""
        self.ensure_one()
        keys = {("source", self.source_key)} if self.source_key else set()
        if self.metric:
            keys.add(("measure", self.metric, *(self[name].id for name in self._value_scope())))
        return frozenset(keys)

    @api.model
    def _value_scope(self):
        """Hook: names of the fields that limit what a measure is read of."""
        causes = ["scm_cause_id", "scm_finding_id", "scm_change_id"]
        return ["partner_id", "product_id", "scm_carrier_id", "scm_zone_id", *causes]
