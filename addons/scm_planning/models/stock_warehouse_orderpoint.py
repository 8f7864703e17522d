from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.stock.models.stock_rule import ProcurementException


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    scm_proposal_ids = fields.One2many(
        "scm.policy.proposal", "orderpoint_id", "Proposals", groups="scm_base.scm_group_user"
    )
    scm_min_proposed = fields.Float("Min Proposed", digits="Product Unit", compute="_compute_scm_proposal")
    scm_max_proposed = fields.Float("Max Proposed", digits="Product Unit", compute="_compute_scm_proposal")
    scm_why = fields.Json("Why", compute="_compute_scm_proposal")

    @api.depends("scm_proposal_ids.min_proposed", "scm_proposal_ids.max_proposed", "scm_proposal_ids.why")
    def _compute_scm_proposal(self):
        allowed = self.env["scm.policy.proposal"].has_access("read")
        for rule in self:
            proposal = rule.scm_proposal_ids[:1] if allowed else self.env["scm.policy.proposal"]
            rule.scm_min_proposed = proposal.min_proposed
            rule.scm_max_proposed = proposal.max_proposed
            rule.scm_why = proposal.why

    def action_open_scm_proposal(self):
        """Open the proposals of these rules."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_policy_proposal_action")
        return action | {"domain": [("orderpoint_id", "in", self.ids)], "context": {}}

    @api.model
    def _scm_find(self, proposals):
        """Rule of each proposal in the stock location of its warehouse, archived ones too: ``{proposal id: rule}``.

        An archived rule still holds the key (product, location, company), so it is woken instead of created again.
        """
        rules = self.with_context(active_test=False).search(
            [
                ("product_id", "in", proposals.product_id.ids),
                ("location_id", "in", proposals.warehouse_id.lot_stock_id.ids),
                ("company_id", "in", proposals.company_id.ids),
            ]
        )
        by_key = {(rule.product_id.id, rule.location_id.id, rule.company_id.id): rule for rule in rules}
        keys = {
            proposal.id: (proposal.product_id.id, proposal.warehouse_id.lot_stock_id.id, proposal.company_id.id)
            for proposal in proposals
        }
        return {proposal_id: by_key[key] for proposal_id, key in keys.items() if key in by_key}

    @api.model
    def _scm_create(self, vals_list):
        """Create rules at once. Odoo looks their number's sequence up for each rule; here it is looked up once."""
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "stock.orderpoint"), ("company_id", "in", [self.env.company.id, False])],
            order="company_id",
            limit=1,
        )
        if sequence:
            vals_list = [{"name": sequence.next_by_id(), **vals} for vals in vals_list]
        maker = self.env.user
        if self.env.uid == SUPERUSER_ID:
            # Odoo sweeps away rules that its own user made as soon as there is nothing to order
            maker = self.env.ref("base.user_admin")
        # sudo: as before, only the name of the maker is another
        return self.with_user(maker).sudo(self.env.su).create(vals_list).with_env(self.env)

    @api.model
    def _scm_write_levels(self, levels):
        """Write ``{rule: (minimum, maximum)}`` and wake archived rules; rules of equal levels in one write."""
        sleeping = self.concat(*levels).filtered(lambda rule: not rule.active)
        sleeping.action_unarchive()
        by_level = {}
        for rule, level in levels.items():
            by_level.setdefault(level, []).append(rule.id)
        for (low, high), rule_ids in by_level.items():
            self.browse(rule_ids).write({"product_min_qty": low, "product_max_qty": high})

    def _scm_procure(self, quantities):
        """Run Odoo's procurement for ``{rule: quantity}``. Returns ``{rule: error message}``; the others went through.

        The same steps as ``_procure_orderpoint_confirm``, but the quantity is ours and the errors come back.
        """
        errors = {}
        rules = self
        while rules:
            procurements = [rule._scm_procurement(quantities[rule.id]) for rule in rules]
            try:
                with self.env.cr.savepoint():
                    self.env["stock.rule"].with_context(from_orderpoint=True).run(procurements, raise_user_error=False)
            except UserError as failure:
                # something else than a missing supply: find the culprit, let the others through
                if len(rules) == 1:
                    return errors | {rules: str(failure)}
                half = len(rules) // 2
                return errors | rules[:half]._scm_procure(quantities) | rules[half:]._scm_procure(quantities)
            except ProcurementException as failure:
                failed = {
                    procurement.values["orderpoint_id"]: message
                    for procurement, message in failure.procurement_exceptions
                }
                errors |= failed
                rules -= self.concat(*failed)
            else:
                rules._post_process_scheduler()
                break
        return errors

    def _scm_procurement(self, quantity):
        self.ensure_one()
        date = fields.Datetime.subtract(self._get_orderpoint_procurement_date(), days=int(self.get_horizon_days() or 0))
        return self.env["stock.rule"].Procurement(
            self.product_id,
            quantity,
            self.product_uom,
            self.location_id,
            self.name,
            self.name,
            self.company_id,
            self._prepare_procurement_values(date=date),
        )
