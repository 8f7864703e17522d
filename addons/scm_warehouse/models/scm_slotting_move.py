from odoo import api, fields, models
from odoo.exceptions import UserError

CLASS = [("A", "A"), ("B", "B"), ("C", "C")]


class ScmSlottingMove(models.Model):
    """A product that would better lie elsewhere: what it saves, what it costs, why."""

    _name = "scm.slotting.move"
    _description = "Slotting Move"
    _order = "run_id desc, group, sequence, id"
    _rec_name = "product_id"

    run_id = fields.Many2one("scm.slotting.run", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    location_id = fields.Many2one("stock.location", "From", required=True, readonly=True, ondelete="cascade")
    location_dest_id = fields.Many2one("stock.location", "To", required=True, readonly=True, ondelete="cascade")
    buffer_id = fields.Many2one(
        "stock.location",
        "Waits in",
        readonly=True,
        ondelete="set null",
        help="The product waits there until its new place is empty.",
    )
    group = fields.Integer(
        readonly=True, aggregator=None, help="Moves of a group make room for each other: all of them or none."
    )
    sequence = fields.Integer("Step", readonly=True, aggregator=None)
    role = fields.Selection(
        [("gain", "Nearer"), ("room", "Makes Room"), ("mend", "Ends a Breach")], required=True, readonly=True
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    weight = fields.Float("Weight (kg)", digits="Stock Weight", readonly=True)
    picks_day = fields.Float("Picks a Day", digits=(16, 2), readonly=True)
    metres_day = fields.Float(
        "Metres Saved a Day", digits=(16, 1), readonly=True, help="Less than zero: it makes room for another one."
    )
    effort_minutes = fields.Float("Work (min)", digits=(16, 1), readonly=True)
    money_day = fields.Float("Saved a Day", digits=(16, 2), readonly=True, help="In the company's currency.")
    payback_days = fields.Float(
        "Pays Back in (days)",
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="Work of the whole group by what the whole group saves a day. 0: it ends a breach and saves nothing.",
    )
    abc_picks = fields.Selection(CLASS, "ABC by Picks", readonly=True)
    abc_value = fields.Selection(CLASS, "ABC by Value", readonly=True)
    abc_volume = fields.Selection(CLASS, "ABC by Volume", readonly=True)
    xyz = fields.Selection([("X", "X"), ("Y", "Y"), ("Z", "Z")], readonly=True)
    pair_product_id = fields.Many2one("product.product", "Often Bought with", readonly=True, ondelete="set null")
    pair_hint = fields.Char("Hint", compute="_compute_pair_hint")
    pair_lift = fields.Float("Lift", digits=(16, 1), readonly=True, aggregator=None)
    pair_metres = fields.Float("Metres to It", digits=(16, 0), readonly=True, aggregator=None)
    why = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("applied", "Applied"),
            ("undone", "Undone"),
            ("rejected", "Rejected"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    date_decided = fields.Date("Decided on", readonly=True)
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    picking_ids = fields.Many2many(
        "stock.picking", "scm_slotting_move_picking_rel", "move_id", "picking_id", "Transfers", readonly=True
    )
    picking_state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancel", "Cancelled")], "Transfer", compute="_compute_picking_state"
    )
    rule_id = fields.Many2one("stock.putaway.rule", "Put-away Rule", readonly=True, ondelete="set null")
    old_rule_ids = fields.Many2many(
        "stock.putaway.rule", "scm_slotting_move_old_rule_rel", "move_id", "rule_id", "Rules Replaced", readonly=True
    )

    _decided_idx = models.Index("(warehouse_id, state)")

    @api.depends("picking_ids.state")
    def _compute_picking_state(self):
        for move in self:
            states = set(move.picking_ids.mapped("state"))
            if not states:
                move.picking_state = False
            elif states <= {"done", "cancel"}:
                move.picking_state = "done" if "done" in states else "cancel"
            else:
                move.picking_state = "open"

    @api.depends("pair_product_id", "pair_metres")
    def _compute_pair_hint(self):
        for move in self:
            if not move.pair_product_id:
                move.pair_hint = False
                continue
            move.pair_hint = self.env._(
                "Often bought with %(product)s, %(metres)s m from the new place",
                product=move.pair_product_id.display_name,
                metres=round(move.pair_metres),
            )

    def _whole_groups(self):
        """These moves with all others of their groups."""
        if not self:
            return self
        keys = {(move.run_id.id, move.group) for move in self}
        found = self.search([("run_id", "in", self.run_id.ids)])
        return found.filtered(lambda move: (move.run_id.id, move.group) in keys)

    def _decidable(self, states):
        """Whole groups of these moves for writing, after the role was checked; all must be in one of the states."""
        self.env["scm.slotting.run"]._check_role()
        self.check_access("read")
        moves = self._whole_groups()
        if wrong := moves.filtered(lambda move: move.state not in states):
            raise UserError(
                self.env._(
                    "%(product)s to %(place)s is %(state)s already. Propose again to see what pays now.",
                    product=wrong[0].product_id.display_name,
                    place=wrong[0].location_dest_id.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[wrong[0].state].lower(),
                )
            )
        return moves.sudo()  # sudo: role and company are checked above; nobody writes proposals by hand

    def _decided(self, state):
        return {"state": state, "date_decided": fields.Date.context_today(self), "user_id": self.env.user.id}

    def accept(self):
        """Accept the moves, each with its whole group; public, also over RPC. For supply-chain managers."""
        moves = self._decidable(("proposed", "accepted"))
        moves.write(self._decided("accepted"))
        return True

    def reject(self):
        """Turn the moves down, each with its whole group: not proposed again until a pay-back time has passed."""
        moves = self._decidable(("proposed", "accepted"))
        moves.write(self._decided("rejected"))
        return True

    def action_accept(self):
        """Button of :meth:`accept`."""
        return self.accept()

    def action_reject(self):
        """Button of :meth:`reject`."""
        return self.reject()

    def action_open_pickings(self):
        """The transfers of these moves."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return action | {"domain": [("id", "in", self.picking_ids.ids)], "context": {}}
