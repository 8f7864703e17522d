import logging

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from psycopg2 import OperationalError

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

_logger = logging.getLogger(__name__)

#: order lines whose facts may have changed: moves, orders, parcels, requests, receipts
_TOUCHED = """
    SELECT sale_line_id FROM stock_move WHERE write_date > %(since)s AND sale_line_id IS NOT NULL AND state = 'done'
    UNION
    SELECT move.sale_line_id FROM scm_parcel parcel
      JOIN scm_parcel_picking_rel rel ON rel.parcel_id = parcel.id
      JOIN stock_move move ON move.picking_id = rel.picking_id
     WHERE parcel.write_date > %(since)s AND move.sale_line_id IS NOT NULL
    UNION
    SELECT line.sale_line_id FROM scm_return_line line
      JOIN scm_return request ON request.id = line.return_id
     WHERE GREATEST(line.write_date, request.write_date) > %(since)s AND line.sale_line_id IS NOT NULL
    UNION
    SELECT line.sale_line_id FROM scm_return_inspection inspection
      JOIN scm_return_line line ON line.id = inspection.line_id
     WHERE inspection.write_date > %(since)s AND line.sale_line_id IS NOT NULL
    UNION
    SELECT line.sale_line_id FROM scm_parcel parcel
      JOIN scm_return_line line ON line.return_id = parcel.scm_return_id
     WHERE parcel.write_date > %(since)s AND line.sale_line_id IS NOT NULL
"""


