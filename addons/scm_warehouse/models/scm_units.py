from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.count.rule.times_a_year": "number",
            "scm.flow.picker.day.rate": "number",
            "scm.packaging.finding.limit": "of_row",
            "scm.packaging.finding.value": "of_row",
            "scm.packaging.rule.limit": "of_row",
            "scm.pick.face.proposal.cases": "number",
            "scm.product.pair.lift": "ratio",
            "scm.safety.answer.number": "of_row",
            "scm.slotting.run.metres_after": "metres",
            "scm.slotting.run.metres_before": "metres",
            "scm.slotting.run.metres_least": "metres",
            "scm.wave.plan.metres": "metres",
            "scm.wave.plan.metres_before": "metres",
        }
