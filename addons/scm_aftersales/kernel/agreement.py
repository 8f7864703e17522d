"""How far what customers say agrees with what inspection finds."""

import numpy as np


def kappa(said, found, weights):
    """Agreement of two labels of the same things, beyond chance: ``(share that agrees, kappa)``.

    ``kappa = (p_o - p_e) / (1 - p_e)`` with the observed share p_o of equal labels and the share p_e that would be
    equal if the two were drawn independently (Cohen 1960). 1: they always agree, 0: as often as by chance.

    :param said, found: codes of one length; ``weights``: units

    Cohen's two raters, of 100 things both say yes to 20 and no to 30, the first alone yes to 25:

    >>> [round(value, 3) for value in kappa([1, 1, 0, 0], [1, 0, 1, 0], [20, 25, 25, 30])]
    [0.5, -0.01]
    """
    weights = np.asarray(weights, float)
    total = weights.sum()
    if not total:
        return 0.0, 0.0
    labels = {label: place for place, label in enumerate(dict.fromkeys([*said, *found]))}
    rows, columns = ([labels[label] for label in side] for side in (said, found))
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, (rows, columns), weights / total)
    observed = float(np.trace(table))
    by_chance = float(table.sum(axis=0) @ table.sum(axis=1))
    return observed, (observed - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0


def pareto(amounts):
    """Order of the amounts, the largest first, and the share of the total up to and with each.

    >>> [one.tolist() for one in pareto([10, 60, 30])]
    [[1, 2, 0], [0.6, 0.9, 1.0]]
    """
    amounts = np.maximum(np.asarray(amounts, float), 0.0)
    order = np.argsort(-amounts, kind="stable")
    total = amounts.sum()
    return order, np.cumsum(amounts[order]) / total if total else np.ones(len(order))
