from odoo import fields, models

from .scm_return_policy_row import CONDITIONS, EVIDENCE, PAYERS


class ScmReturnLine(models.Model):
    """What the policy says on a line: written when it is decided, and kept."""

    _inherit = "scm.return.line"

    condition = fields.Selection(CONDITIONS, "Condition Told", help="As the customer says.")
    policy_row_id = fields.Many2one(
        "scm.return.policy.row", "Row of the Policy", readonly=True, copy=False, ondelete="restrict", index=True
    )
    policy_decision = fields.Char(readonly=True, copy=False, help="What the row says; a person may have to look.")
    allowed_outcomes = fields.Char(
        readonly=True, copy=False, help="Outcomes that the policy allows, separated by commas. Empty: none."
    )
    refund_percent = fields.Float("Refund %", readonly=True, copy=False, default=100.0)
    keep_percent = fields.Float("Keep It %", readonly=True, copy=False)
    fee_amount = fields.Monetary("Fee", readonly=True, copy=False, help="With tax, in the order's currency.")
    freight_payer = fields.Selection(PAYERS, "Freight Paid by", readonly=True, copy=False)
    evidence = fields.Selection(EVIDENCE, "Asked of the Customer", readonly=True, copy=False)