class ScmReturnFact(models.Model):
    """How the facts come about: set-based, by increments."""

    _inherit = "scm.return.fact"

    @api.model
    def refresh(self, full=False):
        """Bring the facts of the user's present companies up to date. For supply chain managers; also over RPC.

        :param full: read all deliveries again instead of those that changed
        :return: count of deliveries that were read
        :raise AccessError: for who is no supply chain manager
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers may refresh return facts. Ask one of them."))
        # sudo: the role was checked, and env.companies are companies of the user; facts are closed for writing
        facts = self.sudo()
        return sum(facts._refresh(company, full=bool(full)) for company in self.env.companies)

    @api.model
    def _cron_refresh(self):
        """Nightly: each company by itself, so that one that fails does not hold up the others."""
        companies = self.env["res.company"].search([("active", "=", True)])
        remaining = len(companies)
        for company in companies:
            self._refresh_guarded(company)
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _refresh_guarded(self, company):
        """Refresh one company; when that fails, its facts stay as they were."""
        try:
            with self.env.cr.savepoint():
                self._refresh(company)
        except OperationalError:
            # a conflict or a lost connection is not the fault of the company: the cron comes back to it
            raise
        except Exception:
            _logger.exception("Return facts of company %s were not refreshed", company.id)
            self.env.invalidate_all(flush=False)

    @api.model
    def _refresh(self, company, full=False):
        """Bring the facts of a company up to date; count of deliveries read.

        Everything is read again the first time, when ``full``, and when a time zone changed. The same few statements
        for one delivery and for a million.
        """
        self.env.flush_all()
        state = self.env["scm.return.fact.state"]._of(company)
        watermark = state._next_watermark()
        zones = state._zones(company)
        full = full or not state.watermark or state.zones != zones
        # a first read sorts millions of lines: in memory, where the server's default would spill to disk
        self.env.cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        self._collect_touched(company, None if full else state.watermark)
        count = self._replace_facts(company, full)
        self.env["scm.return.part"]._write_parts(company)
        curve = self._measure_curve(company, local_today(company))
        state.write(
            {
                "watermark": watermark,
                "zones": zones,
                "date_refreshed": fields.Datetime.now(),
                "curve": curve.share.round(6).tolist(),
                "curve_spread": np.where(np.isfinite(curve.spread), curve.spread, -1.0).round(9).tolist(),
                "curve_sample": int(curve.sample),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return count

    @api.model
    def _collect_touched(self, company, since):
        """Temporary table of the order lines to be read again; ``since`` None: all that were delivered."""
        touched = (
            SQL(_TOUCHED, since=since)
            if since
            else SQL("SELECT sale_line_id FROM stock_move WHERE sale_line_id IS NOT NULL AND state = 'done'")
        )
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.scm_return_touched")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE scm_return_touched ON COMMIT DROP AS
                   SELECT DISTINCT touched.sale_line_id FROM (%s) touched
                     JOIN sale_order_line line ON line.id = touched.sale_line_id
                    WHERE line.company_id = %s""",
                touched,
                company.id,
            )
        )
        self.env.cr.execute("CREATE UNIQUE INDEX ON scm_return_touched (sale_line_id); ANALYZE scm_return_touched")

    @api.model
    def _replace_facts(self, company, full):
        """Delete and write again the facts of the touched order lines; count of them."""
        mine = SQL("company_id = %s", company.id)
        if not full:
            mine = SQL("sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)")
        self.env.cr.execute(
            SQL(
                """WITH gone AS (DELETE FROM scm_return_fact WHERE %s RETURNING id)
                   DELETE FROM scm_return_part WHERE fact_id IN (SELECT id FROM gone)""",
                mine,
            )
        )
        self._load_suppliers(company)
        self._load_moved()
        self.env.cr.execute(self._insert_sql())
        count = self.env.cr.rowcount
        self._value_kits()
        self._supply_first_in_first_out(company)
        if full:
            self.env.cr.execute("ANALYZE scm_return_fact")
        return count

    @api.model
    def _load_moved(self):
        """Temporary table: units that the touched order lines sent out, by move and lot.

        By itself, because PostgreSQL takes a sum with a condition for a few rows and then looks up the rest one by one.
        """
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.scm_return_moved")
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE scm_return_moved ON COMMIT DROP AS
            SELECT move.id AS move_id, line.lot_id, SUM(line.quantity_product_uom) AS delivered,
                   MAX(package.package_type_id) AS package_type_id
              FROM stock_move move
              JOIN scm_return_touched touched ON touched.sale_line_id = move.sale_line_id
              JOIN stock_move_line line ON line.move_id = move.id
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
              LEFT JOIN stock_package package ON package.id = line.result_package_id
             WHERE move.state = 'done' AND target.usage = 'customer' AND source.usage <> 'customer'
             GROUP BY move.id, line.lot_id
            HAVING SUM(line.quantity_product_uom) > 0
            """
        )
        self.env.cr.execute("ANALYZE scm_return_moved")

    @api.model
    def _insert_sql(self):
        """What the touched order lines delivered, one row per move and lot."""
        zone = zone_sql("company_partner", "place")
        arrived = SQL("COALESCE(parcel.date_delivered, move.date)")
        return SQL(
            """
            INSERT INTO scm_return_fact (
                   company_id, order_id, sale_line_id, move_id, picking_id, order_date, delivery_date, product_id,
                   product_tmpl_id, categ_id, lot_id, supplier_id, carrier_id, zone_id, package_type_id, warehouse_id,
                   user_id, team_id, delivered, value, returned, refund, cost)
            SELECT sale.company_id, sale.id, item.id, move.id, move.picking_id, %(ordered)s, %(arrived)s,
                   move.product_id, product.product_tmpl_id, template.categ_id, sent.lot_id,
                   COALESCE(of_lot.supplier_id, of_product.supplier_id),
                   COALESCE(parcel.carrier_id, picking.carrier_id), parcel.zone_id,
                   COALESCE(sent.package_type_id, package.package_type_id), sale.warehouse_id, picking.user_id,
                   sale.team_id, sent.delivered,
                   COALESCE(sent.delivered * item.price_total / NULLIF(COALESCE(NULLIF(sale.currency_rate, 0), 1)
                            * item.product_uom_qty * unit.factor / product_unit.factor, 0), 0),
                   0, 0, 0
              FROM scm_return_moved sent
              JOIN stock_move move ON move.id = sent.move_id
              JOIN sale_order_line item ON item.id = move.sale_line_id
              JOIN sale_order sale ON sale.id = item.order_id
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN product_product item_product ON item_product.id = item.product_id
              JOIN product_template item_template ON item_template.id = item_product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = item.product_uom_id
              JOIN uom_uom product_unit ON product_unit.id = item_template.uom_id
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              LEFT JOIN stock_warehouse warehouse ON warehouse.id = sale.warehouse_id
              LEFT JOIN res_partner place ON place.id = warehouse.partner_id
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
              LEFT JOIN scm_return_sent parcel ON parcel.picking_id = move.picking_id
              LEFT JOIN stock_package package ON package.id = parcel.package_id
              LEFT JOIN scm_return_lot of_lot ON of_lot.lot_id = sent.lot_id
              LEFT JOIN scm_return_only of_product ON of_product.product_id = move.product_id
             ORDER BY sale.date_order, move.id
            """,
            ordered=local_day_sql(SQL("sale.date_order"), zone),
            arrived=local_day_sql(arrived, zone),
        )

    @api.model
    def _value_kits(self):
        """Parts of kits share what was paid for the kit, by quantity times list price."""
        self.env.cr.execute(
            """
            WITH part AS (
                SELECT fact.id, item.price_total / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS paid,
                       fact.delivered * GREATEST(template.list_price, 0.01) AS weight,
                       SUM(fact.delivered * GREATEST(template.list_price, 0.01)) OVER (PARTITION BY item.id) AS whole
                  FROM scm_return_fact fact
                  JOIN sale_order_line item ON item.id = fact.sale_line_id AND item.product_id <> fact.product_id
                  JOIN sale_order sale ON sale.id = item.order_id
                  JOIN product_template template ON template.id = fact.product_tmpl_id
                 WHERE fact.sale_line_id IN (SELECT sale_line_id FROM scm_return_touched))
            UPDATE scm_return_fact fact SET value = part.paid * part.weight / part.whole
              FROM part WHERE fact.id = part.id AND part.whole > 0
            """
        )
