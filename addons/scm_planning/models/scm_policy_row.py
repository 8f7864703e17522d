"""Rows of the plan from the kernel's figures, each with the terms that made it."""

import numpy as np
from odoo import api, fields, models

from .scm_policy_refresh import MOST_COVER_DAYS

#: what a refresh writes
COLUMNS = (
    "company_id", "currency_id", "product_id", "warehouse_id", "categ_id", "uom_id", "forecast_id", "policy_id",
    "abc", "xyz", "pattern", "date_computed", "supply", "vendor_id", "supplierinfo_id", "lead_time_days",
    "lead_time_source", "lead_time_sample", "on_hand", "incoming", "outgoing", "on_order_draft", "position",
    "demand_day", "cover_days", "date_run_out", "orderpoint_id", "min_current", "max_current", "min_proposed",
    "max_proposed", "safety_stock", "unit_cost", "cash_effect", "qty_to_order", "order_value", "excess_quantity",
    "excess_value", "short_quantity", "short_value", "runs_out", "below_safety", "dead", "biased",
    "date_late_receipt", "state", "blocked_reason", "rejected_min", "rejected_max", "create_uid", "create_date",
    "write_uid", "write_date", "why",
)  # fmt: skip

#: a hundred years: stock of what hardly sells lasts for millennia, and no date holds that
FAR_DAYS = 36_525


