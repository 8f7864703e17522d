from dataclasses import dataclass, fields

import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_supplier_eval.models.scm_scorecard_drill import VIEWS
from odoo.addons.scm_supplier_eval.models.scm_scorecard_facts import SOURCE_MODELS, ScorecardFacts

SOURCE = "customer_returns"
# registries of the addon below: the record behind a fact of this source, and the window in which it is shown
SOURCE_MODELS[SOURCE] = "scm.return.part"
VIEWS[SOURCE] = ("scm.return.part", "list,pivot,graph")


@dataclass(frozen=True)
class CustomerFacts(ScorecardFacts):
    """The facts of scorecards, with those of customers.

    :ivar customer_returns: partner_id, res_id (the return, 0 for deliveries), delivered, returned (units), value (cost
        per unit), deliveries (how many a row stands for)
    """

    customer_returns: pd.DataFrame


class ScmScorecardFacts(models.AbstractModel):
    _inherit = "scm.scorecard.facts"

    @api.model
    def _read(self, company, date_from, date_to, partner_ids=None):
        facts = super()._read(company, date_from, date_to, partner_ids)
        base = {field.name: getattr(facts, field.name) for field in fields(facts)}
        return CustomerFacts(
            **base, customer_returns=self._read_customer_returns(company, date_from, date_to, partner_ids)
        )

    @api.model
    def _read_customer_returns(self, company, date_from, date_to, partner_ids):
        """Units delivered to customers, by product, and units that inspection laid to the supplier, by return."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    SELECT supplier_id, 0 AS res_id, product_id, sum(delivered) AS delivered, 0 AS returned,
                           count(*) AS deliveries
                      FROM scm_return_fact
                     WHERE company_id = %(company)s AND delivery_date BETWEEN %(first)s AND %(last)s
                       AND supplier_id IS NOT NULL AND %(some)s
                     GROUP BY supplier_id, product_id
                 UNION ALL
                    SELECT supplier_id, id, product_id, 0, quantity, 0
                      FROM scm_return_part
                     WHERE company_id = %(company)s AND date BETWEEN %(first)s AND %(last)s AND owner = 'supplier'
                       AND supplier_id IS NOT NULL AND %(some)s)
                SELECT moved.supplier_id, moved.res_id, moved.delivered::float8, moved.returned::float8,
                       COALESCE((product.standard_price->>%(key)s)::float8, 0), moved.deliveries
                  FROM moved JOIN product_product product ON product.id = moved.product_id
                 ORDER BY moved.supplier_id, moved.res_id, moved.product_id
                """,
                company=company.id,
                key=str(company.id),
                first=date_from,
                last=date_to,
                some=self._of_partners(SQL("supplier_id"), partner_ids),
            )
        )
        columns = ["partner_id", "res_id", "delivered", "returned", "value", "deliveries"]
        numbers = dict.fromkeys(("delivered", "returned", "value", "deliveries"), float)
        return pd.DataFrame(rows, columns=columns).astype(numbers)
