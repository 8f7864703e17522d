"""Whether a parcel keeps the rules on packaging, and what its packaging weighs and emits.

Void ratio = 1 - volume of the goods / inner volume of the box; filler counts as void, as in Regulation (EU) 2025/40,
Article 24. Emissions = sum over materials of kg x (recycled share x factor of recycled stuff + (1 - recycled share) x
factor of new stuff) / trips of a reusable box.
"""

from __future__ import annotations

from typing import NamedTuple

#: kinds of rules whose limit is a most; the others are a least or a yes and no
MOST = ("void_ratio", "layers", "tape_width", "tape_ratio", "weight_ratio")


class Part(NamedTuple):
    """Some material of a parcel: kg in one parcel, share recycled, trips it makes, factors in kg CO2e per kg."""

    key: object
    family: str
    kg: float
    recycled: float = 0.0
    trips: float = 1.0
    factor_new: float = 0.0
    factor_recycled: float = 0.0
    certified: bool = True


class Rule(NamedTuple):
    """A limit for parcels whose ``basis`` is in [low, high); high 0: no end."""

    key: object
    kind: str
    limit: float = 0.0
    basis: str = "none"
    low: float = 0.0
    high: float = 0.0
    family: str = ""
    nature: str = "any"
    banned: frozenset = frozenset()


class Facts(NamedTuple):
    """What is known of a parcel; None: not known, so rules about it say nothing."""

    void_ratio: float | None
    layers: int
    tape_width: float  # mm
    tape_length: float  # m
    perimeter: float  # of the box around its length and height, m
    goods_kg: float
    goods_litres: float
    nature: str
    parts: tuple


def footprint(parts) -> tuple[float, float, float]:
    """Kilograms of material used up, recycled kilograms among them, kg CO2e.

    >>> footprint([Part("board", "paper", 0.2, recycled=0.5, factor_new=1.0, factor_recycled=0.5)])
    (0.2, 0.1, 0.15)
    >>> footprint([Part("crate", "plastic", 2.0, trips=20, factor_new=3.0)])
    (0.1, 0.0, 0.3)
    """
    used = [(part, part.kg / max(part.trips, 1.0)) for part in parts]
    kg = sum(amount for _part, amount in used)
    recycled = sum(amount * part.recycled for part, amount in used)
    emitted = sum(
        amount * (part.recycled * part.factor_recycled + (1 - part.recycled) * part.factor_new) for part, amount in used
    )
    return round(kg, 9), round(recycled, 9), round(emitted, 9)


def check(facts: Facts, rules) -> list[tuple]:
    """Rules that the parcel breaks: ``(rule key, value, limit)``.

    >>> facts = Facts(0.62, 1, 60, 1.5, 1.0, 1.2, 3.0, "ordinary", (Part("pvc", "plastic", 0.01),))
    >>> rules = [Rule(1, "void_ratio", 0.5), Rule(2, "tape_width", 45), Rule(3, "substance", banned=frozenset({"pvc"}))]
    >>> check(facts, rules)
    [(1, 0.62, 0.5), (2, 60, 45), (3, 0.01, 0.0)]
    """
    broken = []
    for rule in rules:
        if not _is_for(rule, facts):
            continue
        value = getattr(_Values, rule.kind)(facts, rule)
        if value is None:
            continue
        if (rule.kind in MOST and value > rule.limit + 1e-9) or (rule.kind not in MOST and value is not False):
            broken.append((rule.key, value, rule.limit if rule.kind in (*MOST, "recycled") else 0.0))
    return broken


def _is_for(rule, facts):
    if rule.nature != "any" and rule.nature != facts.nature:
        return False
    basis = {"none": 0.0, "kg": facts.goods_kg, "litres": facts.goods_litres}[rule.basis]
    return rule.low <= basis and (not rule.high or basis < rule.high)


class _Values:
    """The value of a parcel that a kind of rule looks at; False: nothing is wrong, None: not known."""

    @staticmethod
    def void_ratio(facts, rule):
        return facts.void_ratio

    @staticmethod
    def layers(facts, rule):
        return facts.layers

    @staticmethod
    def tape_width(facts, rule):
        return facts.tape_width

    @staticmethod
    def tape_ratio(facts, rule):
        return facts.tape_length / facts.perimeter if facts.perimeter else None

    @staticmethod
    def weight_ratio(facts, rule):
        return sum(part.kg for part in facts.parts) / facts.goods_kg if facts.goods_kg else None

    @staticmethod
    def substance(facts, rule):
        return sum(part.kg for part in facts.parts if part.key in rule.banned) or False

    @staticmethod
    def certificate(facts, rule):
        return sum(part.kg for part in facts.parts if not part.certified) or False

    @staticmethod
    def recycled(facts, rule):
        """Least recycled share of the parts of the family where it is below the limit."""
        low = [part.recycled for part in facts.parts if part.family == rule.family and part.kg > 0]
        least = min(low, default=rule.limit)
        return least if least < rule.limit - 1e-9 else False
