"""Which rule decides about a delivery: the first one whose conditions all hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Empty sets and a bound of 0 hold for everything; weights in kg, from (included) to (not included)."""

    key: int
    categories: frozenset = frozenset()
    classes: frozenset = frozenset()
    zones: frozenset = frozenset()
    weight_from: float = 0.0
    weight_to: float = 0.0

    def fits(self, categories, customer_class, zone, weight):
        return (
            (not self.categories or not self.categories.isdisjoint(categories))
            and (not self.classes or customer_class in self.classes)
            and (not self.zones or zone in self.zones)
            and weight >= self.weight_from
            and (not self.weight_to or weight < self.weight_to)
        )


def first_match(rules, categories, customer_class, zone, weight):
    """Key of the first rule that fits, else False.

    >>> heavy, rest = Rule(1, weight_from=20.0), Rule(2)
    >>> first_match([heavy, rest], {7}, False, 3, 25.0), first_match([heavy, rest], {7}, False, 3, 2.0)
    (1, 2)
    """
    return next((rule.key for rule in rules if rule.fits(categories, customer_class, zone, weight)), False)
