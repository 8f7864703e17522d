from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import Column

#: days of trade that a day's demand, and the money owed, are compared with
DEMAND_DAYS, MONEY_DAYS = 28, 90
ACTIVE_DAYS = 90


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "stock.value": Column("fact.value"),
            "stock.cover": Column("fact.value", "fact.cost_day"),
            "stock.turn": Column("fact.cost_day * 365", "fact.value"),
            "stockout.share": Column("fact.is_out::int", "1"),
            "excess.value": Column("fact.excess"),
            "excess.dead": Column("fact.dead"),
            "cash.receivable": Column("fact.receivable", "fact.sold_day"),
            "cash.payable": Column("fact.payable", "fact.bought_day"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "stock": "product.product",
            "stockout": "product.product",
            "excess": "scm.excess",
        }

    @api.model
    def _source_stock(self, company, _first, last):
        """What lies in each warehouse at cost, and what a day of the last weeks took; a level."""
        cost = SQL("COALESCE((product.standard_price ->> %s)::numeric, 0)", str(company.id))
        return SQL(
            """SELECT %(last)s::date AS day, item.warehouse_id, template.categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, NULL::int AS partner_id, product.id AS record_id,
                      SUM(item.quantity) * %(cost)s AS value, SUM(item.sold) / %(days)s * %(cost)s AS cost_day
                 FROM (SELECT quant.product_id, place.warehouse_id, quant.quantity, 0 AS sold
                         FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
                        WHERE quant.company_id = %(company)s AND place.usage IN ('internal', 'transit')
                       UNION ALL
                       SELECT product_id, warehouse_id, 0, quantity FROM scm_demand_day
                        WHERE company_id = %(company)s AND date > %(since)s AND date <= %(last)s) item
                 JOIN product_product product ON product.id = item.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                GROUP BY item.warehouse_id, template.categ_id, product.id""",
            last=last,
            cost=cost,
            days=DEMAND_DAYS,
            company=company.id,
            since=last - timedelta(days=DEMAND_DAYS),
        )

    @api.model
    def _source_stockout(self, company, _first, last):
        """Products of each warehouse with demand in the last months, and which have none now; a level."""
        return SQL(
            """SELECT %(last)s::date AS day, item.warehouse_id, template.categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, NULL::int AS partner_id, product.id AS record_id,
                      gap.id IS NOT NULL AS is_out
                 FROM scm_demand_item item
                 JOIN product_product product ON product.id = item.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN scm_stockout gap ON gap.product_id = item.product_id
                      AND gap.warehouse_id = item.warehouse_id AND gap.date_to IS NULL
                WHERE item.company_id = %(company)s AND item.date_last_demand > %(since)s""",
            last=last,
            company=company.id,
            since=last - timedelta(days=ACTIVE_DAYS),
        )

    @api.model
    def _source_excess(self, company, _first, last):
        """Stock above what the forecast needs, and what nobody buys any more; a level."""
        return SQL(
            """SELECT %(last)s::date AS day, warehouse_id, categ_id, NULL::int AS region_id, NULL::int AS carrier_id,
                      NULL::int AS partner_id, id AS record_id, excess_value AS excess,
                      CASE WHEN dead THEN excess_value ELSE 0 END AS dead
                 FROM scm_excess WHERE company_id = %(company)s""",
            last=last,
            company=company.id,
        )

    @api.model
    def _source_cash(self, company, _first, last):
        """What customers owe and vendors are owed, beside what a day of the last months sold and bought; a level."""
        return SQL(
            """SELECT %(last)s::date AS day, NULL::int AS warehouse_id, NULL::int AS categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, NULL::int AS partner_id, NULL::int AS record_id, receivable,
                      -payable AS payable,
                      sold / %(days)s AS sold_day, bought / %(days)s AS bought_day
                 FROM (SELECT SUM(line.balance) FILTER (WHERE account.account_type = 'asset_receivable') AS receivable,
                              SUM(line.balance) FILTER (WHERE account.account_type = 'liability_payable') AS payable,
                              SUM(line.debit) FILTER (WHERE account.account_type = 'asset_receivable'
                                  AND move.move_type = 'out_invoice' AND line.date > %(since)s) AS sold,
                              SUM(line.credit) FILTER (WHERE account.account_type = 'liability_payable'
                                  AND move.move_type = 'in_invoice' AND line.date > %(since)s) AS bought
                         FROM account_move_line line
                         JOIN account_move move ON move.id = line.move_id
                         JOIN account_account account ON account.id = line.account_id
                        WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.date <= %(last)s
                          AND account.account_type IN ('asset_receivable', 'liability_payable')) owed
                WHERE receivable IS NOT NULL OR payable IS NOT NULL""",
            last=last,
            days=MONEY_DAYS,
            since=last - timedelta(days=MONEY_DAYS),
            company=company.id,
        )
