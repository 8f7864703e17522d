from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("draft", "Draft"),
    ("asked", "Asked"),
    ("review", "To Review"),
    ("qualified", "Qualified"),
    ("conditional", "Conditional"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("suspended", "Suspended"),
]
#: what a person or the calendar decided; the gate looks at these only
DECIDED = ("qualified", "conditional", "rejected", "expired", "suspended")


class ScmSupplierQualification(models.Model):
    """Whether a supplier may deliver a category of products to a company, until when, and why."""

    _name = "scm.supplier.qualification"
    _description = "Supplier Qualification"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_decided desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True, default=lambda self: self.env.company
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="What it may deliver, categories below included. Empty: everything.",
    )
    scope = fields.Char("For", compute="_compute_scope")
    template_id = fields.Many2one("scm.supplier.template", ondelete="restrict", index=True, tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True, tracking=True, copy=False, group_expand=True
    )
    active = fields.Boolean(
        default=True, copy=False, help="A qualification that was replaced by a newer one is kept, but counts no more."
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    contact_id = fields.Many2one("res.partner", help="Who gets the link to the questionnaire.")
    date_asked = fields.Date("Asked on", readonly=True, copy=False)
    date_answer_due = fields.Date("Answer Due", copy=False, tracking=True)
    date_answered = fields.Datetime("Answered", readonly=True, copy=False)
    date_decided = fields.Date("Decided on", readonly=True, copy=False)
    date_qualified = fields.Date("Qualified since", readonly=True, copy=False)
    date_expiry = fields.Date("Valid until", copy=False, tracking=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    conditions = fields.Text(copy=False, help="What the supplier has to do until the date of the conditions.")
    condition_date = fields.Date("Conditions until", copy=False, tracking=True)
    decision_reason = fields.Text("Reason", readonly=True, copy=False)
    score = fields.Float(readonly=True, copy=False, aggregator="avg", digits=(5, 1))
    proposed_state = fields.Selection(
        [("qualified", "Qualified"), ("conditional", "Conditional"), ("rejected", "Rejected")],
        "Proposed Outcome",
        readonly=True,
        copy=False,
    )
    failed_critical_count = fields.Integer("Critical Questions Failed", readonly=True, copy=False)
    section_ids = fields.One2many("scm.supplier.qualification.section", "qualification_id", "Sections", readonly=True)
    answer_ids = fields.One2many("scm.supplier.qualification.answer", "qualification_id", "Answers", readonly=True)
    suspended_from = fields.Selection(
        [("qualified", "Qualified"), ("conditional", "Conditional")], "State before", readonly=True, copy=False
    )
    suspended_reason = fields.Char("Suspended because", readonly=True, copy=False)
    suspended_evidence_id = fields.Many2one("scm.supplier.evidence", "Expired Evidence", readonly=True, copy=False)
    previous_id = fields.Many2one("scm.supplier.qualification", "Replaces", readonly=True, copy=False)
    why = fields.Json(readonly=True, copy=False)

    @api.depends("partner_id", "categ_id")
    def _compute_display_name(self):
        for one in self:
            # sudo: a category is no secret, and partners of other companies may be named here
            scope = one.sudo().categ_id.display_name or self.env._("everything")
            one.display_name = f"{one.sudo().partner_id.display_name or ''}: {scope}"

    @api.depends("categ_id")
    @api.depends_context("lang")
    def _compute_scope(self):
        for one in self:
            # sudo: the category tree is no secret
            one.scope = one.sudo().categ_id.display_name or self.env._("Everything it delivers")

    @api.model
    def default_get(self, field_names):
        values = super().default_get(field_names)
        if "template_id" in field_names and not values.get("template_id"):
            values["template_id"] = self._default_template(self.env.company).id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """A supplier is a company, never one of its contacts; a contact that is given becomes the one to ask."""
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            if partner and partner != partner.commercial_partner_id:
                vals.setdefault("contact_id", partner.id)
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    @api.constrains("partner_id", "contact_id")
    def _check_contact(self):
        for one in self.filtered("contact_id"):
            if one.contact_id.commercial_partner_id != one.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(supplier)s.",
                        contact=one.contact_id.display_name,
                        supplier=one.partner_id.display_name,
                    )
                )

    @api.constrains("company_id", "template_id")
    def _check_template_company(self):
        for one in self.filtered("template_id.company_id"):
            if one.template_id.company_id != one.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” belongs to another company than “%(name)s”.",
                        template=one.template_id.display_name,
                        name=one.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_decided(self):
        for one in self:
            if one.state in DECIDED:
                raise UserError(
                    self.env._("“%(name)s” was decided and is kept. Archive it instead.", name=one.display_name)
                )
