"""Rows of the excess list and of its ladder from the kernel's figures, each with the terms that made it."""

import numpy as np
from odoo import api, fields, models

from ..kernel.disposal import DAYS_PER_MONTH, KINDS, ladder_order
from ..kernel.elasticity import BUNDLE_DISCOUNT, SOURCES, lift
from .scm_excess_refresh import ACTION_COLUMNS, GROWTH
from .scm_policy_refresh import MOST_COVER_DAYS

COLUMNS = (
    "company_id", "currency_id", "product_id", "warehouse_id", "categ_id", "uom_id", "vendor_id", "proposal_id",
    "forecast_id", "abc", "xyz", "pattern", "date_computed", "on_hand", "incoming", "demand_day", "cover_days",
    "unit_cost", "price", "excess_quantity", "excess_value", "open_quantity", "holding_month", "days_to_sell", "age_90",
    "age_180", "age_365", "age_older", "aged_value", "expiring_quantity", "dead", "best_kind", "cash_recovered",
    "net_recovered", "state", "create_uid", "create_date", "write_uid", "write_date", "why",
)  # fmt: skip


class ScmExcessRow(models.AbstractModel):
    _name = "scm.excess.row"
    _description = "Rows of Excess Stock"

    @api.model
    def _column_names(self):
        """Stored columns that a refresh writes; ``why`` is the last."""
        return COLUMNS

    @api.model
    def _prepare(self, company, data, facts, rungs, taken, extra):
        """``(rows, actions)``: tuples of ``COLUMNS`` of scm.excess, and of ``ACTION_COLUMNS`` of scm.excess.action."""
        used = np.flatnonzero(taken > 0)
        actions = self._actions(company, data, facts, rungs, taken, used, extra)
        totals = self._totals(company, data, rungs, taken, used, facts)
        keep = np.flatnonzero((facts["excess"] > 0) | (facts["age"][:, 3] > 0))
        columns = self._columns(company, data, facts, totals)
        lists = [np.asarray(columns[name])[keep].tolist() for name in COLUMNS[:-1]]
        money = company.currency_id.name
        rows = []
        for index, *values in zip(keep.tolist(), *lists, strict=True):
            row = dict(zip(COLUMNS, values, strict=False))
            rows.append((*values, self._why(row, index, facts, data, money)))
        return rows, actions

    @api.model
    def _totals(self, company, data, rungs, taken, used, facts):
        """Cash of each item, and its best rung: the one that brings most."""
        n, item = len(data.items), rungs.item[used]
        cash = rungs.cash[used] * taken[used]
        net = (rungs.cash - rungs.cost)[used] * taken[used]
        best = np.full(n, -1)
        order = np.lexsort((-net, item))
        first = np.r_[True, item[order][1:] != item[order][:-1]] if len(order) else np.zeros(0, bool)
        best[item[order][first]] = rungs.kind[used][order][first]
        rounded = company.currency_id.decimal_places
        return {
            "cash": np.round(np.bincount(item, cash, minlength=n), rounded),
            "net": np.round(np.bincount(item, net, minlength=n), rounded),
            "best": np.array([KINDS[kind] if kind >= 0 else None for kind in best.tolist()], dtype=object),
        }

    @api.model
    def _columns(self, company, data, facts, totals):
        items, n = data.items, len(data.items)
        policy_row = self.env["scm.policy.row"]
        now, money = fields.Datetime.to_string(fields.Datetime.now()), company.currency_id
        ids = {
            name: policy_row._id_column(items[name])
            for name in ("categ_id", "uom_id", "vendor_id", "proposal_id", "forecast_id")
        }
        texts = {name: policy_row._texts(items[name]) for name in ("abc", "xyz", "pattern")}
        age = facts["age"]
        return {
            **ids,
            **texts,
            "company_id": np.full(n, company.id),
            "currency_id": np.full(n, money.id),
            "product_id": items["product_id"],
            "warehouse_id": items["warehouse_id"],
            "date_computed": np.full(n, now),
            "on_hand": items["on_hand"],
            "incoming": items["incoming"],
            "demand_day": np.round(facts["demand"], 4),
            "cover_days": items["cover_days"].fillna(0.0),
            "unit_cost": facts["cost"],
            "price": facts["price"],
            "excess_quantity": facts["excess"],
            "excess_value": np.round(facts["excess"] * facts["cost"], money.decimal_places),
            "open_quantity": facts["open"],
            "holding_month": np.round(facts["excess"] * facts["holding"], money.decimal_places),
            "days_to_sell": np.round(np.minimum(facts["again"], MOST_COVER_DAYS)),
            "age_90": age[:, 0],
            "age_180": age[:, 1],
            "age_365": age[:, 2],
            "age_older": age[:, 3],
            "aged_value": np.round((age[:, 2] + age[:, 3]) * facts["cost"], money.decimal_places),
            "expiring_quantity": data.expiring,
            "dead": facts["dead"],
            "best_kind": totals["best"],
            "cash_recovered": totals["cash"],
            "net_recovered": totals["net"],
            "state": self._states(items, facts),
            "create_uid": np.full(n, self.env.uid),
            "create_date": np.full(n, now),
            "write_uid": np.full(n, self.env.uid),
            "write_date": np.full(n, now),
        }

    @api.model
    def _states(self, items, facts):
        """Dismissed stays so until the excess has grown; accepted while nothing is open."""
        dismissed = items["state"].eq("dismissed").to_numpy()
        still = facts["excess"] <= np.nan_to_num(items["dismissed_quantity"].to_numpy()) * GROWTH
        accepted = (items["committed"].to_numpy() > 0) & (facts["open"] <= 0)
        return np.select([dismissed & still, accepted], ["dismissed", "accepted"], "open")

    @api.model
    def _why(self, row, index, facts, data, money):
        unit = f"uom:{row['uom_id']}"
        cover = data.items["cover_max"].iat[index] or 0.0
        entries = [
            ("on_hand", row["on_hand"], unit),
            ("incoming", row["incoming"], unit),
            ("on_order_draft", data.items["draft"].iat[index], unit),
            ("outgoing", data.items["outgoing"].iat[index], unit),
            ("demand_day", round(row["demand_day"], 2), unit),
            ("excess_cover", cover, "days"),
            ("max_proposed", data.items["maximum"].iat[index], unit),
            ("excess_quantity", row["excess_quantity"], unit),
            ("excess_committed", data.items["committed"].iat[index], unit),
            ("unit_cost", row["unit_cost"], money),
            ("holding_month", row["holding_month"], money),
            *((f"excess_{name}", row[name], unit) for name in ("age_90", "age_180", "age_365", "age_older")),
        ]
        return {
            "value": row["excess_quantity"],
            "unit": unit,
            "method": "excess_method",
            "formula": "excess_formula",
            "terms": self._terms(entries),
            "notes": (["excess_dead"] if row["dead"] else []) + ([] if row["forecast_id"] else ["no_forecast"]),
        }

    @api.model
    def _terms(self, entries):
        return [
            {"code": code, "value": value} | ({"unit": unit} if unit else {})
            for code, value, unit in entries
            if value == value and value is not None
        ]

    # Ladder

    @api.model
    def _actions(self, company, data, facts, rungs, taken, used, extra):
        """One tuple per rung that takes units, best first."""
        if not len(used):
            return []
        net = rungs.net(facts["holding"])
        items = {name: data.items[name].tolist() for name in ("product_id", "warehouse_id", "vendor_id", "uom_id")}
        extra["pair_of"] = {row["product_id"]: row for row in data.pairs.to_dict("records")}
        extra["line_of"] = data.lines.to_dict("records")
        now, places = fields.Datetime.to_string(fields.Datetime.now()), company.currency_id.decimal_places
        chosen = self._in_order(rungs, taken, facts)
        number, last, result = 0, -1, []
        for place in chosen.tolist():
            item, kind = int(rungs.item[place]), KINDS[rungs.kind[place]]
            number, last = (number + 1 if item == last else 1), item
            units = float(taken[place])
            own = self._own_values(kind, item, int(rungs.ref[place]), data, facts, extra)
            values = {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "product_id": int(items["product_id"][item]),
                "warehouse_id": int(items["warehouse_id"][item]),
                "sequence": number,
                "kind": kind,
                "quantity": units,
                "cash": round(units * float(rungs.cash[place]), places),
                "cost": round(units * float(rungs.cost[place]), places),
                "net": round(units * float(net[place]), places),
                "unit_net": round(float(net[place]), 4),
                "days": round(float(rungs.days[place])),
                "state": "proposed",
                "create_uid": self.env.uid,
                "create_date": now,
                "write_uid": self.env.uid,
                "write_date": now,
                **own,
            }
            values["why"] = self._rung_why(values, rungs, place, facts, items["uom_id"][item], extra, company)
            result.append(tuple(values.get(name) for name in ACTION_COLUMNS))
        return result

    @api.model
    def _in_order(self, rungs, taken, facts):
        order = ladder_order(rungs, facts["holding"])
        return order[taken[order] > 0]

    @api.model
    def _own_values(self, kind, item, ref, data, facts, extra):
        """What only this kind of rung has: key, day, and what it is about."""
        return getattr(self, f"_own_{kind}")(item, ref, data, facts, extra)

    @api.model
    def _day(self, data, days):
        return str(data.today + np.timedelta64(int(days), "D"))

    @api.model
    def _own_cancel(self, item, ref, data, facts, extra):
        line = extra["line_of"][ref]
        return {"key": f"line:{line['line_id']}", "purchase_line_id": int(line["line_id"]), "price_unit": line["price"]}

    @api.model
    def _own_postpone(self, item, ref, data, facts, extra):
        line = extra["line_of"][ref]
        again = max(facts["again"][item], line["day"] + 1)
        return self._own_cancel(item, ref, data, facts, extra) | {"date": self._day(data, np.ceil(again))}

    @api.model
    def _own_transfer(self, item, ref, data, facts, extra):
        warehouse = int(data.items["warehouse_id"].iat[ref])
        return {"key": f"warehouse:{warehouse}", "target_warehouse_id": warehouse, "date": self._day(data, 7)}

    @api.model
    def _own_bundle(self, item, ref, data, facts, extra):
        price = facts["price"][item] * (1 - BUNDLE_DISCOUNT)
        until = self._day(data, 7 * extra["company"].scm_markdown_weeks)
        own = {"key": f"product:{ref}", "bundle_product_id": ref, "discount": BUNDLE_DISCOUNT, "date": until}
        return own | {"price_unit": extra["company"].currency_id.round(price)}

    @api.model
    def _own_markdown(self, item, ref, data, facts, extra):
        depth = extra["depth"][item]
        price = extra["company"].currency_id.round(facts["price"][item] * (1 - depth))
        until = self._day(data, np.ceil(extra["span"][item]))
        return {"key": "price", "discount": depth, "price_unit": price, "date": until}

    @api.model
    def _own_vendor_return(self, item, ref, data, facts, extra):
        vendor = int(data.items["vendor_id"].iat[item])
        return {"key": f"vendor:{vendor}", "vendor_id": vendor, "date": self._day(data, 21)}

    @api.model
    def _own_write_off(self, item, ref, data, facts, extra):
        return {"key": "scrap"}

    @api.model
    def _rung_why(self, values, rungs, place, facts, uom_id, extra, company):
        unit, money, item = f"uom:{int(uom_id)}", company.currency_id.name, int(rungs.item[place])
        entries = [
            ("rung_quantity", values["quantity"], unit),
            ("rung_cash_unit", round(float(rungs.cash[place]), 2), money),
            ("rung_cost_unit", round(float(rungs.cost[place]), 2), money),
            ("rung_days", values["days"], "days"),
            ("rung_holding_unit", round(float(facts["holding"][item] * rungs.days[place] / DAYS_PER_MONTH), 2), money),
            ("rung_net_unit", values["unit_net"], money),
            ("excess_days_to_sell", min(float(np.ceil(facts["again"][item])), MOST_COVER_DAYS), "days"),
        ]
        if values["kind"] in ("markdown", "bundle"):
            slope = extra["slope"]
            entries += [
                ("rung_discount", values["discount"], "percent"),
                ("rung_elasticity", round(float(slope.value[item]), 2), ""),
                ("rung_elasticity_source", f"elasticity_{SOURCES[slope.source[item]]}", ""),
                ("rung_price_weeks", int(slope.sample[item]), "weeks"),
            ]
        if values["kind"] == "bundle":
            entries += self._bundle_terms(values["product_id"], extra["pair_of"])
        return {
            "value": values["net"],
            "unit": money,
            "method": f"rung_{values['kind']}",
            "formula": "rung_formula",
            "terms": self._terms(entries),
            "notes": [f"rung_note_{values['kind']}"],
        }

    @api.model
    def _bundle_terms(self, product_id, pairs):
        pair = pairs[product_id]
        figures = [np.array([float(pair[name])]) for name in ("joint", "count", "partner_count")]
        return [
            ("rung_joint_orders", int(pair["joint"]), ""),
            ("rung_attach", round(float(pair["joint"] / pair["partner_count"]), 4), "percent"),
            ("rung_lift", round(float(lift(*figures, float(pair["total"]))[0]), 1), ""),
        ]
