from odoo import api, fields, models

STATES = [
    ("to_check", "To Check"),
    ("valid", "Valid"),
    ("expired", "Expired"),
    ("refused", "Refused"),
    ("replaced", "Replaced"),
]


class ScmSupplierEvidence(models.Model):
    """A certificate or document of a supplier, with the day on which it ends."""

    _name = "scm.supplier.evidence"
    _description = "Supplier Evidence"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_expiry, id"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True, default=lambda self: self.env.company
    )
    kind_id = fields.Many2one("scm.evidence.kind", "Kind", required=True, ondelete="restrict", tracking=True)
    categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="restrict", help="Empty: for all it delivers."
    )
    number = fields.Char("Certificate Number")
    issuer = fields.Char("Issued by")
    file = fields.Binary(attachment=True, copy=False)
    filename = fields.Char(copy=False)
    date_issued = fields.Date("Issued on")
    date_expiry = fields.Date("Valid until", tracking=True, index="btree_not_null")
    critical = fields.Boolean(
        compute="_compute_critical",
        store=True,
        readonly=False,
        tracking=True,
        help="When it expires without a successor, the supplier's qualifications are suspended.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="to_check", index=True, tracking=True, copy=False
    )
    source = fields.Selection(
        [("us", "Entered by us"), ("portal", "Sent by the supplier")], required=True, readonly=True, default="us"
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    note = fields.Text()
    refused_reason = fields.Char(readonly=True, copy=False, tracking=True)
    checked_by_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False)
    replaced_by_id = fields.Many2one("scm.supplier.evidence", "Replaced by", readonly=True, copy=False)
    reminder_days = fields.Integer(
        "Last Reminder", readonly=True, copy=False, help="Days before the end at which the last reminder was sent."
    )

    _dates_valid = models.Constraint(
        "CHECK(date_issued IS NULL OR date_expiry IS NULL OR date_issued <= date_expiry)",
        "A certificate ends after it was issued.",
    )

    @api.depends("kind_id")
    def _compute_critical(self):
        for evidence in self:
            evidence.critical = evidence.kind_id.critical
