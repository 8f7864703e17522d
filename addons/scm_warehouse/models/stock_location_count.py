from odoo import api, fields, models


class StockLocation(models.Model):
    """Where a place belongs for counting, and when it is counted next."""

    _inherit = "stock.location"

    scm_zone_id = fields.Many2one(
        "stock.location",
        "Zone",
        compute="_compute_scm_zone_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The part of the warehouse that the place lies in: the location just below its stock.",
    )
    scm_count_due = fields.Date(
        "Count Due",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By the rule of its class, set by the plan.",
    )
    scm_counted_on = fields.Date(
        "Last Counted", readonly=True, copy=False, help="Day of the last count of the whole place, where it lies."
    )

    @api.depends("parent_path", "location_id", "child_ids", "warehouse_id.lot_stock_id")
    def _compute_scm_zone_id(self):
        """Just below the stock; a place that lies there alone belongs to the stock itself."""
        # sudo: zones are the same for everybody, and a location may be moved by who sees one company only
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "in", self.company_id.ids)])
        )
        stocks = set(warehouses.lot_stock_id.ids)
        parents = self._scm_with_children()
        for location in self:
            path = [int(number) for number in (location.parent_path or "").split("/") if number]
            depth = next((place for place, number in enumerate(path) if number in stocks), None)
            if depth is None:
                location.scm_zone_id = False
                continue
            below = path[depth + 1 : depth + 2]
            location.scm_zone_id = below[0] if below and (below != path[-1:] or below[0] in parents) else path[depth]

    def _scm_with_children(self):
        """Ids of those that have locations below them."""
        groups = self.with_context(active_test=False)._read_group([("location_id", "in", self.ids)], ["location_id"])
        return {parent.id for (parent,) in groups}
