import numpy as np
from odoo import models
from odoo.tools import SQL

from ..kernel.datatypes import ForecastOptions
from ..kernel.forecast import forecast


class ScmForecastRun(models.Model):
    """A run counts the weeks that are over, and forecasts each class with the method in use for it."""

    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        self.env["scm.accuracy.watch"]._refresh(self.company_id)
        return result

    def _refresh_alerts(self):
        result = super()._refresh_alerts()
        self.env["scm.accuracy.alerts"]._refresh(self.company_id)
        return result

    def _fixed_methods(self, keys):
        """The planner's own choice on a product goes first, then the champion of its class."""
        fixed = super()._fixed_methods(keys)
        champions = self._class_champions(keys)
        if champions is None:
            return fixed
        own = fixed or (None,) * len(keys)
        return tuple(mine or champion for mine, champion in zip(own, champions, strict=True))

    def _class_champions(self, keys):
        """Per series the method of its class, None where that is the ensemble; None when it is everywhere."""
        champions = self.env["scm.forecast.champion"]._methods(self.company_id) if self.freq == "W" else {}
        if not champions:
            return None
        rows = self.env.execute_query(
            SQL(
                "SELECT product_id, warehouse_id, abc_value, xyz FROM scm_product_class WHERE company_id = %s",
                self.company_id.id,
            )
        )
        classes = {(product_id, warehouse_id): tuple(names) for product_id, warehouse_id, *names in rows}
        return [champions.get(classes.get(tuple(key))) for key in keys]

    def _shape_result(self, keys, panel, result):
        self._keep_ensemble(keys, panel)
        return super()._shape_result(keys, panel, result)

    def _keep_ensemble(self, keys, panel):
        """Where a plain method is in use, remember what the ensemble says, so that it can come back."""
        champions = self._class_champions(keys)
        if champions is None or not self.id:
            return
        rows = np.array([row for row, method in enumerate(champions) if method], dtype=int)
        if not len(rows):
            return
        part = self._part(panel, rows)
        chosen = [keys[row] for row in rows]
        calendar = self.env["scm.event"]._calendar(self.company_id, panel.start, self.date_from, keys=chosen)
        said = forecast(part, ForecastOptions(horizon=1, levels=(0.5,)), calendar)
        self.env["scm.forecast.watch"]._keep_shadow(self.company_id, chosen, self.date_from, said.expected[:, 0])
