from odoo import api, fields, models

from .scm_parcel_message import MESSAGE_KINDS


class ScmParcelMessageRule(models.Model):
    """Which messages customers of a company get. Off at first."""

    _name = "scm.parcel.message.rule"
    _description = "Rule for Messages to Customers"
    _order = "company_id, sequence, id"
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(MESSAGE_KINDS, required=True, readonly=True)
    mode = fields.Selection(
        [("off", "Off"), ("ask", "A Person Approves"), ("auto", "Automatic")],
        required=True,
        default="off",
        help="Off: no message. A person approves: drafts wait in the list of messages. Automatic: sent by itself.",
    )
    by_mail = fields.Boolean("Mail", default=True)
    by_sms = fields.Boolean("SMS", help="Costs credits of Odoo's SMS service; only if SMS is installed.")
    template_id = fields.Many2one(
        "mail.template",
        "Mail Template",
        domain=[("model", "=", "scm.parcel.message")],
        help="Empty: the one that comes with the suite.",
    )
    sms_text = fields.Char(
        "SMS Text", translate=True, help="Words {name}, {day}, {company} and {link} are filled in. Empty: our own text."
    )

    _kind_uniq = models.Constraint("UNIQUE(company_id, kind)", "The company has a rule for this kind already.")

    @api.model
    def _ensure(self, companies=None):
        """Give each company a rule per kind, off at first. Idempotent."""
        # sudo: called at installation and when a company is made; rules are off and say nothing
        rules = self.sudo()
        # empty-domain searches read every company on purpose: each needs its rules
        companies = companies or self.env["res.company"].sudo().search([("id", "!=", 0)])
        known = {(company.id, kind) for company, kind in rules._read_group([], ["company_id", "kind"])}
        rules.create(
            [
                {"company_id": company.id, "kind": kind, "sequence": number}
                for company in companies
                for number, (kind, _label) in enumerate(MESSAGE_KINDS)
                if (company.id, kind) not in known
            ]
        )
