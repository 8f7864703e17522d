from odoo import api, fields, models


class ScmSafetyIncidentType(models.Model):
    _name = "scm.safety.incident.type"
    _description = "Type of Incident"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name for programs.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Char(default="fa-exclamation-triangle", help="Name of a Font Awesome icon.")
    severity = fields.Selection("_severities", "Usual Severity", required=True, default="serious")
    is_locking = fields.Boolean("Lock the Place", help="The phone proposes to lock the place.")
    procedure_id = fields.Many2one("scm.safety.procedure", "Emergency Steps", ondelete="set null")

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a type of incident with this code.")

    @api.model
    def _by_code(self):
        """All types by their code; "other" is made again where somebody removed it."""
        types = {kind.code: kind for kind in self.with_context(active_test=False).search([("code", "!=", False)])}
        if "other" not in types:
            # sudo: a finding of an inspection has to become an incident, whoever made the inspection
            types["other"] = self.sudo().create({"name": self.env._("Other"), "code": "other"})
        return types

    def _severities(self):
        return self.env["scm.safety.incident"]._fields["severity"].selection
