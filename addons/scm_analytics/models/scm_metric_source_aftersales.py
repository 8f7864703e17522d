from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "delivered.return_rate": Column("fact.returned", "fact.delivered"),
            "delivered.return_cost": Column("fact.cost"),
            "delivered.fault_rate": Column(
                "CASE WHEN COALESCE(fact.owner, 'customer') <> 'customer' THEN fact.returned ELSE 0 END",
                "fact.delivered",
            ),
            "decisions.hours": Column("fact.hours", "1"),
            "settled.days": Column("fact.days", "1"),
            "feedback.rating": Column("fact.rating", "1"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "delivered": "scm.return.fact",
            "decisions": "scm.return",
            "settled": "scm.return",
            "feedback": "scm.feedback",
        }

    @api.model
    def _source_delivered(self, company, first, last):
        """Units by the day on which they were delivered, and what came back of them."""
        return SQL(
            """SELECT fact.delivery_date AS day, fact.warehouse_id, fact.categ_id, %(region)s AS region_id,
                      fact.carrier_id, fact.supplier_id AS partner_id, fact.id AS record_id, fact.delivered,
                      fact.returned, fact.cost, fact.owner
                 FROM scm_return_fact fact
                 JOIN sale_order sale ON sale.id = fact.order_id
                 JOIN res_partner ship ON ship.id = sale.partner_shipping_id
                WHERE fact.company_id = %(company)s AND fact.delivery_date BETWEEN %(first)s AND %(last)s""",
            region=self._region("ship"),
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_decisions(self, company, first, last):
        """Requests of returns by the day on which they were answered."""
        answered = SQL("LEAST(back.date_approved, back.date_refused)")
        return self._returns(company, answered, SQL("hours"), SQL("3600"), first, last)

    @api.model
    def _source_settled(self, company, first, last):
        """Returns by the day on which the customer had his money, goods or voucher."""
        return self._returns(company, SQL("back.date_settled"), SQL("days"), SQL("86400"), first, last)

    @api.model
    def _returns(self, company, moment, name, seconds, first, last):
        return SQL(
            """SELECT %(day)s AS day, back.warehouse_id, NULL::int AS categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, NULL::int AS partner_id, back.id AS record_id,
                      EXTRACT(EPOCH FROM %(moment)s - back.date_requested) / %(seconds)s AS %(name)s
                 FROM scm_return back
                 %(places)s
                WHERE back.company_id = %(company)s AND back.date_requested IS NOT NULL
                  AND %(around)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
            day=self._day(moment),
            moment=moment,
            seconds=seconds,
            name=name,
            places=self._places(company, SQL("back.warehouse_id")),
            company=company.id,
            around=self._around(moment, first, last),
            first=first,
            last=last,
        )

    @api.model
    def _source_feedback(self, company, first, last):
        """Ratings from 1 to 5 that customers gave, by day."""
        return SQL(
            """SELECT feedback.date::date AS day, NULL::int AS warehouse_id, template.categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, NULL::int AS partner_id, feedback.id AS record_id, feedback.rating
                 FROM scm_feedback feedback
                 LEFT JOIN product_product product ON product.id = feedback.product_id
                 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE feedback.company_id = %(company)s AND feedback.rating > 0
                  AND feedback.date >= %(first)s::date AND feedback.date < %(last)s::date + 1""",
            company=company.id,
            first=first,
            last=last,
        )
