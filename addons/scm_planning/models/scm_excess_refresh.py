"""Second and third beat of the excess list: the ladder of each item, written in two statements."""

import csv
import io
import json

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from ..kernel import disposal, elasticity

#: an excess that was dismissed comes back when it has grown by this much
GROWTH = 1.2
TRANSFER_DAYS, RETURN_DAYS = 7, 21
EXCESS_KEPT = ("create_uid", "create_date")
ACTION_COLUMNS = (
    "company_id", "currency_id", "product_id", "warehouse_id", "key", "sequence", "kind", "quantity", "cash", "cost",
    "net", "unit_net", "days", "date", "target_warehouse_id", "purchase_line_id", "bundle_product_id", "vendor_id",
    "price_unit", "discount", "state", "create_uid", "create_date", "write_uid", "write_date", "why",
)  # fmt: skip


class ScmExcessRefresh(models.AbstractModel):
    _name = "scm.excess.refresh"
    _description = "Refresh of Excess Stock"

    @api.model
    def _run(self, companies):
        """Rewrite the excess of these companies; returns the number of rows. Running it twice gives the same rows."""
        self = self.sudo()  # called by jobs and by methods that have checked the role; nobody writes excess himself
        count = 0
        for company in companies:
            count += self.with_company(company)._run_company(company)
        return count

    @api.model
    def _run_company(self, company):
        self.env["scm.excess.action"]._close_finished(company)
        data = self.env["scm.excess.input"]._read_company(company)
        facts = self._facts(data)
        if not len(data.items):
            ladder = disposal.Rungs.of("write_off", [], np.inf, 0.0)
            extra = {}
        else:
            ladder, extra = self._rungs(company, data, facts)
        taken = disposal.spread(facts["open"], ladder, facts["holding"])
        rows, actions = self.env["scm.excess.row"]._prepare(company, data, facts, ladder, taken, extra)
        self._write(company, rows, actions)
        return len(rows)

    # Facts

    @api.model
    def _facts(self, data):
        """Columns of the items: what is too much, how old, what it costs to keep; arrays (n,)."""
        items = data.items
        on_hand, demand = items["on_hand"].to_numpy(), np.nan_to_num(items["demand_day"].to_numpy())
        known = (items["forecast_id"].notna() & (items["pattern"] != "no_history")).to_numpy()
        silent = ~known & (data.moved_out <= 0) & (data.received[:, 2] <= 0)
        dead = (items["dead"].eq(True).to_numpy() | silent | (known & (demand <= disposal.EPS))) & (on_hand > 0)
        coming = np.nan_to_num(items["incoming"].to_numpy()) - np.nan_to_num(items["outgoing"].to_numpy())
        draft, excess = np.nan_to_num(items["draft"].to_numpy()), np.nan_to_num(items["excess"].to_numpy())
        excess = np.where(silent & (on_hand > 0), np.maximum(on_hand + coming, 0.0), excess)
        # what is only asked for yet is not needed either
        excess = np.where(excess > disposal.EPS, excess + draft, 0.0)
        step = np.where(items["whole"].astype(bool), 1.0, self.env["scm.policy.refresh"]._unit_step())
        excess = np.floor(excess / step + disposal.EPS) * step
        cost = np.nan_to_num(items["unit_cost"].to_numpy())
        return {
            "step": step,
            "demand": demand,
            "dead": dead,
            "excess": excess,
            "open": np.floor(np.maximum(excess - items["committed"].to_numpy(), 0.0) / step + disposal.EPS) * step,
            "age": disposal.fifo_age(on_hand, data.received[:, :3]),
            "cost": cost,
            "price": np.nan_to_num(items["price"].to_numpy()),
            "holding": cost * np.nan_to_num(items["holding_rate"].to_numpy()) / 12,
            "again": disposal.needed_again(excess, demand),
        }

    # Rungs

    @api.model
    def _rungs(self, company, data, facts):
        """All rungs of all items, and what the words beside them need: ``{name: value}``."""
        slope = self._slopes(data)
        extra = {"slope": slope, "lines": data.lines, "pairs": data.pairs, "company": company}
        parts = self._order_rungs(data, facts)
        first = sum(np.bincount(part.item, part.capacity, minlength=len(data.items)) for part in parts)
        on_hand = np.minimum(np.maximum(facts["open"] - first, 0.0), np.maximum(data.items["on_hand"].to_numpy(), 0.0))
        parts.append(self._transfer_rungs(company, data, facts, on_hand))
        parts.append(self._bundle_rungs(company, data, facts, on_hand, slope))
        parts.append(self._markdown_rungs(company, facts, on_hand, slope, extra))
        parts.append(self._return_rungs(company, data, facts, on_hand))
        chosen = np.flatnonzero(facts["open"] > 0)
        parts.append(
            disposal.Rungs.of("write_off", chosen, np.inf, facts["cost"][chosen] * company.scm_salvage_percent)
        )
        return disposal.Rungs.join(parts), extra

    @api.model
    def _slopes(self, data):
        products = data.items["product_id"].to_numpy(int)
        table = data.prices.astype(float).set_index("product_id").reindex(products).fillna(0.0)
        _names, category = np.unique(data.items["categ_id"].astype(float).fillna(0).to_numpy(int), return_inverse=True)
        return elasticity.estimate(
            *(table[name].to_numpy(float) for name in ("weeks", "sxx", "sxy", "syy")), category.ravel()
        )

    @api.model
    def _order_rungs(self, data, facts):
        """Orders that are not needed: quotations and late lines are cut, a whole line that is needed soon waits."""
        lines = data.lines
        item = lines["item"].to_numpy(int)
        quantity, step = lines["quantity"].to_numpy(float), facts["step"][item]
        # quotations first, as they cost a word less; within them the one that comes last
        rank = lines["day"].to_numpy(float) + np.where(lines["draft"].astype(bool), 1e6, 0.0)
        cut = np.floor(disposal.cut_orders(facts["open"], item, quantity, rank) / step + disposal.EPS) * step
        whole = cut >= quantity - disposal.EPS
        waits = ~lines["draft"].astype(bool).to_numpy() & whole & (facts["again"][item] <= disposal.POSTPONE_DAYS)
        price, ref = lines["price"].to_numpy(float), lines.index.to_numpy(int)
        order = np.lexsort((-rank, item))
        chosen = [order[(cut[order] > 0) & (waits[order] == wait)] for wait in (False, True)]
        return [
            disposal.Rungs.of(kind, item[rows], cut[rows], price[rows], ref=ref[rows])
            for kind, rows in zip(disposal.FIRST, chosen, strict=True)
        ]

    @api.model
    def _transfer_rungs(self, company, data, facts, on_hand):
        """Units that another warehouse will need within its most cover."""
        items = data.items
        cover = np.where(items["cover_max"] > 0, items["cover_max"], disposal.POSTPONE_DAYS)
        position = sum(np.nan_to_num(items[name].to_numpy()) for name in ("on_hand", "incoming", "draft"))
        wanted = facts["demand"] * cover + np.nan_to_num(items["safety_stock"].to_numpy())
        need = wanted - position + np.nan_to_num(items["outgoing"].to_numpy())
        need = np.where((facts["excess"] > 0) | facts["dead"], 0.0, np.maximum(need, 0.0))
        need = np.floor(need / facts["step"] + disposal.EPS) * facts["step"]
        source, target = self._pairs_of_warehouses(items, on_hand, need)
        units = disposal.share_needs(source, target, on_hand, need)
        keep = units > disposal.EPS
        source, target, units = source[keep], target[keep], units[keep]
        cost = facts["cost"][source]
        return disposal.Rungs.of(
            "transfer", source, units, cost, cost * company.scm_transfer_percent, TRANSFER_DAYS, target
        )

    @api.model
    def _pairs_of_warehouses(self, items, on_hand, need):
        """Items of one product in two warehouses, one with too much and one that lacks; the largest need first."""
        givers, takers = np.flatnonzero(on_hand > disposal.EPS), np.flatnonzero(need > disposal.EPS)
        product = items["product_id"].to_numpy(int)
        left = np.searchsorted(product[takers], product[givers], "left")
        count = np.searchsorted(product[takers], product[givers], "right") - left
        source = np.repeat(givers, count)
        offset = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
        target = takers[np.repeat(left, count) + offset]
        order = np.lexsort((-need[target], product[source]))
        return source[order], target[order]

    @api.model
    def _bundle_rungs(self, company, data, facts, on_hand, slope):
        """With a good seller that is often bought together."""
        items, pairs = data.items, data.pairs.set_index("product_id")
        rows = np.flatnonzero((on_hand > 0) & items["product_id"].isin(pairs.index).to_numpy() & (facts["price"] > 0))
        found = pairs.loc[items["product_id"].to_numpy(int)[rows]]
        partner = items.iloc[rows][["warehouse_id"]].assign(product_id=found["partner_id"].to_numpy(int))
        places = self.env["scm.excess.input"]._positions(items, partner)
        there = places >= 0
        rows, found, places = rows[there], found[there], places[there]
        attach = found["joint"].to_numpy(float) / found["partner_count"].to_numpy(float)
        horizon = 7 * company.scm_markdown_weeks
        units, cash, cost = elasticity.bundle(
            facts["demand"][places] * horizon, attach, facts["price"][rows], slope.value[rows]
        )
        units = np.floor(np.minimum(units, on_hand[rows]) / facts["step"][rows] + disposal.EPS) * facts["step"][rows]
        keep = (units > 0) & (cash > cost)
        partner_id = found["partner_id"].to_numpy(int)
        return disposal.Rungs.of(
            "bundle", rows[keep], units[keep], cash[keep], cost[keep], horizon / 2, partner_id[keep]
        )

    @api.model
    def _markdown_rungs(self, company, facts, on_hand, slope, extra):
        rows = np.flatnonzero((on_hand > 0) & (facts["demand"] > disposal.EPS) & (facts["price"] > 0))
        best = elasticity.best_markdown(
            on_hand[rows],
            facts["demand"][rows],
            facts["price"][rows],
            slope.value[rows],
            facts["holding"][rows],
            facts["cost"][rows] * company.scm_salvage_percent,
            7 * company.scm_markdown_weeks,
            company.scm_markdown_most,
        )
        step = facts["step"][rows]
        units = np.floor(best.units / step + disposal.EPS) * step
        keep = units > 0
        extra["depth"] = dict(zip(rows[keep].tolist(), best.depth[keep].tolist(), strict=True))
        extra["span"] = dict(zip(rows[keep].tolist(), best.days[keep].tolist(), strict=True))
        return disposal.Rungs.of(
            "markdown", rows[keep], units[keep], best.cash[keep], best.cost[keep], best.days[keep] / 2
        )

    @api.model
    def _return_rungs(self, company, data, facts, on_hand):
        """Back to the vendor, on the terms of the price list line, else those of the company."""
        items = data.items
        own = items["return_percent"].to_numpy()
        percent = np.where(np.nan_to_num(own) > 0, own, company.scm_return_percent)
        within = np.nan_to_num(items["return_days"].to_numpy())
        fits = np.where(within > 0, np.minimum(on_hand, data.received[:, 3]), on_hand)
        fits = np.floor(fits / facts["step"] + disposal.EPS) * facts["step"]
        rows = np.flatnonzero((fits > 0) & (percent > 0) & items["vendor_id"].notna().to_numpy())
        cost = facts["cost"][rows]
        return disposal.Rungs.of(
            "vendor_return", rows, fits[rows], cost * percent[rows], cost * company.scm_transfer_percent, RETURN_DAYS
        )

    # Write

    @api.model
    def _write(self, company, rows, actions):
        """Upsert rows and proposed actions by COPY; delete what does not hold any more. Decisions stay."""
        columns = self.env["scm.excess.row"]._column_names()
        self._copy("scm_excess_new", "scm_excess", columns, rows)
        self._copy("scm_excess_action_new", "scm_excess_action", ACTION_COLUMNS, actions)
        cr = self.env.cr
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        cr.execute(
            SQL(
                """INSERT INTO scm_excess (%s) SELECT %s FROM scm_excess_new
                       ON CONFLICT (product_id, warehouse_id) DO UPDATE SET %s""",
                names,
                names,
                self._updates(columns, EXCESS_KEPT),
            )
        )
        self._retire(company)
        self._write_actions(company)
        self.env["scm.excess"].invalidate_model()
        self.env["scm.excess.action"].invalidate_model()

    @api.model
    def _copy(self, temporary, table, columns, rows):
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", temporary)))
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s LIMIT 0",
                SQL.identifier(temporary),
                names,
                SQL.identifier(table),
            )
        )
        stream = io.StringIO()
        encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
        csv.writer(stream).writerows([*values, encode(why)] for *values, why in rows)
        stream.seek(0)
        cr.copy_expert(f"COPY {temporary} FROM STDIN WITH (FORMAT csv)", stream)

    @api.model
    def _updates(self, columns, kept):
        return SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns if name not in kept
        )

    @api.model
    def _retire(self, company):
        """Rows whose excess is gone: done where somebody did something about it, else deleted."""
        condition = SQL(
            """e.company_id = %s AND NOT EXISTS (SELECT FROM scm_excess_new n
                  WHERE n.product_id = e.product_id AND n.warehouse_id = e.warehouse_id)""",
            company.id,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_excess e
                   SET state = 'done', excess_quantity = 0, excess_value = 0, holding_month = 0, cash_recovered = 0,
                       net_recovered = 0, open_quantity = 0
                 WHERE %s AND EXISTS (SELECT FROM scm_excess_action a
                                       WHERE a.excess_id = e.id AND a.state IN ('accepted', 'done'))
                """,
                condition,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM scm_excess e WHERE %s AND NOT EXISTS (
                    SELECT FROM scm_excess_action a WHERE a.excess_id = e.id AND a.state IN ('accepted', 'done'))
                """,
                condition,
            )
        )

    @api.model
    def _write_actions(self, company):
        """Proposed rungs follow the new ladder; those that a person accepted stay as they are."""
        names = SQL(", ").join(SQL.identifier(name) for name in ACTION_COLUMNS)
        taken = SQL(", ").join(SQL.identifier("n", name) for name in ACTION_COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM scm_excess_action a
                 WHERE a.company_id = %s AND a.state = 'proposed'
                   AND NOT EXISTS (SELECT FROM scm_excess_action_new n
                                    WHERE n.product_id = a.product_id AND n.warehouse_id = a.warehouse_id
                                      AND n.key = a.key)
                """,
                company.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_excess_action (excess_id, %s)
                SELECT e.id, %s FROM scm_excess_action_new n
                  JOIN scm_excess e ON e.product_id = n.product_id AND e.warehouse_id = n.warehouse_id
                    ON CONFLICT (excess_id, key) WHERE state = 'proposed' DO UPDATE SET %s
                """,
                names,
                taken,
                self._updates(ACTION_COLUMNS, (*EXCESS_KEPT, "state")),
            )
        )
