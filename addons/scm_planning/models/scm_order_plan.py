from odoo import api, fields, models


class ScmOrderPlan(models.Model):
    """What comes, goes and is to be ordered of every product, week by week: the present plan of one company.

    :meth:`_refresh` rewrites it. Rows are in ``scm.order.plan.item``, proposed orders in ``scm.planned.order``.
    """

    _name = "scm.order.plan"
    _description = "Order Plan"
    _order = "company_id, id"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date("Day", readonly=True, help="Day of the plan in the time zone of the company.")
    date_from = fields.Date("First Week", readonly=True, help="Monday of the first week.")
    weeks = fields.Integer(readonly=True, aggregator=None, help="Number of weeks that are planned.")
    date_computed = fields.Datetime("Computed", readonly=True)
    item_count = fields.Integer("Products", readonly=True, aggregator=None)
    order_count = fields.Integer("Planned Orders", readonly=True, aggregator=None)
    late_count = fields.Integer("Cannot Be Saved", readonly=True, aggregator=None)
    margin_at_risk = fields.Monetary(readonly=True)
    totals = fields.Json(readonly=True, help="Money per week over all products: receipts, planned orders, stock.")
    item_ids = fields.One2many("scm.order.plan.item", "plan_id", "Rows", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one order plan.")

    @api.model
    def _refresh(self, companies, product_ids=None):
        """Plan these companies, or some of their products, again; returns the number of planned rows.

        :param companies: ``res.company``
        :param product_ids: list of ids; None = all products
        """
        return self.env["scm.order.plan.refresh"]._run(companies, product_ids)

    @api.model
    def plan_again(self, product_ids=None, company_id=None):
        """Plan a company, or some of its products, with the stock and orders of now. For supply-chain managers.

        :return: number of planned rows
        """
        self.env["scm.planned.order"]._check_manager()
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        company.check_access("read")
        ids = [int(product_id) for product_id in product_ids] if product_ids else None
        # stock and orders have moved since the proposals were made
        self.env["scm.policy.proposal"]._refresh(company, ids)
        return self._refresh(company, ids)
