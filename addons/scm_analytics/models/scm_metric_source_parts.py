from odoo import api, models

PLACE, PRODUCT = ("warehouse_id",), ("warehouse_id", "categ_id")
#: an order and all that follows from it goes to a region and is given to a carrier
SHIPMENT = ("warehouse_id", "region_id", "carrier_id")


class ScmMetricSource(models.AbstractModel):
    """By what the facts of a source can be split.

    A fact without one of these (an order that no carrier was chosen for) belongs to the part None of it, so that the
    parts add up to the company; a split that is not listed has no such part.
    """

    _inherit = "scm.metric.source"

    @api.model
    def _split_by(self):
        """Hook: ``{source: columns of SPLITS}``."""
        return {
            "orders": SHIPMENT,
            "lines": (*SHIPMENT, "categ_id"),
            "promises": SHIPMENT,
            "fill": (*SHIPMENT, "categ_id"),
            "shipped": SHIPMENT,
            "backlog": SHIPMENT,
            "parcels": SHIPMENT,
            "stock": PRODUCT,
            "stockout": PRODUCT,
            "excess": PRODUCT,
            "forecast": PLACE,
            "override": PRODUCT,
            "receipts": (*PRODUCT, "partner_id"),
            "arrivals": (*PRODUCT, "partner_id"),
            "inspections": (*PRODUCT, "partner_id"),
            "counts": PRODUCT,
            "flow": PLACE,
            "packaging": PLACE,
            "delivered": (*SHIPMENT, "categ_id", "partner_id"),
            "decisions": PLACE,
            "settled": PLACE,
            "feedback": ("categ_id",),
            "alerts": ("warehouse_id", "partner_id"),
        }
