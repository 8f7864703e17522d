from odoo import api, fields, models

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from .scm_count_task import OPEN_STATES


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
    scm_next_count = fields.Date("Next Count", compute="_compute_scm_counts", help="Day of the open count, if any.")
    scm_counted_on = fields.Date(
        "Last Counted", compute="_compute_scm_counts", help="The whole place, in its local day."
    )

    def _compute_scm_counts(self):
        """By two queries, however many places there are."""
        # sudo: when a place is counted may be seen by whoever sees the place
        tasks = self.env["scm.count.task"].sudo()
        planned = tasks._read_group(
            [("location_id", "in", self.ids), ("state", "in", OPEN_STATES)], ["location_id"], ["date:min"]
        )
        counted = tasks._read_group(
            [("location_id", "in", self.ids), ("state", "=", "done"), ("product_id", "=", False)],
            ["location_id"],
            ["counted_at:max", "done_at:max"],
        )
        next_day = {place.id: day for place, day in planned}
        last = {place.id: moment or done for place, moment, done in counted}
        for location in self:
            location.scm_next_count = next_day.get(location._origin.id, False)
            moment = last.get(location._origin.id)
            warehouse = location.warehouse_id
            # sudo: the company only says which day it was
            zone = moment and zone_name(warehouse.sudo().company_id, warehouse)
            location.scm_counted_on = local_day(moment, zone) if moment else location.last_inventory_date

    def action_request_count(self):
        """Ask for these places to be counted today, and show the counts. For people of the warehouse."""
        ids = self.env["scm.count.task"].request_count(self.ids)
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_count_plan_action")
        return action | {"domain": [("id", "in", ids)], "context": {}}

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
