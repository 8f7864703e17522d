from odoo import api, models


class ScmImport(models.Model):
    _inherit = "scm.import"

    @api.model
    def _importers(self):
        return [*super()._importers(), "location"]
