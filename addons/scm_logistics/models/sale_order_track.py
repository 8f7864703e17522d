import hashlib
import hmac

from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What the customer sees of an order's deliveries."""

    _inherit = "sale.order"

    def _scm_track_token(self):
        """Signature of the order's tracking page; it changes with the database's secret only."""
        self.ensure_one()
        # sudo: the secret signs, it is not shown
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), f"scm.track/{self.id}".encode(), hashlib.sha256).hexdigest()

    def _scm_track_url(self):
        """Path of the order's tracking page, signed."""
        return f"/track/order/{self.id}/{self._scm_track_token()}"

    def _scm_open_deliveries(self):
        """Deliveries to the customer that have not left us."""
        return self.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing" and picking.state not in ("done", "cancel")
        )

    def _scm_public_view(self):
        """Parcels and open deliveries of an order for its page. The caller has checked token or partner."""
        self.ensure_one()
        parcels = self.env["scm.parcel"].search(
            Domain("sale_ids", "in", self.ids) & Domain("direction", "=", "out"), order="id"
        )
        return {
            "order": self.name,
            "parcels": [
                parcel._public_view() | {"url": f"/track/{parcel.id}/{parcel._public_token()}"} for parcel in parcels
            ],
            "open": self._scm_open_deliveries(),
            "promised": self.scm_date_promised or self.scm_promise_date,
        }
