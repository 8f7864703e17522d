"""Once a week is over: what was said about it, what came, and what plain methods would have said."""

from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from ..kernel import backtest, champion, drift, intermittent, smoothing
from .scm_forecast_accuracy import MEASURES

PANEL_WEEKS = 66
#: items with fewer weeks say nothing about which method is better
LEAST_WEEKS = 8


class ScmAccuracyWatch(models.AbstractModel):
    _name = "scm.accuracy.watch"
    _description = "Accuracy Watch"

    @api.model
    def _refresh(self, company):
        """Count the weeks that are over and were not counted yet; returns how many. Fixed queries per week."""
        self = self.sudo()  # called by jobs and by methods that have checked the role; the results are read-only
        last = self._last_week(company)
        days = [day for day in self._published_weeks(company) if not last or day > last]
        for day in days:
            run, said = self._said_by_run(company, day)
            self._absorb(company, day, said, run)
        return len(days)

    @api.model
    def _last_week(self, company):
        [(last,)] = self.env["scm.forecast.accuracy"]._read_group([("company_id", "=", company.id)], [], ["date:max"])
        return last

    @api.model
    def _published_weeks(self, company):
        """Mondays of published weekly runs whose week is over, oldest first."""
        today = self.env["scm.demand.day"]._scm_company_today(company)
        runs = self.env["scm.forecast.run"].search(
            [
                ("company_id", "=", company.id),
                ("freq", "=", "W"),
                ("published", "=", True),
                ("date_from", "<=", today - timedelta(days=7)),
            ]
        )
        return sorted(set(runs.mapped("date_from")))

    @api.model
    def _said_by_run(self, company, day):
        """The last published run about the week, and what it said: one row per item."""
        run = self.env["scm.forecast.run"].search(
            [
                ("company_id", "=", company.id), ("freq", "=", "W"), ("published", "=", True), ("date_from", "=", day),
            ],
            order="id desc",
            limit=1,
        )  # fmt: skip
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.product_id, f.warehouse_id, COALESCE(l.quantity_override, l.quantity)::float8, l.q05::float8,
                       l.q95::float8, l.override_user_id
                  FROM scm_forecast f
                  JOIN scm_forecast_line l ON l.forecast_id = f.id AND l.date = %s
                 WHERE f.run_id = %s
                """,
                day,
                run.id,
            )
        )
        return run, pd.DataFrame(rows, columns=["product_id", "warehouse_id", "said", "low", "high", "user_id"])

    # One week

    @api.model
    def _absorb(self, company, day, said, run=None, replayed=False):
        """Count one week: state of each item, frozen figures of the groups, losses of the methods per class."""
        keys, panel = self.env["scm.demand.day"]._panel(
            company, freq="W", periods=PANEL_WEEKS, date_end=day + timedelta(days=6)
        )
        if not keys or not len(said):
            return
        index = pd.MultiIndex.from_tuples(keys, names=["product_id", "warehouse_id"])
        said = said.set_index(["product_id", "warehouse_id"]).reindex(index)
        history, actual = panel.quantity[:, :-1].astype(float), panel.quantity[:, -1].astype(float)
        plain = {
            "mean13": backtest.mean_forecast(history, 1)[:, 0],
            "seasonal_naive": backtest.seasonal_naive_forecast(history, 1, 52)[:, 0],
            "ses": smoothing.ses(history, 1)[:, 0],
            "tsb": intermittent.tsb(history, 1)[:, 0],
        }
        watch, shadow = self.env["scm.forecast.watch"]._load(company, keys)
        ours = said["said"].to_numpy(float)
        low, high = said["low"].to_numpy(float), said["high"].to_numpy(float)
        counted = drift.update(watch, ours, actual, plain["mean13"], plain["seasonal_naive"], low, high)
        items = self._read_groups(company, index)
        # who changed the forecast by hand answers for it, else who is responsible for the product
        items["user_id"] = said["user_id"].where(said["user_id"].notna(), items["user_id"]).to_numpy()
        facts = self._facts(watch, items)
        self.env["scm.forecast.watch"]._store(company, keys, day, watch, counted, facts)
        table = self._week_table(items, watch, facts, ours, actual, plain, low, high)[counted]
        groups = self._groups(table)
        self.env["scm.forecast.accuracy"]._freeze(company, day, run or self.env["scm.forecast.run"], replayed, groups)
        losses = self._losses(company, items, ours, actual, plain, shadow, day, counted)
        self.env["scm.forecast.champion"]._judge(company, day, losses)

    @api.model
    def _facts(self, watch, items):
        # the discounted sum of weeks, so that the money is per week
        effective = (1 - drift.FORGET**watch.weeks) / (1 - drift.FORGET)
        value = np.divide(watch.sum_ours, effective, out=np.zeros(len(effective)), where=effective > 0)
        row = self.env["scm.policy.row"]
        return {
            "signal": np.round(watch.signal, 4),
            "biased": watch.biased,
            "worse": watch.worse,
            "better_mean13": drift.better_than(watch.sum_ours, watch.sum_mean13),
            "better_naive": drift.better_than(watch.sum_ours, watch.sum_naive),
            "error_value": np.round(value * items["cost"].to_numpy(float), 2),
            **{name: row._id_column(items[name]) for name in ("categ_id", "user_id")},
            **{name: row._texts(items[name]) for name in ("abc", "xyz", "pattern")},
        }

    @api.model
    def _read_groups(self, company, index):
        """What groups the items: category, class, pattern, planner, and the cost of a unit."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.product_id, i.warehouse_id, t.categ_id, c.abc_value, c.xyz, f.pattern, product.scm_method,
                       (t.responsible_id->>%(company)s)::int,
                       COALESCE((product.standard_price->>%(company)s)::float8, 0)
                  FROM unnest(%(products)s, %(warehouses)s) AS i(product_id, warehouse_id)
                  JOIN (SELECT p.*, template.scm_forecast_method AS scm_method FROM product_product p
                          JOIN product_template template ON template.id = p.product_tmpl_id) product
                    ON product.id = i.product_id
                  JOIN product_template t ON t.id = product.product_tmpl_id
             LEFT JOIN scm_product_class c ON c.product_id = i.product_id AND c.warehouse_id = i.warehouse_id
             LEFT JOIN LATERAL (SELECT f.pattern FROM scm_forecast f JOIN scm_forecast_run r ON r.id = f.run_id
                                 WHERE f.product_id = i.product_id AND f.warehouse_id = i.warehouse_id AND r.current
                                   AND f.freq = 'W' LIMIT 1) f ON TRUE
                """,
                company=str(company.id),
                products=[int(product) for product, _warehouse in index],
                warehouses=[int(warehouse) for _product, warehouse in index],
            )
        )
        names = ["product_id", "warehouse_id", "categ_id", "abc", "xyz", "pattern", "fixed", "user_id", "cost"]
        table = pd.DataFrame(rows, columns=names).set_index(["product_id", "warehouse_id"]).reindex(index)
        table["warehouse_id"] = [warehouse for _product, warehouse in index]
        return table.assign(cost=table["cost"].fillna(0.0).astype(float))

    @api.model
    def _week_table(self, items, watch, facts, ours, actual, plain, low, high):
        banded = np.isfinite(low) & np.isfinite(high)
        compared = (watch.weeks >= LEAST_WEEKS) & (watch.sum_actual > 0)
        both = facts["better_mean13"] & facts["better_naive"]
        cost = items["cost"].to_numpy(float)
        value = np.where(compared, watch.sum_actual * cost, 0.0)
        return pd.DataFrame(
            {
                "class": [f"{a}{x}" if a and x else "" for a, x in zip(facts["abc"], facts["xyz"], strict=True)],
                "category": facts["categ_id"],
                "warehouse": items["warehouse_id"].to_numpy(),
                "pattern": facts["pattern"],
                "planner": facts["user_id"],
                "item_count": 1,
                "actual": actual,
                "error": ours - actual,
                "abs_error": np.abs(ours - actual),
                "abs_mean13": np.abs(plain["mean13"] - actual),
                "abs_naive": np.abs(plain["seasonal_naive"] - actual),
                "value_error": np.abs(ours - actual) * cost,
                "covered": (banded & (actual >= low - 1e-9) & (actual <= high + 1e-9)).astype(int),
                "banded": banded.astype(int),
                "compared": compared.astype(int),
                "better_mean13": (compared & facts["better_mean13"]).astype(int),
                "better_naive": (compared & facts["better_naive"]).astype(int),
                "value": value,
                "value_better": np.where(both, value, 0.0),
            }
        )

    @api.model
    def _groups(self, table):
        """Rows (dimension, key, name, measures) of one week."""
        measures = list(MEASURES)
        result = [("all", "all", "", *table[measures].sum().tolist())]
        for dimension, model in (("class", ""), ("category", "product.category"), ("warehouse", "stock.warehouse"),
                                 ("pattern", ""), ("planner", "res.users")):  # fmt: skip
            keys = ["" if pd.isna(key) or key is None else str(key) for key in table[dimension]]
            sums = table.assign(key=keys).groupby("key")[measures].sum()
            names = self._names(model, sums.index)
            result += [
                (dimension, key or "none", names.get(key, key), *values.tolist()) for key, values in sums.iterrows()
            ]
        counts = {"item_count", "covered", "banded", "compared", "better_mean13", "better_naive"}
        whole = [name in counts for name in measures]
        return [
            (*row[:3], *(int(value) if count else float(value) for value, count in zip(row[3:], whole, strict=True)))
            for row in result
        ]

    @api.model
    def _names(self, model, keys):
        if not model:
            return {}
        records = self.env[model].browse([int(key) for key in keys if key])
        return {str(record.id): record.display_name for record in records.exists()}

    @api.model
    def _losses(self, company, items, ours, actual, plain, shadow, day, counted):
        """``{(abc, xyz): {method: mean loss}}``; what is in use counts as what was said, overrides included."""
        in_use = self.env["scm.forecast.champion"]._methods(company)
        classes = list(zip(items["abc"], items["xyz"], strict=True))
        used = np.array([in_use.get(key, "ensemble") for key in classes], dtype=object)
        fresh = (shadow["said_date"] == day).to_numpy()
        ensemble = np.where(used == "ensemble", ours, np.where(fresh, shadow["said_ensemble"].to_numpy(float), np.nan))
        said = {"ensemble": ensemble} | {
            name: np.where(used == name, ours, values) for name, values in plain.items()
        }
        known = counted & items["fixed"].isna().to_numpy() & items[["abc", "xyz"]].notna().all(axis=1).to_numpy()
        level = plain["mean13"]
        table = pd.DataFrame({name: champion.scaled_loss(values - actual, level) for name, values in said.items()})
        means = table[known].groupby([items["abc"].to_numpy()[known], items["xyz"].to_numpy()[known]]).mean()
        return {
            (str(abc), str(xyz)): {name: float(value) for name, value in row.items() if np.isfinite(value)}
            for (abc, xyz), row in means.iterrows()
        }
