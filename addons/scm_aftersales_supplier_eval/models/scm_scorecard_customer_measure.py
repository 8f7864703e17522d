from dataclasses import replace

import numpy as np
from odoo import api, models

from odoo.addons.scm_supplier_eval.kernel.measure import share_of
from odoo.addons.scm_supplier_eval.kernel.quality import PPM

from .scm_scorecard_customer_facts import SOURCE


class ScmScorecardMeasure(models.AbstractModel):
    _inherit = "scm.scorecard.measure"

    @api.model
    def _sources(self):
        return {**super()._sources(), "customer_returned_ppm": SOURCE}

    @api.model
    def _measures(self):
        return {**super()._measures(), "customer_returned_ppm": self._customer_returned}

    @api.model
    def _customer_returned(self, group, size, table):
        """Value sent back by customers over value delivered to them, ppm; products without a cost count alike."""
        worth = np.where(table["value"] > 0, table["value"], 1.0)
        found = share_of(
            group, size, PPM * table["returned"] * worth, table["delivered"] * worth, count=table["deliveries"]
        )
        # what comes back of earlier periods is not more than all
        top = np.minimum(found.numerator, PPM * found.denominator)
        value = np.divide(top, found.denominator, out=np.full(size, np.nan), where=found.denominator > 0)
        return replace(found, numerator=top, value=value, scale=PPM)
