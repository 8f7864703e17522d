from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ScmSlottingRun(models.Model):
    """One look at where everything lies in a warehouse: which moves would pay?"""

    _name = "scm.slotting.run"
    _inherit = "scm.run.mixin"
    _description = "Slotting"
    _run_cron = "scm_warehouse.scm_slotting_run_cron"

    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection([("history", "Past Picks")], required=True, readonly=True, default="history")
    date_from = fields.Date("Picks from", readonly=True)
    date_to = fields.Date("Picks to", readonly=True)
    payback_days = fields.Integer("Pays Back within", readonly=True, aggregator=None)
    place_count = fields.Integer("Places", readonly=True, aggregator=None)
    item_count = fields.Integer("Products in Places", readonly=True, aggregator=None)
    fixed_count = fields.Integer(
        "Left Alone", readonly=True, aggregator=None, help="Reserved, on the move, being counted, or decided before."
    )
    no_way_count = fields.Integer("Places without a Way", readonly=True, aggregator=None)
    move_ids = fields.One2many("scm.slotting.move", "run_id", "Moves", readonly=True)
    move_count = fields.Integer("Moves Proposed", readonly=True, aggregator=None)
    more_count = fields.Integer(
        "More Groups", readonly=True, aggregator=None, help="Groups that would pay too, beyond the most moves."
    )
    metres_before = fields.Float("Metres a Day Now", digits=(16, 0), readonly=True, aggregator=None)
    metres_after = fields.Float("Metres a Day Then", digits=(16, 0), readonly=True, aggregator=None)
    metres_least = fields.Float(
        "Metres a Day at Best",
        digits=(16, 0),
        readonly=True,
        aggregator=None,
        help="If everything could lie anywhere and moves cost nothing: nobody gets below it.",
    )
    effort_minutes = fields.Float("Work (min)", digits=(16, 0), readonly=True, aggregator=None)
    money_day = fields.Float(
        "Saved a Day", digits=(16, 2), readonly=True, aggregator=None, help="In the company's currency."
    )

    @api.model
    def propose(self, warehouse_id, wait=True, basis="history"):
        """Propose moves for a warehouse; public, also over RPC. For supply-chain managers.

        Proposals of before that nobody has decided on are replaced; what was accepted or applied stays.

        :param wait: work it off in this call instead of leaving it to the cron
        :param basis: ``history``; with planning also ``forecast``
        :return: id of the run
        """
        self._check_role()
        warehouse = self._warehouse_to_slot(warehouse_id)
        if basis not in self._fields["basis"].get_values(self.env):
            raise UserError(self.env._("There is no basis “%(basis)s” for picks a day.", basis=basis))
        return self._run_now(warehouse.company_id.id, wait, warehouse_id=warehouse.id, basis=basis)

    @api.model
    def _check_role(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only a supply chain manager can decide what lies where. Ask one of them."))

    @api.model
    def _warehouse_to_slot(self, warehouse_id):
        warehouse = self.env["stock.warehouse"].search([("id", "=", warehouse_id)], limit=1)
        if not warehouse:
            raise UserError(self.env._("There is no such warehouse in your companies. Choose another one."))
        return warehouse

    def _run_name(self, company):
        return self.env._("Slotting of %(day)s", day=fields.Date.context_today(self))

    def _next_batch(self):
        """One warehouse is one batch: all its places are weighed against each other."""
        if self.total_count:
            return 0
        warehouse = self.warehouse_id
        today = fields.Date.context_today(self.with_context(tz=self._zone()))
        self.write(
            {
                "date_from": today - timedelta(days=warehouse.scm_slotting_days),
                "date_to": today - timedelta(days=1),
                "payback_days": warehouse.scm_slotting_payback_days,
            }
        )
        self._propose_moves()
        self.total_count = 1
        return 1

    def _zone(self):
        warehouse = self.warehouse_id
        return warehouse.partner_id.tz or warehouse.company_id.partner_id.tz or "UTC"

    def action_open_moves(self):
        """The moves of this run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_slotting_move_action")
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}
