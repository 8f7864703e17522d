from odoo import api, fields, models

DIMENSIONS = [
    ("all", "All"),
    ("class", "Class"),
    ("category", "Category"),
    ("warehouse", "Warehouse"),
    ("pattern", "Demand Pattern"),
    ("planner", "Planner"),
]
MEASURES = (
    "item_count", "actual", "error", "abs_error", "abs_mean13", "abs_naive", "value_error", "covered", "banded",
    "compared", "better_mean13", "better_naive", "value", "value_better",
)  # fmt: skip


class ScmForecastAccuracy(models.Model):
    """What the forecasts of a week, made just before it, were worth: one frozen row per week and group.

    Sums are kept, so that rates of any span can be made of them; they outlive the forecasts themselves.
    """

    _name = "scm.forecast.accuracy"
    _description = "Forecast Accuracy"
    _log_access = False
    _order = "date desc, dimension, abs_error desc, id"
    _rec_name = "name"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    run_id = fields.Many2one("scm.forecast.run", readonly=True, index="btree_not_null", ondelete="set null")
    replayed = fields.Boolean(readonly=True, help="Computed afterwards with the history of that day alone.")
    date = fields.Date("Week", required=True, readonly=True, help="Monday of the week that was forecast.")
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Class, pattern, or id of the group.")
    name = fields.Char("Group", readonly=True)
    item_count = fields.Integer("Products", readonly=True)
    actual = fields.Float("Demand", readonly=True)
    error = fields.Float(readonly=True, help="Forecast less demand, in units.")
    abs_error = fields.Float("Absolute Error", readonly=True)
    abs_mean13 = fields.Float("Absolute Error, Mean of 13", readonly=True)
    abs_naive = fields.Float("Absolute Error, Seasonal Naive", readonly=True)
    value_error = fields.Float("Error in Money", readonly=True, help="Absolute error at cost, company currency.")
    covered = fields.Integer("Within the 90 % Band", readonly=True)
    banded = fields.Integer("With a Band", readonly=True)
    compared = fields.Integer("Products Compared", readonly=True, help="With at least eight weeks behind them.")
    better_mean13 = fields.Integer("Better Than Mean of 13", readonly=True)
    better_naive = fields.Integer("Better Than Seasonal Naive", readonly=True)
    value = fields.Float("Demand at Cost", readonly=True, help="Of the products compared; older weeks count less.")
    value_better = fields.Float("Of It Better Than Both", readonly=True)
    wape = fields.Float("Error (WAPE)", readonly=True, aggregator="avg", help="Absolute error / demand.")
    bias = fields.Float(readonly=True, aggregator="avg", help="Error / demand; positive: forecast too high.")
    ratio_mean13 = fields.Float(
        "Error / Mean of 13", readonly=True, aggregator="avg", help="Below 1 the forecast is better."
    )
    ratio_naive = fields.Float("Error / Seasonal Naive", readonly=True, aggregator="avg")
    coverage = fields.Float(readonly=True, aggregator="avg", help="Share of weeks within the 90 % band.")

    _group_uniq = models.Constraint("UNIQUE(company_id, date, dimension, key)", "A week is counted once.")

    @api.model
    def _freeze(self, company, day, run, replayed, groups):
        """Write the rows of a week; a week that is there stays as it is.

        :param groups: rows (dimension, key, name, *``MEASURES``)
        """
        names = ["company_id", "run_id", "replayed", "date", "dimension", "key", "name", *MEASURES]
        rates = ["wape", "bias", "ratio_mean13", "ratio_naive", "coverage"]
        rows = [(company.id, run.id or None, replayed, day, *group, *self._rates(group)) for group in groups]
        if rows:
            self.env.cr.execute_values(
                f"""INSERT INTO scm_forecast_accuracy ({", ".join(names + rates)}) VALUES %s
                        ON CONFLICT (company_id, date, dimension, key) DO NOTHING""",
                rows,
                page_size=1000,
            )
            self.invalidate_model()

    @api.model
    def _rates(self, group):
        sums = dict(zip(MEASURES, group[3:], strict=True))

        def share(part, whole):
            return sums[part] / sums[whole] if sums[whole] else None

        pairs = [("abs_error", "actual"), ("error", "actual"), ("abs_error", "abs_mean13"), ("abs_error", "abs_naive")]
        return tuple(share(part, whole) for part, whole in [*pairs, ("covered", "banded")])
