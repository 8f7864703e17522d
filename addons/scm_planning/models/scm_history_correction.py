from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REASONS = [
    ("event", "Event"),
    ("promotion", "Promotion"),
    ("customer", "One big customer"),
    ("price", "Price change"),
    ("stockout", "Stock-out"),
    ("unexplained", "Not explained"),
    ("typed", "Typed by a planner"),
]
STATES = [("proposed", "Proposed"), ("applied", "Applied"), ("kept", "Kept"), ("undone", "Undone")]
MOST = 1e9


class ScmHistoryCorrection(models.Model):
    """A week of a product's history that does not belong to it, what explains it, and what the forecast reads instead.

    Each weekly run finds them anew. What nobody explains is cut by itself, as the forecast always did with one-off
    peaks; what a person decided stays as he decided it. Rows are written by the run and by the methods below alone.
    """

    _name = "scm.history.correction"
    _description = "Correction of History"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    categ_id = fields.Many2one(related="product_id.categ_id", string="Product Category")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    date = fields.Date("Week from", required=True, readonly=True, help="Monday of the week.")
    quantity_raw = fields.Float("Sold", digits="Product Unit", readonly=True, aggregator=None)
    quantity_expected = fields.Float(
        "Usual", digits="Product Unit", readonly=True, aggregator=None, help="What the weeks around it say."
    )
    quantity_cleaned = fields.Float(
        "Cleaned", digits="Product Unit", readonly=True, aggregator=None, help="What the forecast reads once applied."
    )
    quantity_used = fields.Float(
        "Forecast reads", digits="Product Unit", compute="_compute_quantity_used", aggregator=None
    )
    score = fields.Float(
        "Deviation", readonly=True, aggregator=None, digits=(16, 1), help="Robust standard deviations from the usual."
    )
    reason = fields.Selection(REASONS, required=True, readonly=True, index=True)
    share_explained = fields.Float(
        "Explained", readonly=True, aggregator=None, help="Share of the difference that the reason accounts for."
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null")
    partner_quantity = fields.Float("Customer took", digits="Product Unit", readonly=True, aggregator=None)
    event_id = fields.Many2one("scm.event", readonly=True, ondelete="set null")
    price_ratio = fields.Float(
        "Price, of usual", readonly=True, aggregator=None, help="Mean price of the week / median of those around it."
    )
    explanation = fields.Char(compute="_compute_explanation")
    origin = fields.Selection(
        [("detected", "Found in the history"), ("engine", "Cut by the forecast"), ("typed", "Typed")],
        required=True,
        readonly=True,
        default="detected",
    )
    state = fields.Selection(STATES, required=True, readonly=True, index=True, default="proposed")
    once = fields.Boolean("Will not come again", readonly=True)
    note = fields.Char("Planner's reason", readonly=True)
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    date_decided = fields.Datetime("Decided", readonly=True)

    _week_uniq = models.Constraint(
        "UNIQUE(product_id, warehouse_id, date)", "There is one correction per product, warehouse and week."
    )
    _list_idx = models.Index("(company_id, date DESC, id DESC)")

    @api.depends("state", "quantity_raw", "quantity_cleaned")
    def _compute_quantity_used(self):
        for line in self:
            line.quantity_used = line.quantity_cleaned if line.state == "applied" else line.quantity_raw

    @api.depends("reason", "partner_id", "order_id", "event_id", "price_ratio", "partner_quantity", "note", "origin")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def _explain(self):
        """One sentence for the planner."""
        self.ensure_one()
        if self.reason in ("event", "promotion"):
            return self.env._("Others rose in this week too: %(event)s", event=self.event_id.name or "")
        if self.reason == "customer":
            share = round(100 * self.partner_quantity / self.quantity_raw) if self.quantity_raw else 0
            # sudo: the name of the customer alone, for a planner without access to sales
            partner, order = self.sudo().partner_id.display_name, self.sudo().order_id.name
            if order:
                text = {"customer": partner, "share": share, "order": order}
                return self.env._("%(customer)s took %(share)s %% (%(order)s)", **text)
            return self.env._("%(customer)s took %(share)s %%", customer=partner, share=share)
        if self.reason == "price":
            return self.env._("Price was %(percent)s %% of usual", percent=round(100 * self.price_ratio))
        if self.reason == "stockout":
            below = self.quantity_raw < self.quantity_expected
            return self.env._("No stock in the week") if below else self.env._("Catching up after days without stock")
        if self.reason == "typed":
            return self.note or ""
        if self.origin == "engine":
            return self.env._("Nothing explains it; the forecast cuts it as a one-off peak")
        return self.env._("Nothing explains it")

    # Decisions

    def _check_decision(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only supply-chain managers may correct history. Ask one of them."))
        self.check_access("read")

    def _decide(self, **values):
        self._check_decision()
        # sudo: role and access are checked just above; the rows are closed to all users for plain writing
        self.sudo().write({"user_id": self.env.uid, "date_decided": fields.Datetime.now()} | values)
        return True

    def action_keep(self):
        """The week belongs to the history: the forecast learns from it and must not cut it. Public, also over RPC."""
        return self._decide(state="kept", once=False)

    def action_apply(self):
        """The forecast reads the cleaned quantity. Public, also over RPC."""
        return self._decide(state="applied")

    def action_mark_once(self):
        """A one-off, for example a big customer who will not come again: cleaned. Public, also over RPC."""
        return self._decide(state="applied", once=True)

    def action_undo(self):
        """Take a correction back: the forecast reads what was sold. Public, also over RPC."""
        return self._decide(state="undone", once=False)

    def action_reset(self):
        """Forget what people decided; the next run decides anew. Public, also over RPC."""
        self._check_decision()
        # sudo: role and access are checked just above
        lines = self.sudo()
        lines.filtered(lambda line: line.origin == "typed").unlink()
        lines.exists().write(
            {"user_id": False, "date_decided": False, "note": False, "once": False, "state": "proposed"}
        )
        return True

    @api.model
    def set_cleaned(self, product_id, warehouse_id, date, quantity, reason):
        """Set what the forecast shall read for a week; public, also over RPC. For supply-chain managers.

        :param date: ISO day of the week
        :param quantity: units, 0 or more
        :param reason: a few words, required
        :return: id of the correction
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say in a few words why this week is corrected."))
        if not isinstance(quantity, (int, float)) or not 0 <= quantity <= MOST:
            raise UserError(self.env._("The demand of a week must be a number of 0 or more."))
        day = self.env["scm.event"]._typed_day(date)
        warehouse = self.env["stock.warehouse"].browse(warehouse_id).exists()
        product = self.env["product.product"].browse(product_id).exists()
        if not warehouse or not product:
            raise UserError(self.env._("There is no such product or warehouse."))
        warehouse.check_access("read")
        product.check_access("read")
        line = self._line_of(product, warehouse, day - timedelta(days=day.weekday()))
        line._decide(state="applied", quantity_cleaned=quantity, note=reason)
        return line.id

    @api.model
    def _line_of(self, product, warehouse, monday):
        self._check_decision()
        domain = [("product_id", "=", product.id), ("warehouse_id", "=", warehouse.id), ("date", "=", monday)]
        found = self.search(domain, limit=1)
        if found:
            return found
        raw = sum(
            quantity
            for (quantity,) in self.env["scm.demand.day"]._read_group(
                [*domain[:2], ("date", ">=", monday), ("date", "<", monday + timedelta(days=7))], [], ["quantity:sum"]
            )
        )
        # sudo: the role is checked above, and access to product and warehouse by the caller
        return self.sudo().create(
            {
                "company_id": warehouse.company_id.id,
                "warehouse_id": warehouse.id,
                "product_id": product.id,
                "date": monday,
                "quantity_raw": raw,
                "quantity_expected": raw,
                "quantity_cleaned": raw,
                "reason": "typed",
                "origin": "typed",
            }
        ).with_env(self.env)

    def action_open_chart(self):
        self.ensure_one()
        return self.product_id.with_context(scm_warehouse_id=self.warehouse_id.id).action_open_scm_forecast()

    def action_open_sales(self):
        """The sale lines of the week."""
        self.ensure_one()
        days = self.env["scm.demand.day"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("date", ">=", self.date),
                ("date", "<", self.date + timedelta(days=7)),
                ("origin", "=", "sale"),
            ]
        )
        if not days:
            raise UserError(self.env._("The sales of this week were imported: there are no orders behind them."))
        return days.action_open_sales()
