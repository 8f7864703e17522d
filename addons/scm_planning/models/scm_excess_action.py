from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from .scm_excess import KIND_LABELS


class ScmExcessAction(models.Model):
    """One step of the ladder: so many units go this way and bring so much.

    A proposed step is rewritten by each refresh. Accepting it makes the draft of a document in Odoo, which a person
    confirms there; the step is done when that document is. Undo takes the draft back.
    """

    _name = "scm.excess.action"
    _description = "Step for Excess Stock"
    _order = "excess_id, sequence, id"
    _rec_name = "kind"
    _check_company_auto = True

    excess_id = fields.Many2one("scm.excess", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    key = fields.Char(required=True, readonly=True, help="What the step is about, so that it keeps its id.")
    sequence = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection(KIND_LABELS, "Step", required=True, readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    cash = fields.Monetary(readonly=True, help="Before the cost of the step.")
    cost = fields.Monetary(readonly=True, help="Transport, and what full-price sales lose through a lower price.")
    net = fields.Monetary(readonly=True, help="Cash less cost, and less what the units cost to keep until then.")
    unit_net = fields.Float("Net per Unit", digits="Product Price", readonly=True, aggregator=None)
    days = fields.Integer(readonly=True, aggregator=None, help="Until the cash is there, on average.")
    date = fields.Date(
        readonly=True, help="Postponed until, transfer or return expected by, last day of the lower price."
    )
    target_warehouse_id = fields.Many2one("stock.warehouse", "To Warehouse", readonly=True, ondelete="set null")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", "Order Line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    bundle_product_id = fields.Many2one("product.product", "Together With", readonly=True, ondelete="set null")
    vendor_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    price_unit = fields.Float("Price", digits="Product Price", readonly=True, aggregator=None)
    discount = fields.Float(readonly=True, aggregator=None, help="0.2 is 20 % off the sales price.")
    state = fields.Selection(
        [("proposed", "Proposed"), ("accepted", "Accepted"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="proposed",
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    event_id = fields.Many2one("scm.event", "Promotion", readonly=True, ondelete="set null")
    quantity_before = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    quantity_after = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    date_before = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    date_accepted = fields.Datetime("Accepted On", readonly=True)
    date_undone = fields.Datetime("Undone On", readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    why = fields.Json(readonly=True)

    _proposed_uniq = models.UniqueIndex("(excess_id, key) WHERE state = 'proposed'", "A step is proposed once.")

    @api.depends("kind", "product_id", "warehouse_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{labels.get(step.kind, '')}: {step.excess_id.display_name}"

    # Accept and undo

    def accept(self):
        """Do what these steps propose, as drafts; public, also over RPC. For managers with the right to the document.

        :return: number of steps accepted; those that are not proposed any more are left out
        """
        self.env["scm.policy.proposal"]._check_manager()
        self.check_access("read")
        self._lock()
        todo = self.filtered(lambda step: step.state == "proposed")
        todo = todo.sorted(lambda step: (step.excess_id.id, step.sequence))
        for step in todo:
            # records and rights are Odoo's own: the document is made as the user who accepts
            values = getattr(step, f"_accept_{step.kind}")()
            # sudo: steps are read-only for everybody; role, access and Odoo's rights were checked above
            step.sudo().write(
                {"state": "accepted", "user_id": self.env.uid, "date_accepted": fields.Datetime.now()} | values
            )
        todo.excess_id._sync_state()
        return len(todo)

    def undo(self):
        """Take back accepted steps whose document is still a draft; public, also over RPC. Returns how many."""
        self.env["scm.policy.proposal"]._check_manager()
        self.check_access("read")
        self._lock()
        todo = self.filtered(lambda step: step.state == "accepted" or (step.state == "done" and step._can_undo_done()))
        for step in todo:
            getattr(step, f"_undo_{step.kind}")()
        # sudo: as in accept
        todo.sudo().write({"state": "cancelled", "date_undone": fields.Datetime.now(), "undone_by_id": self.env.uid})
        for company in todo.company_id:
            self.env["scm.excess"]._refresh(company)
        return len(todo)

    def action_accept(self):
        count = self.accept()
        if len(self) == 1 and count and self.res_model:
            return self.action_open_document()
        return self.env["scm.policy.proposal"]._notification(
            self.env._("%(count)s steps accepted. Their drafts wait to be checked.", count=count)
        )

    def action_undo(self):
        count = self.undo()
        return self.env["scm.policy.proposal"]._notification(self.env._("%(count)s steps taken back.", count=count))

    def action_open_document(self):
        self.ensure_one()
        if not self.res_model or not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(
                self.env._("%(step)s has no document yet, or it was deleted. Accept it first.", step=self.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _can_undo_done(self):
        """Cut or postponed orders are done at once, and can be put back while the order stands."""
        return self.kind in ("cancel", "postpone") and bool(self.purchase_line_id)

    def _lock(self):
        """Two people at once: the second waits and finds the step accepted."""
        if self.ids:
            # sudo: the lock changes nothing; the caller checked the role
            self.env.cr.execute(
                SQL("SELECT id FROM scm_excess_action WHERE id = ANY(%s) ORDER BY id FOR UPDATE", sorted(self.ids))
            )
            self.invalidate_recordset(["state"])

    # Follow up

    @api.model
    def _close_finished(self, company):
        """Accepted steps whose document was finished are done, those whose document is gone are cancelled."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH now AS (
                    SELECT a.id,
                           CASE WHEN a.res_model = 'stock.picking' THEN
                                     CASE WHEN picking.state = 'done' THEN 'done'
                                          WHEN picking.id IS NULL OR picking.state = 'cancel' THEN 'cancelled' END
                                WHEN a.res_model = 'stock.scrap' THEN
                                     CASE WHEN scrap.state = 'done' THEN 'done'
                                          WHEN scrap.id IS NULL THEN 'cancelled' END
                                WHEN a.res_model = 'product.pricelist.item' THEN
                                     CASE WHEN rule.id IS NULL THEN 'cancelled'
                                          WHEN rule.date_end < %(now)s THEN 'done' END
                                WHEN a.kind = 'cancel' THEN
                                     CASE WHEN line.id IS NULL OR purchase.state = 'cancel' THEN 'done'
                                          WHEN line.product_qty <= a.quantity_after + 1e-6 THEN 'done'
                                          WHEN line.qty_received >= line.product_qty THEN 'cancelled' END
                           END AS state
                      FROM scm_excess_action a
                 LEFT JOIN stock_picking picking ON a.res_model = 'stock.picking' AND picking.id = a.res_id
                 LEFT JOIN stock_scrap scrap ON a.res_model = 'stock.scrap' AND scrap.id = a.res_id
                 LEFT JOIN product_pricelist_item rule
                        ON a.res_model = 'product.pricelist.item' AND rule.id = a.res_id
                 LEFT JOIN purchase_order_line line ON line.id = a.purchase_line_id
                 LEFT JOIN purchase_order purchase ON purchase.id = line.order_id
                     WHERE a.company_id = %(company)s AND a.state = 'accepted'
                )
                UPDATE scm_excess_action a SET state = now.state, write_date = %(now)s
                  FROM now WHERE now.id = a.id AND now.state IS NOT NULL
                """,
                now=fields.Datetime.now(),
                company=company.id,
            )
        )
        self.invalidate_model(["state"])

    def _detail(self):
        """What the step is about, in words."""
        self.ensure_one()
        day = format_date(self.env, self.date) if self.date else ""
        # sudo: names of documents that the reader may not open; the step itself he may read
        step = self.sudo()
        if self.kind in ("cancel", "postpone"):
            order = step.purchase_line_id.order_id
            words = {"order": order.name or "", "vendor": order.partner_id.display_name or "", "day": day}
            if self.kind == "cancel":
                return self.env._("%(order)s, %(vendor)s", **words)
            return self.env._("%(order)s, %(vendor)s: until %(day)s", **words)
        if self.kind == "transfer":
            return self.env._("to %(warehouse)s", warehouse=step.target_warehouse_id.name or "")
        if self.kind in ("bundle", "markdown"):
            price = formatLang(self.env, self.price_unit, currency_obj=self.currency_id)
            words = {"percent": round(100 * self.discount), "price": price, "day": day}
            if self.kind == "markdown":
                return self.env._("%(percent)s %% off, %(price)s until %(day)s", **words)
            return self.env._(
                "with %(product)s, %(percent)s %% off: %(price)s", product=step.bundle_product_id.display_name, **words
            )
        return step.vendor_id.display_name if self.kind == "vendor_return" else ""
