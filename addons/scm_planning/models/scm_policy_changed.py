"""Which products a usual night has to look at again."""

from odoo import api, models
from odoo.tools import SQL

#: what a transaction wrote that was open for less than this when a proposal was computed is seen as new
OVERLAP = "10 minutes"


class ScmPolicyChanged(models.AbstractModel):
    """Products whose proposals may have to become others since they were computed.

    Each proposal knows when it was computed (``date_computed``), so nothing else has to remember how far the last night
    got. Stock is compared by value, because Odoo deletes quants; all else by the time of its last change. What holds
    for all products at once (policies, settings, units, rates, events) makes all of them change.

    What this does not see waits for the weekly forecast, which looks at everything: lead times learned from other
    vendors' receipts, and the drift of levels along the season while nothing of the product moves.
    """

    _name = "scm.policy.changed"
    _description = "Products to Plan Again"

    @api.model
    def _product_ids(self, company, whole=False):
        """Ids of the products to look at, sorted; all that are planned when ``whole`` or when settings changed.

        A fixed number of queries.
        """
        self.env.flush_all()
        parts = [self._planned(company)] if whole or self._settings_changed(company) else self._changes(company)
        query = SQL(
            "WITH own AS MATERIALIZED (%s) SELECT DISTINCT product_id FROM (%s) changed WHERE product_id IS NOT NULL",
            self._own(company),
            SQL(" UNION ALL ").join(parts),
        )
        return sorted(product_id for (product_id,) in self.env.execute_query(query))

    @api.model
    def _own(self, company):
        """Rows of the proposals that stand, with the moment since which changes count."""
        return SQL(
            """
            SELECT product_id, warehouse_id, vendor_id, supply, supplierinfo_id, orderpoint_id, on_hand, min_current,
                   max_current, on_order_draft, abc, xyz, date_late_receipt, date_run_out,
                   date_computed - %s::interval AS since
              FROM scm_policy_proposal
             WHERE company_id = %s
            """,
            OVERLAP,
            company.id,
        )

    @api.model
    def _planned(self, company):
        """All products that are planned or have a proposal."""
        return SQL(
            """
            SELECT product_id FROM (%s) forecast
             UNION SELECT product_id FROM own
             UNION SELECT product_id FROM stock_warehouse_orderpoint WHERE active AND company_id = %s
             UNION SELECT q.product_id FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
                    WHERE l.usage = 'internal' AND q.company_id = %s AND q.quantity <> 0
            """,
            self.env["scm.policy.input"]._forecast_keys_query(company),
            company.id,
            company.id,
        )

    @api.model
    def _settings_changed(self, company):
        """Whether something changed that concerns all products, or nothing was computed yet."""
        tables = ("scm_inventory_policy", "scm_event", "scm_event_occurrence", "uom_uom", "res_currency_rate",
                  "stock_rule", "stock_warehouse", "res_company")  # fmt: skip
        latest = SQL(", ").join(SQL("(SELECT max(write_date) FROM %s)", SQL.identifier(table)) for table in tables)
        [(changed,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(min(date_computed) - %s::interval <= GREATEST(%s), TRUE)
                  FROM scm_policy_proposal WHERE company_id = %s
                """,
                OVERLAP,
                latest,
                company.id,
            )
        )
        return changed

    @api.model
    def _changes(self, company):
        """Hook: queries whose ``product_id`` has changed; ``own`` are the proposals that stand (:meth:`_own`)."""
        return [
            self._stock_changes(company),
            self._move_changes(),
            self._purchase_changes(),
            self._rule_changes(company),
            self._master_changes(),
            self._vendor_changes(company),
            self._forecast_changes(company),
            self._decisions(company),
        ]

    @api.model
    def _stock_changes(self, company):
        """Stock that is not what the proposal says, and items that have no proposal."""
        return SQL(
            """
            SELECT COALESCE(own.product_id, stock.product_id) AS product_id
              FROM own
         FULL JOIN (SELECT q.product_id, l.warehouse_id, sum(q.quantity)::float8 AS quantity
                      FROM stock_quant q
                      JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                      JOIN stock_warehouse w ON w.id = l.warehouse_id AND w.company_id = %s
                  GROUP BY q.product_id, l.warehouse_id) stock
                USING (product_id, warehouse_id)
             WHERE abs(COALESCE(own.on_hand, 0) - COALESCE(stock.quantity, 0)) > 1e-6
            """,
            company.id,
        )

    @api.model
    def _move_changes(self):
        """Transfers that were made, changed, done or cancelled, or should have happened by now."""
        return SQL(
            """
            SELECT m.product_id FROM stock_move m
              JOIN (SELECT product_id, min(since) AS since FROM own GROUP BY product_id) first USING (product_id)
             WHERE m.write_date >= first.since
                OR (m.state IN ('waiting', 'confirmed', 'assigned', 'partially_available')
                    AND m.date < now() AT TIME ZONE 'UTC')
            """
        )

    @api.model
    def _purchase_changes(self):
        """Quotations; those that are gone are found by what the proposal counted in them."""
        return SQL(
            """
            SELECT product_id FROM own WHERE on_order_draft <> 0
             UNION ALL
            SELECT l.product_id FROM purchase_order_line l
              JOIN purchase_order o ON o.id = l.order_id
             WHERE GREATEST(l.write_date, o.write_date) >= (SELECT min(since) FROM own)
            """
        )

    @api.model
    def _rule_changes(self, company):
        return SQL(
            """
            SELECT product_id FROM own WHERE orderpoint_id IS NULL AND (min_current <> 0 OR max_current <> 0)
             UNION ALL
            SELECT o.product_id FROM stock_warehouse_orderpoint o
             WHERE o.company_id = %s AND o.write_date >= (SELECT min(since) FROM own)
            """,
            company.id,
        )

    @api.model
    def _master_changes(self):
        """Products, their classes and their life cycles."""
        return SQL(
            """
            SELECT own.product_id FROM own
              JOIN product_product p ON p.id = own.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
         LEFT JOIN scm_product_class c ON c.product_id = own.product_id AND c.warehouse_id = own.warehouse_id
             WHERE GREATEST(p.write_date, t.write_date) >= own.since
                OR (own.abc, own.xyz) IS DISTINCT FROM (c.abc_value, c.xyz)
             UNION ALL
            SELECT product_id FROM scm_product_lifecycle WHERE write_date >= (SELECT min(since) FROM own)
            """
        )

    @api.model
    def _vendor_changes(self, company):
        """Vendor prices that were changed, deleted, or begin or end; and products of vendors who delivered."""
        return SQL(
            """
            SELECT product_id FROM own WHERE supplierinfo_id IS NULL AND vendor_id IS NOT NULL
             UNION ALL
            SELECT p.id FROM product_supplierinfo s
              JOIN product_product p ON p.product_tmpl_id = s.product_tmpl_id
             WHERE s.write_date >= (SELECT min(since) FROM own)
                OR s.date_start >= (SELECT min(since)::date FROM own) AND s.date_start <= now()::date + 1
                OR s.date_end >= (SELECT min(since)::date - 1 FROM own) AND s.date_end <= now()::date + 1
             UNION ALL
            SELECT own.product_id FROM own
              JOIN res_partner v ON v.id = own.vendor_id
             WHERE v.commercial_partner_id IN (
                   SELECT vendor.commercial_partner_id FROM stock_move m
                     JOIN purchase_order_line l ON l.id = m.purchase_line_id
                     JOIN res_partner vendor ON vendor.id = l.partner_id
                    WHERE m.state = 'done' AND m.company_id = %s AND m.write_date >= (SELECT min(since) FROM own))
            """,
            company.id,
        )

    @api.model
    def _forecast_changes(self, company):
        """Items that are new in the forecast, and those whose forecast a planner overrode."""
        return SQL(
            """
            SELECT f.product_id FROM (%s) f
         LEFT JOIN own USING (product_id, warehouse_id) WHERE own.product_id IS NULL
             UNION ALL
            SELECT f.product_id FROM scm_forecast_line line
              JOIN scm_forecast f ON f.id = line.forecast_id AND f.company_id = %s
             WHERE line.quantity_override IS NOT NULL AND line.override_date >= (SELECT min(since) FROM own)
            """,
            self.env["scm.policy.input"]._forecast_keys_query(company),
            company.id,
        )

    @api.model
    def _decisions(self, company):
        """Items that should be out by now, or whose receipt is late: what they need changes by the day."""
        return SQL(
            "SELECT product_id FROM own WHERE date_late_receipt IS NOT NULL OR date_run_out <= %s",
            self.env["scm.demand.day"]._scm_company_today(company),
        )
