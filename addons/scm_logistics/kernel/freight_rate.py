"""What a carrier should charge for a parcel: by contract rates, else by the price rules of a delivery method.

A contract rate holds for a carrier, a zone (or all zones), weights from a bound on, and days. Of the rates that fit,
the one for the parcel's own zone goes before the one for all zones, then the greatest lower bound of weight, then the
latest first day::

    price = base + per_kg x weight

Price rules are read as Odoo reads them (delivery.carrier, 2026): the first rule whose condition holds gives
``base + factor price x factor``. Margins are what the customer pays on top; the carrier does not ask for them.
"""

from dataclasses import dataclass

import numpy as np

#: stands for "all zones" in the zones of rates, and for "no zone known" in those of parcels
ALL = 0

_COMPARE = {"==": np.equal, "<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater}


@dataclass(frozen=True)
class Rates:
    """Arrays (r,): carrier and zone (ids; zone 0 is all), weight_from in kg, money, first and last day (ordinals)."""

    carrier: np.ndarray
    zone: np.ndarray
    weight_from: np.ndarray
    base: np.ndarray
    per_kg: np.ndarray
    day_from: np.ndarray
    day_to: np.ndarray

    @classmethod
    def of(cls, rows):
        """From rows (carrier, zone, weight_from, base, per_kg, day_from, day_to)."""
        columns = np.array(list(rows), float).reshape(-1, 7).T
        ids = [column.astype(np.int64) for column in columns[[0, 1, 5, 6]]]
        return cls(ids[0], ids[1], columns[2], columns[3], columns[4], ids[2], ids[3])


def contract_price(rates, carrier, zone, weight, day):
    """Price (n,) of parcels by the contract; NaN where no rate fits.

    :param carrier, zone: int (n,); ``weight``: kg (n,); ``day``: ordinals (n,)

    Up to 5 kg 8.00, from 5 kg on 6.00 + 0.50 per kg, to the islands (zone 7) 20.00:

    >>> rates = Rates.of([(1, 0, 0, 8, 0, 0, 9), (1, 0, 5, 6, .5, 0, 9), (1, 7, 0, 20, 0, 0, 9)])
    >>> contract_price(rates, [1, 1, 1, 2], [3, 3, 7, 3], [2.0, 10.0, 10.0, 1.0], [5, 5, 5, 5]).tolist()
    [8.0, 11.0, 20.0, nan]
    """
    carrier, zone, day = (np.asarray(values, np.int64) for values in (carrier, zone, day))
    weight = np.asarray(weight, float)
    price = np.full(len(carrier), np.nan)
    # the better rate comes later and writes over the others
    order = np.lexsort((rates.day_from, rates.weight_from, rates.zone != ALL))
    for one in order:
        fits = carrier == rates.carrier[one]
        if rates.zone[one] != ALL:
            fits &= zone == rates.zone[one]
        fits &= (weight >= rates.weight_from[one]) & (day >= rates.day_from[one]) & (day <= rates.day_to[one])
        price[fits] = rates.base[one] + rates.per_kg[one] * weight[fits]
    return price


def rule_price(rules, values):
    """Price (n,) of parcels by the rules of one delivery method; NaN where no rule holds.

    :param rules: in their order (variable, operator, bound, base, factor price, factor)
    :param values: {weight, volume, wv, price, quantity: (n,)}

    >>> rule_price([("weight", "<=", 5, 4, 0, "weight"), ("weight", ">", 5, 2, .4, "weight")],
    ...            {"weight": [5.0, 10.0]}).tolist()
    [4.0, 6.0]
    """
    arrays = {name: np.asarray(column, float) for name, column in values.items()}
    price = np.full(len(next(iter(arrays.values()))), np.nan)
    for variable, operator, bound, base, factor_price, factor in rules:
        holds = np.isnan(price) & _COMPARE[operator](arrays[variable], bound)
        price[holds] = base + factor_price * arrays[factor][holds]
    return price
