from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.scm_base.tools.zones import local_today

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
    kind_id = fields.Many2one("scm.evidence.kind", required=True, ondelete="restrict", tracking=True)
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

    days_left = fields.Integer(compute="_compute_days_left", help="Until it ends; below 0: days since then.")

    _dates_valid = models.Constraint(
        "CHECK(date_issued IS NULL OR date_expiry IS NULL OR date_issued <= date_expiry)",
        "A certificate ends after it was issued.",
    )

    @api.depends("kind_id")
    def _compute_critical(self):
        for evidence in self:
            evidence.critical = evidence.kind_id.critical

    @api.depends("partner_id", "kind_id", "number")
    def _compute_display_name(self):
        for evidence in self:
            parts = [evidence.kind_id.name, evidence.number, evidence.sudo().partner_id.name]  # sudo: only the name
            evidence.display_name = ", ".join(part for part in parts if part)

    @api.depends("date_expiry", "company_id")
    def _compute_days_left(self):
        for evidence in self:
            evidence.days_left = evidence._days_until_end()

    def _days_until_end(self):
        """Days of the company until it ends; 0 without an end. The clock is read anew at each call."""
        today = local_today(self.company_id or self.env.company)
        return (self.date_expiry - today).days if self.date_expiry else 0

    @api.model_create_multi
    def create(self, vals_list):
        """A supplier is a company, never one of its contacts."""
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            vals["partner_id"] = partner.commercial_partner_id.id or vals.get("partner_id")
        return super().create(vals_list)

    @api.constrains("date_issued")
    def _check_issued(self):
        for evidence in self.filtered("date_issued"):
            if evidence.date_issued > local_today(evidence.company_id):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” was issued in the future, on %(day)s.",
                        name=evidence.display_name,
                        day=format_date(self.env, evidence.date_issued),
                    )
                )

    def write(self, vals):
        """Another day of expiry may revive or end it; what people checked is checked again by the calendar."""
        result = super().write(vals)
        if {"date_expiry", "critical", "categ_id", "active"} & vals.keys():
            self._refresh_state()
        return result

    def _refresh_state(self):
        for evidence in self.filtered(lambda evidence: evidence.state in ("valid", "expired")):
            state = "expired" if evidence._days_until_end() < 0 else "valid"
            if evidence.state != state:
                evidence.state = state
        self._qualifications()._refresh_suspension()

    def _qualifications(self):
        # sudo: what a document does to qualifications does not hang on who checks it
        return (
            self.env["scm.supplier.qualification"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id.commercial_partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("state", "in", ("qualified", "conditional", "suspended")),
                ]
            )
        )

    def action_accept(self):
        """We have read it and it is right: it counts, and takes the place of the one before it."""
        self._check_buyer()
        for evidence in self:
            evidence._check_acceptable()
            evidence.write({"state": "valid", "checked_by_id": self.env.uid, "reminder_days": 0})
            earlier = evidence._predecessors()
            earlier.write({"state": "replaced", "replaced_by_id": evidence.id})
            earlier.activity_unlink(["scm_supplier_eval.scm_mail_activity_type_evidence"])
        self._qualifications()._refresh_suspension()
        return True

    def _check_acceptable(self):
        name = self.display_name
        if self.state not in ("to_check", "refused"):
            raise UserError(self.env._("“%(name)s” has been checked already.", name=name))
        if not self.file and not self.number:
            raise UserError(self.env._("“%(name)s” has neither a file nor a number to check.", name=name))
        if self.kind_id.expires and not self.date_expiry:
            raise UserError(self.env._("Enter until when “%(name)s” is valid.", name=name))
        if self._days_until_end() < 0:
            raise UserError(
                self.env._(
                    "“%(name)s” ended on %(day)s. Ask the supplier for a new one.",
                    name=name,
                    day=format_date(self.env, self.date_expiry),
                )
            )

    def _predecessors(self):
        return self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("kind_id", "=", self.kind_id.id),
                ("categ_id", "=", self.categ_id.id),
                ("state", "in", ("valid", "expired")),
            ]
        )

    def scm_refuse(self, reason):
        """It cannot be accepted. ``reason`` is what the supplier reads."""
        self._check_buyer()
        if not reason:
            raise UserError(self.env._("Say why “%(name)s” is refused.", name=self[:1].display_name))
        self.write({"state": "refused", "refused_reason": reason, "checked_by_id": self.env.uid})
        self._qualifications()._refresh_suspension()
        return True

    def action_renew(self):
        """A new record for the next certificate of the same kind."""
        self._check_buyer()
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "name": self.env._("Renew"),
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_kind_id": self.kind_id.id,
                "default_categ_id": self.categ_id.id,
                "default_critical": self.critical,
                "default_issuer": self.issuer,
            },
        }

    def _check_buyer(self):
        """Daily work: buyers and supply chain managers, on records that they may write."""
        user = self.env.user
        allowed = ("purchase.group_purchase_user", "scm_base.scm_group_manager")
        if not self.env.su and not any(user.has_group(group) for group in allowed):
            raise UserError(self.env._("Only buyers and supply chain managers check evidence of suppliers."))
        self.check_access("write")
