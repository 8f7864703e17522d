"""Proactive care: which rule takes a late order, who is held out for comparison, and what the budget allows."""

from dataclasses import dataclass
from hashlib import blake2b

#: late_reason codes of logistics, by who is at fault
FAULTS = {
    "carrier": frozenset({"carrier", "silence", "lost", "damaged", "attempt_failed"}),
    "warehouse": frozenset({"warehouse"}),
    "disruption": frozenset({"disruption", "customs"}),
}


def fault_of(reason):
    """Who is at fault of a late reason; the carrier where nothing else is known.

    >>> fault_of("customs"), fault_of("silence"), fault_of("")
    ('disruption', 'carrier', 'carrier')
    """
    return next((fault for fault, reasons in FAULTS.items() if reason in reasons), "carrier")


@dataclass(frozen=True)
class Rule:
    """Days after the promised day (inclusive), value in the company's currency; empty sets hold for everything."""

    key: int
    basis: str = "either"  # actual, predicted, either
    days_from: int = 1
    days_to: int | None = None
    value_from: float = 0.0
    classes: frozenset = frozenset()
    faults: frozenset = frozenset()

    def days(self, actual, predicted):
        """Days late that count for this rule."""
        return {"actual": actual, "predicted": predicted}.get(self.basis, max(actual, predicted))

    def fits(self, actual, predicted, value, customer_class, fault):
        days = self.days(actual, predicted)
        return (
            days >= self.days_from
            and (self.days_to is None or days <= self.days_to)
            and value >= self.value_from
            and (not self.classes or customer_class in self.classes)
            and (not self.faults or fault in self.faults)
        )


def first_rule(rules, actual, predicted, value, customer_class, fault):
    """Key of the first rule that fits, else False.

    >>> rules = [Rule(1, days_from=5), Rule(2, faults=frozenset({"carrier"}))]
    >>> first_rule(rules, 2, 0, 50.0, False, "carrier"), first_rule(rules, 1, 6, 50.0, False, "warehouse")
    (2, 1)
    """
    return next((rule.key for rule in rules if rule.fits(actual, predicted, value, customer_class, fault)), False)


def is_held_out(order, share, salt=""):
    """Whether an order belongs to the share that is left alone, to compare with. The same order, the same answer.

    The hash of the order's number is uniform and knows nothing of the order, so that both groups differ by chance only.

    >>> [is_held_out(order, 0.5) for order in (1, 2, 3)] == [is_held_out(order, 0.5) for order in (1, 2, 3)]
    True
    >>> is_held_out(7, 0.0), is_held_out(7, 1.0)
    (False, True)
    """
    digest = blake2b(f"{salt}:{order}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 < share


def within_budget(amounts, left):
    """Which amounts, in their order, a budget still pays; one that is too much does not stop smaller ones behind it.

    >>> within_budget([5.0, 10.0, 5.0], 12.0), within_budget([5.0, 0.0], None)
    ([True, False, True], [True, True])
    """
    allowed = []
    for amount in amounts:
        fits = left is None or amount <= left + 1e-9
        allowed.append(fits)
        if fits and left is not None:
            left -= amount
    return allowed
