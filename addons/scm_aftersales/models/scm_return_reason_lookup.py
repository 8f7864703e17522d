from odoo import api, models
from odoo.tools import ormcache


class ScmReturnReason(models.Model):
    """Reasons by code, without a query per item of a request."""

    _inherit = "scm.return.reason"

    @api.model
    @ormcache()
    def _ids_by_code(self):
        """``{code: id}`` of the reasons that may be picked."""
        # sudo: the list of reasons is read by everybody who may ask for a return
        return {reason.code: reason.id for reason in self.sudo().search([("child_ids", "=", False)])}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
