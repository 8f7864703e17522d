"""Prices by rules: the first rule that holds makes the price, for many shipments at once.

The same as Odoo's own rules of delivery methods: *if variable operator bound then base + price x factor*, in order.
"""

import numpy as np

_COMPARE = {
    "==": np.equal,
    "<=": np.less_equal,
    "<": np.less,
    ">=": np.greater_equal,
    ">": np.greater,
}


def price(rules, facts):
    """Price of each shipment; NaN where no rule holds.

    :param rules: [(variable, operator, bound, base price, price per unit, variable of the unit)] in order
    :param facts: {variable: (n,) array}: weight (kg), volume (m3), wv, price (value of goods, money), quantity

    Up to 5 kg it costs 4; above, 3 and 0.5 per kg, but nothing above 30 kg is taken:

    >>> rules = [("weight", "<=", 5, 4, 0, "weight"), ("weight", "<=", 30, 3, 0.5, "weight")]
    >>> price(rules, {"weight": [2, 10, 40]}).tolist()
    [4.0, 8.0, nan]
    """
    facts = {name: np.asarray(values, dtype=float) for name, values in facts.items()}
    size = len(next(iter(facts.values())))
    if not rules:
        return np.full(size, np.nan)
    holds = [_COMPARE[operator](facts[variable], bound) for variable, operator, bound, *_price in rules]
    prices = [base + per_unit * facts[factor] for *_condition, base, per_unit, factor in rules]
    return np.select(holds, prices, default=np.nan)
