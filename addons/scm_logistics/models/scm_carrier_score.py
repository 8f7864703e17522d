from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import carrier_choice, price_rules

#: levels at which a lane says what a parcel of the weight costs
_EXACT = ("lane", "lane_warehouse")
#: days before and behind the asked ones for which calendars are read
_MARGIN_DAYS = 120
#: what a price rule of Odoo may look at
_FACTS = ("weight", "volume", "wv", "price", "quantity")


class ScmCarrierScore(models.AbstractModel):
    """What each carrier would cost for a list of shipments: read in a few queries, computed by the kernel.

    A shipment (*case*) is a dict: ``key``; ``country_id``, ``state_id``, ``zip``; ``warehouse_id`` (or False);
    ``weight`` (kg), ``volume``, ``quantity``, ``value`` (company currency); ``date_ship``, ``date_promised`` (local
    days, the latter or False); ``cost_late``, ``cost_late_day``; ``carrier_ids``: the candidates; optionally ``order``:
    the sales order that a provider is asked with (only where ``live``).
    """

    _name = "scm.carrier.score"
    _description = "Expected Cost of Carriers"

    @api.model
    def _score(self, company, cases, live=False):
        """Add ``zone_id``, ``band_id`` and ``options`` (a dict per candidate that has a price) to each case.

        :param live: ask providers for their rate, one call per carrier and case; else they cost what their lanes do
        """
        self._classify(company, cases)
        # sudo: prices and lanes are read to compute one figure for who was allowed to ask for the proposal
        carriers = self.env["delivery.carrier"].sudo().browse({one for case in cases for one in case["carrier_ids"]})
        keys = {self._lane_key(case, one) for case in cases for one in case["carrier_ids"]}
        lanes = self.env["scm.lane"].sudo()._lookup(company, keys)  # sudo: see above
        prices = self._prices(company, carriers, cases)
        days = self._days(company, carriers, cases)
        for number, case in enumerate(cases):
            case["options"] = []
            for carrier in carriers.browse(case["carrier_ids"]):
                lane = lanes.get(self._lane_key(case, carrier.id)) or {}
                price, source = self._price_of(company, carrier, case, prices[carrier.id][number], lane, live)
                if source:
                    case["options"].append(self._option(case, carrier, price, source, lane, days))
        return cases

    @api.model
    def _days(self, company, carriers, cases):
        asked = {case[name] for case in cases for name in ("date_ship", "date_promised") if case[name]}
        if not asked:
            return None
        first, last = min(asked) - timedelta(_MARGIN_DAYS), max(asked) + timedelta(_MARGIN_DAYS)
        return carriers._scm_calendar(company, carriers, first, last)

    @api.model
    def _lane_key(self, case, carrier_id):
        return (carrier_id, case["warehouse_id"] or False, case["zone_id"] or False, case["band_id"] or False)

    @api.model
    def _classify(self, company, cases):
        """Zone and weight band of each case."""
        addresses = [(company.id, case["country_id"], case["state_id"], case["zip"]) for case in cases]
        zones = self.env["scm.zone"]._resolve(addresses)
        bands = self.env["scm.weight.band"]._bands_of([(company.id, case["weight"]) for case in cases])
        for case, zone_id, band_id in zip(cases, zones, bands, strict=True):
            case["zone_id"], case["band_id"] = zone_id, band_id

    # Prices

    @api.model
    def _prices(self, company, carriers, cases):
        """{carrier: prices of the cases by the carrier's own rules, company currency; NaN: it has none}"""
        facts = {name: np.array([self._fact(case, name) for case in cases], dtype=float) for name in _FACTS}
        result = {}
        for carrier in carriers:
            rate = self._rate(carrier, company)
            result[carrier.id] = np.full(len(cases), np.nan)
            if carrier.delivery_type == "fixed":
                result[carrier.id] = np.full(len(cases), carrier.fixed_price * rate)
            elif carrier.delivery_type == "base_on_rule":
                rules = [
                    (
                        one.variable,
                        one.operator,
                        one.max_value,
                        one.list_base_price,
                        one.list_price,
                        one.variable_factor,
                    )
                    for one in carrier.price_rule_ids
                ]
                result[carrier.id] = price_rules.price(rules, facts | {"price": facts["price"] / rate}) * rate
        return result

    @api.model
    def _fact(self, case, name):
        if name == "wv":
            return case["weight"] * case["volume"]
        return case["value"] if name == "price" else case[name]

    @api.model
    def _rate(self, carrier, company):
        """Units of company currency for one unit of the currency in which the carrier's prices are."""
        currency = (carrier.company_id or self.env["res.company"]._get_main_company()).currency_id
        if currency == company.currency_id:
            return 1.0
        return currency._get_conversion_rate(currency, company.currency_id, company, local_today(company))

    @api.model
    def _price_of(self, company, carrier, case, by_rules, lane, live):
        """(price, where it comes from); the source is False when the carrier does not take the shipment."""
        has_rules = carrier.delivery_type in ("fixed", "base_on_rule")
        if has_rules and np.isnan(by_rules):
            return 0.0, False
        by_lane = self._lane_price(case, lane)
        if carrier.scm_price_basis == "lane" and by_lane:
            return by_lane, "lane"
        if has_rules:
            return float(by_rules), "rules"
        asked = self._ask_provider(company, carrier, case.get("order")) if live else None
        if asked is not None:
            return asked, "provider"
        return (by_lane, "lane") if by_lane else (0.0, False)

    @api.model
    def _lane_price(self, case, lane):
        """What a parcel of this weight costs, as measured; by the kilogram where the lane is a wider group."""
        if lane.get("level") not in _EXACT and lane.get("cost_kg") and case["weight"]:
            return float(lane["cost_kg"] * case["weight"])
        return float(lane.get("cost") or 0.0)

    @api.model
    def _ask_provider(self, company, carrier, order):
        """Rate of a provider for an order, company currency; None when it does not give one."""
        if not order:
            return None
        try:
            with self.env.cr.savepoint():
                rate = carrier.rate_shipment(order)
        except UserError:
            return None
        if not rate.get("success"):
            return None
        price = rate.get("carrier_price", rate["price"])
        return order.currency_id._convert(price, company.currency_id, company, local_today(company))

    # One option

    @api.model
    def _days_left(self, days, carrier, case):
        """Working days until the promise; a day that is over is missed, also when none of them lies between."""
        start, end = case["date_ship"], case["date_promised"]
        if not end:
            return None
        left = days.between(carrier.id, start, end)
        return min(left, -1) if end < start else left

    @api.model
    def _option(self, case, carrier, price, source, lane, days):
        left = self._days_left(days, carrier, case)
        p_late, days_late = self._lateness(lane, left)
        p_loss = float(lane.get("lost") or 0.0) + float(lane.get("damaged") or 0.0)
        cost = carrier_choice.expected_cost(
            price, p_late, days_late, p_loss, case["value"], case["cost_late"], case["cost_late_day"]
        )
        median = lane.get("median")
        return {
            "carrier_id": carrier.id,
            "price": round(price, 2),
            "price_source": source,
            "p_late": round(p_late, 4),
            "days_late": round(days_late, 3),
            "p_loss": round(p_loss, 5),
            "late_cost": round(float(cost.late), 2),
            "risk_cost": round(float(cost.risk), 2),
            "score": round(float(cost.total), 2),
            "days_left": False if left is None else left,
            "median": float(median or 0.0),
            "p90": float(lane.get("p90") or 0.0),
            "arrives": days.after(carrier.id, case["date_ship"], median).isoformat() if median else False,
            "sample": int(lane.get("sample") or 0),
            "level": lane.get("level") or "none",
        }

    @api.model
    def _lateness(self, lane, left):
        """(probability, mean days late): from the transit times when the promise is known, else the lane's rate."""
        pmf = lane.get("pmf")
        if left is not None and pmf is not None and len(pmf):
            return carrier_choice.late_terms(pmf, left)
        rate = float(lane.get("late") or 0.0)
        return rate, rate
