from odoo import api, models
from odoo.tools import SQL

#: alert type -> (condition on the proposal, money at stake, severity by money as (money, severity) or None)
CHECKS = {
    "planning_runs_out": ("runs_out AND state <> 'blocked'", "short_value"),
    "planning_late_receipt": ("date_late_receipt IS NOT NULL", "short_value"),
    "planning_below_safety": (
        "below_safety AND NOT runs_out AND date_late_receipt IS NULL",
        "(safety_stock - on_hand + outgoing) * unit_cost",
    ),
    "planning_blocked": ("state = 'blocked'", "order_value"),
    "planning_biased": ("biased AND NOT dead", "demand_day * 30 * unit_cost"),
    "planning_excess": ("excess_quantity > 0 AND NOT dead", "excess_value"),
    "planning_dead": ("dead AND on_hand > 0", "on_hand * unit_cost"),
}


class ScmPlanningAlerts(models.AbstractModel):
    """Alerts about stock, read from the proposals: one query for all checks of a company."""

    _name = "scm.planning.alerts"
    _description = "Planning Alerts"

    @api.model
    def _refresh(self, companies):
        """Make the planning alerts of these companies say what their proposals say now.

        Returns ``{alert type: counts}`` as ``scm.alert._sync`` gives them, summed over the companies.
        """
        result = {code: dict.fromkeys(("opened", "touched", "resolved", "reopened"), 0) for code in CHECKS}
        for company in companies:
            for code, rows in self._read_rows(company).items():
                counts = self.env["scm.alert"]._sync(code, company, rows)
                result[code] = {name: result[code][name] + counts[name] for name in counts}
        return result

    @api.model
    def _read_rows(self, company):
        """``{alert type: rows}`` of one company."""
        self.env["scm.policy.proposal"].flush_model()
        checks = SQL(", ").join(
            SQL("(%s, (%s)::boolean, (%s)::float8)", code, SQL(condition), SQL(money))
            for code, (condition, money) in CHECKS.items()
        )
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.code, c.money, p.id, p.product_id, p.warehouse_id, p.vendor_id, p.date_late_receipt, p.why
                  FROM scm_policy_proposal p
                 CROSS JOIN LATERAL (VALUES %s) AS c(code, holds, money)
                 WHERE p.company_id = %s AND c.holds
              ORDER BY c.code, p.id
                """,
                checks,
                company.id,
            )
        )
        orders = self._late_orders([row["id"] for row in found if row["code"] == "planning_late_receipt"])
        names = self._names(company, {row["product_id"] for row in found}, {row["warehouse_id"] for row in found})
        rows = {code: [] for code in CHECKS}
        for row in found:
            rows[row["code"]].append(self._prepare_row(row, names, orders))
        return rows

    @api.model
    def _prepare_row(self, row, names, orders):
        order_id, order_name, partner_id = orders.get(row["id"], (None, None, row["vendor_id"]))
        name = names[row["product_id"], row["warehouse_id"]]
        late = row["code"] == "planning_late_receipt" and order_id
        return {
            "subject_key": f"{row['product_id']}:{row['warehouse_id']}",
            "name": f"{order_name}: {name}" if late else name,
            "product_id": row["product_id"],
            "warehouse_id": row["warehouse_id"],
            "partner_id": partner_id if late else row["vendor_id"],
            "res_model": "purchase.order" if late else "scm.policy.proposal",
            "res_id": order_id if late else row["id"],
            "money_at_stake": max(row["money"] or 0.0, 0.0),
            "why": row["why"],
        }

    @api.model
    def _names(self, company, product_ids, warehouse_ids):
        """Words for each subject: the product, and the warehouse where the company has several."""
        products = {product.id: product.display_name for product in self.env["product.product"].browse(product_ids)}
        warehouses = {warehouse.id: warehouse.code for warehouse in self.env["stock.warehouse"].browse(warehouse_ids)}
        several = self.env["stock.warehouse"].search_count([("company_id", "=", company.id)], limit=2) > 1
        return {
            (product_id, warehouse_id): f"{product} ({code})" if several else product
            for product_id, product in products.items()
            for warehouse_id, code in warehouses.items()
        }

    @api.model
    def _late_orders(self, proposal_ids):
        """``{proposal id: (order id, order name, vendor id)}`` of the next open receipt of each proposal."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (p.id) p.id, o.id, o.name, o.partner_id
                  FROM scm_policy_proposal p
                  JOIN stock_move m ON m.product_id = p.product_id
                   AND m.state IN ('waiting', 'confirmed', 'assigned', 'partially_available')
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                   AND target.warehouse_id = p.warehouse_id
                  JOIN purchase_order_line l ON l.id = m.purchase_line_id
                  JOIN purchase_order o ON o.id = l.order_id
                 WHERE p.id = ANY(%s)
              ORDER BY p.id, m.date, o.id
                """,
                proposal_ids,
            )
        )
        return {proposal_id: tuple(order) for proposal_id, *order in rows}
