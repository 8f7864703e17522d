import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from psycopg2 import OperationalError

from .scm_inventory_policy import ABC, XYZ

_logger = logging.getLogger(__name__)

STATES = [
    ("proposed", "Proposed"),
    ("unchanged", "Unchanged"),
    ("applied", "Applied"),
    ("rejected", "Rejected"),
    ("blocked", "Blocked"),
]
BLOCKED = [
    ("no_vendor", "No vendor: add one on the product's Purchase page, or a route that supplies it."),
    ("no_lead_time", "The vendor has no lead time: type one in the price list or receive an order."),
    ("unit_mismatch", "The vendor's unit cannot be converted into the product's: correct it in the price list."),
]
SUPPLY = [("buy", "Buy"), ("internal", "Make or transfer"), ("none", "None")]
PATTERNS = [
    ("smooth", "Smooth"),
    ("erratic", "Erratic"),
    ("intermittent", "Intermittent"),
    ("lumpy", "Lumpy"),
    ("new", "New"),
    ("dead", "Dead"),
    ("no_history", "No history"),
]
LEAD_TIME_SOURCES = [
    ("own", "Receipts of the product"),
    ("vendor", "Receipts of the vendor"),
    ("company", "Receipts of all vendors"),
    ("typed", "Typed at the vendor"),
    ("route", "Delays of the route"),
    ("default", "Not known"),
]


