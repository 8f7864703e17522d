from odoo import fields, models

from ..models.scm_care_case import CASE_STATES


class ScmCarePreview(models.TransientModel):
    """Rows of the preview."""

    _name = "scm.care.preview"
    _description = "Preview of Proactive Care"
    _order = "state, order_value DESC, id"

    rule_id = fields.Many2one("scm.care.rule", readonly=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    parcel_id = fields.Many2one("scm.parcel", readonly=True)
    state = fields.Selection(CASE_STATES, "Would Be", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg")
    is_predicted = fields.Boolean("Expected Only", readonly=True)
    fault = fields.Selection(
        [("carrier", "Carrier"), ("warehouse", "Warehouse"), ("disruption", "Disruption")], readonly=True
    )
    order_value = fields.Monetary(readonly=True)
    amount = fields.Monetary("Voucher", readonly=True)
    why = fields.Json(readonly=True)
