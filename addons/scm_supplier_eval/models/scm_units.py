from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.backup.proposal.score": "points",
            "scm.buyer.survey.mean": "points",
            "scm.product.sourcing.hhi": "ratio",
            "scm.scorecard.total": "points",
            "scm.scorecard.trend": "points",
            "scm.supplier.qualification.score": "points",
            "scm.supplier.risk.trend": "points",
            "scm.supplier.standing.score": "points",
            "scm.supplier.template.conditional_mark": "points",
            "scm.supplier.template.pass_mark": "points",
        }
