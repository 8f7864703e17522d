from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .scm_return import OUTCOMES
from .scm_return_line import DECISIONS

#: in what state the customer says that the goods are
CONDITIONS = [("unopened", "Unopened"), ("opened", "Opened"), ("used", "Used")]
PAYERS = [("company", "We"), ("customer", "The Customer")]
EVIDENCE = [
    ("none", "Nothing"),
    ("photo", "A Photo"),
    ("serial", "The Lot or Serial Number"),
    ("both", "Photo and Number"),
]


class ScmReturnPolicyRow(models.Model):
    """IF all these conditions hold THEN this is allowed. The first row that fits decides; an empty condition holds."""

    _name = "scm.return.policy.row"
    _description = "Row of a Return Policy"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one("scm.return.policy.version", required=True, index=True, ondelete="cascade")
    version_state = fields.Selection(related="version_id.state")
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)

    days_basis = fields.Selection(
        [("delivery", "Delivery"), ("order", "Order")], "Days since", required=True, default="delivery"
    )
    days_from = fields.Integer("From Day", help="The day of delivery (or order) itself is day 0.")
    days_to = fields.Integer("To Day", help="The last day that counts. 0: without end.")
    categ_ids = fields.Many2many("product.category", string="Categories", help="These and those below them.")
    tag_ids = fields.Many2many("product.tag", string="Product Tags", help="At least one of these.")
    reason_ids = fields.Many2many("scm.return.reason", string="Reasons", help="A group stands for all its reasons.")
    value_of = fields.Selection(
        [("line", "Item"), ("return", "Whole Return")], "Value of", required=True, default="line"
    )
    value_from = fields.Float(digits="Product Price", help="In the company's currency, with tax.")
    value_to = fields.Float(
        "Value below", digits="Product Price", help="In the company's currency, with tax. 0: without end."
    )
    condition = fields.Selection(
        [("any", "Any"), *CONDITIONS, ("unused", "Unopened or Opened")],
        required=True,
        default="any",
        help="As the customer says; inspection looks.",
    )
    class_ids = fields.Many2many("scm.customer.class", string="Customer Classes")
    country_ids = fields.Many2many("res.country", string="Countries", help="Where it was delivered.")
    country_group_ids = fields.Many2many("res.country.group", string="Country Groups")
    final_sale = fields.Selection(
        [("any", "Any"), ("yes", "Final Sale Only"), ("no", "Not Final Sale")], required=True, default="any"
    )

    decision = fields.Selection(DECISIONS, required=True, default="review")
    allow_refund = fields.Boolean("Refund", default=True)
    allow_exchange = fields.Boolean("Exchange", default=True)
    allow_repair = fields.Boolean("Repair")
    allow_credit = fields.Boolean("Store Credit", default=True)
    allow_keep = fields.Boolean("Keep It")
    outcomes = fields.Char(compute="_compute_outcomes", help="Allowed outcomes, separated by commas.")
    refund_percent = fields.Float("Refund %", default=100.0, help="Share of what the customer paid.")
    keep_percent = fields.Float("Keep It %", help="Share that is paid back when the customer keeps the goods.")
    fee_percent = fields.Float("Fee %", help="Of the value of the item.")
    fee_fixed = fields.Float("Fee", digits="Product Price", help="Per item, in the company's currency, with tax.")
    freight_payer = fields.Selection(PAYERS, "Freight Paid by", required=True, default="customer")
    evidence = fields.Selection(EVIDENCE, "Asked of the Customer", required=True, default="none")
    if_text = fields.Char("If", compute="_compute_display_texts")
    then_text = fields.Char("Then", compute="_compute_display_texts")
    text = fields.Text(
        "Words to the Customer", translate=True, help="Why it is so, in plain words; the customer reads it."
    )
    source = fields.Text(help="Law or rule behind this row.")

    _days = models.Constraint(
        "CHECK(days_from >= 0 AND days_to >= 0 AND (days_to = 0 OR days_to >= days_from))",
        "Days count from 0, and the last day cannot lie before the first.",
    )
    _values = models.Constraint(
        "CHECK(value_from >= 0 AND value_to >= 0 AND (value_to = 0 OR value_to > value_from))",
        "Values are not negative, and the upper one lies above the lower one.",
    )
    _percents = models.Constraint(
        "CHECK(refund_percent BETWEEN 0 AND 100 AND keep_percent BETWEEN 0 AND 100 AND fee_percent BETWEEN 0 AND 100"
        " AND fee_fixed >= 0)",
        "Shares are from 0 to 100 %, and a fee is not negative.",
    )

    @api.depends("allow_refund", "allow_exchange", "allow_repair", "allow_credit", "allow_keep", "decision")
    def _compute_outcomes(self):
        for row in self:
            allowed = [code for code, _label in OUTCOMES if row[f"allow_{code}"]]
            row.outcomes = ",".join(allowed if row.decision != "refuse" else [])

    def _compute_display_texts(self):
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("decision", "evidence")}
        outcomes = dict(self.env["scm.return.line"]._fields["outcome"]._description_selection(self.env))
        for row in self:
            row.if_text = row._if_text()
            row.then_text = row._then_text(labels, outcomes)

    @api.constrains("decision", "allow_refund", "allow_exchange", "allow_repair", "allow_credit", "allow_keep", "text")
    def _check_result(self):
        for row in self:
            if row.decision != "refuse" and not row.outcomes:
                raise ValidationError(
                    self.env._("“%(row)s”: choose at least one outcome that the customer may have.", row=row.name)
                )
            if row.decision == "refuse" and not (row.text or "").strip():
                raise ValidationError(
                    self.env._("“%(row)s”: say why it is refused; the customer reads it.", row=row.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_draft()
        return rows

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_draft()

    def _check_draft(self):
        frozen = self.version_id.filtered(lambda version: version.state != "draft")
        if frozen:
            frozen._refuse_change()
