from odoo import api, fields, models


class ScmBoxChoice(models.Model):
    """The boxes that a delivery should travel in, how to pack them, and what the packer took."""

    _name = "scm.box.choice"
    _description = "Choice of Boxes"
    _order = "id DESC"
    _rec_name = "picking_id"

    picking_id = fields.Many2one("stock.picking", "Transfer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="picking_id.partner_id")
    origin = fields.Char(related="picking_id.origin")
    state = fields.Selection(
        [
            ("blocked", "Dimensions are Missing"),
            ("no_box", "Fits in no Box"),
            ("too_many", "Too Many Pieces"),
            ("proposed", "Proposed"),
            ("packed", "Packed"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    line_ids = fields.One2many("scm.box.choice.line", "choice_id", "Parcels", readonly=True)
    finding_ids = fields.One2many("scm.packaging.finding", "choice_id", "Findings", readonly=True)
    fact_id = fields.One2many("scm.packaging.fact", "choice_id", readonly=True)
    box_names = fields.Char("Proposed Boxes", readonly=True)
    taken_names = fields.Char("Packed in", readonly=True)
    parcels = fields.Integer("Number of Parcels", readonly=True)
    missing_ids = fields.Many2many(
        "product.product", "scm_box_choice_missing_rel", string="Without Dimensions", readonly=True
    )
    left_ids = fields.Many2many("product.product", "scm_box_choice_left_rel", string="Too Large", readonly=True)
    void_ratio = fields.Float("Empty Space", readonly=True, aggregator="avg")
    cost = fields.Monetary("Cost as Proposed", readonly=True)
    cost_taken = fields.Monetary("Cost as Packed", readonly=True)
    lost = fields.Monetary(readonly=True, help="Cost as packed less the cost as proposed. Above 0: a dearer box.")
    is_override = fields.Boolean("Other Box", readonly=True)
    reason = fields.Selection(
        [
            ("out", "Box was not at hand"),
            ("no_fit", "Goods did not fit"),
            ("protect", "Goods needed more protection"),
            ("together", "Packed with another order"),
            ("other", "Other"),
        ],
        "Why Another Box",
        readonly=True,
    )
    reason_note = fields.Char("Remark", readonly=True)
    packed_by_id = fields.Many2one("res.users", "Packed by", readonly=True)
    must_count = fields.Integer("Rules Broken", readonly=True)
    signature = fields.Char(readonly=True, help="Goods, boxes and costs that it was computed from.")
    why = fields.Json(readonly=True)

    _picking_unique = models.UniqueIndex("(picking_id)", "This transfer has a choice of boxes already.")
    _open_idx = models.Index("(company_id, state)")

    def action_open_picking(self):
        """Open the transfer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }

    def action_open_missing(self):
        """The products whose dimensions are missing, to fill them in."""
        return self.env["scm.box.choice"]._open_products(self.missing_ids)

    @api.model
    def _open_products(self, products):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_product_dimensions_action")
        return action | {"domain": [("id", "in", products.product_tmpl_id.ids)]}
