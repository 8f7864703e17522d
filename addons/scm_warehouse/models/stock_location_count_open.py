from odoo import models

from .scm_count_task import OPEN_STATES


class StockLocation(models.Model):
    """A place that goes away takes its open counts out of the work."""

    _inherit = "stock.location"

    def write(self, vals):
        gone = vals.get("active") is False or vals.get("usage", "internal") != "internal"
        places = self._scm_below() if gone else self.browse()
        result = super().write(vals)
        if gone and not self.env.context.get("do_not_check_quant"):
            places._scm_cancel_counts(self.env._("The place was taken out of use."))
        return result

    def unlink(self):
        self._scm_below()._scm_cancel_counts(self.env._("The place was deleted."))
        return super().unlink()

    def _scm_below(self):
        return self.with_context(active_test=False).search([("id", "child_of", self.ids)])

    def _scm_cancel_counts(self, reason):
        # sudo: who may take a place out of use need not be allowed to manage counts; nothing of them is shown
        tasks = self.env["scm.count.task"].sudo()
        tasks = tasks.search([("location_id", "in", self.ids), ("state", "in", OPEN_STATES)])
        if tasks:
            tasks._cancel(reason)
