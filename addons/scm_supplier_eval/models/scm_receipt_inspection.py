from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.scm_base.tools.zones import local_day, zone_name

FROZEN = {"move_id", "qty_checked", "qty_rejected", "defect_id", "date", "note", "user_id"}


class ScmReceiptInspection(models.Model):
    """What was found when a receipt of a product was looked at: how much was bad, and why.

    One row per receipt, product and kind of defect. Quantities in the product's unit. Only finished inspections count.
    """

    _name = "scm.receipt.inspection"
    _description = "Receipt Inspection"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    picking_id = fields.Many2one(
        related="move_id.picking_id", string="Receipt", store=True, index=True, precompute=True
    )
    move_id = fields.Many2one(
        "stock.move", required=True, ondelete="cascade", index=True, domain="[('purchase_line_id', '!=', False)]"
    )
    order_id = fields.Many2one(related="move_id.purchase_line_id.order_id")
    partner_id = fields.Many2one(
        "res.partner", "Supplier", compute="_compute_move", store=True, index=True, precompute=True
    )
    product_id = fields.Many2one("product.product", compute="_compute_move", store=True, index=True, precompute=True)
    company_id = fields.Many2one("res.company", compute="_compute_move", store=True, index=True, precompute=True)
    warehouse_id = fields.Many2one("stock.warehouse", compute="_compute_move", store=True, precompute=True)
    date = fields.Date(
        required=True,
        compute="_compute_move",
        store=True,
        readonly=False,
        precompute=True,
        help="Day of the inspection, where the warehouse is.",
    )
    qty_received = fields.Float("Received", digits="Product Unit", compute="_compute_qty_received", store=True)
    qty_checked = fields.Float(
        "Checked", digits="Product Unit", help="How many were looked at. 0: all that were received."
    )
    qty_rejected = fields.Float("Rejected", digits="Product Unit", tracking=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    defect_id = fields.Many2one("scm.defect.type", ondelete="restrict", index="btree_not_null")
    note = fields.Text()
    photo = fields.Image(max_width=1920, max_height=1920)
    user_id = fields.Many2one("res.users", "Inspected by", default=lambda self: self.env.user)
    state = fields.Selection(
        [("draft", "To Inspect"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    result = fields.Selection([("good", "Good"), ("part", "Part Bad"), ("bad", "All Bad")], compute="_compute_result")

    _rejected_valid = models.Constraint("CHECK(qty_rejected >= 0)", "What is rejected cannot be negative.")
    _checked_valid = models.Constraint("CHECK(qty_checked >= 0)", "What is checked cannot be negative.")
    _date_idx = models.Index("(company_id, partner_id, date)")
    _defect_uniq = models.UniqueIndex(
        "(move_id, COALESCE(defect_id, 0))", "This receipt has an inspection with this kind of defect already."
    )

    # Computed

    @api.depends("move_id")
    def _compute_move(self):
        for inspection in self:
            move = inspection.move_id
            inspection.partner_id = move.purchase_line_id.partner_id.commercial_partner_id
            inspection.product_id = move.product_id
            inspection.company_id = move.company_id
            inspection.warehouse_id = move.picking_type_id.warehouse_id or move.warehouse_id
            if move:
                zone = zone_name(move.company_id, inspection.warehouse_id)
                inspection.date = local_day(fields.Datetime.now(), zone)

    @api.depends("move_id.quantity", "move_id.product_uom", "move_id.state", "picking_id.move_ids.quantity")
    def _compute_qty_received(self):
        for inspection in self:
            moves = inspection._moves()
            inspection.qty_received = sum(
                move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id) for move in moves
            )

    def _moves(self):
        """All moves of the receipt that bring this order line; a promise in parts has several."""
        line = self.move_id.purchase_line_id
        return (
            self.picking_id.move_ids.filtered(lambda move: move.purchase_line_id == line and move.state != "cancel")
            or self.move_id
        )

    @api.depends("qty_received", "qty_rejected")
    def _compute_result(self):
        for inspection in self:
            unit, rejected = inspection.product_id.uom_id, inspection.qty_rejected
            if not rejected:
                inspection.result = "good"
            else:
                all_bad = unit and unit.compare(rejected, inspection.qty_received) >= 0
                inspection.result = "bad" if all_bad else "part"

    @api.depends("product_id", "picking_id")
    def _compute_display_name(self):
        for inspection in self:
            names = (inspection.picking_id.name, inspection.product_id.display_name)
            inspection.display_name = ", ".join(name for name in names if name)

    # Check

    @api.constrains("move_id")
    def _check_move(self):
        for inspection in self:
            move = inspection.move_id
            if not move.purchase_line_id or move.location_id.usage not in ("supplier", "transit"):
                raise ValidationError(
                    self.env._(
                        "%(receipt)s does not bring goods of a purchase order from a vendor.",
                        receipt=move.picking_id.name or move.display_name,
                    )
                )

    @api.constrains("qty_rejected", "qty_checked", "qty_received", "state")
    def _check_quantities(self):
        for inspection in self.filtered(lambda inspection: inspection.state == "done"):
            siblings = inspection.search([("move_id", "=", inspection.move_id.id), ("state", "=", "done")])
            rejected, unit = sum(siblings.mapped("qty_rejected")), inspection.product_id.uom_id
            for quantity, what in (
                (rejected, self.env._("rejected")),
                (inspection.qty_checked, self.env._("checked")),
            ):
                if unit.compare(quantity, inspection.qty_received) > 0:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: %(quantity)s %(what)s, but only %(received)s %(unit)s were received.",
                            name=inspection.display_name,
                            quantity=f"{quantity:g}",
                            what=what,
                            received=f"{inspection.qty_received:g}",
                            unit=unit.name,
                        )
                    )

    def write(self, vals):
        frozen = self.filtered(lambda inspection: inspection.state == "done")
        if frozen and FROZEN & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "%(name)s is finished and counts for the supplier. Open it again to change it.",
                    name=frozen[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        for inspection in self:
            if inspection.state == "done":
                raise UserError(
                    self.env._("%(name)s is finished. Open it again before deleting it.", name=inspection.display_name)
                )

    # Steps

    def action_done(self):
        """Finish: from now on it counts for the supplier."""
        self.check_access("write")
        for inspection in self:
            if inspection.picking_id.state != "done" and not inspection.qty_received:
                raise UserError(self.env._("%(name)s: nothing is received yet.", name=inspection.display_name))
            if inspection.qty_rejected and not inspection.defect_id:
                raise UserError(
                    self.env._("%(name)s: say which defect the rejected goods have.", name=inspection.display_name)
                )
        # sudo: the right to write is checked above; the state is read-only for everybody
        self.sudo().write({"state": "done"})
        return True

    def action_all_good(self):
        """Finish with nothing rejected."""
        self.write({"qty_rejected": 0.0, "defect_id": False})
        return self.action_done()

    def action_reopen(self):
        """Open a finished inspection again; the change is logged."""
        self.check_access("write")
        # sudo: the right to write is checked above; the state is read-only for everybody
        self.sudo().write({"state": "draft"})
        return True

    def action_other_defect(self):
        """One more inspection of the same goods, for another kind of defect."""
        self.ensure_one()
        if not self.defect_id:
            raise UserError(self.env._("%(name)s: name its defect first.", name=self.display_name))
        return self.create([{"move_id": self.move_id.id}])._action_open()

    def _action_open(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspection"),
            "res_model": self._name,
            "domain": [("id", "in", self.ids)],
            "view_mode": "kanban,list,form",
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    # Interface

    @api.model
    def scm_inspect(self, move_id, qty_rejected=0.0, defect=False, note=False, qty_checked=0.0):
        """Note the finished inspection of one receipt move.

        :param move_id: id of the ``stock.move`` that brought the goods
        :param qty_rejected: in the product's unit
        :param defect: code of a defect type; needed when something is rejected
        :param note: free text
        :param qty_checked: how many were looked at; 0 = all
        :return: id of the inspection
        """
        self.check_access("create")
        kind = self.env["scm.defect.type"].search([("code", "=", defect)], limit=1) if defect else False
        if defect and not kind:
            raise UserError(self.env._("There is no defect type with the code '%(code)s'.", code=defect))
        move = self.env["stock.move"].browse(move_id).exists()
        if not move:
            raise UserError(self.env._("There is no stock move with the number %(number)s.", number=move_id))
        inspection = self.create(
            [
                {
                    "move_id": move.id,
                    "qty_rejected": qty_rejected,
                    "qty_checked": qty_checked,
                    "defect_id": kind.id if kind else False,
                    "note": note,
                }
            ]
        )
        inspection.action_done()
        return inspection.id
