from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ScmDisruptionImpact(models.Model):
    """What a disruption does to one parcel or open delivery: the day before, the day now, and what else is possible."""

    _name = "scm.disruption.impact"
    _description = "Effect of a Disruption"
    _order = "days DESC, date_before, id"

    disruption_id = fields.Many2one("scm.disruption", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    parcel_id = fields.Many2one("scm.parcel", readonly=True, ondelete="cascade", index="btree_not_null")
    picking_id = fields.Many2one(
        "stock.picking", "Open Delivery", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    value = fields.Monetary("Value of Goods", readonly=True)
    date_before = fields.Date("Expected before", readonly=True)
    date_after = fields.Date("Expected now", readonly=True)
    days = fields.Integer("Later by (days)", readonly=True, aggregator="avg")
    state = fields.Selection(
        [("preview", "Preview"), ("applied", "Moved"), ("taken_back", "Taken Back"), ("passed", "Over")],
        required=True,
        readonly=True,
        default="preview",
    )
    choice_id = fields.Many2one("scm.carrier.choice", "Carrier Proposal", readonly=True, ondelete="set null")
    alternative_id = fields.Many2one(
        "delivery.carrier", "Other Carrier", readonly=True, help="A carrier that the disruption does not stop."
    )
    alternative_warehouse_id = fields.Many2one(
        "stock.warehouse", "Other Warehouse", readonly=True, help="A warehouse that the disruption does not stop."
    )
    why = fields.Json(readonly=True)

    _one_parcel = models.UniqueIndex("(disruption_id, parcel_id) WHERE parcel_id IS NOT NULL")
    _one_picking = models.UniqueIndex("(disruption_id, picking_id) WHERE picking_id IS NOT NULL")

    @api.depends("parcel_id", "picking_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = one.parcel_id.name or one.picking_id.name or ""

    def action_open_document(self):
        """Open the parcel or delivery."""
        self.ensure_one()
        record = self.parcel_id or self.picking_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def take_other_carrier(self):
        """Send these open deliveries with the carrier that the disruption does not stop.

        :return: number of deliveries that changed their carrier
        """
        self.check_access("read")
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers change carriers because of a disruption."))
        todo = self.filtered(lambda one: one.alternative_id and one.choice_id and one.state == "applied")
        if not todo:
            raise UserError(self.env._("There is no other carrier for “%(name)s”.", name=self[:1].display_name or ""))
        for impact in todo:
            reason = self.env._("Disruption: %(name)s", name=impact.disruption_id.name)
            impact.choice_id.override(impact.alternative_id.id, reason)
        # what goes with another carrier is not met any more: its day goes back
        for disruption in todo.disruption_id:
            disruption._reapply()
        return len(todo)

    def action_take_other_carrier(self):
        self.take_other_carrier()
        return True
