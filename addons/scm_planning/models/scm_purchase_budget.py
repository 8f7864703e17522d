from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

KINDS = ("committed", "quoted", "planned", "cut")


class ScmPurchaseBudget(models.Model):
    """Money that may be ordered in a month, of everything or of a category with what is below it.

    A budget counts what is *ordered* in its month: confirmed orders by the day of confirmation, quotations by their
    order day, and what the plan proposes by the day of its vendor order. A month without a budget is not limited; an
    amount of zero means that nothing may be ordered.
    """

    _name = "scm.purchase.budget"
    _description = "Purchase Budget"
    _order = "month, company_id, categ_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Any day of the month; the first is kept.",
    )
    month_name = fields.Char(compute="_compute_month_name")
    categ_id = fields.Many2one(
        "product.category",
        "Category",
        index="btree_not_null",
        ondelete="cascade",
        help="With all categories below it. Empty: everything that the company orders.",
    )
    amount = fields.Monetary(required=True, help="Zero means that nothing may be ordered.")
    committed = fields.Monetary(compute="_compute_used", help="Orders confirmed in the month.")
    quoted = fields.Monetary("In Quotations", compute="_compute_used", help="Quotations to be ordered in the month.")
    planned = fields.Monetary(compute="_compute_used", help="Vendor orders of the plan, what was cut left out.")
    cut = fields.Monetary(compute="_compute_used", help="Planned lines left out or postponed by this budget.")
    open = fields.Monetary("Left", compute="_compute_used", help="Amount less everything above.")
    used_percent = fields.Float("Used (%)", compute="_compute_used")
    message = fields.Char(compute="_compute_used")

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "A budget must not be negative; zero orders nothing.")
    _total_uniq = models.UniqueIndex(
        "(company_id, month) WHERE categ_id IS NULL", "There is already a budget of the whole company for this month."
    )
    _categ_uniq = models.UniqueIndex(
        "(company_id, month, categ_id) WHERE categ_id IS NOT NULL",
        "There is already a budget of this category for this month.",
    )

    @api.depends("month", "categ_id", "company_id")
    def _compute_display_name(self):
        for budget in self:
            month = budget.month and budget.month.strftime("%Y-%m")
            budget.display_name = f"{month} {budget.categ_id.display_name or budget.company_id.display_name}"

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for budget in self:
            budget.month_name = budget.month and format_date(self.env, budget.month, date_format="MMMM y")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_of_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_of_month(vals))

    @api.model
    def _first_of_month(self, vals):
        if not vals.get("month"):
            return vals
        return vals | {"month": fields.Date.to_date(vals["month"]).replace(day=1)}

    @api.constrains("categ_id", "month", "company_id")
    def _check_overlap(self):
        """A category and one above it would both pay for the same line."""
        others = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("month", "in", list(set(self.mapped("month")))),
                ("categ_id", "!=", False),
            ]
        )
        for budget in self.filtered("categ_id"):
            path = budget.categ_id.parent_path
            for other in others - budget:
                same = (other.company_id, other.month) == (budget.company_id, budget.month)
                above, below = other.categ_id.parent_path, path
                if same and (below.startswith(above) or above.startswith(below)):
                    raise ValidationError(
                        self.env._(
                            "%(budget)s overlaps with %(other)s: one category lies within the other. Give the "
                            "money to one of the two.",
                            budget=budget.display_name,
                            other=other.display_name,
                        )
                    )

    # What is used

    @api.depends_context("lang")
    @api.depends("amount", "month", "categ_id", "company_id")
    def _compute_used(self):
        used = self._used()
        for budget in self:
            committed, quoted, planned, cut = (used.get((budget.id, kind), 0.0) for kind in KINDS)
            budget.committed, budget.quoted, budget.planned, budget.cut = committed, quoted, planned, cut
            total = committed + quoted + planned
            budget.open = budget.amount - total
            budget.used_percent = 100.0 * total / budget.amount if budget.amount else 100.0 if total else 0.0
            budget.message = budget._message(total)

    def _message(self, total):
        if not self.amount:
            return self.env._("The budget is zero: nothing may be ordered in this month.")
        if self.company_id.currency_id.compare_amounts(total, self.amount) > 0:
            return self.env._("More is ordered than the budget allows.")
        if self.cut:
            return self.env._("Lines were left out or postponed to stay within the budget.")
        return self.env._("Within the budget.")

    def _used(self):
        """``{(budget id, kind): money in company currency}`` in one query."""
        ids = [budget.id for budget in self if isinstance(budget.id, int)]
        if not ids:
            return {}
        self.env["scm.purchase.budget"].flush_model()
        self.env["purchase.order"].flush_model()
        self.env["purchase.order.line"].flush_model()
        self.env["scm.planned.order"].flush_model()
        self.env["scm.vendor.order"].flush_model()
        rows = self.env.execute_query(SQL("%s SELECT * FROM used", self._used_query(ids)))
        return {(budget_id, kind): float(amount or 0.0) for budget_id, kind, amount in rows}

    @api.model
    def _used_query(self, ids):
        """Common table ``used`` (budget_id, kind, amount) of these budgets."""
        zone = self.env.tz.zone
        return SQL(
            """
            WITH spent AS (
                SELECT o.company_id, l.product_id,
                       CASE WHEN o.state = 'purchase' THEN 'committed' ELSE 'quoted' END AS kind,
                       date_trunc('month', COALESCE(CASE WHEN o.state = 'purchase' THEN o.date_approve END,
                                                    o.date_order) AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS month,
                       l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
                  FROM purchase_order_line l
                  JOIN purchase_order o ON o.id = l.order_id
                 WHERE o.state IN ('draft', 'sent', 'to approve', 'purchase') AND l.display_type IS NULL
                   AND (o.date_order >= %(since)s OR o.date_approve >= %(since)s)
                 UNION ALL
                SELECT v.company_id, p.product_id,
                       CASE WHEN p.budget_action = 'cut' THEN 'cut' ELSE 'planned' END,
                       CASE WHEN p.budget_action = 'postpone' THEN p.budget_month
                            ELSE date_trunc('month', v.date_order)::date END,
                       p.quantity * p.price_joint
                  FROM scm_planned_order p
                  JOIN scm_vendor_order v ON v.id = p.vendor_order_id
                 WHERE v.state = 'proposed' AND p.state IN ('proposed', 'firm')
            ),
            used AS (
                SELECT b.id AS budget_id, s.kind, sum(s.amount) AS amount
                  FROM scm_purchase_budget b
                  JOIN spent s ON s.company_id = b.company_id AND s.month = b.month
             LEFT JOIN product_product pp ON pp.id = s.product_id
             LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
             LEFT JOIN product_category c ON c.id = pt.categ_id
             LEFT JOIN product_category own ON own.id = b.categ_id
                 WHERE b.id = ANY(%(ids)s)
                   AND (b.categ_id IS NULL OR c.parent_path LIKE own.parent_path || '%%')
              GROUP BY b.id, s.kind
            )
            """,
            zone=zone,
            since=fields.Datetime.to_datetime(min(self.browse(ids).mapped("month"))) - timedelta(days=1),
            ids=ids,
        )

    def _pays_for(self, line):
        """Whether this budget pays for a planned order, its month left aside."""
        path = self.categ_id.parent_path
        return not path or (line.product_id.categ_id.parent_path or "").startswith(path)

    def action_open_orders(self):
        """The vendor orders of the plan in this month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_vendor_order_action")
        after = self.month + relativedelta(months=1)
        domain = [("company_id", "=", self.company_id.id), ("date_order", ">=", self.month), ("date_order", "<", after)]
        return action | {"domain": domain, "context": {}}
