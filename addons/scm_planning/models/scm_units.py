from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.container.type.pallets": "number",
            "scm.event.occurrence.strength": "ratio",
            "scm.forecast.mae": "quantity",
            "scm.forecast.mae_moving_average": "quantity",
            "scm.forecast.mae_seasonal_naive": "quantity",
            "scm.forecast.tracking_signal": "ratio",
            "scm.forecast.accuracy.actual": "quantity",
            "scm.forecast.accuracy.ratio_mean13": "ratio",
            "scm.forecast.accuracy.ratio_naive": "ratio",
            "scm.forecast.champion.p_value": "probability",
            "scm.forecast.value.added.error_final": "quantity",
            "scm.forecast.value.added.error_stat": "quantity",
            "scm.forecast.value.added.item_error_final": "quantity",
            "scm.forecast.value.added.item_error_stat": "quantity",
            "scm.forecast.value.added.value_added": "quantity",
            "scm.forecast.watch.signal": "ratio",
            "scm.forecast.watch.sum_actual": "quantity",
            "scm.forecast.watch.sum_mean13": "quantity",
            "scm.forecast.watch.sum_naive": "quantity",
            "scm.forecast.watch.sum_ours": "quantity",
            "scm.history.correction.score": "ratio",
            "scm.planned.order.price_unit": "money",
            "scm.product.lifecycle.scale_used": "ratio",
        }
