from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

MOST_DAYS = 180


class ScmStressTest(models.Model):
    """What happens to our stock when a supplier stops for some days."""

    _name = "scm.stress.test"
    _description = "Supplier Stress Test"
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, ondelete="cascade", domain=[("supplier_rank", ">", 0)]
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("Stops On", required=True, help="First day on which the supplier sends nothing.")
    days = fields.Integer("For Days", required=True, default=30, aggregator=None)
    date_computed = fields.Datetime("Computed On", readonly=True)
    line_ids = fields.One2many("scm.stress.test.line", "test_id", "Products", readonly=True)
    item_count = fields.Integer("Products Supplied", readonly=True)
    hit_count = fields.Integer("Products That Run Out", readonly=True)
    date_first = fields.Date("First Run-out", readonly=True)
    lost_margin = fields.Monetary("Margin Lost", readonly=True, help="If nothing is done.")
    covered_margin = fields.Monetary("Saved by Backups", readonly=True)
    open_margin = fields.Monetary("Still Lost", readonly=True)
    extra_cost = fields.Monetary("Backups Cost More", readonly=True)
    series = fields.Json(readonly=True, help="Per week: first day, margin lost without and with backups.")

    @api.depends("partner_id", "date_from", "days")
    def _compute_name(self):
        for test in self:
            day = format_date(self.env, test.date_from) if test.date_from else ""
            test.name = self.env._(
                "%(supplier)s stops on %(day)s for %(days)s days",
                supplier=test.partner_id.commercial_partner_id.name or "",
                day=day,
                days=test.days,
            )

    @api.constrains("days")
    def _check_days(self):
        for test in self:
            if not 1 <= test.days <= MOST_DAYS:
                raise ValidationError(
                    self.env._("A stop of %(days)s days cannot be tested: between 1 and %(most)s can.",
                               days=test.days, most=MOST_DAYS)
                )  # fmt: skip

    def action_open_page(self):
        """Open the page of the test."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "scm_stress_test",
            "name": self.name,
            "context": {"scm_stress_test_id": self.id},
        }
