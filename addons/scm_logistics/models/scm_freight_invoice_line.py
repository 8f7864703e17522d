from odoo import api, fields, models
from odoo.exceptions import UserError

REASON_LABELS = [
    ("ok", "As expected"),
    ("weight", "Weight"),
    ("zone", "Zone"),
    ("price", "Price"),
    ("surcharge", "Surcharge not agreed"),
    ("duplicate", "Billed twice"),
    ("unknown", "Unknown parcel"),
    ("no_price", "No price known"),
    ("credit", "Credit"),
]


class ScmFreightInvoiceLine(models.Model):
    """One charge for one parcel. What the carrier wrote stays; what the check found stands beside it."""

    _name = "scm.freight.invoice.line"
    _description = "Freight Invoice Line"
    _order = "invoice_id, sequence, id"
    _rec_name = "tracking_ref"
    _check_company_auto = True

    invoice_id = fields.Many2one("scm.freight.invoice", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer("Row")
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    date = fields.Date(related="invoice_id.date", store=True, index=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    tracking_ref = fields.Char("Tracking Number", required=True)
    name = fields.Char("Charge", help="As the carrier names it. Empty: the freight.")
    charge_id = fields.Many2one("scm.freight.charge", "Known as", readonly=True, ondelete="set null")
    is_freight = fields.Boolean("Freight", readonly=True)
    amount = fields.Monetary(required=True, help="Without tax, as billed.")
    weight_billed = fields.Float("Billed Weight (kg)", digits="Stock Weight", aggregator="avg")
    zone_name = fields.Char("Billed Zone", help="As the carrier names it.")

    parcel_id = fields.Many2one("scm.parcel", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, index="btree_not_null", copy=False)
    zone_id = fields.Many2one("scm.zone", "Billed Zone, found", readonly=True, copy=False)
    amount_company = fields.Monetary("Invoiced", readonly=True, copy=False, currency_field="company_currency_id")
    expected = fields.Monetary(readonly=True, copy=False, currency_field="company_currency_id")
    difference = fields.Monetary(readonly=True, copy=False, currency_field="company_currency_id")
    diff_weight = fields.Monetary("By Weight", readonly=True, copy=False, currency_field="company_currency_id")
    diff_zone = fields.Monetary("By Zone", readonly=True, copy=False, currency_field="company_currency_id")
    diff_price = fields.Monetary("By Price", readonly=True, copy=False, currency_field="company_currency_id")
    diff_surcharge = fields.Monetary("By Surcharges", readonly=True, copy=False, currency_field="company_currency_id")
    diff_duplicate = fields.Monetary("Twice", readonly=True, copy=False, currency_field="company_currency_id")
    diff_unknown = fields.Monetary("Unknown", readonly=True, copy=False, currency_field="company_currency_id")
    reason = fields.Selection(REASON_LABELS, readonly=True, copy=False)
    is_over = fields.Boolean("Beyond Tolerance", readonly=True, copy=False)
    why = fields.Json(readonly=True, copy=False)

    _parcel_idx = models.Index("(parcel_id, is_over) WHERE parcel_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.invoice_id._check_open()
        return lines

    def write(self, vals):
        self.invoice_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.invoice_id.filtered(lambda invoice: invoice.state == "approved")._check_open()

    def action_open_parcel(self):
        """The parcel that the charge is for."""
        self.ensure_one()
        if not self.parcel_id:
            raise UserError(
                self.env._(
                    "No parcel has the tracking number “%(ref)s”. Check it with the carrier.", ref=self.tracking_ref
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.parcel",
            "res_id": self.parcel_id.id,
            "views": [(False, "form")],
        }
