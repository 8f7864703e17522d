"""Second and third beat of the proposals: the kernel's figures, and one statement that writes them."""

import csv
import io
import json

import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from ..kernel import replenish
from ..kernel.policy import PolicySettings

#: class of a product that has too little demand to be classed
UNKNOWN_CLASS = ("C", "Y")
POLICY_COLUMNS = (
    "target", "service_level", "review_days", "cover_min_days", "cover_max_days", "ordering_cost", "holding_rate",
    "stocked",
)  # fmt: skip
#: what an update leaves as a person or an earlier refresh left it
KEPT_COLUMNS = ("create_uid", "create_date", "rejected_min", "rejected_max")
MOST_COVER_DAYS = 9999.0


class ScmPolicyRefresh(models.AbstractModel):
    _name = "scm.policy.refresh"
    _description = "Refresh of Replenishment Proposals"

    @api.model
    def _run(self, companies, product_ids=None):
        """Rewrite the proposals of these companies, or only of some products; returns the number of rows.

        A fixed number of queries per company. Running it twice gives the same rows.
        """
        self = self.sudo()  # called by jobs and by methods that have checked the role; nobody writes proposals himself
        self.env["scm.inventory.policy"]._ensure_defaults(companies)
        count = 0
        for company in companies:
            count += self.with_company(company)._run_company(company, product_ids)
        return count

    @api.model
    def _run_company(self, company, product_ids):
        data = self.env["scm.policy.input"]._read_company(company, product_ids)
        demand, forecasts = self._read_demand(company, data)
        policies = self._choose_policies(company, data.items)
        terms, settings = data.seller_info, self._settings(data.items, policies)
        result = replenish.propose(
            self._kernel_items(data, forecasts),
            demand,
            self._flow(data.incoming),
            self._flow(data.outgoing),
            data.sellers,
            replenish.SellerTerms(
                vendor=terms["company_partner"].to_numpy(int),
                delay=terms["delay"].to_numpy(float),
                factor=terms["uom_factor"].to_numpy(float),
                fits=terms["fits"].to_numpy(bool),
            ),
            self._receipts(data.receipts),
            settings,
            company.days_to_purchase,
            self._most_stock(data.items, demand, settings),
        )
        rows = self.env["scm.policy.row"]._prepare_rows(company, data, forecasts, policies, result)
        return self._write(company, rows, product_ids)

    # Forecast

    @api.model
    def _read_demand(self, company, data):
        """The kernel's slice of the current weekly forecast, and per item what its row says."""
        n = len(data.items)
        run = self.env["scm.forecast.run"].search(
            [("company_id", "=", company.id), ("freq", "=", "W"), ("current", "=", True)], limit=1
        )
        if not run:
            empty = pd.DataFrame({"forecast_id": [None] * n, "pattern": [None] * n, "biased": [False] * n})
            return replenish.no_demand(n), empty
        keys, result, _extra = run._kernel_result()
        keys = pd.DataFrame(keys, columns=["product_id", "warehouse_id"])
        positions = self.env["scm.policy.input"]._positions(keys, data.items)
        elapsed = (data.today - np.datetime64(run.date_from)).astype(int)
        return replenish.demand_from_today(result, positions, np.maximum(elapsed, 0)), self._forecast_rows(run, data)

    @api.model
    def _forecast_rows(self, run, data):
        rows = self.env.execute_query(
            SQL("SELECT product_id, warehouse_id, id, pattern, biased FROM scm_forecast WHERE run_id = %s", run.id)
        )
        known = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "forecast_id", "pattern", "biased"])
        return data.items[["product_id", "warehouse_id"]].merge(known, on=["product_id", "warehouse_id"], how="left")

    # Input of the kernel

    @api.model
    def _choose_policies(self, company, items):
        """Policy of each item: the one given by hand, else that of its class; columns ``POLICY_COLUMNS`` and id."""
        policies = (
            self.env["scm.inventory.policy"].with_context(active_test=False).search([("company_id", "=", company.id)])
        )
        table = pd.DataFrame(
            [(policy.id, policy.kind, policy.abc, policy.xyz, *(policy[name] for name in POLICY_COLUMNS))
             for policy in policies],
            columns=["id", "kind", "abc", "xyz", *POLICY_COLUMNS],
        )  # fmt: skip
        classes = table[table["kind"] == "class"].set_index(["abc", "xyz"])["id"]
        abc = items["abc"].fillna(UNKNOWN_CLASS[0])
        xyz = items["xyz"].fillna(UNKNOWN_CLASS[1])
        by_class = classes.reindex(pd.MultiIndex.from_arrays([abc, xyz])).to_numpy()
        by_hand = items["policy_id"].where(items["policy_id"].isin(table["id"])).to_numpy(float)
        chosen = np.where(np.isnan(by_hand), by_class, by_hand).astype(int)
        result = table.set_index("id").loc[chosen].reset_index()
        return result.assign(by_hand=~np.isnan(by_hand), unknown=items["abc"].isna() | items["xyz"].isna())

    @api.model
    def _settings(self, items, policies):
        cover_max = policies["cover_max_days"].to_numpy(float)
        return PolicySettings.of(
            len(items),
            policies["service_level"].to_numpy(float),
            fill=(policies["target"] == "fill").to_numpy(),
            review_days=policies["review_days"].to_numpy(float),
            cover_min_days=policies["cover_min_days"].to_numpy(float),
            cover_max_days=np.where(cover_max > 0, cover_max, np.inf),
            ordering_cost=policies["ordering_cost"].to_numpy(float),
            holding_rate=policies["holding_rate"].to_numpy(float),
            rounding=np.where(items["whole"].astype(bool), 1.0, self._unit_step()),
            stocked=policies["stocked"].to_numpy(bool),
        )

    @api.model
    def _most_stock(self, items, demand, settings):
        """Hook: the most units that each item may be ordered up to, float (n,), or None without a limit."""
        return None

    @api.model
    def _unit_step(self):
        return 10.0 ** -self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _kernel_items(self, data, forecasts):
        items = data.items
        number = {name: items[name].to_numpy(float) for name in (
            "on_hand", "min_current", "max_current", "rejected_min", "rejected_max", "applied_min", "applied_max",
        )}  # fmt: skip
        return replenish.Items(
            product=items["product_id"].to_numpy(int),
            draft=data.draft,
            state=items["state"].fillna("").to_numpy(str),
            unit_cost=items["standard_price"].fillna(0.0).to_numpy(float),
            sale_price=items["list_price"].fillna(0.0).to_numpy(float),
            fixed_seller=self._fixed_sellers(data),
            fixed_multiple=items["rule_multiple"].fillna(0.0).to_numpy(float),
            route_days=data.route_days,
            dead=(forecasts["pattern"] == "dead").to_numpy(bool),
            forecast=(forecasts["forecast_id"].notna() & (forecasts["pattern"] != "no_history")).to_numpy(bool),
            **number,
        )

    @api.model
    def _fixed_sellers(self, data):
        """Index of the price list line that the rule of each item names, -1 where it names none."""
        lines = pd.MultiIndex.from_arrays([data.sellers.item, data.sellers.id])
        named = data.items["rule_seller_id"].fillna(-1).to_numpy(int)
        return lines.get_indexer(pd.MultiIndex.from_arrays([np.arange(len(named)), named]))

    @api.model
    def _flow(self, moves):
        return replenish.Flow(
            moves["item"].to_numpy(int), moves["day"].to_numpy(int), moves["quantity"].to_numpy(float)
        )

    @api.model
    def _receipts(self, rows):
        partner, product, _company, days, _quantity = zip(*rows, strict=True) if rows else ((),) * 5
        return replenish.Receipts(np.array(partner, int), np.array(product, int), np.array(days, float))

    # Write

    @api.model
    def _write(self, company, rows, product_ids):
        """Upsert all rows by COPY and one statement, and delete those whose product is not planned any more."""
        proposals = self.env["scm.policy.proposal"]
        names = [SQL.identifier(name) for name in self.env["scm.policy.row"]._column_names()]
        columns = SQL(", ").join(names)
        updates = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", name, name) for name in names if name.code.strip('"') not in KEPT_COLUMNS
        )
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS scm_policy_new")
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE scm_policy_new ON COMMIT DROP AS SELECT %s FROM scm_policy_proposal LIMIT 0",
                columns,
            )
        )
        cr.copy_expert("COPY scm_policy_new FROM STDIN WITH (FORMAT csv)", self._csv(rows))
        cr.execute(
            SQL(
                """
                INSERT INTO scm_policy_proposal (%s) SELECT %s FROM scm_policy_new
                    ON CONFLICT (product_id, warehouse_id) DO UPDATE SET %s
                """,
                columns,
                columns,
                updates,
            )
        )
        self._delete_others(company, product_ids)
        proposals.invalidate_model()
        return len(rows)

    @api.model
    def _csv(self, rows):
        stream = io.StringIO()
        writer = csv.writer(stream)
        encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
        writer.writerows([*values, encode(why)] for *values, why in rows)
        stream.seek(0)
        return stream

    @api.model
    def _delete_others(self, company, product_ids):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM scm_policy_proposal p
                 WHERE p.company_id = %s AND %s
                   AND NOT EXISTS (SELECT FROM scm_policy_new n
                                    WHERE n.product_id = p.product_id AND n.warehouse_id = p.warehouse_id)
                """,
                company.id,
                self.env["scm.policy.input"]._product_condition(SQL.identifier("p", "product_id"), product_ids),
            )
        )
