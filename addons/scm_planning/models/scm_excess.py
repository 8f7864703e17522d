from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .scm_inventory_policy import ABC, XYZ
from .scm_policy_proposal import PATTERNS

KIND_LABELS = [
    ("cancel", "Cancel the order"),
    ("postpone", "Postpone the order"),
    ("transfer", "Transfer"),
    ("bundle", "Bundle"),
    ("markdown", "Mark down"),
    ("vendor_return", "Return to vendor"),
    ("write_off", "Write off"),
]


class ScmExcess(models.Model):
    """Stock beyond what demand and policy need, of one product in one warehouse, and what to do with it.

    :meth:`_refresh` (scm.excess.refresh) rewrites the rows after each plan; what people decided stays.
    """

    _name = "scm.excess"
    _description = "Excess Stock"
    _order = "excess_value desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, index=True, ondelete="set null")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    vendor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    proposal_id = fields.Many2one(
        "scm.policy.proposal", "Plan", readonly=True, index="btree_not_null", ondelete="set null"
    )
    forecast_id = fields.Many2one("scm.forecast", readonly=True, index="btree_not_null", ondelete="set null")
    abc = fields.Selection(ABC, "ABC", readonly=True)
    xyz = fields.Selection(XYZ, "XYZ", readonly=True)
    pattern = fields.Selection(PATTERNS, "Demand Pattern", readonly=True)
    date_computed = fields.Datetime("Computed", readonly=True)

    on_hand = fields.Float(digits="Product Unit", readonly=True)
    incoming = fields.Float(digits="Product Unit", readonly=True, help="Confirmed receipts that have not come yet.")
    demand_day = fields.Float("Demand per Day", digits=(16, 2), readonly=True)
    cover_days = fields.Float("Cover (days)", digits=(16, 0), readonly=True, aggregator="avg")
    unit_cost = fields.Float(digits="Product Price", readonly=True, aggregator=None)
    price = fields.Float("Sales Price", digits="Product Price", readonly=True, aggregator=None)

    excess_quantity = fields.Float(
        "Excess",
        digits="Product Unit",
        readonly=True,
        help="On hand and on order, quotations included, beyond the maximum and the most cover of the policy.",
    )
    excess_value = fields.Monetary("Cash Tied Up", readonly=True, help="Excess at cost.")
    open_quantity = fields.Float(
        "Undecided", digits="Product Unit", readonly=True, help="Excess that no accepted step takes care of yet."
    )
    holding_month = fields.Monetary("Holding Cost (month)", readonly=True, help="What it costs to keep for a month.")
    days_to_sell = fields.Float(
        "Days to Sell",
        digits=(16, 0),
        readonly=True,
        aggregator=None,
        help="Until ordinary demand has used up the excess, if nothing is done. 9,999: never.",
    )
    age_90 = fields.Float("Up to 90 Days", digits="Product Unit", readonly=True, help="Units on hand by age, FIFO.")
    age_180 = fields.Float("91 to 180 Days", digits="Product Unit", readonly=True)
    age_365 = fields.Float("181 to 365 Days", digits="Product Unit", readonly=True)
    age_older = fields.Float("Over a Year", digits="Product Unit", readonly=True)
    aged_value = fields.Monetary("Older Than Half a Year", readonly=True, help="At cost.")
    expiring_quantity = fields.Float(
        "Expires in 90 Days", digits="Product Unit", readonly=True, help="Where lots have an expiration date."
    )
    dead = fields.Boolean("Dead Stock", readonly=True, help="No demand for a year, or none expected.")
    best_kind = fields.Selection(KIND_LABELS, "Best Step", readonly=True, help="The step that brings most cash.")
    cash_recovered = fields.Monetary("Recoverable", readonly=True, help="Cash from all steps before their cost.")
    net_recovered = fields.Monetary("Recoverable, Net", readonly=True, help="Cash from all steps less their cost.")
    state = fields.Selection(
        [("open", "To Decide"), ("accepted", "Accepted"), ("done", "Done"), ("dismissed", "Dismissed")],
        required=True,
        readonly=True,
        default="open",
    )
    reason = fields.Char(readonly=True, help="Why it was dismissed.")
    dismissed_quantity = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    date_decided = fields.Datetime("Decided On", readonly=True)
    action_ids = fields.One2many("scm.excess.action", "excess_id", "Steps", readonly=True)
    why = fields.Json(readonly=True)

    _product_uniq = models.Constraint("UNIQUE(product_id, warehouse_id)", "A product has one row in each warehouse.")
    _list_idx = models.Index("(company_id, excess_value DESC, id)")

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for excess in self:
            excess.display_name = f"{excess.product_id.display_name} ({excess.warehouse_id.code})"

    @api.model
    def _refresh(self, companies):
        """Rewrite the excess of these companies. See scm.excess.refresh."""
        return self.env["scm.excess.refresh"]._run(companies)

    @api.model
    def refresh_excess(self, company_id=False):
        """Find excess anew with today's stock and the current plan; public, also over RPC. For managers.

        :param company_id: by default the user's present company
        :return: number of rows
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self._check_manager()
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company. Choose one of yours."))
        return self._refresh(company)

    # Decide

    def _check_manager(self):
        self.env["scm.policy.proposal"]._check_manager()

    def accept_steps(self):
        """Accept all proposed steps but write-offs, which are accepted one by one; returns how many."""
        self._check_manager()
        self.check_access("read")
        steps = self.action_ids.filtered(lambda step: step.state == "proposed" and step.kind != "write_off")
        return steps.accept()

    def action_accept(self):
        count = self.accept_steps()
        message = self.env._("%(count)s steps accepted. Their drafts wait to be checked.", count=count)
        if not count:
            message = self.env._("There is no step to accept. Write-offs are accepted one by one.")
        return self.env["scm.policy.proposal"]._notification(message, "success" if count else "warning")

    def dismiss(self, reason):
        """Leave the excess as it is until it has grown by a fifth; public, also over RPC.

        :param reason: why, for those who look at it later; required
        :return: number of rows dismissed
        """
        self._check_manager()
        self.check_access("read")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why %(name)s is left as it is.", name=self[:1].display_name or ""))
        # sudo: rows are read-only for everybody; role and access were checked above
        todo = self.filtered(lambda excess: excess.state in ("open", "accepted")).sudo()
        todo.write({"state": "dismissed", "reason": reason.strip()[:500]} | self._decided_vals())
        for excess in todo:
            excess.dismissed_quantity = excess.excess_quantity
        return len(todo)

    def reopen(self):
        """Decide anew about what was dismissed; returns the number of rows."""
        self._check_manager()
        self.check_access("read")
        # sudo: as in dismiss
        todo = self.filtered(lambda excess: excess.state == "dismissed").sudo()
        todo.write({"state": "open", "reason": False, "dismissed_quantity": 0.0} | self._decided_vals())
        return len(todo)

    def action_reopen(self):
        self.reopen()
        return True

    def action_dismiss(self):
        """Ask for the reason, then dismiss."""
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dismiss Excess"),
            "res_model": "scm.excess.dismiss",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_excess_ids": self.ids},
        }

    def _decided_vals(self):
        return {"decided_by_id": self.env.uid, "date_decided": fields.Datetime.now()}

    def _sync_state(self):
        """Accepted once no step is left to decide; called behind the check of the caller."""
        # sudo: rows are read-only for everybody; the caller checked the role
        for excess in self.sudo():
            states = excess.action_ids.mapped("state")
            accepted = sum(excess.action_ids.filtered(lambda step: step.state == "accepted").mapped("quantity"))
            excess.open_quantity = max(excess.excess_quantity - accepted, 0.0)
            if excess.state in ("open", "accepted"):
                excess.state = "accepted" if "accepted" in states and "proposed" not in states else "open"

    # Links

    def action_open_forecast(self):
        self.ensure_one()
        return self.product_id.with_context(scm_warehouse_id=self.warehouse_id.id).action_open_scm_forecast()

    def action_open_plan(self):
        self.ensure_one()
        if not self.proposal_id:
            raise UserError(self.env._("%(name)s is not in the replenishment plan.", name=self.display_name))
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.policy.proposal",
            "res_id": self.proposal_id.id,
            "views": [(False, "form")],
        }
