from dataclasses import fields as dataclass_fields

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.drift import Watch

#: columns of the state that the kernel carries on from week to week
STATE = tuple(field.name for field in dataclass_fields(Watch))
FACTS = ("signal", "biased", "worse", "better_mean13", "better_naive", "error_value")


class ScmForecastWatch(models.Model):
    """How well the forecasts of a product in a warehouse did, week by week, one row each.

    Only the state of the tests is kept (kernel ``drift``), so it does not matter that old forecasts are deleted.
    """

    _name = "scm.forecast.watch"
    _description = "Watch over a Forecast"
    _log_access = False
    _order = "error_value desc, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Planner", readonly=True, ondelete="set null")
    abc = fields.Char("ABC", readonly=True)
    xyz = fields.Char("XYZ", readonly=True)
    pattern = fields.Char(readonly=True)
    date = fields.Date("Last Week", readonly=True, help="Monday of the last week counted.")
    weeks = fields.Float(digits=(16, 0), readonly=True, aggregator=None)
    error = fields.Float("Smoothed Error", readonly=True, aggregator=None)
    absolute = fields.Float("Smoothed Absolute Error", readonly=True, aggregator=None)
    base_mean = fields.Float(readonly=True, aggregator=None)
    base_square = fields.Float(readonly=True, aggregator=None)
    cusum = fields.Float("Sum Above the Base (CUSUM)", readonly=True, aggregator=None)
    sum_ours = fields.Float("Error", readonly=True, help="Absolute errors in units, older weeks count less.")
    sum_mean13 = fields.Float("Error of Mean of 13", readonly=True)
    sum_naive = fields.Float("Error of Seasonal Naive", readonly=True)
    sum_actual = fields.Float("Demand", readonly=True)
    covered = fields.Float(readonly=True, aggregator=None)
    banded = fields.Float(readonly=True, aggregator=None)
    signal = fields.Float(
        "Tracking Signal", digits=(4, 2), readonly=True, aggregator=None, help="Trigg's: -1 always too low, 1 too high."
    )
    biased = fields.Boolean("Drifts", readonly=True, help="The forecast keeps missing to one side.")
    worse = fields.Boolean("Error Rises", readonly=True, help="Errors are larger than this item's own used to be.")
    better_mean13 = fields.Boolean("Better Than Mean of 13", readonly=True)
    better_naive = fields.Boolean("Better Than Seasonal Naive", readonly=True)
    error_value = fields.Monetary("Error in Money", readonly=True, help="Absolute error per week at cost.")
    said_date = fields.Date(readonly=True)
    said_ensemble = fields.Float(
        readonly=True, aggregator=None, help="What the ensemble says where another method is in use."
    )

    _item_uniq = models.Constraint("UNIQUE(product_id, warehouse_id)", "An item is watched once.")
    _company_idx = models.Index("(company_id, error_value DESC)")

    @api.model
    def _load(self, company, keys):
        """``(Watch, shadow)`` of the keys; shadow: what the ensemble said, columns date and quantity."""
        columns = [*STATE, "said_date", "said_ensemble"]
        rows = self.env.execute_query(
            SQL(
                "SELECT product_id, warehouse_id, %s FROM scm_forecast_watch WHERE company_id = %s",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                company.id,
            )
        )
        table = pd.DataFrame(rows, columns=["product_id", "warehouse_id", *columns])
        table = table.set_index(["product_id", "warehouse_id"]).reindex(pd.MultiIndex.from_tuples(keys))
        state = Watch(*(table[name].astype(float).fillna(0.0).to_numpy(copy=True) for name in STATE))
        return state, table[["said_date", "said_ensemble"]]

    @api.model
    def _store(self, company, keys, day, watch, counted, facts):
        """Write the state of the items counted; ``facts`` has the columns of ``FACTS`` and what groups them."""
        names = ["company_id", "product_id", "warehouse_id", "date", *STATE, *facts]
        columns = [getattr(watch, name) for name in STATE] + [np.asarray(column) for column in facts.values()]
        chosen = np.flatnonzero(counted)
        lists = [column[chosen].tolist() for column in columns]
        rows = [
            (company.id, *keys[place], day, *values)
            for place, *values in zip(chosen.tolist(), *lists, strict=True)
        ]
        if rows:
            updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in names[3:])
            self.env.cr.execute_values(
                f"""INSERT INTO scm_forecast_watch ({", ".join(names)}) VALUES %s
                        ON CONFLICT (product_id, warehouse_id) DO UPDATE SET {updates}""",
                rows,
                page_size=5000,
            )
        self.invalidate_model()

    @api.model
    def _keep_shadow(self, company, keys, day, quantities):
        """What the ensemble says about the week of ``day`` where another method is in use."""
        rows = [(company.id, *key, day, float(value)) for key, value in zip(keys, quantities, strict=True)]
        if rows:
            self.env.cr.execute_values(
                """INSERT INTO scm_forecast_watch (company_id, product_id, warehouse_id, said_date, said_ensemble)
                   VALUES %s ON CONFLICT (product_id, warehouse_id)
                       DO UPDATE SET said_date = EXCLUDED.said_date, said_ensemble = EXCLUDED.said_ensemble""",
                rows,
                page_size=5000,
            )
            self.invalidate_model()

    def action_open_forecast(self):
        self.ensure_one()
        return self.product_id.with_context(scm_warehouse_id=self.warehouse_id.id).action_open_scm_forecast()
