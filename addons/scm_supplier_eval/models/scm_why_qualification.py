from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "qualification_score": self.env._("Questionnaire"),
            "qualification_formula": self.env._("Σ points of a section × its weight"),
            "qualification_points": self.env._("of 100"),
            "qualification_qualified": self.env._("Proposed: qualified."),
            "qualification_conditional": self.env._("Proposed: conditional. The total or a section is below its mark."),
            "qualification_rejected": self.env._("Proposed: rejected."),
            "qualification_by_supplier": self.env._("By the answers of the supplier."),
            "qualification_by_auditor": self.env._("By what our auditor saw on the site visit."),
            "qualification_by_import": self.env._("By an imported file."),
            "qualification_marks": self.env._("%(pass)s points qualify, from %(low)s on with conditions."),
            "qualification_critical": self.env._("Critical questions answered with no, or not at all: %(names)s."),
            "qualification_spread": self.env._(
                "Sections in which nothing applies give their weight to the others, in proportion."
            ),
        }
