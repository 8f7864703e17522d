"""Second beat: what each vendor's line costs when all is counted, and how planned orders are shared."""

from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, models

from odoo.addons.scm_planning.kernel.leadtime import lead_times
from odoo.addons.scm_planning.kernel.proposal import QUANTITY_EPS
from odoo.addons.scm_planning.kernel.supply_calendar import NEVER, arrival_day, latest_order_day

from ..kernel.landed_cost import landed_cost, shrunk_share
from ..kernel.vendor_split import Offers, Orders, split_orders


class ScmVendorChoice(models.AbstractModel):
    _name = "scm.vendor.choice"
    _description = "Choice of Vendors"

    # Price lists

    @api.model
    def _with_standing(self, company, items, sellers, info):
        """Price list lines, one row each in their order, with what their vendors may.

        Columns: ``item``, ``vendor`` (commercial), ``product``, ``price``, ``consequence``, ``share_limit``, ``grade``,
        ``blocked``.
        """
        lines = pd.DataFrame({
            "item": sellers.item, "vendor": info["company_partner"].to_numpy(int), "price": sellers.unit_price,
            "product": items["product_id"].to_numpy(int)[sellers.item],
        })  # fmt: skip
        vendors = [int(vendor) for vendor in lines["vendor"].unique()]
        standing = self.env["scm.vendor.choice.input"]._read_standing(company, vendors)
        lines = lines.merge(standing, on="vendor", how="left")
        lines["blocked"] = (lines["consequence"] == "block") | self._unqualified(company, items, lines)
        return lines

    @api.model
    def _with_costs(self, company, items, lines):
        """The lines with what they cost when all is counted.

        Further columns: ``lateness``, ``quality``, ``landed`` (money per unit), ``rank_cost`` (landed, with what a
        preferred vendor may cost more), ``late_days`` (mean), ``late_sample`` (receipts), ``defects`` (share).
        """
        vendors = [int(vendor) for vendor in lines["vendor"].unique()]
        late = self._lateness(company, lines)
        lines["late_days"], lines["late_sample"] = np.round(late.mean, 1), np.maximum(late.own_count, late.vendor_count)
        lines["defects"] = self._defects(company, lines, vendors)
        cost = landed_cost(
            lines["price"], late.nodes, *self._buffer_days(company, items, lines), self._margins(items, lines),
            lines["defects"], company.scm_defect_cost_rate / 100,
        )  # fmt: skip
        lines["lateness"], lines["quality"], lines["landed"] = cost.lateness, cost.quality, cost.total
        preferred = lines["consequence"].to_numpy(str) == "preferred"
        lines["rank_cost"] = cost.total * np.where(preferred, 1 - company.scm_preference_rate / 100, 1.0)
        return lines

    @api.model
    def _unqualified(self, company, items, lines):
        category = pd.to_numeric(items["categ_id"]).fillna(0).to_numpy(int)[lines["item"].to_numpy(int)]
        keys = list(zip(lines["vendor"].tolist(), category.tolist(), strict=True))
        refused = self.env["scm.vendor.choice.input"]._read_unqualified(company, sorted(set(keys)))
        return np.array([key in refused for key in keys], bool)

    @api.model
    def _lateness(self, company, lines):
        """Days late of each line's vendor and product (:class:`.leadtime.LeadTimes`); unmeasured vendors: on time."""
        facts = self.env["scm.order.plan.input"]._read_lateness(company)
        return lead_times(
            facts["partner_id"], facts["product_id"], np.maximum(facts["days"], 0.0), lines["vendor"],
            lines["product"], np.zeros(len(lines)), default_days=0.0,
        )  # fmt: skip

    @api.model
    def _defects(self, company, lines, vendors):
        """Share of bad units of each line's vendor and product."""
        known = self.env["scm.vendor.choice.input"]._read_defects(company, vendors)
        pairs = pd.concat([known, lines[["vendor", "product"]]]).drop_duplicates(["vendor", "product"])
        pairs[["total", "bad"]] = pairs[["total", "bad"]].astype(float).fillna(0.0)
        pairs["share"] = shrunk_share(pairs["bad"], pairs["total"], pairs["vendor"])
        found = lines[["vendor", "product"]].merge(pairs, on=["vendor", "product"], how="left")
        return found["share"].to_numpy(float)

    @api.model
    def _buffer_days(self, company, items, lines):
        """(days that the safety stock lasts, days that a lot lasts) of each line's item."""
        levels = self.env["scm.order.plan.input"]._read_levels(company, items)
        demand = np.maximum(levels["demand_day"].to_numpy(float), QUANTITY_EPS)
        safety, lot = (np.minimum(levels[name].to_numpy(float) / demand, 365.0) for name in ("safety_stock", "lot"))
        item = lines["item"].to_numpy(int)
        return safety[item], np.maximum(lot, 7.0)[item]

    @api.model
    def _margins(self, items, lines):
        item = lines["item"].to_numpy(int)
        cost = items["standard_price"].fillna(0.0).to_numpy(float)[item]
        cost = np.where(cost > 0, cost, lines["price"].to_numpy(float))
        return items["list_price"].fillna(0.0).to_numpy(float)[item] - cost

    @api.model
    def _drop_blocked(self, lines):
        """bool per line: stays. A blocked vendor goes only where another one is left."""
        open_lines = np.bincount(lines["item"], ~lines["blocked"])
        return ~lines["blocked"].to_numpy(bool) | (open_lines[lines["item"].to_numpy(int)] == 0)

    @api.model
    def _as_priority(self, lines):
        """Priority of each line so that Odoo's own rule takes the vendor with the lowest landed cost first."""
        # a vendor with several price breaks is judged by the line that is cheapest when all is counted
        best = lines.groupby(["item", "vendor"])["rank_cost"].transform("min")
        return best.groupby(lines["item"]).rank(method="dense").to_numpy(float)

    # Shares

    @api.model
    def _share_orders(self, data, table):
        """The planned orders of ``table`` with vendors by cost, share and capacity; extra column ``choice``."""
        source = self.env["scm.order.plan.input"]
        days = np.full(len(data.items), np.datetime64(data.today))
        sellers, info = source._read_sellers(data.company, data.items, days)
        lines = self._with_costs(data.company, data.items, self._with_standing(data.company, data.items, sellers, info))
        lines, calendar = self._with_terms(data, sellers, info, lines)
        offers = self._offers(data, lines)
        shared = table["kind"].eq("buy") & table["item"].isin(self._choosable(offers))
        if not shared.any():
            return table
        rows = table[shared].reset_index(names="place")
        offers = offers[offers["item"].isin(rows["item"].unique())].reset_index(drop=True)
        parts = self._split(data, rows, offers, calendar)
        return self._joined(table[~shared].reset_index(names="place"), parts)

    @api.model
    def _with_terms(self, data, sellers, info, lines):
        """(lines with lead time, arrival and what the price list says, calendar of their vendors)."""
        company, first = data.company, data.today
        lines["line_id"], lines["partner"] = sellers.id, sellers.partner
        lines["minimum"], lines["valid"] = sellers.minimum, sellers.valid & info["fits"].to_numpy(bool)
        factor = info["uom_factor"].to_numpy(float)
        lines["multiple"] = np.where(np.abs(factor - 1) > QUANTITY_EPS, factor, 0.0)
        receipts = self.env["scm.policy.refresh"]._receipts(self.env["scm.order.plan.input"]._read_receipts(company))
        delay = info["delay"].to_numpy(float)
        times = lead_times(
            receipts.vendor, receipts.product, receipts.days, lines["vendor"], lines["product"],
            np.where(delay > 0, delay, np.nan),
        )  # fmt: skip
        lines["lead_days"], lines["lead_sample"] = times.mean + company.days_to_purchase, times.own_count
        last = first + timedelta(weeks=data.options.weeks)
        partners = np.unique(lines["partner"]).tolist()
        calendar, rows = self.env["scm.event"]._supply_calendar(company, partners, first, last)
        lines["calendar_row"] = lines["partner"].map(rows).fillna(-1).astype(int)
        lines["first_day"] = arrival_day(calendar, lines["calendar_row"], np.zeros(len(lines), int), lines["lead_days"])
        if company.scm_vendor_choice == "priority":
            lines["rank_cost"] = np.arange(len(lines), dtype=float)
        if not company.scm_vendor_split:
            lines["share_limit"] = 1.0
        return lines, calendar

    @api.model
    def _offers(self, data, lines):
        """One row per item and vendor: its best line at the usual lot, sorted by item and cost."""
        usable = lines[lines["valid"] & self._drop_blocked(lines) & (lines["first_day"] < NEVER)].copy()
        lot = data.kernel.moq[usable["item"].to_numpy(int)]
        usable["over"] = usable["minimum"] > np.maximum(lot, usable["minimum"].groupby(usable["item"]).transform("min"))
        usable["moq"] = usable.groupby(["item", "vendor"])["minimum"].transform("min")
        usable = usable.sort_values(["item", "vendor", "over", "landed", "line_id"], kind="stable")
        offers = usable.drop_duplicates(["item", "vendor"]).sort_values(
            ["item", "rank_cost", "line_id"], kind="stable", ignore_index=True
        )
        return self._with_commitments(data, offers)

    @api.model
    def _with_commitments(self, data, offers):
        source = self.env["scm.vendor.choice.input"]
        products = [int(value) for value in offers["product"].unique()]
        open_orders = source._read_commitments(data.company, products)
        open_orders["item"] = self.env["scm.policy.input"]._positions(data.items, open_orders)
        known = open_orders.groupby(["item", "vendor"], as_index=False)["quantity"].sum()
        offers = offers.merge(known, on=["item", "vendor"], how="left")
        offers["committed"] = offers["quantity"].astype(float).fillna(0.0)
        capacity = source._read_capacity(data.company, [int(value) for value in offers["vendor"].unique()])
        offers["capacity"] = offers["vendor"].map(capacity).fillna(np.inf)
        return offers

    @api.model
    def _choosable(self, offers):
        """Items with more than one vendor."""
        count = offers["item"].value_counts()
        return count.index[count > 1]

    @api.model
    def _split(self, data, rows, offers, calendar):
        codes, vendor = np.unique(offers["vendor"], return_inverse=True)
        capacity = offers.groupby(vendor)["capacity"].first().reindex(range(len(codes))).to_numpy(float)
        day = data.plan.orders.receipt_day[rows["place"].to_numpy(int)]
        order = np.lexsort((day, rows["item"]))
        rows, day = rows.iloc[order].reset_index(drop=True), day[order]
        split = split_orders(
            Orders(
                item=rows["item"].to_numpy(int), quantity=rows["quantity"].to_numpy(float), day=day,
                week=(day + data.options.weekday) // 7, worth=self._worth(data, rows),
            ),
            Offers(
                item=offers["item"].to_numpy(int), vendor=vendor, cost=offers["rank_cost"].to_numpy(float),
                first_day=offers["first_day"].to_numpy(int), moq=offers["moq"].to_numpy(float),
                multiple=offers["multiple"].to_numpy(float), share_max=offers["share_limit"].to_numpy(float),
                committed=offers["committed"].to_numpy(float),
            ),
            len(data.items), capacity,
        )  # fmt: skip
        return self._parts(data, rows, day, offers, split, calendar)

    @api.model
    def _worth(self, data, rows):
        item = rows["item"].to_numpy(int)
        return data.items["list_price"].fillna(0.0).to_numpy(float)[item] - data.unit_cost[item]

    @api.model
    def _parts(self, data, rows, day, offers, split, calendar):
        """Rows of the parts, with vendor, price, days and the reasons."""
        parts = rows.iloc[split.order].reset_index(drop=True)
        offer = offers.iloc[split.offer].reset_index(drop=True)
        receipt = np.maximum(day[split.order], offer["first_day"].to_numpy(int))
        parts["quantity_net"] = np.round(parts["quantity_net"] * split.quantity / parts["quantity"], 4)
        parts["quantity"] = np.round(split.quantity, 6)
        parts["vendor_id"] = offer["partner"].astype(object)
        parts["supplierinfo_id"] = offer["line_id"].astype(object)
        parts["price_unit"] = np.round(offer["price"], 6)
        parts["value"] = self.env["scm.order.plan.row"]._round(
            data.company.currency_id, parts["quantity"] * parts["price_unit"]
        )
        latest = latest_order_day(calendar, offer["calendar_row"], receipt, offer["lead_days"])
        ordered = np.maximum(latest, 0)
        parts["date_order"] = self.env["scm.order.plan.row"]._days(data, ordered)
        parts["date_receipt"] = self.env["scm.order.plan.row"]._days(data, receipt)
        repeated = pd.Series(split.order).duplicated().to_numpy()
        parts.loc[repeated, "late"] = False
        parts.loc[repeated, ["late_quantity", "margin_at_risk"]] = 0.0
        parts.loc[repeated, "remedy"] = None
        parts["choice"] = self._choices(data, offers, offer, split)
        return parts

    @api.model
    def _choices(self, data, offers, offer, split):
        """Why record's part of each order: the vendors that were compared, and which limits were in the way."""
        partners = self.env["res.partner"].browse(int(vendor) for vendor in offers["vendor"].unique())
        names = {partner.id: partner.display_name for partner in partners}
        digits = data.company.currency_id.decimal_places + 2
        compared = {
            item: [(int(row.vendor), names[int(row.vendor)], round(row.landed, digits)) for row in rows.itertuples()]
            for item, rows in offers.groupby("item")
        }
        result = []
        for place, row in enumerate(offer.itertuples()):
            notes = ["choice_over_share"] if split.over_share[place] else []
            notes += ["choice_over_capacity"] if split.over_capacity[place] else []
            notes += ["choice_blocked"] if row.blocked else []
            own = [
                ("choice_landed", round(row.landed, digits)), ("choice_lateness", round(row.lateness, digits)),
                ("choice_quality", round(row.quality, digits)),
            ]  # fmt: skip
            others = [(name, cost) for vendor, name, cost in compared[row.item] if vendor != row.vendor]
            result.append({
                "money": own, "others": others, "grade": row.grade, "share": row.share_limit, "notes": notes,
                "late_days": row.late_days, "late_sample": int(row.late_sample), "defects": round(row.defects, 4),
            })  # fmt: skip
        return result

    @api.model
    def _joined(self, others, parts):
        others["choice"] = None
        both = pd.concat([others, parts], ignore_index=True)
        both = both.sort_values(["place", "quantity"], ascending=[True, False], kind="stable", ignore_index=True)
        return both.drop(columns="place")