class ScmPolicyProposal(models.Model):
    """What stock levels a product should have in a warehouse, and what to order now.

    One row per product and warehouse; :meth:`_refresh` (scm.policy.refresh) rewrites the rows after each forecast.
    Rows are written by SQL, so every column is stored and the list opens quickly with many thousands of them.
    """

    _name = "scm.policy.proposal"
    _inherit = ["scm.policy.replenish"]
    _description = "Replenishment Proposal"
    _order = "order_value desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, index=True, ondelete="set null")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    forecast_id = fields.Many2one("scm.forecast", readonly=True, index="btree_not_null", ondelete="set null")
    policy_id = fields.Many2one("scm.inventory.policy", readonly=True, ondelete="set null")
    abc = fields.Selection(ABC, "ABC", readonly=True)
    xyz = fields.Selection(XYZ, "XYZ", readonly=True)
    pattern = fields.Selection(PATTERNS, "Demand Pattern", readonly=True)
    date_computed = fields.Datetime("Computed", readonly=True)

    supply = fields.Selection(SUPPLY, readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    supplierinfo_id = fields.Many2one("product.supplierinfo", "Price List Line", readonly=True, ondelete="set null")
    lead_time_days = fields.Float("Lead Time", digits=(16, 1), readonly=True, aggregator="avg")
    lead_time_source = fields.Selection(LEAD_TIME_SOURCES, "Lead Time From", readonly=True)
    lead_time_sample = fields.Integer("Receipts Measured", readonly=True, aggregator=None)

    on_hand = fields.Float(digits="Product Unit", readonly=True)
    incoming = fields.Float(digits="Product Unit", readonly=True, help="Confirmed receipts that have not come yet.")
    outgoing = fields.Float(
        digits="Product Unit", readonly=True, help="Taken by customers and not delivered yet, within the lead time."
    )
    on_order_draft = fields.Float("In Quotations", digits="Product Unit", readonly=True)
    position = fields.Float(
        digits="Product Unit", readonly=True, help="On hand, plus receipts and quotations, minus what customers took."
    )
    demand_day = fields.Float("Demand per Day", digits=(16, 2), readonly=True)
    cover_days = fields.Float("Cover (days)", digits=(16, 1), readonly=True, aggregator="avg")
    date_run_out = fields.Date("Runs Out", readonly=True, help="First day on which stock and receipts do not suffice.")

    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint", "Reordering Rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    min_current = fields.Float("Min Now", digits="Product Unit", readonly=True)
    max_current = fields.Float("Max Now", digits="Product Unit", readonly=True)
    min_proposed = fields.Float(digits="Product Unit", readonly=True)
    max_proposed = fields.Float(digits="Product Unit", readonly=True)
    safety_stock = fields.Float(digits="Product Unit", readonly=True)
    unit_cost = fields.Float(digits="Product Price", readonly=True, aggregator=None)
    cash_effect = fields.Monetary(
        readonly=True, help="Change of the average stock value when the proposal is applied; below zero frees cash."
    )
    why = fields.Json(readonly=True)

    qty_to_order = fields.Float("To Order", digits="Product Unit", readonly=True)
    order_value = fields.Monetary(readonly=True)
    excess_quantity = fields.Float("Excess", digits="Product Unit", readonly=True)
    excess_value = fields.Monetary(readonly=True)
    short_quantity = fields.Float(
        "Units Lost", digits="Product Unit", readonly=True, help="Demand before an order placed today can arrive."
    )
    short_value = fields.Monetary("Sales at Risk", readonly=True)
    runs_out = fields.Boolean(
        "Cannot Be Saved by Ordering Today", readonly=True, help="Runs out before an order placed today can arrive."
    )
    below_safety = fields.Boolean("Below Safety Stock", readonly=True)
    dead = fields.Boolean("Dead Stock", readonly=True, help="Stock without any demand for a year.")
    biased = fields.Boolean("Biased Forecast", readonly=True)
    date_late_receipt = fields.Date(
        "Late Receipt", readonly=True, help="Day of the next receipt, when stock ends before it."
    )

    state = fields.Selection(STATES, required=True, readonly=True, default="proposed")
    blocked_reason = fields.Selection(BLOCKED, "Blocked Because", readonly=True)
    rejected_min = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    rejected_max = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    change_ids = fields.One2many("scm.policy.change", "proposal_id", "Changes", readonly=True)

    _product_uniq = models.Constraint(
        "UNIQUE(product_id, warehouse_id)", "A product has one proposal in each warehouse."
    )
    _list_idx = models.Index("(company_id, order_value DESC, id)")
    _order_idx = models.Index("(order_value DESC, id)")
    _state_idx = models.Index("(company_id, state)")
    _to_order_idx = models.Index("(company_id) WHERE qty_to_order > 0")

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = f"{proposal.product_id.display_name} ({proposal.warehouse_id.code})"

    # Reading and refreshing

    @api.model
    def _refresh(self, companies, product_ids=None):
        """Rewrite the proposals of these companies, or only of some products. See scm.policy.refresh."""
        return self.env["scm.policy.refresh"]._run(companies, product_ids)

    def action_refresh(self):
        """Recalculate these proposals with today's stock and orders."""
        self._check_manager()
        self.check_access("read")
        for company in self.company_id:
            chosen = self.filtered(lambda proposal, company=company: proposal.company_id == company)
            self._refresh(company, chosen.product_id.ids)
        return True

    # Apply, reject, undo

    def apply_proposals(self):
        """Write minimum and maximum to the reordering rules, creating the missing ones.

        Returns ``{'applied': n, 'created': n, 'skipped': n}``; skipped are the blocked and the unchanged.
        """
        self._check_manager()
        self._check_rule_access()
        todo = self.filtered(lambda proposal: proposal.state in ("proposed", "rejected"))
        changes = todo._apply()
        created = len(changes.filtered("created"))
        return {"applied": len(changes), "created": created, "skipped": len(self) - len(changes)}

    def action_apply(self):
        result = self.apply_proposals()
        message = self.env._(
            "%(applied)s reordering rules written, %(created)s of them new; %(skipped)s skipped "
            "(blocked or nothing to change).",
            **result,
        )
        return self._notification(message, "success" if result["applied"] else "warning")

    def _apply(self):
        """Write the rules and log what stood before; the caller has checked the rights."""
        rules, created = self._write_rules()
        # sudo: log and proposals are read-only for everybody; the caller has checked role and rights on the rules
        changes = self.env["scm.policy.change"].sudo()._log(self, rules, created)
        self.sudo().write({"state": "applied", "rejected_min": 0.0, "rejected_max": 0.0})
        for proposal in self.sudo():
            proposal.orderpoint_id = rules[proposal.id]["rule"]
            proposal.min_current = proposal.min_proposed
            proposal.max_current = proposal.max_proposed
        return changes

    def _apply_isolated(self):
        """Apply all that can be applied; one that fails does not stop the others. Returns ``{proposal: message}``."""
        if not self:
            return {}
        try:
            with self.env.cr.savepoint():
                self._apply()
                self.env.flush_all()
        except OperationalError:
            # a conflict or a lost connection is nobody's fault: the whole batch is tried again
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.info("Proposal %s was not applied", self.id, exc_info=True)
                return {self: str(error)}
            half = len(self) // 2
            return self[:half]._apply_isolated() | self[half:]._apply_isolated()
        return {}

    def _write_rules(self):
        """Rules with the proposed levels: ``{proposal id: {'rule', 'before'}}`` and the ids of the new ones."""
        rule_model = self.env["stock.warehouse.orderpoint"]
        found = rule_model._scm_find(self)
        missing = self.filtered(lambda proposal: proposal.id not in found)
        created = rule_model._scm_create([proposal._prepare_orderpoint_vals() for proposal in missing])
        result = {}
        for proposal in self - missing:
            rule = found[proposal.id]
            before = {"min": rule.product_min_qty, "max": rule.product_max_qty, "active": rule.active}
            result[proposal.id] = {"rule": rule, "before": before}
        rule_model._scm_write_levels(
            {result[proposal.id]["rule"]: (proposal.min_proposed, proposal.max_proposed) for proposal in self - missing}
        )
        for proposal, rule in zip(missing, created, strict=True):
            result[proposal.id] = {"rule": rule, "before": {"min": 0.0, "max": 0.0, "active": False}}
        return result, set(missing.ids)

    def _prepare_orderpoint_vals(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "warehouse_id": self.warehouse_id.id,
            "location_id": self.warehouse_id.lot_stock_id.id,
            "company_id": self.company_id.id,
            "product_min_qty": self.min_proposed,
            "product_max_qty": self.max_proposed,
            "trigger": self.company_id.scm_orderpoint_trigger,
        }

    def reject(self):
        """Refuse the proposed levels; they come back only when they change materially. Returns the number."""
        self._check_manager()
        self.check_access("read")
        # sudo: proposals are read-only for everybody; role and access were checked above
        todo = self.filtered(lambda proposal: proposal.state == "proposed").sudo()
        todo.write({"state": "rejected"})
        for proposal in todo:
            proposal.rejected_min = proposal.min_proposed
            proposal.rejected_max = proposal.max_proposed
        return len(todo)

    def action_reject(self):
        count = self.reject()
        return self._notification(
            self.env._("%(count)s proposals rejected. They stay so until they change.", count=count)
        )

    def undo(self):
        """Take back the last change of each of these proposals. Returns the number of rules restored."""
        self._check_manager()
        self.check_access("read")
        return len(self.env["scm.policy.change"]._last_of(self)._undo())

    def action_undo(self):
        count = self.undo()
        return self._notification(self.env._("%(count)s reordering rules restored.", count=count))

    # Helpers

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(
                self.env._("Only a supply-chain manager may do this. Ask one, or ask an administrator for the role.")
            )

    def _check_rule_access(self):
        self.check_access("read")
        if not self.env["stock.warehouse.orderpoint"].has_access("write"):
            raise AccessError(
                self.env._(
                    "You need Odoo's own right to write reordering rules (Inventory: Administrator). Ask an "
                    "administrator for it, or let a colleague who has it apply the proposals."
                )
            )

    def _notification(self, message, kind="success", **params):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "next": {"type": "ir.actions.client", "tag": "soft_reload"}}
            | params,
        }

    # Links

    def action_open_orderpoint(self):
        self.ensure_one()
        if not self.orderpoint_id:
            raise UserError(
                self.env._(
                    "%(product)s has no reordering rule yet. Apply the proposal to create it.",
                    product=self.display_name,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_orderpoint")
        return action | {"domain": [("id", "=", self.orderpoint_id.id)], "context": {}}

    def action_open_alerts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_alert_action")
        domain = [("product_id", "=", self.product_id.id), ("warehouse_id", "=", self.warehouse_id.id)]
        return action | {"domain": domain, "context": {"search_default_unresolved": 1}}

    def action_open_forecast(self):
        self.ensure_one()
        return self.product_id.with_context(scm_warehouse_id=self.warehouse_id.id).action_open_scm_forecast()
