from odoo import api, models

#: how many findings the page shows
MOST = 5


class ScmControlTower(models.AbstractModel):
    """The findings with most money on the morning page."""

    _inherit = "scm.control.tower"

    @api.model
    @api.readonly
    def get_tower(self, date=False, warehouse_id=False):
        """See above; with ``findings``: what holds now, most money first, and ``finding_count``."""
        tower = super().get_tower(date, warehouse_id)
        findings = self.env["scm.finding"].get_findings(limit=MOST)
        return tower | {"findings": findings["findings"], "finding_count": findings["count"]}
