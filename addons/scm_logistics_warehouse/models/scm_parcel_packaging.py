from odoo import api, fields, models


class ScmParcel(models.Model):
    """What a parcel was packed in: of its package where it is known, else of all its transfers."""

    _inherit = "scm.parcel"

    scm_packaging_known = fields.Boolean("Packaging Known", compute="_compute_scm_packaging")
    scm_packaging_box = fields.Char("Box", compute="_compute_scm_packaging")
    scm_packaging_kg = fields.Float("Packaging (kg)", digits=(16, 3), compute="_compute_scm_packaging")
    scm_packaging_co2e = fields.Float("Packaging (kg CO2e)", digits=(16, 3), compute="_compute_scm_packaging")
    scm_packaging_void = fields.Float("Empty Space", compute="_compute_scm_packaging")

    @api.depends("package_id", "picking_ids")
    def _compute_scm_packaging(self):
        """All parcels from their packed boxes, in two queries."""
        # sudo: weights and names of boxes, of a parcel that the user may read
        lines = (
            self.env["scm.box.choice.line"]
            .sudo()
            .search([("kind", "=", "taken"), ("choice_id.picking_id", "in", self.picking_ids.ids)])
        )
        by_package = {line.package_id.id: line for line in lines if line.package_id}
        by_picking = lines.grouped(lambda line: line.choice_id.picking_id.id)
        for parcel in self:
            own = by_package.get(parcel.package_id.id) if parcel.package_id else None
            if own is None:
                own = lines.browse().union(*(by_picking.get(id_, lines.browse()) for id_ in parcel.picking_ids.ids))
            room = sum(own.mapped("box_litres"))
            is_known = bool(own) and all(own.mapped("has_void")) and room > 0
            parcel.scm_packaging_known = bool(own)
            parcel.scm_packaging_box = ", ".join(own.box_id.mapped("name")) or False
            parcel.scm_packaging_kg = sum(own.mapped("material_kg"))
            parcel.scm_packaging_co2e = sum(own.mapped("co2e_kg"))
            parcel.scm_packaging_void = max(0.0, 1 - sum(own.mapped("goods_litres")) / room) if is_known else 0.0
