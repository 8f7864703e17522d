"""Why a carrier's invoice differs from what was expected.

The difference of a freight charge is split into parts that add up to it exactly, each the effect of changing one thing
more from what we know to what was billed::

    weight = price(billed weight, our zone)    - price(our weight, our zone)
    zone   = price(billed weight, billed zone) - price(billed weight, our zone)
    price  = amount billed                     - price(billed weight, billed zone)

This is the chain of substitutions that cost accountants use for price and quantity variances (Horngren, 1962). A
charge for an unknown parcel, one billed twice, and a surcharge that was not agreed are differences as a whole. All
money is in one currency, arrays are (n,), one entry per billed line.
"""

from dataclasses import dataclass

import numpy as np

PARTS = ("weight", "zone", "price", "surcharge", "duplicate", "unknown")
#: why a line is as it is, in the order of the codes in :class:`Checked`
REASONS = ("ok", *PARTS, "no_price", "credit")
_CODE = {name: number for number, name in enumerate(REASONS)}
#: money below which two amounts are the same
EPS = 0.005


@dataclass(frozen=True)
class Billed:
    """What stands on the invoice and what is known.

    ``amount``; ``is_freight``, ``is_known`` (parcel found), ``is_repeated`` (billed before), bool; ``own``: price by
    our weight and zone, ``by_weight``: with the billed weight, ``by_zone``: with the billed zone too (NaN: no price is
    known); ``agreed``: for surcharges, what was agreed (NaN: as billed)
    """

    amount: np.ndarray
    is_freight: np.ndarray
    is_known: np.ndarray
    is_repeated: np.ndarray
    own: np.ndarray
    by_weight: np.ndarray
    by_zone: np.ndarray
    agreed: np.ndarray


@dataclass(frozen=True)
class Checked:
    """``expected``, ``difference``, ``parts`` (n, 6) in the order of ``PARTS``, ``reason`` (index in ``REASONS``),
    ``over``: beyond the tolerance."""

    expected: np.ndarray
    difference: np.ndarray
    parts: np.ndarray
    reason: np.ndarray
    over: np.ndarray


def check(billed, share=0.0, floor=0.0):
    """Compare billed lines with what was expected.

    :param share, floor: a difference up to ``max(floor, share x expected)`` is let pass
    :returns: :class:`Checked`

    Expected 8.00; billed 11.40 by 10 kg instead of 2 kg, for which the contract says 11.00:

    >>> one = [True]
    >>> found = check(Billed(*map(np.array, ([11.4], one, one, [False], [8.0], [11.0], [11.0], [np.nan]))), 0.02)
    >>> found.parts[0, :3].round(2).tolist(), REASONS[found.reason[0]]
    ([3.0, 0.0, 0.4], 'weight')
    """
    amount = np.asarray(billed.amount, float)
    credit = amount < 0
    unknown = ~billed.is_known & ~credit
    repeated = billed.is_known & billed.is_repeated & ~credit
    plain = billed.is_known & ~repeated & ~credit
    priced = plain & billed.is_freight & np.isfinite(billed.own)
    extra = plain & ~billed.is_freight
    agreed = np.where(np.isnan(billed.agreed), amount, billed.agreed)
    expected = np.select([priced, extra], [billed.own, agreed], 0.0)
    # credits and what has no price are shown, but nothing can be held against them
    judged = unknown | repeated | priced | extra
    difference = np.where(judged, amount - expected, 0.0)
    parts = _parts(billed, amount, priced)
    parts[:, 3] = np.where(extra, difference, 0.0)
    parts[:, 4] = np.where(repeated, difference, 0.0)
    parts[:, 5] = np.where(unknown, difference, 0.0)
    over = judged & (np.abs(difference) > np.maximum(floor, share * expected) + EPS)
    reason = np.where(over, 1 + np.argmax(parts * np.sign(difference)[:, None], axis=1), _CODE["ok"])
    reason = np.where(plain & billed.is_freight & ~priced, _CODE["no_price"], reason)
    return Checked(expected, difference, parts, np.where(credit, _CODE["credit"], reason), over)


def _parts(billed, amount, priced):
    """Weight, zone and price of freight lines; where the billed weight or zone has no price, it explains nothing."""
    own = np.where(priced, billed.own, 0.0)
    by_weight = np.where(priced & np.isfinite(billed.by_weight), billed.by_weight, own)
    by_zone = np.where(priced & np.isfinite(billed.by_zone), billed.by_zone, by_weight)
    parts = np.zeros((len(amount), len(PARTS)))
    parts[:, 0] = by_weight - own
    parts[:, 1] = by_zone - by_weight
    parts[:, 2] = np.where(priced, amount - by_zone, 0.0)
    return parts


def agreed_amount(basis, value, freight):
    """What was agreed for surcharges (n,): ``basis`` percent (of ``freight``), amount, none, or any (NaN: as billed).

    >>> agreed_amount(["percent", "amount", "none", "any"], [0.1, 3.0, 0, 0], [20.0, 20.0, 20.0, 20.0]).tolist()
    [2.0, 3.0, 0.0, nan]
    """
    basis, value, freight = np.asarray(basis), np.asarray(value, float), np.asarray(freight, float)
    kinds = [basis == "percent", basis == "amount", basis == "none"]
    return np.select(kinds, [value * freight, value, np.zeros(len(value))], np.nan)


def repeated(parcel, charge):
    """Which charges (n,) were billed before: the lines stand in the order of their bills; parcel 0 is unknown.

    >>> repeated([7, 7, 7, 0, 0], [1, 2, 1, 1, 1]).tolist()
    [False, False, True, False, False]
    """
    parcel, charge = np.asarray(parcel, np.int64), np.asarray(charge, np.int64)
    first = np.zeros(len(parcel), bool)
    if len(parcel):
        first[np.unique(np.stack([parcel, charge]), axis=1, return_index=True)[1]] = True
    return ~first & (parcel != 0)


def charge_of(text, keywords):
    """Which charge a text on the bill means: number in ``keywords`` (lists of words each), or -1.

    The longest word that the text holds decides, so that "fuel surcharge freight" is fuel where that is a word.

    >>> charge_of("Fuel Surcharge (air freight)", [["freight"], ["fuel surcharge", "fuel"]])
    1
    >>> charge_of("Gate fee", [["freight"]])
    -1
    """
    text = text.casefold()
    found = [(len(word), -number) for number, words in enumerate(keywords) for word in words if word in text]
    return -max(found)[1] if found else -1
