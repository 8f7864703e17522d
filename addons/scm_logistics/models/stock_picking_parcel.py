from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    scm_parcel_ids = fields.Many2many(
        "scm.parcel", "scm_parcel_picking_rel", "picking_id", "parcel_id", "Parcels", copy=False, readonly=True
    )
    scm_parcel_count = fields.Integer(compute="_compute_scm_parcel_count", compute_sudo=True)

    def _compute_scm_parcel_count(self):
        for picking in self:
            picking.scm_parcel_count = len(picking.scm_parcel_ids)

    def _scm_makes_parcels(self):
        """Hook: whether this delivery has left with somebody who tells us about it; not what customers fetch."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.picking_type_code == "outgoing"
            and self.location_dest_id.usage == "customer"
            and bool(self.carrier_id or self.carrier_tracking_ref)
            and self.carrier_id.delivery_type != "in_store"
        )

    def _action_done(self):
        result = super()._action_done()
        self.env["scm.parcel"]._from_pickings(self)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "carrier_tracking_ref" in vals or "carrier_id" in vals:
            self.filtered(lambda picking: picking.state == "done")._scm_follow_carrier()
        return result

    def _scm_follow_carrier(self):
        """A carrier or tracking number that is entered after the goods left reaches the parcels."""
        self.env["scm.parcel"]._from_pickings(self)
        # sudo: parcels follow the transfer that the user was allowed to write
        for picking in self.sudo():
            refs = [ref.strip() for ref in (picking.carrier_tracking_ref or "").split(",") if ref.strip()]
            parcels = picking.scm_parcel_ids.filtered(lambda parcel: not parcel.is_final).sorted("id")
            waiting = parcels if len(parcels) == len(refs) == 1 else parcels.filtered(lambda one: not one.tracking_ref)
            taken = set(parcels.mapped("tracking_ref"))
            for parcel, ref in zip(waiting, [ref for ref in refs if ref not in taken], strict=False):
                parcel.write({"tracking_ref": ref, "name": ref})
            parcels.filtered(lambda one, new=picking.carrier_id: one.carrier_id != new).carrier_id = picking.carrier_id
        return True

    def action_scm_parcels(self):
        """Open the parcels of these transfers."""
        return self.env["scm.parcel"]._open(self.scm_parcel_ids)
