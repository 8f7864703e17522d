from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.carrier.replay.line.late_was": "number",
            "scm.carrier.replay.line.late_would": "number",
            "scm.freight.charge.value": "of_row",
            "scm.parcel.stage.excess": "hours",
        }