class ScmPolicyRow(models.AbstractModel):
    _name = "scm.policy.row"
    _description = "Rows of Replenishment Proposals"

    @api.model
    def _prepare_rows(self, company, data, forecasts, policies, result):
        """One tuple per item: the columns of ``scm.policy.proposal`` that :meth:`_column_names` lists."""
        keep = self._kept(data, result)
        columns = self._columns(company, data, forecasts, policies, result)
        names = self._column_names()
        lists = [np.asarray(columns[name])[keep].tolist() for name in names[:-1]]
        terms = self._terms(company, data, policies, result)
        return [
            (*values, self._why(dict(zip(names, values, strict=False)), index, terms))
            for index, *values in zip(np.flatnonzero(keep).tolist(), *lists, strict=True)
        ]

    @api.model
    def _column_names(self):
        """Stored columns that a refresh writes; ``why`` is the last."""
        return COLUMNS

    @api.model
    def _kept(self, data, result):
        """Items that get a row: what is stocked, has stock or a rule, or somebody waits for."""
        has_rule = data.items["orderpoint_id"].notna().to_numpy()
        return result.settings.stocked | has_rule | (data.items["on_hand"].to_numpy() != 0) | (result.quantity > 0)

    @api.model
    def _columns(self, company, data, forecasts, policies, result):
        items, plan, supply = data.items, result.plan, result.supply
        now, n = fields.Datetime.now(), len(items)
        money = company.currency_id
        return {
            "company_id": np.full(n, company.id),
            "currency_id": np.full(n, money.id),
            "product_id": items["product_id"],
            "warehouse_id": items["warehouse_id"],
            "categ_id": self._id_column(items["categ_id"]),
            "uom_id": self._id_column(items["uom_id"]),
            "forecast_id": self._id_column(forecasts["forecast_id"]),
            "policy_id": self._id_column(policies["id"]),
            "abc": self._texts(items["abc"]),
            "xyz": self._texts(items["xyz"]),
            "pattern": self._texts(forecasts["pattern"].where(forecasts["forecast_id"].notna(), "no_history")),
            "date_computed": np.full(n, fields.Datetime.to_string(now)),
            "supply": supply.kind,
            "vendor_id": self._of_sellers(data.sellers.partner, supply.seller),
            "supplierinfo_id": self._of_sellers(data.sellers.id, supply.seller),
            "lead_time_days": np.round(plan.lead_mean, 1),
            "lead_time_source": supply.source,
            "lead_time_sample": supply.sample,
            "on_hand": items["on_hand"],
            "incoming": result.incoming,
            "outgoing": result.outgoing,
            "on_order_draft": data.draft,
            "position": result.position,
            "demand_day": np.round(plan.demand_per_day, 4),
            "cover_days": np.round(np.minimum(np.nan_to_num(result.cover_days, nan=0.0), MOST_COVER_DAYS), 1),
            "date_run_out": self._dates(data.today, result.run_out_day),
            "orderpoint_id": self._id_column(items["orderpoint_id"]),
            "min_current": items["min_current"].fillna(0.0),
            "max_current": items["max_current"].fillna(0.0),
            "min_proposed": plan.minimum,
            "max_proposed": plan.maximum,
            "safety_stock": np.round(plan.safety_stock, 2),
            "unit_cost": result.unit_cost,
            "cash_effect": self._money(money, result.cash),
            "qty_to_order": result.quantity,
            "order_value": self._money(money, result.order_value),
            "excess_quantity": result.excess,
            "excess_value": self._money(money, result.excess * result.unit_cost),
            "short_quantity": result.short_quantity,
            "short_value": self._money(money, result.short_quantity * items["list_price"].fillna(0.0).to_numpy()),
            "runs_out": result.runs_out,
            "below_safety": result.below_safety,
            "dead": result.dead,
            "biased": forecasts["biased"].eq(True).to_numpy(),
            "date_late_receipt": self._dates(data.today, result.late_receipt_day),
            "state": result.state,
            "blocked_reason": self._texts(supply.blocked),
            "rejected_min": items["rejected_min"].fillna(0.0),
            "rejected_max": items["rejected_max"].fillna(0.0),
            "create_uid": np.full(n, self.env.uid),
            "create_date": np.full(n, fields.Datetime.to_string(now)),
            "write_uid": np.full(n, self.env.uid),
            "write_date": np.full(n, fields.Datetime.to_string(now)),
        }

    # Why

    @api.model
    def _terms(self, company, data, policies, result):
        """Columns for the why records that the rows themselves do not have, as lists."""
        plan, supply, settings = result.plan, result.supply, result.settings
        columns = {
            "lead_time_sd": np.round(plan.lead_sd, 1),
            "review_days": settings.review_days,
            "protection_days": np.round(plan.interval_days, 1),
            "level": settings.level,
            "fill": settings.fill,
            "service_now": np.where(np.isnan(result.service_now), -1.0, np.round(result.service_now, 3)),
            "demand_mean": np.round(plan.demand_mean, 2),
            "demand_sd": np.round(plan.demand_sd, 2),
            "order_quantity": np.round(plan.order_quantity, 2),
            "eoq": np.round(plan.economic_quantity, 1),
            "moq": supply.moq,
            "multiple": supply.multiple,
            "has_rule": data.items["orderpoint_id"].notna(),
            "by_hand": policies["by_hand"],
            "unknown": policies["unknown"],
        }
        terms = {name: np.asarray(column).tolist() for name, column in columns.items()}
        terms["limits"] = [plan.limits_of(row) for row in range(len(data.items))]
        terms["currency"] = company.currency_id.name
        return terms

    @api.model
    def _why(self, row, index, terms):
        """Why record of one row; codes only, words are in ``scm.why``."""
        unit = f"uom:{row['uom_id']}"
        get = {name: column[index] for name, column in terms.items() if name != "currency"}
        entries = [
            ("demand_day", round(row["demand_day"], 2), unit),
            ("lead_time_days", row["lead_time_days"], "days"),
            ("lead_time_sd", get["lead_time_sd"], "days"),
            ("lead_time_source", f"source_{row['lead_time_source']}", ""),
            ("lead_time_sample", row["lead_time_sample"], ""),
            ("review_days", get["review_days"], "days"),
            ("protection_days", get["protection_days"], "days"),
            ("target", "target_fill" if get["fill"] else "target_cycle", ""),
            ("service_level", get["level"], "percent"),
            ("demand_mean", get["demand_mean"], unit),
            ("demand_sd", get["demand_sd"], unit),
            ("safety_stock", row["safety_stock"], unit),
            ("order_quantity", get["order_quantity"], unit),
            *((name, get[name], unit) for name in ("eoq", "moq", "multiple") if get[name] > 0),
            ("min_proposed", row["min_proposed"], unit),
            ("max_proposed", row["max_proposed"], unit),
        ]
        if get["has_rule"]:
            entries += [("min_current", row["min_current"], unit), ("max_current", row["max_current"], unit)]
            entries += [("service_now", get["service_now"], "percent")] if get["service_now"] >= 0 else []
        entries += [("cash_effect", row["cash_effect"], terms["currency"])]
        entries += [
            (name, row[name], unit) for name in ("on_hand", "incoming", "outgoing", "on_order_draft", "position")
        ]
        entries += [("qty_to_order", row["qty_to_order"], unit)]
        return {
            "value": row["min_proposed"],
            "unit": unit,
            "method": "reorder_point",
            "formula": "reorder_point_formula",
            "terms": [
                {"code": code, "value": value} | ({"unit": its_unit} if its_unit else {})
                for code, value, its_unit in entries
            ],
            "notes": self._notes(row, get),
        }

    @api.model
    def _notes(self, row, get):
        notes = [f"bound_{name}" for name in get["limits"]]
        notes += [row["blocked_reason"]] if row["blocked_reason"] else []
        notes += ["no_forecast"] if not row["forecast_id"] else []
        notes += ["typed_lead_time"] if row["lead_time_source"] == "typed" else []
        notes += ["item_policy"] if get["by_hand"] else ["class_unknown"] if get["unknown"] else []
        return notes

    # Columns

    @api.model
    def _id_column(self, column):
        return np.array([None if value != value or value is None else int(value) for value in column], dtype=object)

    @api.model
    def _texts(self, column):
        return np.array([value if isinstance(value, str) and value else None for value in column], dtype=object)

    @api.model
    def _of_sellers(self, values, seller):
        if not len(values):
            return np.full(len(seller), None)
        return np.where(seller >= 0, values[np.maximum(seller, 0)], None)

    @api.model
    def _dates(self, today, days):
        """ISO dates of days from today, None where the day is NaN or further away than any calendar goes."""
        known = days < FAR_DAYS  # false for NaN too
        result = np.full(len(days), None, dtype=object)
        moved = today[known] + days[known].astype(int).astype("timedelta64[D]")
        result[known] = np.datetime_as_string(moved)
        return result

    @api.model
    def _money(self, currency, amounts):
        return np.round(amounts, currency.decimal_places)
