from odoo import api, fields, models
from odoo.tools import SQL


class ScmDemandItem(models.Model):
    """A product in a warehouse, and since when it is known there: the earlier of the two first days."""

    _name = "scm.demand.item"
    _description = "Product in a Warehouse"
    _log_access = False
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    date_first_demand = fields.Date("First Demand", readonly=True)
    date_last_demand = fields.Date("Last Demand", readonly=True)
    date_first_receipt = fields.Date("First in Stock", readonly=True)

    _item_uniq = models.Constraint("UNIQUE(warehouse_id, product_id)", "A product is listed once per warehouse.")

    @api.model
    def _refresh_demand_days(self, dirty):
        """Bring first and last day of demand up to date for the items in ``dirty``, an SQL relation of items."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_demand_item
                            (company_id, warehouse_id, product_id, date_first_demand, date_last_demand)
                     SELECT w.company_id, d.warehouse_id, d.product_id, span.first_day, span.last_day
                       FROM (SELECT DISTINCT warehouse_id, product_id FROM %s touched) d
                       JOIN stock_warehouse w ON w.id = d.warehouse_id
                 CROSS JOIN LATERAL (
                            SELECT min(date) AS first_day, max(date) AS last_day
                              FROM scm_demand_day day
                             WHERE day.warehouse_id = d.warehouse_id AND day.product_id = d.product_id
                               AND day.quantity > 0
                            ) span
                ON CONFLICT (warehouse_id, product_id) DO UPDATE
                        SET date_first_demand = excluded.date_first_demand,
                            date_last_demand = excluded.date_last_demand
                """,
                dirty,
            )
        )
        self.invalidate_model()
