from odoo import fields, models
from odoo.tools import SQL


class ScmParcel(models.Model):
    """What the parcel costs: expected when it is handed over, invoiced when the carrier bills it."""

    _inherit = "scm.parcel"

    freight_line_ids = fields.One2many("scm.freight.invoice.line", "parcel_id", "Freight Charges")
    claim_ids = fields.One2many("scm.freight.claim", "parcel_id", "Freight Claims")
    cost_source = fields.Selection(
        [
            ("rate", "Contract rate"),
            ("rule", "Price rule of the delivery method"),
            ("fixed", "Fixed price of the delivery method"),
            ("transfer", "Price that the carrier gave with the label"),
            ("none", "No price known"),
        ],
        "Expected Freight from",
        readonly=True,
        copy=False,
    )

    def _fill_cost_invoiced(self):
        """Sum of what the carrier billed for these parcels, by one statement."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_parcel p
                   SET cost_invoiced = s.amount
                  FROM (SELECT x.id, COALESCE(sum(l.amount_company)
                                              FILTER (WHERE i.state IN ('checked', 'approved')), 0) AS amount
                          FROM unnest(%s) AS x(id)
                          LEFT JOIN scm_freight_invoice_line l ON l.parcel_id = x.id
                          LEFT JOIN scm_freight_invoice i ON i.id = l.invoice_id
                         GROUP BY x.id) s
                 WHERE s.id = p.id AND p.cost_invoiced IS DISTINCT FROM s.amount
                """,
                list(self.ids),
            )
        )
        self.invalidate_recordset(["cost_invoiced"])

    def _fill_cost_expected(self):
        """Expected freight where there is none yet; see ``scm.freight.price``."""
        self.env["scm.freight.price"]._fill(self.ids)
        return super()._fill_cost_expected()

    def action_price_again(self):
        """Expected freight again, by the prices that hold now; amounts typed by hand stay. For managers.

        :return: number of parcels
        """
        self.env["scm.carrier.month"]._check_manager(self.company_id)
        self.check_access("write")
        return self.env["scm.freight.price"]._fill(self.ids, again=True)
