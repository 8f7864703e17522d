"""What life cycles do to the forecast: new items borrow, successors inherit, ended items stop."""

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..kernel import lifecycle
from ..kernel.datatypes import PERIOD_DAYS, DemandPanel

RECENT_WEEKS = 13


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _compute_forecast(self):
        if self.freq == "W":
            self.env["scm.product.lifecycle"]._refresh_like_items(self.company_id)
        return super()._compute_forecast()

    def _after_forecast(self):
        result = super()._after_forecast()
        self.env["scm.product.lifecycle"]._refresh_ends(self.company_id)
        return result

    def _refresh_alerts(self):
        result = super()._refresh_alerts()
        self.env["scm.product.lifecycle"]._sync_alerts(self.company_id)
        return result

    # Before the kernel

    def _read_panel(self):
        keys, panel = super()._read_panel()
        if not keys:
            return keys, panel
        items = self.env["scm.product.lifecycle"]._items(self.company_id)
        if self.freq == "W":
            keys, panel = self._with_new_keys(keys, panel, items)
        self._inherit_history(keys, panel, items)
        return keys, panel

    def _inherit_history(self, keys, panel, items):
        """Give successors the history of what they replace, also where that is archived by now."""
        row = {key: number for number, key in enumerate(keys)}
        gone = {key[0] for key, item in items.items() if item["successor_id"] and key not in row}
        if not gone:
            pairs = self._pairs(row, items)
            edges = [(row[before], row[after], item["successor_factor"]) for before, after, item in pairs]
            lifecycle.inherit_history(panel.quantity, panel.in_stock, edges)
            return
        more, hidden = self._panel_of(sorted(gone))
        more = [(key, number) for number, key in enumerate(more) if key in items and key not in row]
        every = row | {key: len(keys) + place for place, (key, _number) in enumerate(more)}
        rows = [number for _key, number in more]
        quantity = np.concatenate([panel.quantity, hidden.quantity[rows]])
        share = np.concatenate([panel.in_stock, hidden.in_stock[rows]]) if panel.in_stock is not None else None
        pairs = self._pairs(every, items)
        edges = [(every[before], every[after], item["successor_factor"]) for before, after, item in pairs]
        lifecycle.inherit_history(quantity, share, edges)
        panel.quantity[:] = quantity[: len(keys)]
        if share is not None:
            panel.in_stock[:] = share[: len(keys)]

    def _with_new_keys(self, keys, panel, items):
        """Products that were never sold but have a like-item or a predecessor with history are forecast too."""
        present = set(keys)
        wanted = {key for key, item in items.items() if self._like_key(key, item, present)}
        wanted |= {(item["successor_id"], key[1]) for key, item in items.items() if item["successor_id"]}
        added = sorted(key for key in wanted - present if key not in present)
        if not added:
            return keys, panel
        every = sorted(present | set(added))
        order = {key: number for number, key in enumerate([*keys, *added])}
        rows = np.array([order[key] for key in every])
        empty = np.full((len(added), panel.n_periods), np.nan, panel.quantity.dtype)
        share = None
        if panel.in_stock is not None:
            share = np.concatenate([panel.in_stock, np.ones_like(empty, dtype=np.float32)])[rows]
        categories = self.env["scm.event"]._category_of(np.array([product_id for product_id, _place in every]))
        _labels, groups = np.unique(categories, return_inverse=True)
        quantity = np.concatenate([panel.quantity, empty])[rows]
        return every, DemandPanel(quantity, panel.start, panel.freq, groups.ravel(), share)

    def _like_key(self, key, item, present):
        """Key of the confirmed like-item of a new product, None where there is none to learn from."""
        if item["like_state"] != "confirmed" or item["stage"] == "ended":
            return None
        like = (item["like_product_id"], key[1])
        return like if like in present and like != key else None

    def _pairs(self, present, items):
        """(key, key of the successor, line) in the order of the chain, of those that are both in the panel."""
        found = {
            (key, (item["successor_id"], key[1])): item
            for key, item in items.items()
            if item["successor_id"] and item["date_switch"]
        }
        ordered = lifecycle.chain_order(found)
        return [(*edge, found[edge]) for edge in ordered if edge[0] in present and edge[1] in present]

    # After the kernel

    def _shape_result(self, keys, panel, result):
        result = super()._shape_result(keys, panel, result)
        items = self.env["scm.product.lifecycle"]._items(self.company_id)
        if not items:
            return result
        row = {key: number for number, key in enumerate(keys)}
        if self.freq == "W":
            result = self._shape_new(row, panel, result, items)
        result = self._shape_successors(row, panel, result, items)
        return self._shape_ends(row, result, items)

    def _shape_new(self, row, panel, result, items):
        chosen = [
            (key, like, item)
            for key, item in items.items()
            if key in row and (like := self._like_key(key, item, row))
        ]
        if not chosen:
            return result
        borrowed = self._prepare_new_items(row, panel, chosen)
        level = result.mean.mean(axis=1)
        scale, cv, known = lifecycle.posterior_scale(borrowed, panel.quantity, level)
        self._keep_scales(chosen, scale)
        return lifecycle.borrow(result, borrowed, scale, cv, known)

    def _prepare_new_items(self, row, panel, chosen):
        periods, horizon = panel.n_periods, self.horizon
        weeks = np.arange(periods + horizon)
        share = np.zeros((len(chosen), periods + horizon))
        for number, (key, _like, item) in enumerate(chosen):
            own = np.isfinite(panel.quantity[row[key]])
            launch = int(own.argmax()) if own.any() else periods
            if item["date_launch"]:
                launch = (item["date_launch"] - panel.start).days / 7
            share[number] = lifecycle.ramp_share(weeks - launch, item["ramp_weeks"], item["ramp_curve"] or "linear")
        typed = np.array([bool(item["scale"]) for _key, _like, item in chosen])
        return lifecycle.NewItems(
            np.array([row[key] for key, _like, _item in chosen]),
            np.array([row[like] for _key, like, _item in chosen]),
            np.array([item["scale"] or item["scale_auto"] or 1.0 for _key, _like, item in chosen], dtype=float),
            typed,
            share[:, :periods],
            share[:, periods:],
        )

    def _keep_scales(self, chosen, scale):
        """What the planner sees of the factor; of several warehouses their mean."""
        found = {}
        for (_key, _like, item), value in zip(chosen, scale.tolist(), strict=True):
            found.setdefault(item["id"], []).append(value)
        rows = [(line_id, round(sum(values) / len(values), 3)) for line_id, values in found.items()]
        self.env["scm.product.lifecycle"]._write_rows(("scale_used",), rows)

    def _shape_successors(self, row, panel, result, items):
        """The predecessor's demand until the switch, then the successor's, less what old stock still serves."""
        pairs = self._pairs(row, items)
        if not pairs:
            return result
        stock = self._stock_of([before for before, _after, _item in pairs])
        mean, touched = np.array(result.mean, dtype=float), set()
        for before, after, item in pairs:
            rows = row[before], row[after]
            mean[list(rows)] = self._shape_pair(mean, panel, rows, item, stock.get(before, 0.0))
            touched.update(rows)
        rows = np.array(sorted(touched))
        return lifecycle.set_periods(result, rows, mean[rows])

    def _shape_pair(self, mean, panel, rows, item, stock):
        old, new = rows
        day = np.array([(item["date_switch"] - self.date_from).days])
        until = lifecycle.before_day(day, self.horizon, PERIOD_DAYS[self.freq])[0]
        factor = item["successor_factor"]
        before, demand = mean[old] * until, mean[new] * (1 - until)
        left = max(stock - before.sum(), 0.0) if item["use_up_stock"] else 0.0
        used = lifecycle.use_up(demand[None], np.array([left]), np.array([factor]))[0]
        own = self._own_share(panel, old, new, factor)
        return before + used, mean[new] * until * own + demand - factor * used

    def _own_share(self, panel, old, new, factor):
        """Share of the successor's own sales in its history, which holds those of both by now."""
        recent = slice(-RECENT_WEEKS * 7 // panel.period_days, None)
        both = np.nansum(panel.quantity[new, recent])
        inherited = factor * np.nansum(panel.quantity[old, recent])
        return float(np.clip(1 - inherited / both, 0, 1)) if both > 0 else 0.0

    def _shape_ends(self, row, result, items):
        ended = [(row[key], item["date_end"]) for key, item in items.items() if item["date_end"] and key in row]
        if not ended:
            return result
        days = np.array([(day - self.date_from).days + 1 for _row, day in ended], dtype=float)
        share = lifecycle.before_day(days, self.horizon, PERIOD_DAYS[self.freq])
        rows = np.array([number for number, _day in ended])
        return lifecycle.set_periods(result, rows, result.mean[rows] * share)

    def _stock_of(self, keys):
        """Dict key -> stock on hand of these products in their warehouses."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT q.product_id, l.warehouse_id, sum(q.quantity)::float8
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                 WHERE q.product_id = ANY(%s) AND l.warehouse_id = ANY(%s)
              GROUP BY q.product_id, l.warehouse_id
                """,
                [product_id for product_id, _place in keys],
                [warehouse_id for _product, warehouse_id in keys],
            )
        )
        return {(product_id, warehouse_id): quantity for product_id, warehouse_id, quantity in rows}
