from odoo import models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    def _scm_check_open(self):
        """Questions of a template in use stay as they are: scores of suppliers must remain comparable."""
        # sudo: only the state is looked at
        used = self.env["scm.supplier.template"].sudo().with_context(active_test=False)
        used = used.search([("survey_id", "in", self.ids), ("state", "!=", "draft")], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "“%(template)s” is in use or retired, and its questions cannot change any more. Open the template "
                    "and make a new version of it.",
                    template=used.display_name,
                )
            )
